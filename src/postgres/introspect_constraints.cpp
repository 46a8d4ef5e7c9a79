// Constraints of tables and domains.
#include "catalog/ddl.hpp"
#include "catalog/naming.hpp"
#include "postgres/introspect_state.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::postgres {
namespace {

using catalog::Constraint;
using catalog::ConstraintKind;

std::string action_word(char letter) {
    switch (letter) {
        case 'r':
            return "RESTRICT";
        case 'c':
            return "CASCADE";
        case 'n':
            return "SET NULL";
        case 'd':
            return "SET DEFAULT";
        default:
            return {};
    }
}

std::optional<ConstraintKind> kind_of(char letter) {
    switch (letter) {
        case 'p':
            return ConstraintKind::primary_key;
        case 'u':
            return ConstraintKind::unique;
        case 'f':
            return ConstraintKind::foreign_key;
        case 'c':
        case 'n':
            return ConstraintKind::check;
        case 'x':
            return ConstraintKind::exclusion;
        default:
            return std::nullopt;
    }
}

std::vector<std::string> names_of(const Relation* relation, const std::string& numbers) {
    std::vector<std::string> out;
    if (relation == nullptr) return out;
    for (const Oid number : numbers_of(numbers))
        if (number != 0) out.push_back(relation->attribute(number));  // 0: an expression
    return out;
}

void cut_end(std::string& text, std::string_view end) {
    if (text.ends_with(end)) text.resize(text.size() - end.size());
}

/// pg_get_constraintdef's text without what the model has fields for.
std::string exclusion_body(std::string definition) {
    for (const std::string_view end : {" NOT VALID", " INITIALLY DEFERRED", " DEFERRABLE"})
        cut_end(definition, end);
    return definition;
}

/// A foreign key whose referenced table is not among the relations that were read.
struct Pending {
    Oid table = 0, referenced = 0;
    std::size_t position = 0;  ///< in the constraints of the table
    std::string numbers;
};

struct Found {
    Oid oid = 0;
    char letter = ' ';
    bool temporal = false;
    std::string definition;  ///< pg_get_constraintdef's, where it was asked for
    std::string numbers, referenced_numbers, set_numbers;
    Oid referenced = 0;
    Constraint constraint;
};

Found found_in(Cells& cells) {
    Found found;
    found.oid = cells.oid();
    Constraint& constraint = found.constraint;
    constraint.id = {found.oid};
    constraint.name = cells.text();
    found.letter = cells.letter();
    found.numbers = cells.text();
    constraint.deferrable = cells.flag();
    constraint.initially_deferred = cells.flag();
    constraint.validated = cells.flag();
    constraint.no_inherit = cells.flag();
    constraint.inherited = cells.flag();
    found.referenced = cells.oid();
    constraint.referenced_table = cells.name();
    found.referenced_numbers = cells.text();
    constraint.on_update = action_word(cells.letter());
    constraint.on_delete = action_word(cells.letter());
    const char match = cells.letter();
    constraint.match = match == 'f' ? "FULL" : match == 'p' ? "PARTIAL" : "";
    found.set_numbers = cells.text();
    constraint.expression = cells.text();
    found.definition = cells.text();
    constraint.enforced = cells.flag();
    found.temporal = cells.flag();  // WITHOUT OVERLAPS, PERIOD
    return found;
}

void note(Introspection& state, const Relation& relation, const Found& found) {
    const std::string table = sql::qualified(relation.name), name = sql::identifier(found.constraint.name);
    catalog::Other other;
    other.kind = "table constraint";
    other.identity = name + " on " + table;
    other.create = fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}", table, name, found.definition);
    other.drop = fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", table, name);
    other.state = found.constraint.inherited ? "inherited" : "";
    other.on = {ObjectKind::table, relation.name, {}};
    other.id = {found.oid};
    state.add_other(std::move(other));
}

/// PostgreSQL 18 has a constraint for NOT NULL. True if it is all of the column; else it stands for itself.
bool take_not_null(Introspection& state, Oid oid, Found& found) {
    const auto numbers = numbers_of(found.numbers);
    catalog::Column* column =
        numbers.empty() ? nullptr : state.column(oid, static_cast<int>(numbers.front()));
    if (column == nullptr) return true;
    column->not_null = found.constraint.validated && !found.constraint.no_inherit;
    if (!column->not_null) {
        found.constraint.expression = catalog::kNotNull;
        return false;
    }
    column->not_null_name = found.constraint.name;
    const ObjectName& table = state.relation(oid)->name;
    state.not_nulls.emplace(
        found.oid, std::pair{fmt::format("CONSTRAINT {} ON {}", sql::identifier(found.constraint.name),
                                         sql::qualified(table)),
                             ObjectRef{ObjectKind::table, table, {}}});
    return true;
}

