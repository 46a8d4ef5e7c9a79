#include "graph/objects.hpp"

namespace changelog::graph {

namespace {

void mix(std::size_t& seed, std::size_t value) {
    seed ^= value + 0x9E3779B97F4A7C15ULL + (seed << 6) + (seed >> 2);
}

/// Schemas and extensions stand alone, however they were named.
void normalise(ObjectRef& object) {
    if (object.kind != ObjectKind::schema && object.kind != ObjectKind::extension) return;
    if (object.name.name.empty()) object.name.name = std::move(object.name.schema);
    object.name.schema.clear();
}

std::uint32_t hash_of(const ObjectRef& object) {
    const std::hash<std::string> hash;
    std::size_t seed = static_cast<std::size_t>(object.kind);
    mix(seed, hash(object.name.schema));
    mix(seed, hash(object.name.name));
    mix(seed, hash(object.part));
    return static_cast<std::uint32_t>(seed ^ (seed >> 32));
}

}  // namespace

Objects::Slot& Objects::slot_of(const ObjectRef& object, std::uint32_t hash) {
    const std::size_t mask = index_.size() - 1;
    std::size_t place = hash & mask;
    for (; index_[place].id != kNoObject; place = (place + 1) & mask)
        if (index_[place].hash == hash && objects_[index_[place].id].ref == object) break;
    return index_[place];
}

void Objects::grow() {
    const std::vector<Slot> old = std::exchange(index_, std::vector<Slot>(index_.size() * 2));
    const std::size_t mask = index_.size() - 1;
    for (const Slot& slot : old) {
        if (slot.id == kNoObject) continue;
        std::size_t place = slot.hash & mask;
        while (index_[place].id != kNoObject) place = (place + 1) & mask;
        index_[place] = slot;
    }
}

ObjectId Objects::number(ObjectRef object) {
    normalise(object);
    const std::uint32_t hash = hash_of(object);
    if (const ObjectId known = slot_of(object, hash).id; known != kNoObject) return known;
    if (objects_.size() * 2 >= index_.size()) grow();
    const ObjectId id = static_cast<ObjectId>(objects_.size());
    slot_of(object, hash) = {hash, id};
    objects_.push_back({std::move(object), kNotAsked, kNotAsked, kNotAsked, kNotAsked});
    return id;
}

ObjectId Objects::relative(ObjectId id, ObjectId Entry::*cached, ObjectRef (*make)(const ObjectRef&)) {
    if (objects_[id].*cached == kNotAsked) {
        const ObjectId found =
            number(make(objects_[id].ref));  // may add an entry; deques keep references valid
        objects_[id].*cached = found;
    }
    return objects_[id].*cached;
}

ObjectId Objects::table_of(ObjectId id) {
    const ObjectKind kind = objects_[id].ref.kind;
    if (!is_part(kind) && kind != ObjectKind::rows) return kNoObject;
    return relative(id, &Entry::table, [](const ObjectRef& part) {
        return ObjectRef{ObjectKind::table, part.name, {}};
    });
}

ObjectId Objects::schema_of(ObjectId id) {
    if (objects_[id].ref.name.schema.empty()) return kNoObject;
    return relative(id, &Entry::schema, [](const ObjectRef& object) {
        return ObjectRef{ObjectKind::schema, {{}, object.name.schema}, {}};
    });
}

ObjectId Objects::some_columns_of(ObjectId table) {
    return relative(table, &Entry::some_columns, [](const ObjectRef& object) {
        return ObjectRef{ObjectKind::column, object.name, std::string(kSomeColumns)};
    });
}

ObjectId Objects::rows_of(ObjectId table) {
    return relative(table, &Entry::rows, [](const ObjectRef& object) {
        return ObjectRef{ObjectKind::rows, object.name, {}};
    });
}

bool is_part(ObjectKind kind) {
    return kind == ObjectKind::column || kind == ObjectKind::constraint || kind == ObjectKind::trigger ||
           kind == ObjectKind::policy;
}

std::string describe(const ObjectRef& object) {
    if (object.kind != ObjectKind::column || object.part != kSomeColumns) return to_string(object);
    return "the columns of " + to_string(ObjectRef{ObjectKind::table, object.name, {}});
}

}  // namespace changelog::graph
