// How an operation gets at the files that it names: `path:`, `file:`, `valueClobFile:`.
//
// An operation overrides Operation::attach(FileLoader&) and asks for what it needs; it keeps the result in a
// member and hands it to FieldVisitor::content() in describe(), so that the checksum covers it:
//
//     void attach(FileLoader& loader) override {
//         if (const auto text = loader.text({.path = path, .relative = relative, .encoding = encoding,
//         .expand = true}))
//             sql = *text;
//     }
#pragma once

#include "changelog/changelog.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace changelog {

struct FileRequest {
    std::string path;           ///< as written; `classpath:` and a leading `/` are dropped
    bool relative = false;      ///< relativeToChangelogFile: else from the search path
    std::string encoding = {};  ///< UTF-8 (default), ISO-8859-1, windows-1252, UTF-16 (LE, BE); any case
    bool expand = false;        ///< replace ${...} in the text, as Liquibase does for sqlFile and view bodies
    bool optional = false;      ///< a missing file is no error: the result is just empty
    bool may_be_large = false;  ///< for text() only: lifts the size limit that protects against a wrong path
};

/// A file that is read again when it is needed, so that a large one is never held. Valid as long as the
/// FileSource that the changelog was loaded from.
struct AttachedFile {
    std::string path;         ///< from the search path, as the FileSource takes it
    std::uint64_t bytes = 0;  ///< how long it was when it was attached
    std::string digest;       ///< SHA-256 of its bytes then, for the checksum
    std::string encoding;
    FileSource* source = nullptr;

    explicit operator bool() const { return source != nullptr; }

    /// Hands over the raw bytes piece by piece until `take` returns false. False if the file is gone.
    bool stream(const std::function<bool(std::string_view)>& take) const;
};

/// Given to Operation::attach. Whatever goes wrong (missing file, unknown encoding, bytes that are not of the
/// encoding) has been reported with the position of the key that names the file; the result is then empty.
class FileLoader {
  public:
    virtual ~FileLoader() = default;

    /// The content as UTF-8, without a byte order mark, with line ends as they are.
    virtual std::optional<std::string> text(const FileRequest& request) = 0;
    /// The bytes as they are (BLOBs).
    virtual std::optional<std::string> bytes(const FileRequest& request) = 0;
    /// Finds the file and digests it in one pass, without keeping it (CSV).
    virtual std::optional<AttachedFile> attach(const FileRequest& request) = 0;
    /// Replaces ${...} by properties, for text that came by another way.
    virtual std::string expand(std::string_view text) const = 0;
    /// The operation has an error of its own about a file; `at` of the operation's key is filled in by the
    /// caller.
    virtual Diagnostics& diagnostics() = 0;
};

/// Bytes of a named encoding as UTF-8 without a byte order mark; nothing if they are not of it or it is not
/// known.
/// "" is UTF-8.
std::optional<std::string> to_utf8(std::string_view bytes, std::string_view encoding);

/// Whether to_utf8 knows the encoding.
bool is_known_encoding(std::string_view encoding);

}  // namespace changelog