std::string query_for(const Introspection& state, const std::vector<Oid>& tables) {
    // A foreign key to a partitioned table has further rows, for each of that one's partitions: a part of the
    // first, not constraints of their own.
    return fmt::format(
        "SELECT k.conrelid, k.oid, k.conname, k.contype, k.conkey, k.condeferrable, k.condeferred, "
        "k.convalidated, k.connoinherit, k.coninhcount > 0 AND NOT k.conislocal, k.confrelid, n.nspname, "
        "c.relname, k.confkey, k.confupdtype, k.confdeltype, k.confmatchtype, {}, "
        "CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END, "
        "CASE WHEN k.contype NOT IN ('c', 'p', 'u', 'f') THEN pg_get_constraintdef(k.oid) END, "
        "{}, {} FROM {} AS s(oid) JOIN pg_catalog.pg_constraint k ON k.conrelid = s.oid "
        "LEFT JOIN pg_catalog.pg_class c ON c.oid = k.confrelid "
        "LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "LEFT JOIN pg_catalog.pg_constraint p ON p.oid = k.conparentid "
        "WHERE k.contype <> 't' AND NOT (k.contype = 'f' AND coalesce(p.conrelid = k.conrelid, false)) "
        "ORDER BY k.oid",
        state.since(15, "k.confdelsetcols", "NULL"), state.since(18, "k.conenforced", "true"),
        state.since(18, "k.conperiod", "false"), unnest(tables));
}

void resolve(Introspection& state, const std::vector<Pending>& pending) {
    if (pending.empty()) return;
    std::vector<Oid> oids;
    for (const Pending& each : pending) oids.push_back(each.referenced);
    std::sort(oids.begin(), oids.end());
    oids.erase(std::unique(oids.begin(), oids.end()), oids.end());
    const Rows found = state.ask(fmt::format(
        "SELECT a.attrelid, a.attnum, a.attname FROM {} AS s(oid) "
        "JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid WHERE a.attnum > 0 AND NOT a.attisdropped",
        unnest(oids)));
    std::unordered_map<Oid, Relation> names;
    for (auto row : found.rows) {
        Cells cells(row);
        auto& attributes = names[cells.oid()].attributes;
        const Oid number = cells.oid();
        if (attributes.size() < number) attributes.resize(number);
        attributes[number - 1].name = cells.text();
    }
    for (const Pending& each : pending)
        state.relation(each.table)->table->constraints[each.position].referenced_columns =
            names_of(&names[each.referenced], each.numbers);
}

void read_domain_constraints(Introspection& state) {
    std::vector<Oid> domains;
    for (const auto& [oid, type] : state.types)
        if (type->kind == catalog::TypeKind::domain) domains.push_back(oid);
    if (domains.empty()) return;
    const Rows found = state.ask(fmt::format(
        "SELECT k.contypid, k.oid, k.contype, k.conname, pg_get_expr(k.conbin, 0), k.convalidated "
        "FROM {} AS s(oid) JOIN pg_catalog.pg_constraint k ON k.contypid = s.oid ORDER BY k.oid",
        unnest(domains)));
    for (auto row : found.rows) {
        Cells cells(row);
        catalog::Type& type = *state.types.at(cells.oid());
        Constraint constraint;
        constraint.id = {cells.oid()};
        const char letter = cells.letter();
        constraint.name = cells.text();
        constraint.expression = cells.text();
        constraint.validated = cells.flag();
        if (letter == 'n') {  // named from PostgreSQL 17 on
            constraint.expression = catalog::kNotNull;
            type.not_null = false;
        }
        const Constraint made = constraint;
        type.constraints.push_back(std::move(constraint));
        catalog::use_usual_not_null_name(type);
        if (type.not_null && letter == 'n')
            state.not_nulls.emplace(
                made.id.value, std::pair{fmt::format("CONSTRAINT {} ON DOMAIN {}", sql::identifier(made.name),
                                                     sql::qualified(type.name)),
                                         ObjectRef{ObjectKind::type, type.name, {}}});
    }
}

}  // namespace

void read_constraints(Introspection& state) {
    read_domain_constraints(state);
    const std::vector<Oid> tables = state.relations_of("rp");
    if (tables.empty()) return;
    std::vector<Pending> pending;
    const Rows rows = state.ask(query_for(state, tables));
    for (auto row : rows.rows) {
        Cells cells(row);
        const Oid oid = cells.oid();
        Relation& relation = *state.relation(oid);
        Found found = found_in(cells);
        if (found.letter == 'n' && take_not_null(state, oid, found)) continue;
        const auto kind = kind_of(found.letter);
        if (!kind) {
            note(state, relation, found);
            continue;
        }
        Constraint& constraint = found.constraint;
        constraint.kind = *kind;
        if (*kind != ConstraintKind::check) constraint.no_inherit = false;  // always set for the others
        if (*kind == ConstraintKind::exclusion) constraint.expression = exclusion_body(found.definition);
        if (found.temporal) constraint.expression = catalog::kPeriod;
        constraint.columns = names_of(&relation, found.numbers);
        constraint.set_columns = names_of(&relation, found.set_numbers);
        const Relation* referenced = state.relation(found.referenced);
        constraint.referenced_columns = names_of(referenced, found.referenced_numbers);
        if (found.referenced != 0 && referenced == nullptr)
            pending.push_back(
                {oid, found.referenced, relation.table->constraints.size(), found.referenced_numbers});
        relation.table->constraints.push_back(std::move(constraint));
    }
    resolve(state, pending);
}

}  // namespace changelog::postgres
