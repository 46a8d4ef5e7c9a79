#include "graph/accesses.hpp"

#include <numeric>

namespace changelog::graph {

namespace {

// An operation that makes more than this (a whole schema as one SQL file) is not paired with all that it
// uses.
constexpr std::size_t kMaxLinked = 64;

bool changes(Access access) { return access != Access::require; }
Mode mode_of(Access access) { return changes(access) ? Mode::write : Mode::read; }

bool others_depend_on(ObjectKind kind) {
    return kind == ObjectKind::table || kind == ObjectKind::type || kind == ObjectKind::function ||
           kind == ObjectKind::sequence;
}

template <typename T>
void add_once(std::vector<T>& list, T value) {
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

}  // namespace

std::uint32_t& Accesses::stamp_of(ObjectId id) {
    if (id >= stamps_.size()) stamps_.resize(id + id / 2 + 16);
    return stamps_[id];
}

void Accesses::record(ObjectId object, Mode mode, const Touch& touch, bool implied) {
    if (!records_.empty()) {  // the commonest repetition: the parts of one table, one after the other
        const Record& last = records_.back();
        if (last.object == object && last.changeset == changeset_ && last.mode == mode && mode == Mode::read)
            return;
    }
    records_.push_back({object, changeset_, mode, touch.access, touch.tentative, implied});
}

void Accesses::add(Vertex changeset, const std::vector<Touch>& touches) {
    changeset_ = changeset;
    ++operation_;
    std::vector<ObjectId> ids;
    ids.reserve(touches.size());
    for (const Touch& touch : touches) {
        ids.push_back(objects_.number(touch.object));
        if (is_part(touch.object.kind)) stamp_of(objects_.table_of(ids.back())) = operation_;
    }
    for (std::size_t i = 0; i < touches.size(); ++i) record_touch(ids[i], touches[i]);
    read_some_columns(ids, touches);
    link(ids, touches);
}

void Accesses::record_touch(ObjectId object, const Touch& touch) {
    const ObjectId table = objects_.table_of(object);
    const ObjectKind kind = touch.object.kind;
    if (kind == ObjectKind::column) {
        record_column(table, touch);
    } else if (kind == ObjectKind::rows) {
        record_rows(table, touch);
    }
    if (!(kind == ObjectKind::column && touch.object.part == kSomeColumns))
        record(object, mode_of(touch.access), touch, false);
    if (table != kNoObject) record(table, Mode::read, touch, true);
    if (const ObjectId schema = objects_.schema_of(object); schema != kNoObject)
        record(schema, Mode::read, touch, true);
    if (touch.access == Access::drop) drop_dependents(object, touch);
}

/// Who changes one column conflicts with those who use some column of the table, and with nobody who changes
/// another.
void Accesses::record_column(ObjectId table, const Touch& touch) {
    const ObjectId some = objects_.some_columns_of(table);
    if (touch.object.part == kSomeColumns) {
        record(some, mode_of(touch.access), touch, true);
    } else if (changes(touch.access)) {
        record(some, Mode::share, touch, true);
    }
}

/// Rows of a table with foreign keys need the rows that they point at.
void Accesses::record_rows(ObjectId table, const Touch& touch) {
    if (!changes(touch.access)) return;
    const auto found = referenced_.find(table);
    if (found == referenced_.end()) return;
    for (const ObjectId other : found->second) record(objects_.rows_of(other), Mode::read, touch, true);
}

/// An operation that requires a table and names no part of it may use any of its columns.
void Accesses::read_some_columns(const std::vector<ObjectId>& ids, const std::vector<Touch>& touches) {
    for (std::size_t i = 0; i < touches.size(); ++i) {
        const bool whole_table =
            touches[i].object.kind == ObjectKind::table && touches[i].access == Access::require;
        if (!whole_table || stamp_of(ids[i]) == operation_) continue;
        record(objects_.some_columns_of(ids[i]), Mode::read, touches[i], true);
    }
}

/// A drop may take along (CASCADE) what was made from the object; a rename is seen by it.
void Accesses::drop_dependents(ObjectId object, const Touch& touch) {
    const auto found = dependents_.find(object);
    if (found == dependents_.end()) return;
    const std::vector<ObjectId> dependents = std::move(found->second);
    dependents_.erase(found);
    for (const ObjectId dependent : dependents)
        record(dependent, Mode::write, Touch{Access::alter, {}, touch.tentative}, true);
}

/// Remembers what an operation made from what it required.
void Accesses::link(const std::vector<ObjectId>& ids, const std::vector<Touch>& touches) {
    std::vector<ObjectId> made, made_on, used;
    for (std::size_t i = 0; i < touches.size(); ++i) {
        const ObjectKind kind = touches[i].object.kind;
        if (touches[i].access == Access::create) {
            // A new table's columns come and go with it, so they need no links of their own.
            const ObjectId table = kind == ObjectKind::table ? ids[i] : objects_.table_of(ids[i]);
            if (table != kNoObject) add_once(made_on, table);
            if (kind == ObjectKind::table || kind != ObjectKind::column) add_once(made, ids[i]);
        } else if (touches[i].access == Access::require && others_depend_on(kind)) {
            add_once(used, ids[i]);
        }
        if (made.size() > kMaxLinked || made_on.size() > kMaxLinked || used.size() > kMaxLinked) return;
    }
    for (const ObjectId needed : used) {
        for (const ObjectId table : made_on)
            if (table != needed && objects_[needed].kind == ObjectKind::table)
                add_once(referenced_[table], needed);
        // What lies on the object itself falls with it in any case; the table's own touch says so.
        for (const ObjectId object : made)
            if (object != needed && objects_.table_of(object) != needed)
                dependents_[needed].push_back(object);
    }
}

std::vector<std::vector<Event>> Accesses::events() const {
    std::vector<std::vector<Event>> events(objects_.size());
    std::vector<std::uint8_t> written(objects_.size());  // what nobody changes orders nobody
    for (const Record& record : records_)
        if (record.mode != Mode::read) written[record.object] = 1;
    for (const Record& record : records_) {
        if (written[record.object] == 0) continue;
        std::vector<Event>& list = events[record.object];
        if (list.empty() || list.back().changeset != record.changeset) {
            Event event;
            event.changeset = record.changeset;
            event.mode = record.mode;
            event.first = record.implied ? (record.mode == Mode::write ? Access::alter : Access::require)
                                         : record.access;
            event.first_is_tentative = record.tentative;
            list.push_back(event);
        }
        Event& event = list.back();
        if (event.mode != record.mode) event.mode = Mode::write;
        if (record.implied) continue;
        event.creates |= record.access == Access::create && !record.tentative;
        event.creates_tentatively |= record.access == Access::create && record.tentative;
        event.drops |= record.access == Access::drop;
    }
    return events;
}

}  // namespace changelog::graph
