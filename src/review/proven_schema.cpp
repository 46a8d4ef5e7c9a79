#include "review/proven_schema.hpp"

#include <algorithm>
#include <tuple>

namespace changelog::review {

namespace {

using catalog::Catalog;
using catalog::Column;
using catalog::Difference;
using catalog::Table;

std::string shown(std::string_view kind, const ObjectName& name) {
    return std::string(kind) + ' ' + name.schema + '.' + name.name;
}

Difference renamed(std::string object, const std::string& from, const std::string& to) {
    return {Difference::Kind::changed, std::move(object), "name", from, to};
}

const Table* by_id(const Catalog& catalog, std::uint64_t id) {
    for (const auto& [name, table] : catalog.tables)
        if (table.id.value == id) return &table;
    return nullptr;
}

const Column* by_id(const Table& table, std::uint64_t id) {
    for (const Column& column : table.columns)
        if (column.id.value == id) return &column;
    return nullptr;
}

/// Carries renames over into a copy of the schema before, so that what is left is what else changed. One that
/// the copy cannot follow in every text stays a drop and a new object.
class Renames {
  public:
    Renames(const Catalog& before, const Catalog& after) : now_(before), after_(after) {}

    std::vector<Difference> take(Catalog& out) {
        const std::map<ObjectName, Table> tables = now_.tables;
        for (const auto& [name, table] : tables) {
            const Table* const to = table.id.value == 0 ? nullptr : by_id(after_, table.id.value);
            if (to == nullptr || to->name.schema != name.schema) continue;
            if (to->name != name && !now_.tables.contains(to->name) &&
                follow([&](Catalog& copy) { copy.rename_table(name, to->name.name); }))
                found_.push_back(renamed(shown("table", name), name.name, to->name.name));
            if (now_.tables.contains(to->name)) columns(table, *to);
        }
        out = std::move(now_);
        return std::move(found_);
    }

  private:
    void columns(const Table& from, const Table& to) {
        for (const Column& column : from.columns) {
            const Column* const now =
                column.id.value == 0 || column.inherited ? nullptr : by_id(to, column.id.value);
            if (now == nullptr || now->name == column.name || from.column(now->name) != nullptr) continue;
            if (follow([&](Catalog& copy) { copy.rename_column(to.name, column.name, now->name); }))
                found_.push_back(
                    renamed(shown("column", to.name) + '.' + column.name, column.name, now->name));
        }
    }

    template <typename Rename>
    bool follow(const Rename& rename) {
        Catalog copy = now_;
        rename(copy);
        if (copy.uncertain.size() > now_.uncertain.size()) return false;
        now_ = std::move(copy);
        return true;
    }

    Catalog now_;
    const Catalog& after_;
    std::vector<Difference> found_;
};

/// Spellings differ: the model has what somebody wrote, a server what it makes of it.
bool same(const Difference& one, const Difference& other) {
    return std::tie(one.kind, one.object, one.property) == std::tie(other.kind, other.object, other.property);
}

/// Those of the one that the other has not.
std::vector<Difference> without(const std::vector<Difference>& one, const std::vector<Difference>& other) {
    std::vector<Difference> out;
    for (const Difference& each : one)
        if (std::none_of(other.begin(), other.end(), [&](const auto& known) { return same(each, known); }))
            out.push_back(each);
    return out;
}

}  // namespace

SchemaChanges proven_changes(const Catalog& before, const Catalog& after, bool same_database,
                             const SchemaChanges& modelled) {
    SchemaChanges out = schema_changes(before, after);
    out.proven = true;
    out.unexpected = without(out.differences, modelled.differences);
    out.missing = without(modelled.differences, out.differences);
    if (!same_database) return out;
    Catalog renamed;
    std::vector<Difference> renames = Renames(before, after).take(renamed);
    if (renames.empty()) return out;
    SchemaChanges rest = schema_changes(renamed, after);
    out.rights = std::move(rest.rights);
    out.differences = std::move(renames);
    out.differences.insert(out.differences.end(), rest.differences.begin(), rest.differences.end());
    return out;
}

}  // namespace changelog::review
