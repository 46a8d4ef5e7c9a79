#include "operations/load_cell.hpp"

#include "core/text.hpp"
#include "operations/csv_file.hpp"
#include "operations/value_file.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

namespace {

using Form = Cell::Form;

bool is_true(const std::string& text) {
    const std::string word = lower(trim(text));
    return word == "true" || word == "t" || word == "yes" || word == "y" || word == "1";
}

int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    return c == '/' ? 63 : -1;
}

Cell blob(const std::string& text, const LoadTarget& target,
          const std::map<std::string, std::string>& files) {
    std::string literal;
    if (const auto found = files.find(text); found != files.end())
        literal = found->second;
    else if (const auto bytes = from_base64(text); bytes && !text.starts_with("\\x"))
        literal = bytea_literal(*bytes);
    else
        literal = sql::literal(text);
    if (target.large_object) return {Form::expression, fmt::format("lo_from_bytea(0, {})", literal)};
    return {Form::bare, literal};
}

Cell empty_cell(const LoadTarget& target) {
    if (target.if_empty) return {Form::expression, *target.if_empty};
    if (target.kind == LoadKind::sequence && target.sequence) return {Form::expression, *target.sequence};
    return target.kind == LoadKind::text ? Cell{Form::quoted, {}} : Cell{};
}

}  // namespace

LoadKind load_kind(const std::string& type) {
    static const std::map<std::string_view, LoadKind> kinds = {
        {"STRING", LoadKind::text},       {"NUMERIC", LoadKind::number},    {"BOOLEAN", LoadKind::boolean},
        {"DATE", LoadKind::date},         {"DATETIME", LoadKind::date},     {"TIME", LoadKind::date},
        {"COMPUTED", LoadKind::computed}, {"SEQUENCE", LoadKind::sequence}, {"BLOB", LoadKind::blob},
        {"CLOB", LoadKind::clob},         {"SKIP", LoadKind::skip}};
    const auto found = kinds.find(upper(trim(type)));
    return found == kinds.end() ? LoadKind::other : found->second;
}

LoadKind inferred_kind(const std::string& column_type) {
    switch (sql::type_class(column_type)) {
        // An empty cell is '' in a varchar and NULL in a text column, which Liquibase takes for a CLOB.
        case sql::TypeClass::text:
            return column_type == "text" ? LoadKind::other : LoadKind::text;
        case sql::TypeClass::number:
            return LoadKind::number;
        case sql::TypeClass::boolean:
            return LoadKind::boolean;
        case sql::TypeClass::date_time:
            return LoadKind::date;
        case sql::TypeClass::binary:
            return LoadKind::blob;
        case sql::TypeClass::bit:
        case sql::TypeClass::uuid:
        case sql::TypeClass::json:
        case sql::TypeClass::array:
        case sql::TypeClass::other:
            break;
    }
    return LoadKind::other;
}

std::string Cell::sql() const {
    if (form == Form::null) return "NULL";
    return form == Form::quoted ? changelog::sql::literal(text) : text;
}

void Cell::append_copy(std::string& out) const {
    if (form == Form::null) {
        out += "\\N";
        return;
    }
    for (const char c : text) {
        switch (c) {
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                out += c;
        }
    }
}

Cell cell_of(const std::string& text, const LoadTarget& target,
             const std::map<std::string, std::string>& files) {
    if (equal_ignoring_case(text, "null")) return {};
    if (text.empty()) return empty_cell(target);
    switch (target.kind) {
        case LoadKind::number:
            return {is_plain_number(text) ? Form::bare : Form::expression, text};
        case LoadKind::boolean:
            return {Form::bare, is_true(text) ? "TRUE" : "FALSE"};
        case LoadKind::date:
            if (auto word = date_word(text)) return {Form::expression, std::move(*word)};
            return {Form::quoted, text};
        case LoadKind::computed:
            return {Form::expression, text};
        case LoadKind::sequence:
            return {Form::expression, fmt::format("nextval({})", changelog::sql::literal(text))};
        case LoadKind::blob:
            return blob(text, target, files);
        case LoadKind::clob: {
            const auto found = files.find(text);
            return found == files.end() ? Cell{Form::quoted, text} : Cell{Form::bare, found->second};
        }
        case LoadKind::text:
        case LoadKind::skip:
        case LoadKind::other:
            break;
    }
    return {Form::quoted, text};
}

std::optional<std::string> from_base64(std::string_view text) {
    while (text.ends_with('=')) text.remove_suffix(1);
    if (text.empty() || text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    unsigned held = 0, bits = 0;
    for (const char c : text) {
        const int digit = base64_digit(c);
        if (digit < 0) return std::nullopt;
        held = (held << 6) | static_cast<unsigned>(digit);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>((held >> bits) & 0xFFU);
    }
    return bytes;
}

}  // namespace changelog::operations
