// Sees the locks of a statement that is not inside a transaction, from other sessions.
#pragma once

#include "hazards/lock.hpp"
#include "postgres/connection.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace changelog::execute {

using Oid32 = std::uint32_t;
using LockModes = std::map<Oid32, hazards::Lock>;  ///< the strongest of each relation

/// Takes over the rows (relation, mode) of a query of pg_locks.
void add_locks(const postgres::Rows& rows, LockModes& out);

/// Runs `work`, which sends a statement on `watched`, and collects every lock of a relation that its session
/// held or waited for.
///
/// Such a statement lets go of its locks before it ends, and may be over in no time. So two sessions for each
/// table hold locks of it, one ROW EXCLUSIVE and one SHARE UPDATE EXCLUSIVE: a statement that asks for
/// anything stronger, or waits for all transactions that write to the table, stands still. Whoever it waits
/// for lets go as soon as its locks have been read. A lock that conflicts with neither (ROW EXCLUSIVE and
/// weaker) is only seen if it is held until the next such wait.
///
/// `text`: the statement; tables that it names come first, and their partitions, as only a few get sessions.
/// Throws what `work` throws.
LockModes watch_locks(postgres::Connection& watched, const std::string& text,
                      const std::function<void()>& work);

}  // namespace changelog::execute
