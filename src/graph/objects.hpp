// Objects as small numbers: what the graph is computed with.
#pragma once

#include "changelog/names.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::graph {

using ObjectId = std::uint32_t;
inline constexpr ObjectId kNoObject = 0xFFFFFFFF;

/// Some columns of a table, it is not known which; see docs/graph.md.
inline constexpr std::string_view kSomeColumns = "*";

/// Numbers objects in the order in which they are first met.
class Objects {
  public:
    ObjectId number(ObjectRef object);
    const ObjectRef& operator[](ObjectId id) const { return objects_[id].ref; }
    std::size_t size() const { return objects_.size(); }

    /// The table that a column, constraint, trigger, policy or the rows belong to; kNoObject for all others.
    ObjectId table_of(ObjectId id);
    ObjectId schema_of(ObjectId id);
    ObjectId some_columns_of(ObjectId table);
    ObjectId rows_of(ObjectId table);

  private:
    static constexpr ObjectId kNotAsked = 0xFFFFFFFE;

    /// An object with the numbers of its relatives, once somebody asked for them.
    struct Entry {
        ObjectRef ref;
        ObjectId table = kNotAsked, schema = kNotAsked, some_columns = kNotAsked, rows = kNotAsked;
    };

    ObjectId relative(ObjectId id, ObjectId Entry::*cached, ObjectRef (*make)(const ObjectRef&));

    /// A place in the index: open addressing, since most look-ups miss every cache and nodes would miss it
    /// twice.
    struct Slot {
        std::uint32_t hash = 0;
        ObjectId id = kNoObject;
    };

    Slot& slot_of(const ObjectRef& object, std::uint32_t hash);
    void grow();

    std::deque<Entry> objects_;
    std::vector<Slot> index_ = std::vector<Slot>(1024);  // a power of two, at most half full
};

/// A column, constraint, trigger or policy: something within a table.
bool is_part(ObjectKind kind);

/// "table public.t", "some columns of table public.t".
std::string describe(const ObjectRef& object);

}  // namespace changelog::graph
