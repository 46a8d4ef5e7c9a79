#include "catalog/migration_grants.hpp"

#include "catalog/ddl.hpp"
#include "catalog/rights.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

namespace changelog::catalog {

namespace {

/// Taking a right on the whole away takes those on its columns too.
void forget_columns(Rights& rights, const std::vector<Right>& revoked) {
    for (const Right& right : revoked)
        if (right.column.empty())
            std::erase_if(rights, [&](const auto& item) {
                return item.first.grantee == right.grantee && item.first.privilege == right.privilege;
            });
}

void settle_public(Migration& migration, const std::string& what, const std::string& privilege, bool now,
                   bool to) {
    if (now == to) return;
    migration.run(to ? fmt::format("REVOKE {} ON {} FROM PUBLIC", privilege, what)
                     : fmt::format("GRANT {} ON {} TO PUBLIC", privilege, what));
}

}  // namespace

namespace {

void take_away(Migration& migration, const std::string& what, std::vector<Grant>& now,
               const std::vector<Grant>& to, const std::string& owner) {
    Rights have = rights_of(now);
    const Rights want = rights_of(to);
    std::vector<Right> extra, less;
    for (const auto& [right, grantable] : have) {
        const auto found = want.find(right);
        if (found == want.end())
            extra.push_back(right);
        else if (grantable && !found->second)
            less.push_back(right);
    }
    Rights left = have;
    for (const Right& right : extra) left.erase(right);
    for (const Right& right : less) left[right] = false;
    for (const Right& right : unfounded(left)) extra.push_back(right);
    migration.run(take_rights(what, have, extra, owner, ""));
    migration.run(take_rights(what, have, less, owner, "GRANT OPTION FOR "));
    for (const Right& right : extra) have.erase(right);
    for (const Right& right : less)
        if (const auto found = have.find(right); found != have.end()) found->second = false;
    forget_columns(have, extra);
    now.clear();
    for (const auto& [right, grantable] : have)
        now.push_back({right.grantee,
                       {right.privilege},
                       right.column.empty() ? std::vector<std::string>{} : std::vector{right.column},
                       grantable});
}

void give(Migration& migration, const std::string& what, std::vector<Grant>& now,
          const std::vector<Grant>& to, const std::string& owner) {
    Rights have = rights_of(now);
    const Rights want = rights_of(to);
    for (const auto& [right, grantable] : want)
        if (right.is_missing() && !have.contains(right))
            forget_columns(have, {{right.grantee, "", right.privilege.substr(kMissing.size())}});
    std::vector<Right> plain, passable;
    for (const auto& [right, grantable] : want) {
        const auto found = have.find(right);
        if (found == have.end() || (grantable && !found->second))
            (grantable ? passable : plain).push_back(right);
    }
    migration.run(give_rights(what, want, passable, owner, true));
    migration.run(give_rights(what, want, plain, owner, false));
    now = to;
}

/// One object's owner and rights: as they are, and as they are to be.
struct Held {
    std::string what;  ///< "SEQUENCE public.q", as GRANT takes it
    std::string kind;  ///< "MATERIALIZED VIEW public.m", as ALTER takes it
    std::string& owner;
    std::vector<Grant>& grants;
    const std::string& wanted_owner;
    const std::vector<Grant>& wanted;
    bool follows = false;  ///< its owner is another object's
};

void settle_owner(Migration& migration, const Held& held) {
    if (held.owner == held.wanted_owner || held.follows) return;
    migration.run(owner_statement(held.kind, held.wanted_owner));
    held.owner = held.wanted_owner;
}

/// A new owner's own grants become one with what an owner has, so these are taken away before, and the
/// former owner's are given afterwards.
void settle_all(Migration& migration, const std::vector<Held>& all) {
    for (const Held& held : all) take_away(migration, held.what, held.grants, held.wanted, held.owner);
    for (const Held& held : all) settle_owner(migration, held);
    for (const Held& held : all) give(migration, held.what, held.grants, held.wanted, held.wanted_owner);
}

template <typename Object>
Held held_by(const std::string& what, const std::string& kind, Object& now, const Object& to) {
    return {what, kind, now.owner, now.grants, to.owner, to.grants};
}

}  // namespace

void settle_all_grants(Migration& migration) {
    Catalog& now = migration.now;
    const Catalog& to = migration.to;
    std::vector<Held> schemas, objects;
    for (const auto& [name, schema] : to.schemas) {
        const std::string what = "SCHEMA " + sql::identifier(name);
        schemas.push_back(held_by(what, what, now.schemas.at(name), schema));
    }
    settle_all(migration, schemas);
    for (const auto& [name, type] : to.types) {
        const std::string what = (type.kind == TypeKind::domain ? "DOMAIN " : "TYPE ") + sql::qualified(name);
        Type& found = now.types.at(name);
        settle_public(migration, what, "USAGE", found.closed, type.closed);
        objects.push_back(held_by(what, what, found, type));
    }
    for (const auto& [name, sequence] : to.sequences) {
        const std::string what = "SEQUENCE " + sql::qualified(name);
        objects.push_back(held_by(what, what, now.sequences.at(name), sequence));
        objects.back().follows = sequence.owned_by.has_value();
    }
    for (const auto& [name, table] : to.tables) {
        const std::string what = "TABLE " + sql::qualified(name);
        objects.push_back(held_by(what, what, now.tables.at(name), table));
    }
    for (const auto& [name, view] : to.views) {
        const std::string relation = sql::qualified(name);
        objects.push_back(held_by("TABLE " + relation,
                                  (view.materialized ? "MATERIALIZED VIEW " : "VIEW ") + relation,
                                  now.views.at(name), view));
    }
    for (const auto& [name, function] : to.functions) {
        Function& found = *find_function(now, name, function.arguments);
        Function named = function;
        if (named.kind == "AGGREGATE") named.kind = "FUNCTION";
        const std::string what = routine(named);
        settle_public(migration, what, "EXECUTE", found.closed, function.closed);
        objects.push_back(held_by(what, what, found, function));
    }
    settle_all(migration, objects);
}

}  // namespace changelog::catalog
