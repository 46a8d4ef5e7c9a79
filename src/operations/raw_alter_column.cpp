// The commands of ALTER TABLE that are about one column.
#include "catalog/dependents.hpp"
#include "catalog/rename.hpp"
#include "catalog/sql_text.hpp"
#include "core/text.hpp"
#include "operations/common.hpp"
#include "operations/raw_statement.hpp"
#include "sql/ddl_type.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

using catalog::Column;
using catalog::Table;

/// The column in the table and in all that inherits it.
std::vector<Column*> columns_of(RawStatement& statement, Table& table, const std::string& name) {
    std::vector<Column*> out;
    if (Column* column = table.column(name)) out.push_back(column);
    if (!reaches_children(statement)) return out;
    for (const ObjectName& child : catalog::descendants(statement.catalog(), table.name))
        if (Column* column = statement.catalog().table(child)->column(name)) out.push_back(column);
    return out;
}

bool add_column(RawStatement& statement, Table& table, const sql::Node& command, Span span) {
    const sql::Node& definition = inside(child(command, "def"));
    const std::string name = text_of(definition, "colname");
    const bool optional = flag_of(command, "missing_ok");
    if (optional && table.column(name) != nullptr) return true;
    if (optional && statement.is_invented(table.name))
        return statement.fail_unknown(ObjectKind::column, table.name, name);
    const std::size_t at = statement.text.at(definition);
    const auto children = reaches_children(statement) ? catalog::descendants(statement.catalog(), table.name)
                                                      : std::vector<ObjectName>{};
    // A view that was made with * keeps the columns of before; for the way back both sides may say *.
    if (!statement.scope.invent_tables) {
        catalog::expand_stars(statement.catalog(), table.name);
        for (const ObjectName& each : children) catalog::expand_stars(statement.catalog(), each);
    }
    if (!define_column(statement, table, definition, {at, span.end})) return false;
    for (const ObjectName& each : children) {
        Table& child = *statement.catalog().table(each);
        if (child.column(name) != nullptr) continue;
        Column made = *table.column(name);
        made.inherited = true;
        made.not_null_name.clear();  // it gets its parent's
        made.identity.reset();
        child.columns.push_back(std::move(made));
    }
    return child(definition, "constraints").empty() || reach_partitions(statement, table.name);
}

/// Columns that are computed from another; CASCADE takes them along.
std::vector<std::string> generated_from(const Table& table, const std::string& name) {
    std::vector<std::string> out;
    for (const Column& column : table.columns)
        if (column.generated != catalog::Generated::no && column.expression &&
            catalog::mentions(*column.expression, name))
            out.push_back(column.name);
    return out;
}

/// Whether a view that reads the table uses the column; nothing if it cannot be told.
std::optional<bool> uses(const catalog::View& view, const ObjectName& table, const std::string& column) {
    bool told = false;
    for (const ObjectRef& used : view.depends) {
        if (used.name != table || used.kind != ObjectKind::column) continue;
        if (used.part == column) return true;
        told = true;
    }
    const std::string text = view.query + view.definition;
    if (told || (text.find('*') == std::string::npos && !catalog::mentions(text, column))) return false;
    return std::nullopt;
}

/// The views that CASCADE takes along.
bool drop_readers(RawStatement& statement, const ObjectName& table, const std::string& column) {
    catalog::Catalog& catalog = statement.catalog();
    std::vector<ObjectName> gone;
    for (const auto& [name, view] : catalog.views) {
        const bool reads = std::any_of(view.depends.begin(), view.depends.end(),
                                       [&](const ObjectRef& used) { return used.name == table; });
        if (!reads) continue;
        const auto used = uses(view, table, column);
        if (!used) return statement.fail("which views go with the column is not known");
        if (*used) gone.push_back(name);
    }
    for (const ObjectName& view : gone) {
        for (const ObjectName& other : catalog::views_on(catalog, view)) catalog.views.erase(other);
        catalog.views.erase(view);
    }
    return true;
}

bool drop_column(RawStatement& statement, Table& table, const sql::Node& command) {
    const std::string name = text_of(command, "name");
    if (table.column(name) == nullptr) {
        if (flag_of(command, "missing_ok") && !statement.is_invented(table.name)) return true;
        return statement.fail_unknown(ObjectKind::column, table.name, name);
    }
    catalog::Catalog& catalog = statement.catalog();
    if (text_of(command, "behavior") == "DROP_CASCADE" && !drop_readers(statement, table.name, name))
        return false;
    for (const std::string& each : generated_from(table, name)) catalog.drop_column(table.name, each);
    catalog.drop_column(table.name, name);
    return true;
}

bool change_type(RawStatement& statement, Table& table, const std::string& name, const sql::Node& command) {
    const sql::Node& definition = inside(child(command, "def"));
    const std::string type = statement.type(child(definition, "typeName"));
    if (type.empty()) return statement.fail("the new type is not known");
    for (Column* column : columns_of(statement, table, name)) {
        column->type = type;
        column->collation = RawStatement::collation(child(definition, "collClause"));
        column->storage.clear();
        if (column->identity) column->identity->options.type = type;
    }
    return true;
}

void set_default(RawStatement& statement, Table& table, const std::string& name, const sql::Node& command,
                 Span span) {
    std::optional<std::string> expression;
    if (!child(command, "def").is_null())
        expression = statement.slice(
            statement.text.find("DEFAULT", statement.text.find("SET", span.begin, span.end), span.end) + 1,
            span.end);
    if (expression && equal_ignoring_case(*expression, "NULL")) expression.reset();
    for (Column* column : columns_of(statement, table, name)) column->expression = expression;
}

