#include "postgres/introspect.hpp"

#include "postgres/introspect_state.hpp"

#include <algorithm>

namespace changelog::postgres {
namespace {

/// A transaction or savepoint around the queries, with settings under which PostgreSQL writes every text in
/// full and in the same way. Undoing it puts the settings back exactly as they were, SET LOCAL included.
class Surroundings {
  public:
    explicit Surroundings(Connection& connection)
        : connection_(connection), nested_(connection.in_transaction()) {
        connection_.execute(
            std::string(nested_ ? "SAVEPOINT changelog_introspect"
                                : "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY") +
            "; SET LOCAL search_path = ''; SET LOCAL DateStyle = ISO; SET LOCAL IntervalStyle = postgres; "
            "SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = hex; "
            "SET LOCAL quote_all_identifiers = off; SET LOCAL jit = off; "
            "SET LOCAL max_parallel_workers_per_gather = 0");
    }
    ~Surroundings() {
        try {
            if (!connection_.lost())
                connection_.execute(nested_ ? "ROLLBACK TO SAVEPOINT changelog_introspect; "
                                              "RELEASE SAVEPOINT changelog_introspect"
                                            : "ROLLBACK");
        } catch (const DatabaseError&) {
            return;  // the session is gone: the caller's next call says so
        }
    }
    Surroundings(const Surroundings&) = delete;
    Surroundings& operator=(const Surroundings&) = delete;

  private:
    Connection& connection_;
    bool nested_;
};

}  // namespace

std::vector<Oid> Introspection::relations_of(std::string_view kinds) const {
    std::vector<Oid> out;
    for (const auto& [oid, relation] : relations)
        if (kinds.find(relation.kind) != std::string_view::npos) out.push_back(oid);
    std::sort(out.begin(), out.end());
    return out;
}

Relation* Introspection::relation(Oid oid) {
    const auto found = relations.find(oid);
    return found == relations.end() ? nullptr : &found->second;
}

catalog::Column* Introspection::column(Oid relation_oid, int number) {
    Relation* found = relation(relation_oid);
    if (found == nullptr || found->table == nullptr || found->attribute(static_cast<Oid>(number)).empty())
        return nullptr;
    return &found->table->columns[found->attributes[static_cast<std::size_t>(number) - 1].position];
}

void Introspection::add_other(catalog::Other other) {
    catalog.others.insert_or_assign(other.kind + ' ' + other.identity, std::move(other));
}

std::string Scope::holds(const std::string& oid, const std::string& catalog_name) const {
    if (all) return oid + " >= " + std::to_string(first_user_oid);
    const auto found = reached.find(catalog_name);
    return found == reached.end() ? "false" : oid + " = ANY (" + array_of(found->second) + ')';
}

std::string in_user_schema(const std::string& schema_name) {
    return schema_name + " NOT LIKE 'pg\\_%' AND " + schema_name + " <> 'information_schema'";
}

std::string not_of_extension(const std::string& catalog_name, const std::string& oid) {
    return oid +
           " NOT IN (SELECT e.objid FROM pg_catalog.pg_depend e WHERE e.refclassid = "
           "'pg_catalog.pg_extension'::regclass AND e.classid = 'pg_catalog." +
           catalog_name + "'::regclass AND e.deptype = 'e')";
}

std::string other_owner(const std::string& oid) {
    return "nullif(pg_get_userbyid(" + oid + "), current_user)";
}

std::string stands_alone(const std::string& row) {
    // Counted, so that the planner looks each row up instead of reading all of pg_depend.
    return "(SELECT count(*) FROM pg_catalog.pg_depend e WHERE e.classid = " + row +
           ".class AND e.objid = " + row + ".oid AND e.deptype IN ('e', 'i')) = 0";
}

catalog::Catalog introspect(Connection& connection, const IntrospectOptions& options) {
    const Surroundings surroundings(connection);
    Introspection state{connection, options, connection.target().server_version};
    if (!options.only.empty()) {
        // A few objects are looked up by their oids; the planner cannot know that they are few.
        connection.execute(
            "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = "
            "off; SET LOCAL plan_cache_mode = force_generic_plan");
        state.prepared.emplace(connection);
        state.scope = find_scope(*state.prepared, options.only);
    }
    for (const auto read :
         {read_schemas, read_extensions, read_relations, read_types, read_columns, read_defaults,
          read_parents, read_sequences, read_constraints, read_indexes, read_triggers, read_policies,
          read_functions, read_dependencies, read_grants, read_others, read_comments})
        read(state);
    return std::move(state.catalog);
}

}  // namespace changelog::postgres
