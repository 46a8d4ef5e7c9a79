// Lock modes of PostgreSQL and the work that is done under them (manual, chapter 13.3.1).
#pragma once

#include <cstdint>
#include <string_view>

namespace changelog::hazards {

/// Table-level lock modes, weakest first: where a statement takes several of a relation, the last one counts.
enum class Lock : std::uint8_t {
    none,
    access_share,
    row_share,
    row_exclusive,
    share_update_exclusive,
    share,
    share_row_exclusive,
    exclusive,
    access_exclusive,
};

/// What is done to a relation while it is locked, least first. `none` is a change of the system catalogs
/// only.
enum class Work : std::uint8_t { none, scan, build, rewrite };

/// "ACCESS EXCLUSIVE"; "" for none.
std::string_view to_string(Lock lock);
/// "catalog", "scan", "build", "rewrite"
std::string_view to_string(Work work);

/// Whether two sessions cannot hold these locks of one relation at the same time.
bool conflict(Lock one, Lock other);

/// Whether INSERT, UPDATE and DELETE wait.
inline bool blocks_writes(Lock lock) { return conflict(lock, Lock::row_exclusive); }
/// Whether SELECT waits.
inline bool blocks_reads(Lock lock) { return conflict(lock, Lock::access_share); }

}  // namespace changelog::hazards
