#include "operations/index_key.hpp"

#include "catalog/naming.hpp"
#include "catalog/sql_text.hpp"
#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/tokens.hpp"

namespace changelog::operations {

namespace {

using sql::Token;
using sql::TokenKind;

/// Liquibase writes a name with a parenthesis as it is, whether or not the column says `computed`.
bool is_raw(const ColumnConfig& column) {
    return column.computed || column.name.find('(') != std::string::npos;
}

std::vector<Token> words_of(const std::string& text) {
    std::vector<Token> out;
    if (const auto tokens = sql::tokenize(text))
        for (const Token& token : *tokens)
            if (token.kind != TokenKind::space && token.kind != TokenKind::comment) out.push_back(token);
    return out;
}

/// One past the parenthesis that closes the one at `open`.
std::size_t after_group(const std::vector<Token>& tokens, std::size_t open) {
    int depth = 0;
    for (std::size_t i = open; i < tokens.size(); ++i) {
        if (tokens[i].text == "(") ++depth;
        if (tokens[i].text == ")" && --depth == 0) return i + 1;
    }
    return tokens.size();
}

/// How many tokens the column or expression takes; what follows are its options.
std::size_t length_of_key(const std::vector<Token>& tokens) {
    if (tokens.front().text == "(") return after_group(tokens, 0);
    std::size_t i = 1;
    while (i + 1 < tokens.size() && tokens[i].text == ".") i += 2;
    return i < tokens.size() && tokens[i].text == "(" ? after_group(tokens, i) : i;
}

std::string slice(const std::vector<Token>& tokens, std::size_t begin, std::size_t end) {
    if (begin >= end) return {};
    const char* first = tokens[begin].text.data();
    const std::string_view last = tokens[end - 1].text;
    return std::string(first, static_cast<std::size_t>(last.data() + last.size() - first));
}

/// [COLLATE c] [operator class] [ASC | DESC] [NULLS FIRST | LAST]
void take_options(const std::vector<Token>& tokens, std::size_t i, catalog::IndexKey& key) {
    for (; i < tokens.size(); ++i) {
        const std::string word = lower(tokens[i].text);
        const bool has_next = i + 1 < tokens.size();
        if (word == "desc")
            key.descending = true;
        else if (word == "asc")
            key.descending = false;
        else if (word == "nulls" && has_next)
            key.nulls_first = lower(tokens[++i].text) == "first";
        else if (word == "collate" && has_next)
            key.collation = std::string(tokens[++i].text);
        else
            key.operator_class += tokens[i].text;
    }
}

catalog::IndexKey parsed(const std::string& text) {
    const std::vector<Token> tokens = words_of(text);
    catalog::IndexKey key;
    if (tokens.empty()) return {text, true, false, {}, {}, {}};
    const std::size_t length = length_of_key(tokens);
    key.expression = length > 1;
    if (!key.expression)
        key.text = sql::from_sql(tokens.front().text);
    else if (tokens.front().text == "(")
        key.text = slice(tokens, 1, length - 1);
    else
        key.text = slice(tokens, 0, length);
    take_options(tokens, length, key);
    return key;
}

/// FigureIndexColname(): a function gives its name, every other expression "expr".
std::string name_of(const catalog::IndexKey& key) {
    if (!key.expression) return key.text;
    const std::vector<Token> tokens = words_of(key.text);
    const bool is_call = tokens.size() > 2 && tokens[1].text == "(" &&
                         after_group(tokens, 1) == tokens.size() && tokens[0].kind != TokenKind::string;
    return is_call ? sql::from_sql(tokens[0].text) : "expr";
}

/// As ChooseIndexColumnNames(): a repeated name gets a number.
void add_unused(std::vector<std::string>& names, const std::string& name) {
    std::string candidate = name;
    for (int number = 1; std::find(names.begin(), names.end(), candidate) != names.end(); ++number)
        candidate = name + std::to_string(number);
    names.push_back(candidate);
}

}  // namespace

std::string index_key_sql(const ColumnConfig& column, const Naming& naming) {
    std::string out = is_raw(column) ? column.name : naming.name(column.name);
    if (!column.collation.empty()) out += " COLLATE " + catalog::name_sql(column.collation);
    if (!column.operator_class.empty()) out += ' ' + catalog::name_sql(column.operator_class);
    if (column.descending) out += " DESC";
    if (column.nulls_first) out += *column.nulls_first ? " NULLS FIRST" : " NULLS LAST";
    return out;
}

catalog::IndexKey index_key(const ColumnConfig& column, const Naming& naming) {
    catalog::IndexKey key;
    if (is_raw(column))
        key = parsed(column.name);
    else
        key.text = naming.stored(column.name);
    if (!column.collation.empty()) key.collation = column.collation;
    if (!column.operator_class.empty()) key.operator_class = column.operator_class;
    if (column.descending) key.descending = true;
    if (column.nulls_first) key.nulls_first = column.nulls_first;
    if (key.nulls_first == key.descending) key.nulls_first.reset();  // that is the default
    return key;
}

std::string chosen_index_name(const catalog::Catalog& catalog, const ObjectName& table,
                              const catalog::Index& index) {
    std::vector<std::string> names;
    for (const catalog::IndexKey& key : index.keys) add_unused(names, name_of(key));
    for (const std::string& column : index.include) add_unused(names, column);
    return catalog::chosen_name(catalog, table, catalog::NameOf::index, names);
}

}  // namespace changelog::operations
