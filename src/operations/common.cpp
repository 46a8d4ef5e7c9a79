#include "operations/common.hpp"

#include "sql/identifier.hpp"
#include "sql/type.hpp"
#include "sql/type_names.hpp"
#include "sql/type_text.hpp"

namespace changelog::operations {

std::string Naming::name(std::string_view written) const { return sql::quote(written, context_.quoting); }

std::string Naming::names(const std::vector<std::string>& written) const {
    std::string out;
    for (const std::string& item : written) out += (out.empty() ? "" : ", ") + name(item);
    return out;
}

std::string Naming::schema(std::string_view written_schema) const {
    if (!written_schema.empty()) return name(written_schema);
    // The default schema is a stored name: the other strategies would fold it once more.
    return context_.quoting == QuotingStrategy::quote_all ? name(context_.default_schema)
                                                          : sql::identifier(context_.default_schema);
}

std::string Naming::object(std::string_view written_schema, std::string_view written) const {
    if (written_schema.empty() && !context_.qualify) return name(written);
    return schema(written_schema) + '.' + name(written);
}

std::string Naming::stored(std::string_view written) const { return sql::stored(written, context_.quoting); }

std::vector<std::string> Naming::stored(const std::vector<std::string>& written) const {
    std::vector<std::string> out;
    for (const std::string& item : written) out.push_back(stored(item));
    return out;
}

ObjectName Naming::stored_object(std::string_view written_schema, std::string_view written) const {
    return {written_schema.empty() ? context_.default_schema : stored(written_schema), stored(written)};
}

std::string Naming::sql(const ObjectName& stored_name) const {
    const ObjectName name = shown(stored_name);
    return name.schema.empty() ? sql::identifier(name.name) : sql::qualified(name);
}

ObjectName Naming::shown(ObjectName stored_name) const {
    if (!context_.qualify && stored_name.schema == context_.default_schema) stored_name.schema.clear();
    return stored_name;
}

catalog::Constraint Naming::shown(catalog::Constraint constraint) const {
    constraint.referenced_table = shown(constraint.referenced_table);
    return constraint;
}

catalog::Table Naming::shown(catalog::Table table) const {
    table.name = shown(table.name);
    table.partition_of = shown(table.partition_of);
    for (ObjectName& parent : table.inherits) parent = shown(parent);
    for (catalog::Constraint& constraint : table.constraints) constraint = shown(constraint);
    return table;
}

catalog::Sequence Naming::shown(catalog::Sequence sequence) const {
    sequence.name = shown(sequence.name);
    if (sequence.owned_by) sequence.owned_by->name = shown(sequence.owned_by->name);
    return sequence;
}

catalog::View Naming::shown(catalog::View view) const {
    view.name = shown(view.name);
    return view;
}

ObjectRef Naming::ref(ObjectKind kind, std::string_view written_schema, std::string_view written) const {
    return {kind, stored_object(written_schema, written), {}};
}

ObjectRef Naming::table_ref(std::string_view written_schema, std::string_view written) const {
    return ref(ObjectKind::table, written_schema, written);
}

ObjectRef Naming::part_ref(ObjectKind kind, std::string_view written_schema, std::string_view written_table,
                           std::string_view written_part) const {
    return {kind, stored_object(written_schema, written_table), stored(written_part)};
}

const catalog::Table* find_table(const RenderContext& context, std::string_view written_schema,
                                 std::string_view written) {
    return context.before->table(Naming(context).stored_object(written_schema, written));
}

const catalog::Column* find_column(const RenderContext& context, std::string_view written_schema,
                                   std::string_view written_table, std::string_view written) {
    const catalog::Table* table = find_table(context, written_schema, written_table);
    return table == nullptr ? nullptr : table->column(Naming(context).stored(written));
}

void append(std::vector<Statement>& statements, std::vector<Statement> more) {
    for (Statement& item : more) statements.push_back(std::move(item));
}

std::string to_text(const ObjectName& name) {
    return name.schema.empty() ? name.name : name.schema + '.' + name.name;
}

std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; },
        ' ');
    return text;
}

std::string unknown_definition(const ObjectRef& object) {
    return one_line(fmt::format("the definition of {} is not known: it was made outside this changelog",
                                to_string(object)));
}

Undo not_known(const RenderContext& context, const ObjectRef& object) {
    return context.complete ? Undo{} : Undo::unless_observed(unknown_definition(object));
}

std::string may_be_there(const ObjectRef& object) {
    return one_line(fmt::format("whether {} was there before is not known", to_string(object)));
}

void require_type(const std::string& sql_type, const RenderContext& context, Footprint& out) {
    const sql::TypeText type = sql::take_apart(sql::canonical_type(sql_type));
    if (!sql::longest_known(type.head, sql::is_postgresql_type).empty()) return;
    const std::size_t dot = type.head.rfind('.');
    ObjectName name{context.default_schema, sql::from_sql(type.head)};
    if (dot != std::string::npos)
        name = {sql::from_sql(type.head.substr(0, dot)), sql::from_sql(type.head.substr(dot + 1))};
    if (name.schema == "pg_catalog" || name.name.empty()) return;
    out.require({ObjectKind::type, name, {}});
}

}  // namespace changelog::operations
