#include "cli/file_writer.hpp"

#include "changelog/codes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace changelog::cli {

namespace {

namespace fs = std::filesystem;

bool fail(Diagnostics& diagnostics, const std::string& path, int error) {
    Location where;
    where.file = path;
    Diagnostic& item = diagnostics.add(Severity::error, codes::cannot_write_file, where,
                                       fmt::format("cannot write: {}", std::strerror(error)));
    if (error == ENOSPC || error == EDQUOT)
        item.why = "The disk is full; nothing that was there has been changed.";
    return false;
}

/// 0, or errno.
int write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

int write_in_place(const std::string& path, std::string_view text) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    const int error = write_all(descriptor, text);
    return ::close(descriptor) != 0 && error == 0 ? errno : error;
}

int write_beside(const std::string& temporary, std::string_view text, mode_t mode) {
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor < 0) return errno;
    int error = write_all(descriptor, text);
    if (error == 0 && ::fsync(descriptor) != 0) error = errno;
    if (::close(descriptor) != 0 && error == 0) error = errno;
    return error;
}

/// A hard link is refused where the name is taken, even by somebody who was quicker; rename would replace it.
int put_in_place(const std::string& temporary, const std::string& path, IfExists if_exists) {
    if (if_exists == IfExists::refuse) {
        const int error = ::link(temporary.c_str(), path.c_str()) == 0 ? 0 : errno;
        if (error != EPERM && error != ENOTSUP) {
            ::unlink(temporary.c_str());
            return error;
        }
    }
    return ::rename(temporary.c_str(), path.c_str()) == 0 ? 0 : errno;
}

}  // namespace

bool write_file(const std::string& path, std::string_view text, IfExists if_exists,
                Diagnostics& diagnostics) {
    struct stat found {};
    const bool there = ::stat(path.c_str(), &found) == 0;
    if (there && if_exists == IfExists::refuse) {
        Location where;
        where.file = path;
        diagnostics.add(Severity::error, codes::file_exists, where,
                        "the file exists already and is left as it is");
        return false;
    }
    if (there && !S_ISREG(found.st_mode)) {
        const int error = S_ISDIR(found.st_mode) ? EISDIR : write_in_place(path, text);
        return error == 0 || fail(diagnostics, path, error);
    }
    std::error_code ignored;
    const std::string target = there ? fs::canonical(path, ignored).string() : path;  // a link stays a link
    if (const fs::path folder = fs::path(target).parent_path(); !folder.empty())
        fs::create_directories(folder, ignored);
    const std::string temporary = fmt::format("{}.{}.tmp", target, ::getpid());
    int error = write_beside(temporary, text, there ? found.st_mode & 0777 : 0666);
    if (error == 0) error = put_in_place(temporary, target, if_exists);
    if (error == 0) return true;
    ::unlink(temporary.c_str());
    return fail(diagnostics, path, error);
}

}  // namespace changelog::cli
