// How raw SQL is undone without a server: the statements that lead from the schema behind it to the one
// before. Only the part of the schema that the statements can reach is copied.
#include "catalog/ddl.hpp"
#include "catalog/difference.hpp"
#include "operations/common.hpp"
#include "operations/raw_text.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

/// A table of which only that it is there is known; with a number, so that its rename is seen.
void add_invented(catalog::Catalog& before, const RawScope& scope) {
    for (const auto& [name, id] : scope.invented) {
        catalog::Table& table = before.tables[name];
        table.name = name;
        table.id = id;
    }
}

/// Indexes that the text makes or drops CONCURRENTLY are dropped and made that way as well.
void make_concurrent(std::vector<Statement>& statements, const catalog::Catalog& before,
                     const std::set<ObjectName>& indexes) {
    for (const ObjectName& name : indexes) {
        const std::string dropped = "DROP INDEX " + sql::qualified(name);
        const auto place = before.find_index(name);
        const ObjectName on = place.table != nullptr  ? place.table->name
                              : place.view != nullptr ? place.view->name
                                                      : ObjectName{};
        for (Statement& each : statements) {
            if (each.sql == dropped)
                each.sql = "DROP INDEX CONCURRENTLY " + sql::qualified(name);
            else if (place.index != nullptr && each.sql == catalog::create_index(on, *place.index))
                each.sql = catalog::create_index(on, *place.index, true);
            else
                continue;
            each.transactional = false;
        }
    }
}

Undo needs_block(const FollowResult& result) {
    const bool hidden = result.not_kept && !result.data && !result.opaque;
    if (hidden) return Undo::because(result.why + ": it needs a rollback block");
    return Undo::unless_observed(
        result.why + ": it needs a rollback block, or is undone by what is seen when it is applied");
}

}  // namespace

Undo undo_sql(const std::vector<std::string>& pieces, const RenderContext& context) {
    const auto texts = read_pieces(pieces);
    catalog::Catalog none;
    FollowResult effects;
    RawScope seen{none, context.default_schema, context.default_schema};
    for (const auto& text : texts) text->find_effects(seen, effects);
    if (!effects.exact) return needs_block(effects);  // whatever the schema is

    RawScope names{none, context.default_schema, context.default_schema};
    std::vector<ObjectRef> objects;
    for (const auto& text : texts) text->add_objects(names, objects);
    const bool local =
        std::all_of(texts.begin(), texts.end(), [](const auto& text) { return text->is_local(); });
    catalog::Catalog before =
        local ? named_objects(*context.before, objects) : catalog::excerpt(*context.before, objects);
    catalog::number_objects(before);
    catalog::Catalog after = before;
    RawScope scope{after, context.default_schema, context.default_schema};
    scope.invent_tables = true;
    scope.all = context.before;
    scope.part = &before;
    scope.server_version = context.server_version;
    FollowResult result;
    for (const auto& text : texts) text->follow(scope, result);
    if (!result.exact) return needs_block(result);
    add_invented(before, scope);
    Undo undo = catalog::migration(after, before);
    make_concurrent(undo.statements, before, scope.concurrent);
    return undo;
}

}  // namespace changelog::operations
