#include "catalog/migration_state.hpp"

#include "catalog/dependents.hpp"
#include "catalog/naming.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::catalog {

std::string shown(const ObjectName& name) {
    return name.schema.empty() ? name.name : name.schema + '.' + name.name;
}

std::string alter_table(const ObjectName& table) { return "ALTER TABLE " + sql::qualified(table) + ' '; }

std::string alter_only(const Migration& migration, const ObjectName& table) {
    if (descendants(migration.now, table).empty()) return alter_table(table);
    return "ALTER TABLE ONLY " + sql::qualified(table) + ' ';
}

std::string alter_column(const ObjectName& table, const std::string& column) {
    return fmt::format("{}ALTER COLUMN {} ", alter_table(table), sql::identifier(column));
}

const Function* find_function(const Catalog& catalog, const ObjectName& name, const std::string& arguments) {
    const auto [begin, end] = catalog.functions.equal_range(name);
    for (auto at = begin; at != end; ++at)
        if (at->second.arguments == arguments) return &at->second;
    return nullptr;
}

Function* find_function(Catalog& catalog, const ObjectName& name, const std::string& arguments) {
    const auto [begin, end] = catalog.functions.equal_range(name);
    for (auto at = begin; at != end; ++at)
        if (at->second.arguments == arguments) return &at->second;
    return nullptr;
}

std::string routine(const Function& function) {
    const std::string name = function.kind + ' ' + sql::qualified(function.name);
    if (!function.arguments_known) return name;
    return name + '(' +
           (function.kind == "AGGREGATE" && function.arguments.empty() ? "*" : function.arguments) + ')';
}

std::vector<ObjectName> parents_first(const Catalog& catalog) {
    std::vector<ObjectName> out;
    std::set<ObjectName> done;
    const auto visit = [&](const auto& self, const ObjectName& name) -> void {
        const Table* table = catalog.table(name);
        if (table == nullptr || !done.insert(name).second) return;
        self(self, table->partition_of);
        for (const ObjectName& parent : table->inherits) self(self, parent);
        out.push_back(name);
    };
    for (const auto& [name, table] : catalog.tables) visit(visit, name);
    return out;
}

bool is_taken(const Catalog& catalog, const ObjectName& name) {
    return relation_exists(catalog, name) || catalog.types.contains(name) || catalog.functions.contains(name);
}

ObjectName spare_name(const Migration& migration, const ObjectName& like) {
    ObjectName name{like.schema, sql::make_object_name(like.name, "", "aside")};
    for (int number = 1; is_taken(migration.now, name) || is_taken(migration.to, name); ++number)
        name.name = sql::make_object_name(like.name, "", "aside" + std::to_string(number));
    return name;
}

}  // namespace changelog::catalog
