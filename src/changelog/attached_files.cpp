#include "changelog/attached_files.hpp"

#include "changelog/codes.hpp"
#include "changelog/paths.hpp"

#include "core/sha256.hpp"
#include "core/text.hpp"
#include "yaml/scan.hpp"

#include <system_error>

namespace changelog {

namespace {

/// The first scalar below a node that has this text.
const yaml::Node* find_scalar(const yaml::Node& node, std::string_view text) {
    if (node.kind == yaml::Node::Kind::scalar) return node.raw == text ? &node : nullptr;
    for (const yaml::Node& item : node.items)
        if (const yaml::Node* found = find_scalar(item, text)) return found;
    for (const yaml::Entry& entry : node.entries)
        if (const yaml::Node* found = find_scalar(entry.value, text)) return found;
    return nullptr;
}

}  // namespace

std::string AttachedFiles::resolved(const FileRequest& request) const {
    const std::string path = search_path(request.path);
    return request.relative ? joined(folder_of(scope_.path), path) : path;
}

Position AttachedFiles::place_of(const FileRequest& request) const {
    const yaml::Node* scalar = find_scalar(node_, request.path);
    return scalar == nullptr ? operation_at_ : scalar->at;
}

void AttachedFiles::report_missing(const FileRequest& request, const std::string& path) {
    if (request.optional) return;
    report_missing_file(loading_, path, place_of(request), request.path.size(), codes::include_not_found);
    loading_.diagnostics.items().back().changeset = changeset_;
}

bool AttachedFiles::check_encoding(const FileRequest& request) {
    if (is_known_encoding(request.encoding)) return true;
    const yaml::Node* scalar = find_scalar(node_, request.encoding);
    auto& error = loading_.diagnostics.error(codes::bad_value, scalar == nullptr ? operation_at_ : scalar->at,
                                             fmt::format("unknown encoding '{}'", request.encoding),
                                             request.encoding.size());
    error.expected = {"UTF-8", "ISO-8859-1", "windows-1252", "UTF-16"};
    error.did_you_mean = nearest(request.encoding, {"UTF-8", "ISO-8859-1", "windows-1252", "UTF-16"});
    return false;
}

std::optional<std::string> AttachedFiles::bytes(const FileRequest& request) {
    const std::string path = resolved(request);
    std::optional<std::string> content;
    try {
        content = loading_.files.read(path);
    } catch (const std::system_error& problem) {
        loading_.diagnostics.error(codes::file_unreadable, place_of(request),
                                   fmt::format("cannot read '{}': {}", path, problem.what()),
                                   request.path.size());
        return std::nullopt;
    }
    if (!content) {
        report_missing(request, path);
        return std::nullopt;
    }
    if (request.may_be_large || content->size() <= loading_.options.max_file_bytes) return content;
    auto& error = loading_.diagnostics.error(codes::file_too_large, place_of(request),
                                             fmt::format("'{}' is too large", path), request.path.size());
    error.why =
        fmt::format("It has {} bytes; the limit is {}.", content->size(), loading_.options.max_file_bytes);
    return std::nullopt;
}

std::optional<std::string> AttachedFiles::text(const FileRequest& request) {
    if (!check_encoding(request)) return std::nullopt;
    const std::optional<std::string> content = bytes(request);
    if (!content) return std::nullopt;
    std::optional<std::string> text = to_utf8(*content, request.encoding);
    if (!text || text->find('\0') != std::string::npos) {
        const SourceFile file{resolved(request), *content};
        std::size_t bad = text ? content->find('\0') : first_invalid_utf8(*content);
        if (bad == std::string::npos) bad = 0;
        auto& error = loading_.diagnostics.error(
            codes::not_utf8, yaml::position_at(file, bad),
            fmt::format("file is not {}", request.encoding.empty() ? "UTF-8" : request.encoding));
        error.where.excerpt.clear();
        error.why = "Name its encoding with 'encoding', or save it as UTF-8.";
        error.changeset = changeset_;
        return std::nullopt;
    }
    return request.expand ? expand(*text) : std::move(*text);
}

std::optional<AttachedFile> AttachedFiles::attach(const FileRequest& request) {
    if (!check_encoding(request)) return std::nullopt;
    AttachedFile file;
    file.path = resolved(request);
    file.encoding = request.encoding;
    file.source = &loading_.files;
    Sha256 hash;
    try {
        const bool there = loading_.files.stream(file.path, [&](std::string_view piece) {
            hash.update(piece);
            file.bytes += piece.size();
            return true;
        });
        if (there) {
            file.digest = hash.hex();
            return file;
        }
    } catch (const std::system_error& problem) {
        loading_.diagnostics.error(codes::file_unreadable, place_of(request),
                                   fmt::format("cannot read '{}': {}", file.path, problem.what()),
                                   request.path.size());
        return std::nullopt;
    }
    report_missing(request, file.path);
    return std::nullopt;
}

std::string AttachedFiles::expand(std::string_view text) const {
    return loading_.properties.expand(text, scope_.locals);
}

}  // namespace changelog
