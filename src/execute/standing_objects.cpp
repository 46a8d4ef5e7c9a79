#include "execute/standing_objects.hpp"

#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

#include <set>
#include <vector>

namespace changelog::execute {

namespace {

bool is_known(const ObjectRef& object, const catalog::Catalog& before) {
    switch (object.kind) {
        case ObjectKind::table:
            return before.tables.contains(object.name) || before.views.contains(object.name);
        case ObjectKind::sequence:
            return before.sequences.contains(object.name);
        case ObjectKind::type:
            return before.types.contains(object.name);
        case ObjectKind::function:
            return before.functions.contains(object.name);
        case ObjectKind::schema:
            return before.schemas.contains(object.name.name);
        case ObjectKind::extension:
            return before.extensions.contains(object.name.name);
        case ObjectKind::index:
            return before.find_index(object.name).index != nullptr;
        case ObjectKind::constraint:
        case ObjectKind::trigger:
        case ObjectKind::policy:
        case ObjectKind::column:
        case ObjectKind::rows:
            return false;
    }
    return false;
}

/// A condition that holds if the object is there; empty where PostgreSQL itself refuses to make it twice.
std::string presence(const ObjectRef& object, bool tentative) {
    const std::string name = sql::literal(sql::qualified(object.name));
    const std::string plain = sql::literal(object.name.name), part = sql::literal(object.part);
    switch (object.kind) {
        case ObjectKind::table:
            return tentative ? fmt::format("to_regclass({}) IS NOT NULL", name) : "";
        case ObjectKind::sequence:
        case ObjectKind::index:
            return fmt::format("to_regclass({}) IS NOT NULL", name);
        case ObjectKind::type:
            return fmt::format("to_regtype({}) IS NOT NULL", name);
        case ObjectKind::function:
            return fmt::format(
                "EXISTS (SELECT FROM pg_proc p WHERE proname = {} AND pronamespace = to_regnamespace({}))",
                plain, sql::literal(sql::identifier(object.name.schema)));
        case ObjectKind::schema:
            return fmt::format("to_regnamespace({}) IS NOT NULL",
                               sql::literal(sql::identifier(object.name.name)));
        case ObjectKind::extension:
            return fmt::format("EXISTS (SELECT FROM pg_extension WHERE extname = {})", plain);
        case ObjectKind::constraint:  // the index behind it takes a name among the relations
            return fmt::format(
                "(EXISTS (SELECT FROM pg_constraint WHERE conname = {0} AND conrelid = to_regclass({1})) OR "
                "to_regclass({2}) IS NOT NULL)",
                part, name, sql::literal(sql::qualified({object.name.schema, object.part})));
        case ObjectKind::trigger:
            return fmt::format(
                "EXISTS (SELECT FROM pg_trigger WHERE tgname = {} AND tgrelid = to_regclass({}))", part,
                name);
        case ObjectKind::policy:
        case ObjectKind::column:
        case ObjectKind::rows:
            return {};
    }
    return {};
}

}  // namespace

std::vector<ObjectRef> standing_objects(const Footprint& footprint, const catalog::Catalog& before,
                                        postgres::Connection& connection) {
    std::set<ObjectName> made;  // a new table's constraints are new with it
    for (const Touch& touch : footprint.touches)
        if (touch.access == Access::create && touch.object.kind == ObjectKind::table && !touch.tentative)
            made.insert(touch.object.name);
    std::string query;
    std::vector<const ObjectRef*> asked;
    for (const Touch& touch : footprint.touches) {
        const ObjectRef& object = touch.object;
        if (touch.access != Access::create || is_known(object, before)) continue;
        if (object.kind == ObjectKind::constraint &&
            (made.contains(object.name) || before.table(object.name) != nullptr))
            continue;
        const std::string condition = presence(object, touch.tentative);
        if (condition.empty()) continue;
        query += (query.empty() ? "SELECT " : ", ") + condition;
        asked.push_back(&object);
    }
    if (asked.empty()) return {};
    const postgres::Rows found = connection.execute(query);
    std::vector<ObjectRef> out;
    for (std::size_t i = 0; i < asked.size(); ++i)
        if (found.text(0, i) == "t") out.push_back(*asked[i]);
    return out;
}

}  // namespace changelog::execute
