// The part of a catalog that a statement about some objects can reach.
#include "catalog/difference.hpp"
#include "catalog/excerpt_links.hpp"
#include "catalog/excerpt_mentions.hpp"

#include <algorithm>
#include <set>

namespace changelog::catalog {

namespace {

/// Takes objects in until nothing new is reached. What is taken whole is looked at for what hangs on it; what
/// is only beside it (the other end of a foreign key, a parent) is copied and no more.
class Excerpt {
  public:
    explicit Excerpt(const Catalog& catalog) : catalog_(catalog), links_(catalog) {
        out_.schemas = catalog.schemas;
        out_.extensions = catalog.extensions;
        out_.uncertain = catalog.uncertain;
    }

    Catalog take(const std::vector<ObjectRef>& objects) {
        for (const ObjectRef& object : objects) add(object);
        while (!open_.empty()) {
            reach_by_links();
            reach_by_text();
        }
        add_others(objects);
        return std::move(out_);
    }

  private:
    void add(const ObjectRef& object) {
        switch (object.kind) {
            case ObjectKind::schema:
                return add_schema(object.name.name.empty() ? object.name.schema : object.name.name);
            case ObjectKind::function:
                return add_function(object.name);
            case ObjectKind::index:
                for (const ObjectName& relation : relations_with_index(catalog_, object.name))
                    add_relation(relation);
                return;
            case ObjectKind::extension:
                return;  // all of them are there
            case ObjectKind::table:
            case ObjectKind::column:
            case ObjectKind::constraint:
            case ObjectKind::trigger:
            case ObjectKind::policy:
            case ObjectKind::rows:
            case ObjectKind::sequence:
            case ObjectKind::type:
                break;
        }
        add_relation(object.name);
        add_type(object.name);  // also a column's or constraint's: composite types and domains have them
    }

    template <typename Map>
    static std::vector<ObjectName> in_schema(const Map& map, const std::string& schema) {
        std::vector<ObjectName> names;
        for (auto at = map.lower_bound({schema, {}}); at != map.end() && at->first.schema == schema; ++at)
            names.push_back(at->first);
        return names;
    }

    void add_schema(const std::string& schema) {
        for (const ObjectName& name : in_schema(catalog_.tables, schema)) add_relation(name);
        for (const ObjectName& name : in_schema(catalog_.views, schema)) add_relation(name);
        for (const ObjectName& name : in_schema(catalog_.sequences, schema)) add_relation(name);
        for (const ObjectName& name : in_schema(catalog_.types, schema)) add_type(name);
        for (const ObjectName& name : in_schema(catalog_.functions, schema)) add_function(name);
    }

    /// A table, view or sequence: they share one name space.
    void add_relation(const ObjectName& name) {
        if (copy_relation(name)) open(ObjectKind::table, name);
    }

    bool copy_relation(const ObjectName& name) {
        return copy(catalog_.tables, out_.tables, name) || copy(catalog_.views, out_.views, name) ||
               copy(catalog_.sequences, out_.sequences, name);
    }

    void add_type(const ObjectName& name) {
        if (copy(catalog_.types, out_.types, name)) open(ObjectKind::type, name);
    }

    void add_function(const ObjectName& name) {
        const auto [begin, end] = catalog_.functions.equal_range(name);
        if (begin == end) return;
        if (!out_.functions.contains(name)) out_.functions.insert(begin, end);
        open(ObjectKind::function, name);
    }

    /// Whether there is one, copied now or before.
    template <typename Map>
    static bool copy(const Map& from, Map& to, const ObjectName& name) {
        const auto found = from.find(name);
        if (found == from.end()) return false;
        to.emplace(name, found->second);
        return true;
    }

    void open(ObjectKind kind, const ObjectName& name) {
        ObjectRef object{kind, name, {}};
        if (reached_.insert(object).second) open_.push_back(std::move(object));
    }

    void reach_by_links() {
        while (!open_.empty()) {
            const ObjectRef object = open_.back();
            open_.pop_back();
            for (const ObjectName& user : links_.users(object)) {
                add_relation(user);
                add_function(user);
            }
            if (object.kind == ObjectKind::table) reach_from_relation(object.name);
            const bool is_table =
                object.kind == ObjectKind::table && !catalog_.sequences.contains(object.name);
            if (!is_table) sought_.add(object.kind, object.name);
        }
    }

    /// All texts are read once for everything that was reached since the last time.
    void reach_by_text() {
        if (sought_.empty()) return;
        const Mentions found = mentions_of(catalog_, sought_);
        sought_ = {};
        for (const ObjectName& name : found.relations) add_relation(name);
        for (const ObjectName& name : found.types) add_type(name);
    }

    void reach_from_relation(const ObjectName& name) {
        for (const ObjectName& child : links_.children(name)) add_relation(child);
        for (const ObjectName& sequence : links_.sequences(name)) add_relation(sequence);
        for (const ObjectName& table : links_.referencing(name)) copy_relation(table);
        const auto sequence = catalog_.sequences.find(name);
        if (sequence != catalog_.sequences.end() && sequence->second.owned_by)
            copy_relation(sequence->second.owned_by->name);
        const Table* table = catalog_.table(name);
        if (table == nullptr) return;
        for (const Constraint& constraint : table->constraints)
            if (constraint.kind == ConstraintKind::foreign_key) copy_relation(constraint.referenced_table);
        copy_parents(*table);
    }

    void copy_parents(const Table& table) {
        std::vector<ObjectName> parents = table.inherits;
        if (!table.partition_of.name.empty()) parents.push_back(table.partition_of);
        for (const ObjectName& parent : parents) {
            const Table* found = catalog_.table(parent);
            if (found == nullptr || !climbed_.insert(parent).second) continue;
            copy_relation(parent);
            copy_parents(*found);
        }
    }

    void add_others(const std::vector<ObjectRef>& objects) {
        for (const auto& [key, other] : catalog_.others) {
            const bool named =
                std::any_of(objects.begin(), objects.end(),
                            [&other = other](const ObjectRef& object) { return is_named(other, object); });
            if (named || goes_with(other)) out_.others.emplace(key, other);
        }
    }

    bool goes_with(const Other& other) const {
        const ObjectName& name = other.on.name;
        if (other.on.kind == ObjectKind::type) return out_.types.contains(name);
        if (other.on.kind == ObjectKind::function) return out_.functions.contains(name);
        return out_.tables.contains(name) || out_.views.contains(name) || out_.sequences.contains(name);
    }

    const Catalog& catalog_;
    const Links links_;
    Catalog out_;
    std::set<ObjectRef> reached_;
    std::vector<ObjectRef> open_;
    Sought sought_;
    std::set<ObjectName> climbed_;  ///< parents whose own parents are copied
};

}  // namespace

Catalog excerpt(const Catalog& catalog, const std::vector<ObjectRef>& objects) {
    return Excerpt(catalog).take(objects);
}

}  // namespace changelog::catalog
