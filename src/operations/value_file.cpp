#include "operations/value_file.hpp"

#include "sql/literal.hpp"

namespace changelog::operations {

namespace {

FileRequest request_for(const std::string& path, const std::string& encoding, bool relative) {
    FileRequest request;
    request.path = path;
    request.relative = relative;
    request.encoding = encoding;
    request.optional = !relative;  // the search path comes first, then the folder of the changelog file
    return request;
}

std::optional<std::string> text_literal(FileLoader& loader, const ColumnConfig& column) {
    auto text = loader.text(request_for(*column.value_clob_file, column.encoding, false));
    if (!text) text = loader.text(request_for(*column.value_clob_file, column.encoding, true));
    return text ? std::optional(sql::literal(*text)) : std::nullopt;
}

std::optional<std::string> bytes_literal(FileLoader& loader, const ColumnConfig& column) {
    auto bytes = loader.bytes(request_for(*column.value_blob_file, {}, false));
    if (!bytes) bytes = loader.bytes(request_for(*column.value_blob_file, {}, true));
    if (!bytes) return std::nullopt;
    const bool large_object = sql::column_type(column.type, sql::TypeUse::elsewhere).sql == "OID";
    // A column of type oid holds the number of a large object, which has to be made of the bytes.
    return large_object ? fmt::format("lo_from_bytea(0, {})", bytea_literal(*bytes)) : bytea_literal(*bytes);
}

}  // namespace

std::string bytea_literal(std::string_view bytes) {
    std::string text = "'\\x";
    for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return text + "'";
}

void FileValues::attach(FileLoader& loader, const std::vector<ColumnConfig>& columns) {
    texts.assign(columns.size(), std::nullopt);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].value_clob_file)
            texts[i] = text_literal(loader, columns[i]);
        else if (columns[i].value_blob_file)
            texts[i] = bytes_literal(loader, columns[i]);
    }
}

void FileValues::describe(FieldVisitor& visitor) {
    for (std::size_t i = 0; i < texts.size(); ++i)
        if (texts[i]) visitor.content(fmt::format("columns.{}.file", i), *texts[i], false);
}

std::string FileValues::value(std::size_t index, const ColumnConfig& column, const Naming& naming) const {
    return index < texts.size() && texts[index] ? *texts[index] : value_expression(column, naming);
}

}  // namespace changelog::operations
