// Sequences, and those behind identity columns.
#include "catalog/naming.hpp"
#include "postgres/introspect_state.hpp"

#include <fmt/format.h>

namespace changelog::postgres {
namespace {

constexpr std::string_view smallest_of(std::string_view type) {
    if (type == "smallint") return "-32768";
    return type == "integer" ? "-2147483648" : "-9223372036854775808";
}

constexpr std::string_view largest_of(std::string_view type) {
    if (type == "smallint") return "32767";
    return type == "integer" ? "2147483647" : "9223372036854775807";
}

std::optional<std::string> unless(std::string value, std::string_view usual) {
    if (value == usual) return std::nullopt;
    return value;
}

/// type, start, increment, minimum, maximum, cache, cycle: what CREATE SEQUENCE would choose by itself is
/// left out.
catalog::SequenceOptions options_from(Cells& cells) {
    catalog::SequenceOptions options;
    options.type = cells.text();
    const std::string start = cells.text(), increment = cells.text(), minimum = cells.text(),
                      maximum = cells.text();
    const bool falls = increment.starts_with('-');
    options.start = unless(start, falls ? maximum : minimum);
    options.increment = unless(increment, "1");
    options.minimum = unless(minimum, falls ? smallest_of(options.type) : "1");
    options.maximum = unless(maximum, falls ? "-1" : largest_of(options.type));
    options.cache = unless(cells.text(), "1");
    options.cycle = cells.flag();
    return options;
}

void take_identity(catalog::Table& table, catalog::Column& column, catalog::SequenceOptions options,
                   const std::string& sequence) {
    if (!column.identity) return;
    column.identity->options = std::move(options);
    if (catalog::identity_sequence(table, column) != sequence) column.identity->sequence = sequence;
}

/// From PostgreSQL 17 on, a partition's identity column is that of the partitioned table: nothing of its own.
void leave_out_inherited_identities(Introspection& state) {
    if (!state.at_least(17)) return;
    for (const Oid oid : state.relations_of("rp")) {
        catalog::Table& table = *state.relation(oid)->table;
        if (table.partition_bound.empty()) continue;
        for (catalog::Column& column : table.columns) column.identity.reset();
    }
}

}  // namespace

void read_sequences(Introspection& state) {
    const std::vector<Oid> tables = state.relations_of("rp"), sequences = state.relations_of("S");
    const std::string which =
        state.scope.all ? state.scope.holds("q.seqrelid", "pg_class")
                        : fmt::format(
                              "q.seqrelid IN (SELECT {} UNION ALL SELECT i.objid FROM {} AS s(oid) "
                              "JOIN pg_catalog.pg_depend i ON i.refclassid = 'pg_catalog.pg_class'::regclass "
                              "AND i.refobjid = s.oid AND i.classid = 'pg_catalog.pg_class'::regclass "
                              "AND i.deptype = 'i')",
                              unnest(sequences), unnest(tables));
    const Rows found = state.ask(fmt::format(
        "SELECT q.seqrelid, d.refobjid, d.refobjsubid, d.deptype, c.relname, format_type(q.seqtypid, NULL), "
        "q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle "
        "FROM pg_catalog.pg_sequence q JOIN pg_catalog.pg_class c ON c.oid = q.seqrelid "
        "LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass "
        "AND d.objid = q.seqrelid AND d.objsubid = 0 AND d.refclassid = 'pg_catalog.pg_class'::regclass "
        "AND d.deptype IN ('a', 'i') WHERE {}",
        which));
    for (auto row : found.rows) {
        Cells cells(row);
        const Oid oid = cells.oid(), owner = cells.oid();
        const int number = cells.number();
        const bool is_identity = cells.letter() == 'i';
        const std::string name = cells.text();
        catalog::SequenceOptions options = options_from(cells);
        Relation* owning = state.relation(owner);
        if (is_identity && owning != nullptr) {
            if (catalog::Column* column = state.column(owner, number))
                take_identity(*owning->table, *column, std::move(options), name);
        }
        const Relation* self = state.relation(oid);
        if (self == nullptr || self->sequence == nullptr) continue;
        if (is_identity || state.excluded.contains(owner)) {  // it goes with its table
            state.catalog.sequences.erase(ObjectName(self->name));
            state.relations.erase(oid);
            continue;
        }
        self->sequence->options = std::move(options);
        if (owning != nullptr)
            self->sequence->owned_by =
                ObjectRef{ObjectKind::column, owning->name, owning->attribute(static_cast<Oid>(number))};
    }
    leave_out_inherited_identities(state);
}

}  // namespace changelog::postgres
