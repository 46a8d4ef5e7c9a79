// Statistics from a live database.
#pragma once

#include "postgres/ledger.hpp"
#include "review/statistics.hpp"

#include <set>
#include <string>

namespace changelog::review {

/// Reads within one read-only transaction: sizes, counters of writes, the server's version, and what is
/// applied. Without a ledger nothing is applied; one that cannot be read is reported. `except_schemas`: those
/// of which nobody needs to know. Throws DatabaseError.
Statistics pull_statistics(postgres::Connection& connection, postgres::Ledger& ledger,
                           const std::set<std::string>& except_schemas, Diagnostics& diagnostics);

}  // namespace changelog::review
