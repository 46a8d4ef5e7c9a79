#include "cli/document_cache.hpp"

#include "core/sha256.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace changelog::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigest = 64;

/// A file of somebody else's could hold a changelog that is not the one on disk.
bool is_ours(const std::string& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid() &&
           (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/// Entries follow each other as "<digest> <length>\n<bytes>".
void append(std::string& out, std::string_view digest, std::string_view bytes) {
    out += digest;
    out += ' ' + std::to_string(bytes.size()) + '\n';
    out += bytes;
}

}  // namespace

DiskDocumentCache::DiskDocumentCache(std::string folder, const std::string& name)
    : folder_(std::move(folder)), path_(folder_ + "/" + sha256(name).substr(0, 32)) {
    load();
}

DiskDocumentCache::~DiskDocumentCache() {
    try {
        if (!added_.empty()) save();
    } catch (const std::exception&) {  // the next run parses again
    }
}

void DiskDocumentCache::load() {
    if (!is_ours(path_)) return;
    std::ifstream in(path_, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    content_ = std::move(text).str();
    std::string_view rest = content_;
    while (rest.size() > kDigest + 1) {
        const std::size_t line_end = rest.find('\n', kDigest);
        if (line_end == std::string_view::npos) return;
        std::size_t length = 0;
        const auto read = std::from_chars(rest.data() + kDigest + 1, rest.data() + line_end, length);
        if (read.ec != std::errc() || length > rest.size() - line_end - 1) return;
        stored_.emplace(rest.substr(0, kDigest), rest.substr(line_end + 1, length));
        rest.remove_prefix(line_end + 1 + length);
    }
}

std::string_view DiskDocumentCache::find(const std::string& digest) {
    const auto found = stored_.find(digest);
    if (found == stored_.end()) {
        const auto added = added_.find(digest);  // the other side of a review has the same file
        return added == added_.end() ? std::string_view() : std::string_view(added->second);
    }
    used_.insert(digest);
    return found->second;
}

void DiskDocumentCache::add(const std::string& digest, std::string bytes) {
    added_.emplace(digest, std::move(bytes));
}

/// What this run did not use is left out, so that the file stays as large as the changelog.
void DiskDocumentCache::save() const {
    std::string out;
    for (const auto& [digest, bytes] : stored_)
        if (used_.contains(digest)) append(out, digest, bytes);
    for (const auto& [digest, bytes] : added_) append(out, digest, bytes);
    fs::create_directories(folder_);
    fs::permissions(folder_, fs::perms::owner_all);
    const std::string temporary = path_ + "." + std::to_string(::getpid());
    const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return;
    std::string_view rest = out;
    while (!rest.empty()) {
        const ssize_t written = ::write(file, rest.data(), rest.size());
        if (written <= 0) break;
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    ::close(file);
    if (!rest.empty() || ::rename(temporary.c_str(), path_.c_str()) != 0) ::unlink(temporary.c_str());
}

}  // namespace changelog::cli
