#include "review/conflicts_uses.hpp"

#include <algorithm>
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
    Collector(const Footprint& footprint, bool selects_all, const std::map<ObjectName, RowChange>& rows,
              const ChangedAspects& aspects, graph::Objects& objects)
        : footprint_(footprint),
          selects_all_(selects_all),
          rows_(rows),
          aspects_(aspects),
          objects_(objects) {}

    std::map<ObjectId, Use> run() {
        bool writes_rows = false, makes_table = false, makes_constraint = false;
        for (const Touch& touch : footprint_.touches) {
            if (graph::is_part(touch.object.kind)) named_parts_.insert(touch.object.name);
            writes_rows |= touch.object.kind == ObjectKind::rows && touch.access != Access::require;
            makes_table |= touch.object.kind == ObjectKind::table && touch.access == Access::create;
            makes_constraint |= touch.object.kind == ObjectKind::constraint && touch.access == Access::create;
            changes_index_ |= touch.object.kind == ObjectKind::index && touch.access != Access::require;
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
        static constexpr Ways changes = bit(Way::insert) | bit(Way::add) | bit(Way::change) |
                                        bit(Way::write) | bit(Way::set_default) | bit(Way::set_not_null) |
                                        bit(Way::adjust);
        if ((bit(way) & changes) == 0) return;
        if (gravity(touch.access) > gravity(use.access)) use.access = touch.access;
        use.tentative &= touch.tentative;
    }

    void take(const Touch& touch) {
        const ObjectId id = objects_.number(touch.object);
        const ObjectId table = objects_.table_of(id);
        const bool changes = touch.access != Access::require;
        if (touch.object.kind == ObjectKind::rows)
            add(id, way_of_rows(touch), touch);
        else if (touch.object.kind == ObjectKind::column)
            take_column(id, table, touch);
        else
            add(id, changes ? way_of_change(touch) : Way::read, touch);
        if (touch.object.kind == ObjectKind::table && !changes && !aspects_.aside() &&
            !named_parts_.contains(touch.object.name))
            add(objects_.some_columns_of(id), some_columns(false), touch);
        if (table != kNoObject) add(table, Way::read, touch);
        if (const ObjectId schema = objects_.schema_of(id); schema != kNoObject) take_schema(schema, touch);
        take_shape(id, table, touch);
        const bool of_part =
            touch.object.kind == ObjectKind::table && named_parts_.contains(touch.object.name);
        if (aspects_.comments && !of_part) add(id, Way::comment, touch);
        if (aspects_.rights) add(id, Way::rights, touch);
        take_name(touch);
    }

    void take_column(ObjectId id, ObjectId table, const Touch& touch) {
        const bool changes = touch.access != Access::require;
        const ObjectId some = objects_.some_columns_of(table);
        const bool alters = touch.access == Access::alter;
        if (!changes && fills(touch.object.name)) add(id, Way::fill, touch);
        if (touch.object.part == kSomeColumns) {
            add(some, some_columns(changes), touch);
        } else if (alters && aspects_.defaults) {
            add(id, Way::set_default, touch);
            add(objects_.rows_of(table), Way::set_default, touch);
        } else if (alters && aspects_.not_nulls) {
            add(id, Way::set_not_null, touch);
            add(some, Way::set_not_null, touch);
        } else {
            add(id, changes ? Way::write : Way::read, touch);
            if (changes) add(some, touch.access == Access::create ? Way::add : Way::change, touch);
        }
    }

    void take_schema(ObjectId schema, const Touch& touch) {
        const ObjectKind kind = touch.object.kind;
        add(schema, Way::read, touch);
        if (touch.access == Access::create &&
            (kind == ObjectKind::table || kind == ObjectKind::sequence || kind == ObjectKind::function))
            add(schema, Way::populate, touch);
        else if (aspects_.rights)  // beside rights on all that is in it
            add(schema, Way::populate, touch);
    }

    /// What LIKE would copy, and who does.
    void take_shape(ObjectId id, ObjectId table, const Touch& touch) {
        const ObjectKind kind = touch.object.kind;
        const bool is_table = kind == ObjectKind::table, is_column = kind == ObjectKind::column;
        const bool changes = touch.access != Access::require || aspects_.comments;
        const bool shapes = changes_index_ || aspects_.shapes;
        if (aspects_.copies && is_table && touch.access == Access::require) add(id, Way::copy, touch);
        if ((is_column || kind == ObjectKind::constraint) && changes) add(table, Way::shape, touch);
        if (shapes && is_table) add(id, Way::shape, touch);
        if (shapes && is_column) add(table, Way::shape, touch);
    }

    /// Rows are changed, not only inserted.
    bool fills(const ObjectName& table) const {
        const auto found = rows_.find(table);
        return found != rows_.end() && (found->second.changes || found->second.opaque);
    }

    Way way_of_change(const Touch& touch) const {
        const bool setting = touch.object.kind == ObjectKind::table && !aspects_.settings.empty();
        const bool of_all = touch.object.kind == ObjectKind::schema && aspects_.rights;
        return touch.access == Access::alter && (setting || of_all) ? Way::adjust : Way::write;
    }

    /// Tables, indexes and sequences share one name space.
    void take_name(const Touch& touch) {
        const ObjectKind kind = touch.object.kind;
        if (touch.access == Access::create && (kind == ObjectKind::index || kind == ObjectKind::sequence))
            add(objects_.number({ObjectKind::table, touch.object.name, {}}), Way::write, touch);
    }

    Way some_columns(bool changes) const {
        if (changes) return Way::write;
        return selects_all_ || aspects_.copies ? Way::read_all : Way::read;
    }

    /// Who reads rows and writes others takes them along; a new constraint or index only goes over them, and
    /// fails or not whichever comes first.
    Way way_of_rows(const Touch& touch) const {
        if (touch.access == Access::require) return moves_rows_ ? Way::read : Way::check;
        const auto found = rows_.find(touch.object.name);
        return found != rows_.end() && !fills(touch.object.name) ? Way::insert : Way::write;
    }

    const Footprint& footprint_;
    const bool selects_all_;
    const std::map<ObjectName, RowChange>& rows_;
    const ChangedAspects& aspects_;
    graph::Objects& objects_;
    std::set<ObjectName> named_parts_;
    bool moves_rows_ = false, changes_index_ = false;
    std::map<ObjectId, Use> uses_;
};

}  // namespace

std::map<ObjectId, Use> uses_of(const Footprint& footprint, bool selects_all,
                                const std::map<ObjectName, RowChange>& rows, const ChangedAspects& aspects,
                                graph::Objects& objects) {
    return Collector(footprint, selects_all, rows, aspects, objects).run();
}

}  // namespace changelog::review
