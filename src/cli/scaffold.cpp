#include "cli/scaffold.hpp"

#include "cli/arguments.hpp"
#include "cli/yaml_text.hpp"
#include "core/text.hpp"

namespace changelog::cli {

namespace {

using Words = std::vector<std::string>;
constexpr std::size_t kAny = 1000;
constexpr std::size_t kDepth = 4;  // items below `changes:` of a changeset

/// `name:type`, then `!` (primary key) or `?` (may be null), then `=expression` (default).
struct ColumnWord {
    std::string name, type, expression;
    bool key = false, nullable = false;
};

ColumnWord column_word(const std::string& word) {
    ColumnWord column;
    const std::size_t colon = word.find(':');
    std::string rest = colon == std::string::npos ? "" : word.substr(colon + 1);
    column.name = word.substr(0, colon);
    if (const std::size_t equals = rest.find('='); equals != std::string::npos) {
        column.expression = rest.substr(equals + 1);
        rest.resize(equals);
    }
    if (!rest.empty() && (rest.back() == '!' || rest.back() == '?')) {
        (rest.back() == '!' ? column.key : column.nullable) = true;
        rest.pop_back();
    }
    column.type = trim(rest);
    if (column.name.empty() || column.type.empty())
        throw UsageError(
            "'" + word + "' is no column", {},
            "A column is NAME:TYPE, then ! for the primary key or ? for nullable, then =DEFAULT.");
    return column;
}

bool is_integer_type(const std::string& type) {
    static const std::set<std::string> types = {"bigint", "int",  "integer", "smallint",
                                                "int8",   "int4", "int2"};
    return types.contains(lower(type));
}

void write_column(YamlText& yaml, const ColumnWord& column, bool only_key) {
    yaml.item("column").pair("name", column.name).pair("type", column.type);
    if (only_key && column.key && column.expression.empty() && is_integer_type(column.type))
        yaml.word("autoIncrement", "true");
    if (!column.expression.empty()) yaml.pair("defaultValueComputed", column.expression);
    if (!column.nullable) {
        yaml.key("constraints").in();
        if (column.key) yaml.word("primaryKey", "true");
        yaml.word("nullable", "false").out();
    }
    yaml.out(2);
}

std::vector<ColumnWord> column_words(const Words& words) {
    std::vector<ColumnWord> columns;
    for (std::size_t i = 1; i < words.size(); ++i) columns.push_back(column_word(words[i]));
    return columns;
}

Scaffold create_table(const Words& words, bool /*unique*/) {
    const auto columns = column_words(words);
    const auto keys =
        std::count_if(columns.begin(), columns.end(), [](const auto& column) { return column.key; });
    YamlText yaml(kDepth);
    yaml.item("createTable").pair("tableName", words[0]).key("columns").in();
    for (const ColumnWord& column : columns) write_column(yaml, column, keys == 1);
    Scaffold out{"create-" + words[0], yaml.text(), {}};
    if (keys == 0)
        out.warnings.emplace_back("the table has no primary key; mark its column with !, as in id:bigint!");
    return out;
}

Scaffold add_column(const Words& words, bool /*unique*/) {
    YamlText yaml(kDepth);
    yaml.item("addColumn").pair("tableName", words[0]).key("columns").in();
    Scaffold out;
    for (const ColumnWord& column : column_words(words)) {
        write_column(yaml, column, false);
        out.slug += (out.slug.empty() ? "add-" + words[0] + "-" : "-") + column.name;
        if (!column.nullable && column.expression.empty())
            out.warnings.push_back(
                fmt::format("{0} may not be null and has no default, which fails if the table has rows; "
                            "{0}:{1}? lets it be null",
                            column.name, column.type));
    }
    out.changes = yaml.text();
    return out;
}

Scaffold create_index(const Words& words, bool unique) {
    Words columns;
    for (std::size_t i = 1; i < words.size(); ++i)
        for (std::string& column : split(words[i], ',')) columns.push_back(std::move(column));
    const std::string name = fmt::format("{}_{}_{}", words[0], join(columns, "_"), unique ? "key" : "idx");
    YamlText yaml(kDepth);
    yaml.item("createIndex").pair("indexName", name).pair("tableName", words[0]);
    if (unique) yaml.word("unique", "true");
    yaml.key("columns").in();
    for (const std::string& column : columns) yaml.item("column").pair("name", column).out(2);
    return {"index-" + words[0] + "-" + join(columns, "-"), yaml.text(), {}};
}

std::pair<std::string, std::string> table_and_column(const std::string& word) {
    const std::size_t dot = word.rfind('.');
    if (dot == std::string::npos || dot == 0 || dot + 1 == word.size())
        throw UsageError("'" + word + "' is no TABLE.COLUMN");
    return {word.substr(0, dot), word.substr(dot + 1)};
}

Scaffold add_foreign_key(const Words& words, bool /*unique*/) {
    const auto [table, column] = table_and_column(words[0]);
    const auto [other_table, other_column] = table_and_column(words[1]);
    YamlText yaml(kDepth);
    yaml.item("addForeignKeyConstraint").pair("constraintName", fmt::format("{}_{}_fkey", table, column));
    yaml.pair("baseTableName", table).pair("baseColumnNames", column);
    yaml.pair("referencedTableName", other_table).pair("referencedColumnNames", other_column);
    return {fmt::format("link-{}-{}-to-{}", table, column, other_table), yaml.text(), {}};
}

Scaffold rename_column(const Words& words, bool /*unique*/) {
    YamlText yaml(kDepth);
    yaml.item("renameColumn")
        .pair("tableName", words[0])
        .pair("oldColumnName", words[1])
        .pair("newColumnName", words[2]);
    return {fmt::format("rename-{}-{}-to-{}", words[0], words[1], words[2]), yaml.text(), {}};
}

Scaffold drop_column(const Words& words, bool /*unique*/) {
    YamlText yaml(kDepth);
    yaml.item("dropColumn").pair("tableName", words[0]).pair("columnName", words[1]);
    return {fmt::format("drop-{}-{}", words[0], words[1]), yaml.text(), {}};
}

Scaffold create_enum(const Words& words, bool /*unique*/) {
    Words labels;
    for (std::size_t i = 1; i < words.size(); ++i)
        for (std::string& label : split(words[i], ',')) labels.push_back(std::move(label));
    YamlText yaml(kDepth);
    Words quoted;
    for (const std::string& label : labels)
        quoted.push_back(label.find(',') == std::string::npos ? yaml_scalar(label) : label);
    yaml.item("createEnum").pair("typeName", words[0]).word("values", "[" + join(quoted, ", ") + "]");
    return {"create-enum-" + words[0], yaml.text(), {}};
}

Scaffold sql(const Words& words, bool /*unique*/) {
    YamlText yaml(kDepth);
    const bool given = words.size() > 1;
    yaml.item("sql").block("sql", given ? words[1] : "-- write the statements here\nSELECT 1;");
    Scaffold out{words[0], yaml.text(), {}};
    out.warnings.emplace_back("SQL has no rollback of its own: say under `rollback:` how it is undone");
    return out;
}

Scaffold empty(const Words& words, bool /*unique*/) {
    return {words[0], std::string(kDepth * 2, ' ') + "- empty: {}\n", {}};
}

}  // namespace

std::span<const ScaffoldKind> scaffold_kinds() {
    static constexpr ScaffoldKind kinds[] = {
        {"create-table", "TABLE COLUMN:TYPE...",
         "changelog new create-table users id:bigint! name:text 'email:varchar(255)?'", 2, kAny,
         create_table},
        {"add-column", "TABLE COLUMN:TYPE...",
         "changelog new add-column orders 'note:text?' 'placed_at:timestamptz=now()'", 2, kAny, add_column},
        {"create-index", "TABLE COLUMN... [--unique]",
         "changelog new create-index orders customer_id,placed_at", 2, kAny, create_index},
        {"add-foreign-key", "TABLE.COLUMN TABLE.COLUMN",
         "changelog new add-foreign-key orders.customer_id customers.id", 2, 2, add_foreign_key},
        {"rename-column", "TABLE OLD NEW", "changelog new rename-column orders note remark", 3, 3,
         rename_column},
        {"drop-column", "TABLE COLUMN", "changelog new drop-column orders note", 2, 2, drop_column},
        {"create-enum", "TYPE LABEL...", "changelog new create-enum order_state new,paid,shipped", 2, kAny,
         create_enum},
        {"sql", "NAME [SQL]", "changelog new sql close-old-orders \"UPDATE orders SET state = 'closed'\"", 1,
         2, sql},
        {"empty", "NAME", "changelog new empty placeholder", 1, 1, empty},
    };
    return kinds;
}

Scaffold make_scaffold(std::string_view kind, const Words& words, bool unique) {
    std::vector<std::string_view> names;
    for (const ScaffoldKind& known : scaffold_kinds()) {
        names.push_back(known.name);
        if (known.name != kind) continue;
        if (words.size() < known.least || words.size() > known.most)
            throw UsageError(fmt::format("'new {}' takes {}", kind, known.words), {},
                             fmt::format("For example: {}", known.example));
        return known.make(words, unique);
    }
    throw UsageError(fmt::format("there is no kind '{}'", kind), nearest(kind, names));
}

std::string slug_of(std::string_view text) {
    std::string out;
    for (const char c : lower(text)) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
        if (plain)
            out += c;
        else if (!out.empty() && out.back() != '-')
            out += '-';
    }
    while (out.ends_with('-')) out.pop_back();
    return clip_utf8(out.empty() ? "change" : out, 80);
}

}  // namespace changelog::cli
