// Triggers and row security policies.
#include "catalog/sql_text.hpp"
#include "core/text.hpp"
#include "postgres/introspect_state.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

namespace changelog::postgres {
namespace {

/// A constraint's own trigger that somebody has disabled (ALTER TABLE ... DISABLE TRIGGER ALL).
void note_disabled(Introspection& state, const Relation& relation, const std::string& constraint,
                   const std::string& function, const std::string& enabled) {
    catalog::Other other;
    other.kind = "constraint trigger";
    other.identity =
        fmt::format("{} of {} on {}", function, sql::identifier(constraint), sql::qualified(relation.name));
    other.state = "enabled " + enabled;
    other.on = {ObjectKind::table, relation.name, {}};
    state.add_other(std::move(other));
}

struct PolicyFacts {
    std::string name, command, roles, rows, check;
    bool permissive = true;
};

std::string command_word(const std::string& letter) {
    if (letter == "r") return "SELECT";
    if (letter == "a") return "INSERT";
    if (letter == "w") return "UPDATE";
    return letter == "d" ? "DELETE" : "";
}

std::string create_policy(const PolicyFacts& policy, const ObjectName& table) {
    std::string text =
        fmt::format("CREATE POLICY {} ON {}", sql::identifier(policy.name), sql::qualified(table));
    if (!policy.permissive) text += " AS RESTRICTIVE";
    if (const std::string command = command_word(policy.command); !command.empty()) text += " FOR " + command;
    if (policy.roles != "PUBLIC") text += " TO " + policy.roles;
    if (!policy.rows.empty()) text += " USING " + catalog::parenthesised(policy.rows);
    if (!policy.check.empty()) text += " WITH CHECK " + catalog::parenthesised(policy.check);
    return text;
}

}  // namespace

void read_triggers(Introspection& state) {
    const std::vector<Oid> relations = state.relations_of("rpv");
    if (relations.empty()) return;
    // Before PostgreSQL 15 the clones of a row trigger on partitions are called internal.
    const Rows rows = state.ask(fmt::format(
        "SELECT t.tgrelid, t.oid, t.tgname, t.shown, t.tgenabled, t.tgparentid <> 0, "
        "CASE WHEN t.shown THEN pg_get_triggerdef(t.oid) ELSE (SELECT k.conname::text FROM "
        "pg_catalog.pg_constraint k WHERE k.oid = t.tgconstraint) END, "
        "CASE WHEN NOT t.shown THEN t.tgfoid::regproc END "
        "FROM (SELECT g.*, NOT g.tgisinternal OR (g.tgparentid <> 0 AND g.tgconstraint = 0) AS shown "
        "FROM {} AS s(oid) JOIN pg_catalog.pg_trigger g ON g.tgrelid = s.oid) AS t "
        "WHERE t.shown OR t.tgenabled <> 'O' ORDER BY t.oid",
        unnest(relations)));
    for (auto row : rows.rows) {
        Cells cells(row);
        Relation& relation = *state.relation(cells.oid());
        catalog::Trigger trigger;
        trigger.id = {cells.oid()};
        trigger.name = cells.text();
        const bool shown = cells.flag();
        trigger.enabled = cells.text();
        trigger.inherited = cells.flag();
        trigger.definition = cells.text();
        if (!shown) {
            note_disabled(state, relation, trigger.definition, cells.text(), trigger.enabled);
            continue;
        }
        auto& triggers = relation.table != nullptr ? relation.table->triggers : relation.view->triggers;
        triggers.push_back(std::move(trigger));
    }
}

void read_policies(Introspection& state) {
    const std::vector<Oid> relations = state.relations_of("rp");
    if (relations.empty()) return;
    const Rows rows = state.ask(fmt::format(
        "SELECT p.polrelid, p.oid, p.polname, p.polcmd, p.polpermissive, "
        "(SELECT string_agg(name, ', ' ORDER BY name) FROM (SELECT CASE role WHEN 0 THEN 'PUBLIC' "
        "ELSE quote_ident(pg_get_userbyid(role)) END FROM unnest(p.polroles) AS role) AS roles(name)), "
        "pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid) "
        "FROM {} AS s(oid) JOIN pg_catalog.pg_policy p ON p.polrelid = s.oid ORDER BY p.oid",
        unnest(relations)));
    for (auto row : rows.rows) {
        Cells cells(row);
        const Relation& relation = *state.relation(cells.oid());
        catalog::Policy policy;
        policy.id = {cells.oid()};
        PolicyFacts facts;
        policy.name = facts.name = cells.text();
        facts.command = cells.text();
        facts.permissive = cells.flag();
        facts.roles = cells.text();
        facts.rows = cells.text();
        facts.check = cells.text();
        policy.definition = create_policy(facts, relation.name);
        relation.table->policies.push_back(std::move(policy));
    }
}

}  // namespace changelog::postgres
