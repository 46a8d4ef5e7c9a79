#include "operations/definition.hpp"

#include "changelog/codes.hpp"

#include "catalog/naming.hpp"
#include "core/text.hpp"
#include "operations/partition_tree.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

using catalog::ConstraintKind;

bool can_be_identity(const std::string& type) {
    const std::string canonical = sql::canonical_type(type);
    return canonical == "smallint" || canonical == "integer" || canonical == "bigint";
}

/// "s2.t2 (a, b)" into its parts, as written.
struct ReferenceParts {
    std::string schema, table;
    std::vector<std::string> columns;
};

ReferenceParts take_apart(const std::string& text) {
    ReferenceParts parts;
    const std::size_t open = text.find('(');
    parts.table = trim(text.substr(0, open));
    if (open != std::string::npos) {
        const std::size_t close = text.rfind(')');
        parts.columns =
            split(text.substr(open + 1, close == std::string::npos ? close : close - open - 1), ',');
    }
    if (const std::size_t dot = parts.table.find('.'); dot != std::string::npos) {
        parts.schema = parts.table.substr(0, dot);
        parts.table = parts.table.substr(dot + 1);
    }
    return parts;
}

Reference verbatim_reference(const ReferenceParts& parts, const Naming& naming) {
    Reference out;
    out.table = {
        parts.schema.empty() ? naming.stored_object("", parts.table).schema : sql::from_sql(parts.schema),
        sql::from_sql(parts.table)};
    for (const std::string& column : parts.columns) out.columns.push_back(sql::from_sql(column));
    out.sql_table = naming.sql(out.table);
    out.sql_columns = sql::identifiers(out.columns);
    return out;
}

Reference named_reference(const ReferenceParts& parts, const Naming& naming) {
    return {naming.stored_object(parts.schema, parts.table), naming.stored(parts.columns),
            naming.object(parts.schema, parts.table), naming.names(parts.columns)};
}

std::size_t count_defaults(const ColumnConfig& column) {
    return static_cast<std::size_t>(column.default_value.has_value()) + column.default_boolean.has_value() +
           column.default_numeric.has_value() + column.default_date.has_value() +
           column.default_computed.has_value() + column.default_sequence_next.has_value();
}

void check_identity(const ColumnConfig& column, sql::TypeUse use, Position at, Diagnostics& diagnostics) {
    const std::string type = emitted_type(column, use);
    if (!can_be_identity(type))
        diagnostics
            .error(codes::bad_value, at,
                   fmt::format("column '{}' of type {} cannot be autoIncrement", column.name, column.type))
            .why = "PostgreSQL makes identity columns of smallint, integer and bigint only.";
    const std::string kind = upper(trim(column.generation_type));
    if (!kind.empty() && kind != "ALWAYS" && kind != "BY DEFAULT")
        diagnostics
            .error(codes::not_a_choice, at,
                   fmt::format("generationType '{}' of column '{}' is not known", column.generation_type,
                               column.name))
            .expected = {"ALWAYS", "BY DEFAULT"};
}

void check_reference(const ColumnConfig& column, Position at, Diagnostics& diagnostics) {
    const ConstraintsConfig& constraints = column.constraints;
    if (constraints.has_reference() && constraints.foreign_key_name.empty())
        diagnostics.error(codes::missing_key, at,
                          fmt::format("the foreign key of column '{}' has no foreignKeyName", column.name));
    if (constraints.has_reference() ||
        (constraints.foreign_key_name.empty() && constraints.referenced_table.empty()))
        return;
    Diagnostic& found = diagnostics.warning(codes::misplaced_key, at,
                                            fmt::format("foreign key '{}' of column '{}' is not made",
                                                        constraints.foreign_key_name, column.name));
    found.why =
        "Liquibase makes it only with `references`, or with `referencedTableName` and "
        "`referencedColumnNames` together.";
    found.next = {"if it is wanted, write an addForeignKeyConstraint in a new changeset"};
}

