#include "operations/enum_rebuild.hpp"

#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "catalog/sql_text.hpp"
#include "operations/user_type.hpp"
#include "operations/view.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

/// A column of the type, with what has to stand aside while its type changes.
struct Use {
    ObjectName table;
    catalog::Column column;
    std::vector<catalog::Constraint> checks;
    std::vector<catalog::Index> indexes;  ///< with a predicate or expression, which compare with the old type
};

bool has_expression(const catalog::Index& index) {
    return !index.predicate.empty() ||
           std::any_of(index.keys.begin(), index.keys.end(),
                       [](const catalog::IndexKey& key) { return key.expression; });
}

Use use_of(const catalog::Table& table, const catalog::Column& column) {
    Use use{table.name, column, {}, {}};
    for (const catalog::Constraint& constraint : table.constraints)
        if (constraint.kind == catalog::ConstraintKind::check &&
            catalog::mentions(constraint.expression, column.name))
            use.checks.push_back(constraint);
    for (const catalog::Index& index : table.indexes)
        if (has_expression(index) && catalog::uses_column(index, column.name)) use.indexes.push_back(index);
    return use;
}

std::vector<Use> uses_of(const catalog::Catalog& catalog, const ObjectName& type,
                         const std::string& default_schema) {
    std::vector<Use> uses;
    for (const auto& [name, table] : catalog.tables)
        for (const catalog::Column& column : table.columns)
            if (table.partition_of.name.empty() && is_type(column.type, type, default_schema))
                uses.push_back(use_of(table, column));
    return uses;
}

/// What else is made of the type and would have to be made anew.
std::optional<std::string> other_user(const catalog::Catalog& catalog, const ObjectName& type,
                                      const std::string& default_schema) {
    for (const auto& [name, other] : catalog.types) {
        if (is_type(other.base_type, type, default_schema)) return "domain " + sql::qualified(name);
        for (const catalog::TypeAttribute& attribute : other.attributes)
            if (is_type(attribute.type, type, default_schema)) return "type " + sql::qualified(name);
    }
    for (const auto& [name, function] : catalog.functions)
        if (catalog::mentions(function.definition, type.name)) return "function " + sql::qualified(name);
    return std::nullopt;
}

std::string alter_table(const Use& use) { return "ALTER TABLE " + sql::qualified(use.table); }

void stand_aside(const Use& use, std::vector<Statement>& out) {
    for (const catalog::Constraint& check : use.checks)
        out.push_back(
            statement(fmt::format("{} DROP CONSTRAINT {}", alter_table(use), sql::identifier(check.name))));
    for (const catalog::Index& index : use.indexes)
        out.push_back(statement("DROP INDEX " + sql::qualified({use.table.schema, index.name})));
}

void come_back(const Use& use, std::vector<Statement>& out) {
    for (const catalog::Constraint& check : use.checks)
        append(out, catalog::add_constraint(use.table, check));
    for (const catalog::Index& index : use.indexes)
        append(out, catalog::create_index_statements(use.table, index));
}

void change_type(const Use& use, const std::string& type, std::vector<Statement>& out) {
    const std::string column = sql::identifier(use.column.name);
    const std::string alter = fmt::format("{} ALTER COLUMN {}", alter_table(use), column);
    const bool with_default = use.column.expression && use.column.generated == catalog::Generated::no;
    const std::size_t bracket = use.column.type.find('[');
    const std::string array = bracket == std::string::npos ? "" : "[]";
    if (with_default) out.push_back(statement(alter + " DROP DEFAULT"));
    out.push_back(
        statement(fmt::format("{0} TYPE {1}{2} USING ({3}::text{2}::{1}{2})", alter, type, array, column)));
    if (with_default)
        out.push_back(statement(fmt::format("{} SET DEFAULT {}", alter, *use.column.expression)));
}

/// Views that read a table with such a column, in an order in which they can be made.
std::vector<ObjectName> readers(const catalog::Catalog& catalog, const std::vector<Use>& uses) {
    std::vector<ObjectName> views;
    for (const Use& use : uses)
        for (const ObjectName& view : catalog::views_on(catalog, use.table))
            if (std::find(views.begin(), views.end(), view) == views.end()) views.push_back(view);
    return views;
}

}  // namespace

Undo rebuild_enum(const catalog::Catalog& after, const catalog::Type& before,
                  const std::string& default_schema) {
    if (const auto user = other_user(after, before.name, default_schema))
        return Undo::because(
            fmt::format("PostgreSQL cannot take a value out of type {}, and {} keeps it from being made anew",
                        sql::qualified(before.name), *user));
    const std::string type = sql::qualified(before.name);
    const std::string aside = sql::make_object_name(before.name.name, "", "before");
    const std::vector<Use> uses = uses_of(after, before.name, default_schema);
    const std::vector<ObjectName> views = readers(after, uses);
    std::vector<Statement> out;
    for (auto view = views.rbegin(); view != views.rend(); ++view)
        out.push_back(statement(drop_view(after.views.at(*view))));
    for (const Use& use : uses) stand_aside(use, out);
    out.push_back(statement(fmt::format("ALTER TYPE {} RENAME TO {}", type, sql::identifier(aside))));
    append(out, catalog::create_type_statements(before));
    for (const Use& use : uses) change_type(use, type, out);
    for (const Use& use : uses) come_back(use, out);
    for (const ObjectName& view : views) append(out, catalog::create_view_statements(after.views.at(view)));
    out.push_back(statement("DROP TYPE " + sql::qualified({before.name.schema, aside})));
    return undo(std::move(out));
}

}  // namespace changelog::operations
