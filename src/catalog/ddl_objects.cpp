// Sequences, views and types as DDL.
#include "catalog/ddl.hpp"
#include "catalog/sql_text.hpp"
#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

namespace changelog::catalog {

namespace {

void append(std::vector<Statement>& out, std::vector<Statement> more) {
    for (Statement& statement : more) out.push_back(std::move(statement));
}

std::string collate(const std::string& collation) {
    return collation.empty() ? std::string() : " COLLATE " + name_sql(collation);
}

std::string domain_clauses(const Type& type) {
    std::string out = type.base_type + collate(type.collation);
    if (type.expression) out += " DEFAULT " + *type.expression;
    if (type.not_null) out += " NOT NULL";
    for (const Constraint& constraint : type.constraints)
        if (constraint.validated) out += ' ' + constraint_definition(constraint);
    return out;
}

std::string attributes_of(const Type& type) {
    std::vector<std::string> parts;
    for (const TypeAttribute& attribute : type.attributes)
        parts.push_back(sql::identifier(attribute.name) + ' ' + attribute.type +
                        collate(attribute.collation));
    return join(parts, ", ");
}

std::string labels_of(const Type& type) {
    std::vector<std::string> parts;
    for (const std::string& label : type.labels) parts.push_back(sql::literal(label));
    return join(parts, ", ");
}

}  // namespace

std::string sequence_options(const SequenceOptions& options) {
    std::vector<std::string> parts;
    const auto add = [&](std::string_view keyword, const std::optional<std::string>& value) {
        if (value) parts.push_back(fmt::format("{} {}", keyword, *value));
    };
    add("START WITH", options.start);
    add("INCREMENT BY", options.increment);
    add("MINVALUE", options.minimum);
    add("MAXVALUE", options.maximum);
    add("CACHE", options.cache);
    if (options.cycle) parts.emplace_back("CYCLE");
    return join(parts, " ");
}

std::string create_sequence(const Sequence& sequence) {
    std::string out =
        fmt::format("CREATE {}SEQUENCE {}", sequence.persistence.empty() ? "" : sequence.persistence + ' ',
                    sql::qualified(sequence.name));
    if (!sequence.options.type.empty() && sequence.options.type != "bigint")
        out += " AS " + sequence.options.type;
    const std::string options = sequence_options(sequence.options);
    return options.empty() ? out : out + ' ' + options;
}

std::string sequence_owner(const Sequence& sequence) {
    const std::string alter = "ALTER SEQUENCE " + sql::qualified(sequence.name) + " OWNED BY ";
    if (!sequence.owned_by) return alter + "NONE";
    return alter + sql::qualified(sequence.owned_by->name) + '.' + sql::identifier(sequence.owned_by->part);
}

std::vector<Statement> create_sequence_statements(const Sequence& sequence) {
    const std::string what = "SEQUENCE " + sql::qualified(sequence.name);
    std::vector<Statement> out;
    out.push_back({create_sequence(sequence)});
    if (!sequence.owner.empty()) out.push_back({owner_statement(what, sequence.owner)});
    if (sequence.owned_by) out.push_back({sequence_owner(sequence)});
    if (sequence.comment) out.push_back({comment_on(what, sequence.comment)});
    append(out, grant_statements(what, sequence.grants, sequence.owner));
    return out;
}

std::string create_view(const View& view) {
    if (!view.definition.empty()) return view.definition;
    std::string options;
    for (const auto& [name, value] : view.options)
        options += (options.empty() ? "" : ", ") + name + (value.empty() ? "" : " = " + value);
    const std::string method =
        view.access_method.empty() ? "" : " USING " + sql::identifier(view.access_method);
    const std::string tablespace =
        view.tablespace.empty() ? "" : " TABLESPACE " + sql::identifier(view.tablespace);
    return fmt::format("CREATE {}VIEW {}{}{}{}{} AS {}{}", view.materialized ? "MATERIALIZED " : "",
                       sql::qualified(view.name),
                       view.columns.empty() ? "" : " (" + sql::identifiers(view.columns) + ')', method,
                       options.empty() ? "" : " WITH (" + options + ')', tablespace, view.query,
                       view.materialized && !view.populated ? " WITH NO DATA" : "");
}

std::vector<Statement> create_view_statements(const View& view) {
    const std::string name = sql::qualified(view.name);
    std::vector<Statement> out;
    out.push_back({create_view(view)});
    for (const Index& index : view.indexes) append(out, create_index_statements(view.name, index));
    for (const auto& [column, expression] : view.column_defaults)
        out.push_back({fmt::format("ALTER VIEW {} ALTER COLUMN {} SET DEFAULT {}", name,
                                   sql::identifier(column), expression)});
    for (const Trigger& trigger : view.triggers) {
        out.push_back({trigger.definition});
        if (trigger.comment)
            out.push_back({comment_on(fmt::format("TRIGGER {} ON {}", sql::identifier(trigger.name), name),
                                      trigger.comment)});
    }
    for (const auto& [column, comment] : view.column_comments)
        out.push_back({comment_on("COLUMN " + name + '.' + sql::identifier(column), comment)});
    const std::string what = (view.materialized ? "MATERIALIZED VIEW " : "VIEW ") + name;
    if (view.comment) out.push_back({comment_on(what, view.comment)});
    if (!view.owner.empty()) out.push_back({owner_statement(what, view.owner)});
    append(out, grant_statements("TABLE " + name, view.grants, view.owner));
    return out;
}

std::string create_type(const Type& type) {
    const std::string name = sql::qualified(type.name);
    switch (type.kind) {
        case TypeKind::enumeration:
            return fmt::format("CREATE TYPE {} AS ENUM ({})", name, labels_of(type));
        case TypeKind::composite:
            return fmt::format("CREATE TYPE {} AS ({})", name, attributes_of(type));
        case TypeKind::domain:
            return fmt::format("CREATE DOMAIN {} AS {}", name, domain_clauses(type));
        case TypeKind::range:
            break;
    }
    return fmt::format("CREATE TYPE {} AS RANGE ({})", name, type.definition);
}

std::vector<Statement> create_type_statements(const Type& type) {
    const std::string what =
        (type.kind == TypeKind::domain ? "DOMAIN " : "TYPE ") + sql::qualified(type.name);
    std::vector<Statement> out;
    out.push_back({create_type(type)});
    for (const Constraint& constraint : type.constraints)
        if (!constraint.validated)
            out.push_back({fmt::format("ALTER {} ADD {}", what, constraint_definition(constraint))});
    if (!type.owner.empty()) out.push_back({owner_statement(what, type.owner)});
    if (type.comment) out.push_back({comment_on(what, type.comment)});
    if (type.closed) out.push_back({fmt::format("REVOKE USAGE ON {} FROM PUBLIC", what)});
    append(out, grant_statements(what, type.grants, type.owner));
    return out;
}

}  // namespace changelog::catalog