void check_place(const ColumnConfig& column, Position at, Diagnostics& diagnostics) {
    if (column.after_column.empty() && column.before_column.empty() && column.column_position.empty()) return;
    Diagnostic& found =
        diagnostics.error(codes::unsupported_change, at,
                          fmt::format("column '{}' cannot be given a place among the others", column.name));
    found.why = "PostgreSQL adds columns at the end of the table.";
    found.next = {"remove afterColumn, beforeColumn and position, or add a removeChangeSetProperty for them"};
}

}  // namespace

std::string emitted_type(const ColumnConfig& column, sql::TypeUse use) {
    return sql::column_type(column.type, use).sql;
}

bool is_identity(const ColumnConfig& column, sql::TypeUse use) {
    return column.auto_increment || sql::column_type(column.type, use).is_identity;
}

std::string identity_clause(const ColumnConfig& column) {
    const std::string kind = column.generation_type.empty() ? "BY DEFAULT" : column.generation_type;
    std::string options;
    if (column.start_with) options = "START WITH " + *column.start_with;
    if (column.increment_by)
        options += (options.empty() ? "INCREMENT BY " : " INCREMENT BY ") + *column.increment_by;
    return fmt::format(" GENERATED {} AS IDENTITY{}", kind, options.empty() ? "" : " (" + options + ')');
}

bool take_generated(const std::string& text, catalog::Column& column) {
    constexpr std::string_view kPrefix = "GENERATED ALWAYS AS ";
    if (!starts_with_ignoring_case(text, kPrefix)) return false;
    const std::string rest = trim(std::string_view(text).substr(kPrefix.size()));
    if (starts_with_ignoring_case(rest, "IDENTITY")) {
        column.identity = catalog::Identity{.always = true, .options = {}, .sequence = {}};
        column.not_null = true;
        return true;
    }
    const std::size_t close = rest.rfind(')');
    if (!rest.starts_with('(') || close == std::string::npos) return false;
    column.expression = trim(rest.substr(1, close - 1));
    column.generated = equal_ignoring_case(trim(rest.substr(close + 1)), "STORED")
                           ? catalog::Generated::stored
                           : catalog::Generated::on_read;
    return true;
}

catalog::Column defined_column(const ColumnConfig& column, sql::TypeUse use, const Naming& naming) {
    catalog::Column out;
    const std::string type = emitted_type(column, use);
    out.name = naming.stored(column.name);
    out.type = sql::canonical_type(type);
    out.not_null = column.constraints.is_not_null();
    if (!column.remarks.empty()) out.comment = column.remarks;
    if (is_identity(column, use)) {
        catalog::Identity identity;
        identity.always = equal_ignoring_case(column.generation_type, "ALWAYS");
        identity.options.type = out.type;
        identity.options.start = column.start_with;
        identity.options.increment = column.increment_by;
        out.identity = identity;
        out.not_null = true;
        return out;
    }
    const auto expression = default_expression(column, type, naming);
    if (expression && !take_generated(*expression, out)) out.expression = expression;
    return out;
}

std::optional<Reference> reference_of(const ConstraintsConfig& constraints, const Naming& naming,
                                      ReferenceText text) {
    if (!constraints.references.empty()) {
        const ReferenceParts parts = take_apart(constraints.references);
        return text == ReferenceText::verbatim ? verbatim_reference(parts, naming)
                                               : named_reference(parts, naming);
    }
    if (!constraints.has_reference()) return std::nullopt;
    return named_reference({constraints.referenced_table_schema, constraints.referenced_table,
                            split(constraints.referenced_columns, ',')},
                           naming);
}

catalog::Constraint defined_foreign_key(const ColumnConfig& column, const Reference& reference,
                                        const Naming& naming) {
    const std::string& name = column.constraints.foreign_key_name;
    catalog::Constraint key = constraint_of(
        ConstraintKind::foreign_key, name.empty() ? "" : naming.stored(name), {naming.stored(column.name)});
    key.referenced_table = reference.table;
    key.referenced_columns = reference.columns;
    if (column.constraints.delete_cascade) key.on_delete = "CASCADE";
    return key;
}

