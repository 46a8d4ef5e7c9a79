#include "cli/os_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace changelog::cli {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(int error, const std::string& path) {
    throw std::system_error(error, std::generic_category(), path);
}

/// strerror has nothing better than "invalid argument" for it.
const std::error_category& not_a_file() {
    class Category final : public std::error_category {
        const char* name() const noexcept override { return "changelog"; }
        std::string message(int) const override { return "it is a device or a pipe, not a file"; }
    };
    static const Category category;
    return category;
}

struct Descriptor {
    int value;
    explicit Descriptor(int opened) : value(opened) {}
    Descriptor(Descriptor&& other) noexcept : value(std::exchange(other.value, -1)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (value >= 0) ::close(value);
    }
};

/// Plain files only: a device or a pipe could block for ever or never end. Below 0: there is no such file.
Descriptor open_plain_file(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.value < 0 && (errno == ENOENT || errno == ENOTDIR)) return file;
    if (file.value < 0) fail(errno, path);
    struct stat status {};
    if (::fstat(file.value, &status) != 0) fail(errno, path);
    if (S_ISDIR(status.st_mode)) fail(EISDIR, path);
    if (!S_ISREG(status.st_mode)) throw std::system_error(EINVAL, not_a_file(), path);
    return file;
}

/// Fills the buffer as far as the file goes.
std::size_t fill(const Descriptor& file, char* buffer, std::size_t size, const std::string& path) {
    std::size_t filled = 0;
    while (filled < size) {
        const ssize_t count = ::read(file.value, buffer + filled, size - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(errno, path);
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    return filled;
}

std::optional<std::string> read_plain_file(const std::string& path, std::size_t limit) {
    const Descriptor file = open_plain_file(path);
    if (file.value < 0) return std::nullopt;
    struct stat status {};
    if (::fstat(file.value, &status) != 0) fail(errno, path);
    std::string text(std::min(static_cast<std::size_t>(status.st_size), limit + 1), '\0');
    text.resize(fill(file, text.data(), text.size(), path));
    return text;
}

/// Links to folders are followed as long as they do not lead back into a folder that is being listed.
void list_folder(const fs::path& folder, const std::string& prefix, std::vector<fs::path>& open,
                 std::vector<std::string>& out) {
    const fs::path real = fs::canonical(folder);
    if (std::find(open.begin(), open.end(), real) != open.end()) return;
    open.push_back(real);
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        const std::string name = prefix + entry.path().filename().string();
        std::error_code error;
        if (entry.is_directory(error))
            list_folder(entry.path(), name + '/', open, out);
        else if (entry.is_regular_file(error))
            out.push_back(name);
    }
    open.pop_back();
}

}  // namespace

OsFiles::OsFiles(std::vector<std::string> roots, std::size_t max_file_bytes)
    : roots_(std::move(roots)), max_file_bytes_(max_file_bytes) {
    if (roots_.empty()) roots_.emplace_back(".");
}

std::optional<std::string> OsFiles::read(const std::string& path) {
    for (const std::string& root : roots_) {
        auto text = read_plain_file((fs::path(root) / path).string(), max_file_bytes_);
        if (text) return text;
    }
    return std::nullopt;
}

bool OsFiles::stream(const std::string& path, const std::function<bool(std::string_view)>& take) {
    for (const std::string& root : roots_) {
        const std::string place = (fs::path(root) / path).string();
        const Descriptor file = open_plain_file(place);
        if (file.value < 0) continue;
        std::string buffer(std::size_t{1} << 18, '\0');
        for (;;) {
            const std::size_t size = fill(file, buffer.data(), buffer.size(), place);
            if (size == 0 || !take(std::string_view(buffer).substr(0, size))) return true;
        }
    }
    return false;
}

std::optional<std::vector<std::string>> OsFiles::list(const std::string& folder) {
    std::string prefix = folder;
    while (prefix.ends_with('/')) prefix.pop_back();
    if (!prefix.empty()) prefix += '/';
    for (const std::string& root : roots_) {
        const fs::path place = fs::path(root) / folder;
        std::error_code error;
        if (!fs::is_directory(place, error)) continue;
        std::vector<std::string> found;
        std::vector<fs::path> open;
        list_folder(place, prefix, open, found);
        return found;
    }
    return std::nullopt;
}

}  // namespace changelog::cli
