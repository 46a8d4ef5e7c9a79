// From touches to accesses: what each changeset does to each object, in changelog order, with all that a
// touch implies.
#pragma once

#include "changelog/footprint.hpp"

#include "graph/objects.hpp"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace changelog::graph {

using Vertex = std::uint32_t;

/// Accesses of equal mode commute, but for writes. Only "some columns" of a table knows `share`: by those who
/// change one column each.
enum class Mode : std::uint8_t { read, share, write };

/// All that one changeset does to one object.
struct Event {
    Vertex changeset = 0;
    Mode mode = Mode::read;
    Access first = Access::require;  ///< its first touch of the object
    bool first_is_tentative = false;
    bool creates = false, creates_tentatively = false, drops = false;
};

/// Collects accesses; changesets must come in changelog order.
class Accesses {
  public:
    explicit Accesses(Objects& objects) : objects_(objects) {}

    /// The touches of one operation of a changeset.
    void add(Vertex changeset, const std::vector<Touch>& touches);

    /// The events of every object, by its number, in changelog order.
    std::vector<std::vector<Event>> events() const;

  private:
    struct Record {
        ObjectId object;
        Vertex changeset;
        Mode mode;
        Access access;
        bool tentative;
        bool implied;
    };

    void record(ObjectId object, Mode mode, const Touch& touch, bool implied);
    void record_touch(ObjectId object, const Touch& touch);
    void record_column(ObjectId table, const Touch& touch);
    void record_rows(ObjectId table, const Touch& touch);
    void read_some_columns(const std::vector<ObjectId>& ids, const std::vector<Touch>& touches);
    void drop_dependents(ObjectId object, const Touch& touch);
    void link(const std::vector<ObjectId>& ids, const std::vector<Touch>& touches);

    std::uint32_t& stamp_of(ObjectId id);

    Objects& objects_;
    std::vector<Record> records_;
    Vertex changeset_ = 0;
    std::uint32_t operation_ = 0;
    std::vector<std::uint32_t> stamps_;  ///< of a table: the last operation that named a part of it
    std::unordered_map<ObjectId, std::vector<ObjectId>>
        referenced_;  ///< by a table: tables whose rows its own need
    std::unordered_map<ObjectId, std::vector<ObjectId>> dependents_;  ///< of an object: what was made from it
};

}  // namespace changelog::graph
