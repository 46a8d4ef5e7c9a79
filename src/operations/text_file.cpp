#include "operations/text_file.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "sql/tokens.hpp"

namespace changelog::operations {

void TextFile::describe(FieldVisitor& visitor) {
    visitor.text(optional("path", "File with the text, in place of giving it here.").cosmetic(), path);
    visitor.flag(optional("relativeToChangelogFile",
                          "The path counts from the changelog file, not from the search path.")
                     .cosmetic(),
                 relative);
    visitor.text(optional("encoding", "Encoding of the file; UTF-8 if not given.").cosmetic(), encoding);
}

void TextFile::attach(FileLoader& loader, std::string& text) {
    if (path.empty()) return;
    both = !text.empty();
    if (both) return;
    FileRequest request;
    request.path = path;
    request.relative = relative;
    request.encoding = encoding;
    request.expand = true;
    if (auto content = loader.text(request)) text = std::move(*content);
}

void TextFile::check(Diagnostics& diagnostics, Position at, std::string_view inline_name,
                     const std::string& text) const {
    if (both) {
        diagnostics.error(codes::conflicting_keys, at,
                          fmt::format("both '{}' and 'path' are given", inline_name));
        return;
    }
    if (path.empty() && trim(text).empty())
        diagnostics.error(codes::missing_key, at, fmt::format("'{}' or 'path' is required", inline_name));
}

std::string without_semicolon(std::string_view sql) {
    const auto tokens = sql::tokenize(sql);
    if (!tokens) return trim(sql);
    std::size_t end = 0;
    for (const sql::Token& token : *tokens) {
        const bool counts =
            token.kind != sql::TokenKind::space && token.kind != sql::TokenKind::comment && token.text != ";";
        if (counts) end = static_cast<std::size_t>(token.text.data() - sql.data()) + token.text.size();
    }
    return trim(sql.substr(0, end));
}

}  // namespace changelog::operations