bool add_identity(RawStatement& statement, Table& table, Column& column, const sql::Node& constraint) {
    catalog::SequenceOptions options;
    options.type = column.type;
    catalog::Identity identity;
    identity.always = text_of(constraint, "generated_when") == "a";
    SequenceChange change = sequence_change(statement, child(constraint, "options"), options);
    identity.options = std::move(change.options);
    const auto chosen = statement.choose(table.name, catalog::NameOf::sequence, {column.name});
    identity.sequence = change.name.empty() ? chosen.value_or(std::string()) : change.name;
    if (identity.sequence == sql::make_object_name(table.name.name, column.name, "seq"))
        identity.sequence.clear();
    column.identity = std::move(identity);
    return true;
}

bool set_identity(RawStatement& statement, Column& column, const sql::Node& options) {
    if (!column.identity) return statement.fail("the column's identity is not known");
    SequenceChange change = sequence_change(statement, options, with_start(column.identity->options));
    if (change.restarts) return statement.fail("RESTART changes the value of a sequence");
    column.identity->options = std::move(change.options);
    if (change.always) column.identity->always = *change.always;
    return true;
}

std::string value_word(const sql::Node& value) {
    const std::string word = upper(text_of(inside(value), "sval"));
    return word == "DEFAULT" ? std::string() : word;
}

/// Words of the command: SET STATISTICS 100, or -1 for the default.
void set_statistics(RawStatement& statement, Column& column, Span span) {
    const std::size_t at = statement.text.find("STATISTICS", span.begin, span.end);
    const std::string number = statement.slice(at + 1, span.end);
    column.statistics.reset();
    if (!number.empty() &&
        std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; }))
        column.statistics = std::stoi(number);
}

bool change_settings(RawStatement& statement, Column& column, const std::string& kind,
                     const sql::Node& command, Span span) {
    const sql::Node& value = child(command, "def");
    if (kind == "AT_SetStorage") {
        column.storage = value_word(value);
    } else if (kind == "AT_SetCompression") {
        column.compression = text_of(inside(value), "sval");
        if (column.compression == "default") column.compression.clear();
    } else if (kind == "AT_SetStatistics") {
        set_statistics(statement, column, span);
    } else if (kind == "AT_SetOptions") {
        for (auto& [option, text] : statement.options(child(inside(value), "items")))
            column.options[option] = text;
    } else if (kind == "AT_ResetOptions") {
        for (auto& [option, text] : statement.options(child(inside(value), "items")))
            column.options.erase(option);
    } else {
        return statement.fail("what it does to the column is not understood");
    }
    return true;
}

bool is_about_column(const std::string& kind) {
    static const std::set<std::string> kinds = {
        "AT_AlterColumnType", "AT_ColumnDefault",  "AT_DropNotNull",   "AT_SetNotNull",    "AT_SetStatistics",
        "AT_SetStorage",      "AT_SetCompression", "AT_SetOptions",    "AT_ResetOptions",  "AT_AddIdentity",
        "AT_SetIdentity",     "AT_DropIdentity",   "AT_SetExpression", "AT_DropExpression"};
    return kinds.contains(kind);
}

bool change_column(RawStatement& statement, Table& table, const std::string& kind, const sql::Node& command,
                   Span span) {
    const std::string name = text_of(command, "name");
    if (name.empty()) return statement.fail("a column by its number is not understood");
    Column* column = table.column(name);
    if (column == nullptr) return statement.fail_unknown(ObjectKind::column, table.name, name);
    if (kind == "AT_AlterColumnType") return change_type(statement, table, name, command);
    if (kind == "AT_ColumnDefault") {
        set_default(statement, table, name, command, span);
    } else if (kind == "AT_SetNotNull" || kind == "AT_DropNotNull") {
        const std::string was = column->not_null_name;
        for (Column* each : columns_of(statement, table, name)) {
            if (kind == "AT_DropNotNull" && catalog::outlives_not_null(table, was, *each)) continue;
            each->not_null = kind == "AT_SetNotNull";
            if (!each->not_null) each->not_null_name.clear();
        }
        if (kind == "AT_DropNotNull") {
            catalog::drop_not_null_of(table, name);
        }
    } else if (kind == "AT_AddIdentity") {
        return add_identity(statement, table, *column, inside(child(command, "def")));
    } else if (kind == "AT_SetIdentity") {
        return set_identity(statement, *column, child(inside(child(command, "def")), "items"));
    } else if (kind == "AT_DropIdentity") {
        column->identity.reset();
    } else if (kind == "AT_DropExpression") {
        for (Column* each : columns_of(statement, table, name)) {
            each->generated = catalog::Generated::no;
            each->expression.reset();
        }
    } else if (kind == "AT_SetExpression") {
        const std::string expression = statement.bracketed_after("AS", span.begin, span.end);
        for (Column* each : columns_of(statement, table, name)) each->expression = expression;
    } else {
        return change_settings(statement, *column, kind, command, span);
    }
    return true;
}

}  // namespace

std::optional<bool> follow_column_command(RawStatement& statement, Table& table, const sql::Node& command,
                                          Span span) {
    const std::string kind = text_of(command, "subtype");
    if (kind == "AT_AddColumn") return add_column(statement, table, command, span);
    if (kind == "AT_DropColumn") return drop_column(statement, table, command);
    if (!is_about_column(kind)) return std::nullopt;
    return change_column(statement, table, kind, command, span);
}

}  // namespace changelog::operations
