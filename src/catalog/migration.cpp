// The phases of a migration. Each works on the schema that the statements before it lead to.
#include "catalog/difference.hpp"
#include "catalog/migration_state.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace changelog::catalog {

namespace {

/// What was there before under the name of what is there now.
void say_what_was_replaced(Migration& migration) {
    for (const auto& [name, to] : migration.to.tables) {
        const Table* now = migration.now.table(name);
        if (now == nullptr || now->id.value == 0 || to.id.value == 0 || !to.partition_by.empty()) continue;
        if (now->id.value != to.id.value) {
            migration.lose("rows of " + shown(name));
            continue;
        }
        for (const Column& column : to.columns) {
            const Column* found = now->column(column.name);
            if (found != nullptr && found->id.value != 0 && column.id.value != 0 &&
                column.generated == Generated::no && found->id.value != column.id.value && !column.inherited)
                migration.lose("values of " + shown(name) + '.' + column.name);
        }
    }
}

template <typename Object>
const Object* same_object(const std::map<ObjectName, Object>& objects, const Object& object) {
    for (const auto& [name, other] : objects)
        if (other.id.value != 0 && other.id.value == object.id.value) return &other;
    const auto found = objects.find(object.name);
    return found == objects.end() ? nullptr : &found->second;
}

/// A table of a type has its columns from there, and refuses to have them changed.
void release_typed_tables(Migration& migration) {
    const auto changes = [&](const Other& other) {
        const Table* now = migration.now.table(other.on.name);
        const Table* to = now == nullptr ? nullptr : same_object(migration.to.tables, *now);
        if (other.kind != "typed table" || to == nullptr) return false;
        return !std::equal(now->columns.begin(), now->columns.end(), to->columns.begin(), to->columns.end(),
                           [](const Column& a, const Column& b) {
                               return a.name == b.name && a.type == b.type && a.collation == b.collation;
                           });
    };
    std::erase_if(migration.now.others, [&](const auto& item) {
        if (!changes(item.second)) return false;
        migration.run(item.second.drop);
        return true;
    });
}

}  // namespace

Undo migration(const Catalog& from, const Catalog& to) {
    Migration migration{from, to};
    release_typed_tables(migration);
    rename_objects(migration);
    say_what_was_replaced(migration);
    settle_types(migration);
    drop_objects(migration);
    make_structure(migration);
    settle_constraints(migration);
    make_code(migration);
    drop_leftovers(migration);
    settle_properties(migration);
    if (!migration.reasons.empty()) migration.undo.impossible = join(migration.reasons, "; ");
    return std::move(migration.undo);
}

}  // namespace changelog::catalog