void check_definition(const ColumnConfig& column, sql::TypeUse use, Position at, Diagnostics& diagnostics) {
    if (is_identity(column, use)) check_identity(column, use, at, diagnostics);
    if (count_defaults(column) > 1)
        diagnostics.error(codes::conflicting_keys, at,
                          fmt::format("column '{}' has more than one default", column.name));
    if (is_identity(column, use) && count_defaults(column) > 0)
        diagnostics.error(codes::conflicting_keys, at,
                          fmt::format("column '{}' has a default and is an identity column", column.name));
    check_reference(column, at, diagnostics);
    check_place(column, at, diagnostics);
}

void require_referenced(const ObjectName& table, const std::vector<std::string>& columns,
                        const RenderContext& context, Footprint& out) {
    out.require({ObjectKind::table, table, {}});
    for (const std::string& column : columns) out.require({ObjectKind::column, table, column});
    const catalog::Table* found = context.before->table(table);
    if (found == nullptr) return;
    for (const catalog::Constraint& constraint : found->constraints) {
        const bool is_key =
            constraint.kind == ConstraintKind::primary_key || constraint.kind == ConstraintKind::unique;
        const bool fits = columns.empty()
                              ? constraint.kind == ConstraintKind::primary_key
                              : std::is_permutation(columns.begin(), columns.end(),
                                                    constraint.columns.begin(), constraint.columns.end());
        if (is_key && fits) out.require({ObjectKind::constraint, table, constraint.name});
    }
}

void touch_definition(const ColumnConfig& column, sql::TypeUse use, const std::string& schema,
                      const std::string& table, const RenderContext& context, Footprint& out) {
    const Naming naming(context);
    const ConstraintsConfig& constraints = column.constraints;
    out.create(naming.column_ref(schema, table, column.name));
    require_type(emitted_type(column, use), context, out);
    if (column.default_sequence_next)
        out.require({ObjectKind::sequence, sequence_name(*column.default_sequence_next, naming), {}});
    for (const std::string& name : {constraints.foreign_key_name, constraints.unique_name})
        if (!name.empty()) out.create(naming.part_ref(ObjectKind::constraint, schema, table, name));
    const auto text = use == sql::TypeUse::create_table ? ReferenceText::verbatim : ReferenceText::names;
    const auto reference = reference_of(constraints, naming, text);
    if (reference && reference->table != naming.stored_object(schema, table))
        require_referenced(reference->table, reference->columns, context, out);
}

catalog::Constraint constraint_of(catalog::ConstraintKind kind, std::string name,
                                  std::vector<std::string> columns) {
    catalog::Constraint out;
    out.name = std::move(name);
    out.kind = kind;
    out.columns = std::move(columns);
    return out;
}

void add_to_catalog(catalog::Catalog& catalog, catalog::Table& table, catalog::Constraint constraint) {
    const auto kind = [&] {
        switch (constraint.kind) {
            case ConstraintKind::primary_key:
                return catalog::NameOf::primary_key;
            case ConstraintKind::unique:
                return catalog::NameOf::unique;
            case ConstraintKind::foreign_key:
                return catalog::NameOf::foreign_key;
            case ConstraintKind::exclusion:
                return catalog::NameOf::exclusion;
            case ConstraintKind::check:
                break;
        }
        return catalog::NameOf::check;
    };
    if (constraint.name.empty())
        constraint.name = catalog::chosen_name(catalog, table.name, kind(), constraint.columns);
    if (constraint.kind == ConstraintKind::foreign_key && constraint.referenced_columns.empty()) {
        const catalog::Table* target = catalog.table(constraint.referenced_table);
        if (target != nullptr && target->primary_key() != nullptr)
            constraint.referenced_columns = target->primary_key()->columns;
    }
    if (constraint.kind == ConstraintKind::primary_key)
        for (const std::string& name : constraint.columns)
            if (catalog::Column* column = table.column(name)) column->not_null = true;
    table.constraints.push_back(constraint);
    hand_down_constraint(catalog, table, constraint);
}

}  // namespace changelog::operations
