// Which rows a piece of work inserts, updates and deletes, whoever does it: SQL, a function, a trigger.
#pragma once

#include "changelog/names.hpp"

#include "execute/row_keys.hpp"
#include "postgres/connection.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace changelog::execute {

struct RowEffects {
    std::vector<RowKeys> inserted;
    std::vector<std::string> losses;  ///< what rows held that are updated or gone
};

/// Looks at the counters that PostgreSQL keeps of the running transaction (manual, "The Cumulative Statistics
/// System": pg_stat_xact_*), and at the transaction ids of the rows. The work runs in a subtransaction, so
/// that its rows carry ids of their own.
class RowWatch {
  public:
    /// Begins the subtransaction. A transaction must be open. Rows of relations that are not in `tables` (by
    /// oid) are of no interest: these are new, and go with all their rows. Throws DatabaseError.
    RowWatch(postgres::Connection& connection, const std::set<std::uint64_t>& tables);

    /// Ends the subtransaction. Call once.
    RowEffects finish();

    /// Relations whose storage was exchanged until finish(): TRUNCATE and rewrites do that.
    const std::set<std::uint64_t>& exchanged() const { return exchanged_; }

  private:
    struct Counts {
        long long inserted = 0, updated = 0, deleted = 0;
    };
    struct Changed {
        std::uint64_t oid = 0;
        ObjectName name;
        Counts counts;
    };
    std::map<std::uint64_t, Counts> counters();
    std::set<std::string> own_transactions();
    std::vector<Changed> changed_tables();
    void record(const Changed& table, const std::string& own_rows, bool moves, RowEffects& out);

    postgres::Connection& connection_;
    const std::set<std::uint64_t>& tables_;
    std::map<std::uint64_t, Counts> before_;
    std::map<std::uint64_t, std::string> files_;
    std::set<std::uint64_t> exchanged_;
    std::set<std::string> transactions_;
};

}  // namespace changelog::execute
