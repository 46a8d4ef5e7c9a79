// Column definitions of CREATE TABLE and ALTER TABLE: type, default, identity, generation, and the
// constraints that stand with the column.
#include "core/text.hpp"
#include "operations/common.hpp"
#include "operations/raw_statement.hpp"
#include "operations/sequence.hpp"
#include "sql/ddl_type.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"
#include "sql/type.hpp"

namespace changelog::operations {

namespace {

using catalog::Column;
using catalog::Table;

struct ColumnParts {
    RawStatement& statement;
    Table& table;
    const sql::Node& constraints;
    Span span;

    /// Where the clause at `begin` ends: at the next clause, or with the column.
    std::size_t clause_end(std::size_t begin, const sql::Node& coll_clause) const {
        std::size_t end = statement.text.item_end(begin, span.end);
        const auto stop_at = [&](const sql::Node& located) {
            const std::size_t at = statement.text.at(located);
            if (!located.is_null() && at > begin && at < end) end = at;
        };
        for (const sql::Node& other : constraints) stop_at(inside(other));
        stop_at(coll_clause);
        return end;
    }
};

/// serial: a sequence of its own, and a default that asks it.
bool make_serial(RawStatement& statement, const Table& table, Column& column, const std::string& type) {
    const auto chosen = statement.choose(table.name, catalog::NameOf::sequence, {column.name});
    // Dropping an invented table's column drops its sequence too, whatever it is called.
    const ObjectName name{table.name.schema,
                          chosen.value_or(sql::make_object_name(table.name.name, column.name, "seq"))};
    column.not_null = true;
    column.expression = fmt::format("nextval({}::regclass)", sql::literal(sql::qualified(name)));
    catalog::Sequence sequence;
    sequence.name = name;
    sequence.options.type = type;
    sequence.owned_by = ObjectRef{ObjectKind::column, table.name, column.name};
    sequence.persistence = table.persistence == "UNLOGGED" ? "UNLOGGED" : "";
    statement.catalog().sequences.insert_or_assign(name, std::move(sequence));
    return true;
}

void make_identity(RawStatement& statement, const Table& table, Column& column, const sql::Node& constraint) {
    catalog::Identity identity;
    identity.always = text_of(constraint, "generated_when") == "a";
    catalog::SequenceOptions options;
    options.type = column.type;
    SequenceChange change = sequence_change(statement, child(constraint, "options"), options);
    identity.options = std::move(change.options);
    const std::string usual = sql::make_object_name(table.name.name, column.name, "seq");
    identity.sequence =
        change.name.empty()
            ? statement.choose(table.name, catalog::NameOf::sequence, {column.name}).value_or(std::string())
            : change.name;
    if (identity.sequence == usual) identity.sequence.clear();
    column.identity = std::move(identity);
    column.not_null = true;
}

void set_deferral(Table& table, std::size_t first, const std::string& type) {
    if (table.constraints.size() <= first) return;
    catalog::Constraint& last = table.constraints.back();
    if (type == "CONSTR_ATTR_DEFERRABLE") last.deferrable = true;
    if (type == "CONSTR_ATTR_DEFERRED") last.deferrable = last.initially_deferred = true;
}

/// What belongs to the column itself; false if it is a constraint of the table.
bool take_into_column(ColumnParts& parts, Column& column, const sql::Node& constraint,
                      const sql::Node& coll_clause) {
    RawStatement& statement = parts.statement;
    const std::string type = text_of(constraint, "contype");
    const std::size_t at = statement.text.at(constraint);
    if (type == "CONSTR_NOTNULL") {
        column.not_null = true;
        if (statement.scope.server_version >= catalog::kNamedNotNull)
            column.not_null_name = text_of(constraint, "conname");
    } else if (type == "CONSTR_DEFAULT") {
        const std::size_t begin = statement.text.find("DEFAULT", at, parts.span.end) + 1;
        column.expression = statement.slice(begin, parts.clause_end(at, coll_clause));
        if (equal_ignoring_case(*column.expression, "NULL")) column.expression.reset();
    } else if (type == "CONSTR_GENERATED") {
        const std::size_t open = statement.text.find("(", at, parts.span.end);
        column.expression = statement.text.within(open);
        column.generated = statement.text.is(statement.text.close(open) + 1, "STORED")
                               ? catalog::Generated::stored
                               : catalog::Generated::on_read;
    } else if (type == "CONSTR_IDENTITY") {
        make_identity(statement, parts.table, column, constraint);
    } else {
        return type == "CONSTR_NULL";
    }
    return true;
}

Span span_of(const ColumnParts& parts, const sql::Node& constraint, const sql::Node& coll_clause) {
    const std::size_t begin = parts.statement.text.at(constraint);
    return {begin, parts.clause_end(begin, coll_clause)};
}

}  // namespace

bool define_column(RawStatement& statement, Table& table, const sql::Node& definition, Span span) {
    Column made;
    made.name = text_of(definition, "colname");
    const sql::DdlType type = sql::ddl_type(child(definition, "typeName"), statement.text);
    made.type = statement.type(child(definition, "typeName"));
    if (made.type.empty()) return statement.fail("the type of column " + made.name + " is not known");
    const sql::Node& coll_clause = child(definition, "collClause");
    made.collation = RawStatement::collation(coll_clause);
    made.storage = upper(text_of(definition, "storage_name"));
    made.compression = text_of(definition, "compression");
    if (!child(definition, "fdwoptions").is_null())
        return statement.fail("it has options of a foreign table");
    if (!type.serial.empty() && !make_serial(statement, table, made, type.serial)) return false;

    ColumnParts parts{statement, table, child(definition, "constraints"), span};
    const std::string name = made.name;
    std::vector<const sql::Node*> others;
    for (const sql::Node& item : parts.constraints)
        if (!take_into_column(parts, made, inside(item), coll_clause)) others.push_back(&inside(item));
    table.columns.push_back(std::move(made));
    const std::size_t first = table.constraints.size();
    for (const sql::Node* constraint : others) {
        const std::string kind = text_of(*constraint, "contype");
        if (kind.starts_with("CONSTR_ATTR_"))
            set_deferral(table, first, kind);
        else if (!define_constraint(statement, table, *constraint, name,
                                    span_of(parts, *constraint, coll_clause)))
            return false;
    }
    return true;
}

}  // namespace changelog::operations
