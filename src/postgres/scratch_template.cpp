#include "postgres/scratch_template.hpp"

#include "core/sha256.hpp"
#include "core/text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace changelog::postgres {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

void give(const fs::path& path, const ServerUser& user) {
    if (user.drop && lchown(path.c_str(), user.uid, user.gid) != 0) fail(path);
}

class Descriptor {
  public:
    Descriptor(const fs::path& path, int flags, mode_t mode = 0)
        : number_(open(path.c_str(), flags | O_CLOEXEC, mode)) {
        if (number_ < 0) fail(path);
    }
    ~Descriptor() { close(number_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }

  private:
    int number_;
};

void clone_file(const fs::path& from, const fs::path& to) {
    const Descriptor source(from, O_RDONLY | O_NOFOLLOW), target(to, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (ioctl(target.number(), FICLONE, source.number()) == 0) return;
    for (;;) {
        const ssize_t sent = sendfile(target.number(), source.number(), nullptr, std::size_t{1} << 24U);
        if (sent < 0) fail(to);
        if (sent == 0) return;
    }
}

/// True if it is a folder that belongs to `user` and that nobody else can write.
bool is_own_folder(const fs::path& path, const ServerUser& user) {
    struct stat facts {};
    if (lstat(path.c_str(), &facts) != 0) return false;
    return S_ISDIR(facts.st_mode) && facts.st_uid == user.uid && (facts.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/// Makes the folder if need be. False if it cannot be used.
bool prepare(const fs::path& path, const ServerUser& user) {
    std::error_code error;
    if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
    if (mkdir(path.c_str(), 0700) == 0) give(path, user);
    return is_own_folder(path, user) && access(path.c_str(), W_OK) == 0;
}

fs::path cache_folder(const ServerUser& user) {
    fs::path preferred = "/var/cache";
    if (!user.drop) {
        const char* cache = std::getenv("XDG_CACHE_HOME");
        const char* home = std::getenv("HOME");
        preferred = cache && *cache == '/' ? fs::path(cache)
                    : home && *home == '/' ? fs::path(home) / ".cache"
                                           : fs::path();
    }
    if (!preferred.empty() && prepare(preferred / "changelog" / "scratch", user))
        return preferred / "changelog" / "scratch";
    const fs::path other = fmt::format("/tmp/changelog-cache-{}", user.uid);
    if (prepare(other, user)) return other;
    throw std::runtime_error("no folder to keep the scratch server's template in: neither " +
                             preferred.string() + " nor /tmp can be written");
}

/// initdb's options. Small WAL segments keep the template small; nothing in it need survive a power failure.
std::vector<std::string> options(int version) {
    std::vector<std::string> out = {
        "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--wal-segsize=4", "-N"};
    if (version >= 14) out.emplace_back("--no-instructions");
    return out;
}

/// Changes when the package is updated, so that an old template is not used with new programs.
std::string fingerprint(const fs::path& initdb, int version) {
    struct stat facts {};
    if (stat(initdb.c_str(), &facts) != 0) fail(initdb);
    const std::string text =
        fmt::format("{} {} {} {}", initdb.string(), static_cast<long long>(facts.st_size),
                    static_cast<long long>(facts.st_mtim.tv_sec), join(options(version), " "));
    return sha256(text).substr(0, 16);
}

std::string content(const fs::path& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

void make_template(const ServerBinaries& binaries, const ServerUser& user, const fs::path& place) {
    std::string work = place.string() + ".new-XXXXXX";
    if (!mkdtemp(work.data())) fail(work);
    give(work, user);
    Program initdb;
    initdb.arguments = {binaries.folder + "/initdb", "-D", work + "/data"};
    for (const std::string& option : options(binaries.version)) initdb.arguments.push_back(option);
    initdb.output = work + "/log";
    std::error_code ignored;
    if (!run_program(initdb, user)) {
        const std::string log = content(initdb.output);
        fs::remove_all(work, ignored);
        throw std::runtime_error("initdb failed: " + trim(log));
    }
    // Whoever comes second finds a folder that is not empty: the rename fails, and the first one's is as
    // good.
    if (rename(work.c_str(), place.c_str()) != 0) fs::remove_all(work, ignored);
}

}  // namespace

void clone_tree(const fs::path& from, const fs::path& to, const ServerUser& user) {
    if (mkdir(to.c_str(), 0700) != 0) fail(to);
    give(to, user);
    for (auto entry = fs::recursive_directory_iterator(from); entry != fs::recursive_directory_iterator();
         ++entry) {
        const fs::path target = to / entry->path().lexically_relative(from);
        if (entry->is_directory()) {
            if (mkdir(target.c_str(), 0700) != 0) fail(target);
        } else {
            clone_file(entry->path(), target);
        }
        give(target, user);
    }
}

fs::path scratch_template(const ServerBinaries& binaries, const ServerUser& user) {
    const fs::path initdb = fs::path(binaries.folder) / "initdb";
    const fs::path place =
        cache_folder(user) / fmt::format("{}-{}", binaries.version, fingerprint(initdb, binaries.version));
    if (!fs::exists(place / "data" / "PG_VERSION")) make_template(binaries, user, place);
    return place / "data";
}

}  // namespace changelog::postgres
