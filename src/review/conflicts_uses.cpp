#include "review/conflicts_uses.hpp"

#include <algorithm>
#include <functional>
#include <set>

namespace changelog::review {

namespace {

using graph::kNoObject;
using graph::kSomeColumns;
using graph::ObjectId;

int gravity(Access access) {
    switch (access) {
        case Access::require:
            return 0;
        case Access::alter:
            return 1;
        case Access::create:
            return 2;
        case Access::drop:
            return 3;
    }
    return 0;
}

class Collector {
  public:
    Collector(const Footprint& footprint, bool selects_all,
              const std::function<bool(const ObjectName&)>& inserts_only, graph::Objects& objects)
        : footprint_(footprint), selects_all_(selects_all), inserts_only_(inserts_only), objects_(objects) {}

    std::map<ObjectId, Use> run() {
        bool writes_rows = false, makes_table = false, makes_constraint = false;
        for (const Touch& touch : footprint_.touches) {
            if (graph::is_part(touch.object.kind)) named_parts_.insert(touch.object.name);
            writes_rows |= touch.object.kind == ObjectKind::rows && touch.access != Access::require;
            makes_table |= touch.object.kind == ObjectKind::table && touch.access == Access::create;
            makes_constraint |= touch.object.kind == ObjectKind::constraint && touch.access == Access::create;
        }
        // CREATE TABLE AS; a foreign key of a new table only goes over the rows that it points at.
        moves_rows_ = writes_rows || (makes_table && !makes_constraint);
        for (const Touch& touch : footprint_.touches) take(touch);
        return std::move(uses_);
    }

  private:
    void add(ObjectId object, Way way, const Touch& touch) {
        Use& use = uses_[object];
        use.ways |= bit(way);
        if (way == Way::read || way == Way::read_all || way == Way::check) return;
        if (gravity(touch.access) > gravity(use.access)) use.access = touch.access;
        use.tentative &= touch.tentative;
    }

    void take(const Touch& touch) {
        const ObjectId id = objects_.number(touch.object);
        const ObjectId table = objects_.table_of(id);
        const bool changes = touch.access != Access::require;
        if (touch.object.kind == ObjectKind::rows)
            add(id, way_of_rows(touch), touch);
        else if (touch.object.kind == ObjectKind::column && touch.object.part == kSomeColumns)
            add(objects_.some_columns_of(table), some_columns(changes), touch);
        else
            add(id, changes ? Way::write : Way::read, touch);
        if (touch.object.kind == ObjectKind::column && changes && touch.object.part != kSomeColumns)
            add(objects_.some_columns_of(table), touch.access == Access::create ? Way::add : Way::change,
                touch);
        if (touch.object.kind == ObjectKind::table && !changes && !named_parts_.contains(touch.object.name))
            add(objects_.some_columns_of(id), some_columns(false), touch);
        if (table != kNoObject) add(table, Way::read, touch);
        if (const ObjectId schema = objects_.schema_of(id); schema != kNoObject)
            add(schema, Way::read, touch);
        take_name(touch);
    }

    /// Tables, indexes and sequences share one name space.
    void take_name(const Touch& touch) {
        const ObjectKind kind = touch.object.kind;
        if (touch.access == Access::create && (kind == ObjectKind::index || kind == ObjectKind::sequence))
            add(objects_.number({ObjectKind::table, touch.object.name, {}}), Way::write, touch);
    }

    Way some_columns(bool changes) const {
        return changes ? Way::write : selects_all_ ? Way::read_all : Way::read;
    }

    /// Who reads rows and writes others takes them along; a new constraint or index only goes over them, and
    /// fails or not whichever comes first.
    Way way_of_rows(const Touch& touch) const {
        if (touch.access == Access::require) return moves_rows_ ? Way::read : Way::check;
        return inserts_only_(touch.object.name) ? Way::insert : Way::write;
    }

    const Footprint& footprint_;
    const bool selects_all_;
    const std::function<bool(const ObjectName&)>& inserts_only_;
    graph::Objects& objects_;
    std::set<ObjectName> named_parts_;
    bool moves_rows_ = false;
    std::map<ObjectId, Use> uses_;
};

}  // namespace

std::map<ObjectId, Use> uses_of(const Footprint& footprint, bool selects_all,
                                const std::function<bool(const ObjectName&)>& inserts_only,
                                graph::Objects& objects) {
    return Collector(footprint, selects_all, inserts_only, objects).run();
}

}  // namespace changelog::review
