// Objects as small numbers: what the graph is computed with.
#pragma once

#include "changelog/names.hpp"

#include <cstdint>
#include <deque>
#include <unordered_set>
#include <vector>

namespace changelog::graph {

using ObjectId = std::uint32_t;
inline constexpr ObjectId kNoObject = 0xFFFFFFFF;

/// Some columns of a table, it is not known which; see docs/graph.md.
inline constexpr std::string_view kSomeColumns = "*";

/// Numbers objects in the order in which they are first met. Not copyable: the index looks into the numbered
/// objects.
class Objects {
  public:
    Objects() : index_(0, Hash{this}, Equal{this}) {}
    Objects(const Objects&) = delete;
    Objects& operator=(const Objects&) = delete;

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

    struct Hash {
        using is_transparent = void;
        const Objects* objects;
        std::size_t operator()(const ObjectRef& object) const;
        std::size_t operator()(ObjectId id) const { return (*this)((*objects)[id]); }
    };
    struct Equal {
        using is_transparent = void;
        const Objects* objects;
        bool operator()(ObjectId a, ObjectId b) const { return a == b; }
        bool operator()(ObjectId a, const ObjectRef& b) const { return (*objects)[a] == b; }
        bool operator()(const ObjectRef& a, ObjectId b) const { return (*objects)[b] == a; }
    };

    std::deque<Entry> objects_;
    std::unordered_set<ObjectId, Hash, Equal> index_;
};

/// A column, constraint, trigger or policy: something within a table.
bool is_part(ObjectKind kind);

/// "table public.t", "some columns of table public.t".
std::string describe(const ObjectRef& object);

}  // namespace changelog::graph
