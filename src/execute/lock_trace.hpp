// Which locks a statement takes of the relations that are there, and what it does under them: measured by
// running it. For scratch databases: what is traced is committed.
#pragma once

#include "changelog/diagnostics.hpp"
#include "changelog/statement.hpp"

#include "execute/lock_watch.hpp"
#include "hazards/facts.hpp"
#include "postgres/connection.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace changelog::execute {

/// What a statement was seen to do. Like hazards::StatementFacts, which predicts it.
struct TracedStatement {
    std::string sql;
    /// Those that were there before the statement, under the names that they had then, by name.
    std::vector<hazards::RelationFacts> relations;
    bool outside_transaction = false;  ///< PostgreSQL refuses it inside a transaction block
    std::optional<ServerError> error;  ///< it failed, and left nothing in a transaction

    const hazards::RelationFacts* relation(const ObjectName& name) const;
    hazards::Lock strongest() const;
};

/// Runs statements, each in a transaction of its own, where all locks are held until they have been looked
/// at; and those that PostgreSQL refuses there outside of any, watched by other sessions (lock_watch.hpp).
///
/// Work is told by new files of relations, new indexes, the rows that were read one after the other
/// (pg_stat_xact_*), and what the server reports at level DEBUG1 of the checks of foreign keys. Tables need
/// rows for it: a rewrite of none cannot be told from TRUNCATE, nor a scan of none from no scan. Sequential
/// scans and index-only scans are disabled meanwhile, so that a scan is one that no index could have saved.
class LockTrace {
  public:
    /// Takes over the connection's notices.
    explicit LockTrace(postgres::Connection& connection);
    ~LockTrace();
    LockTrace(const LockTrace&) = delete;
    LockTrace& operator=(const LockTrace&) = delete;

    enum class Then : std::uint8_t { commit, roll_back };

    /// A single statement. Throws DatabaseError only if the session is lost.
    /// `then`: what becomes of its transaction; outside of one it stays.
    TracedStatement run(const Statement& statement, Then then = Then::commit);
    /// Nobody else waits for a relation that a traced statement made, so they are not told of.
    void leave_out_new(bool on) { leave_out_new_ = on; }

  private:
    struct Relation {
        ObjectName name;
        char kind = 'r';  ///< pg_class.relkind
        std::string file;
        Oid32 table = 0;  ///< of an index
        long long size = 0, rows_read = 0, vacuums = 0;
    };
    using Relations = std::map<Oid32, Relation>;

    bool run_inside(const Statement& statement, Then then, TracedStatement& out);
    void run_outside(const Statement& statement, TracedStatement& out);
    Relations look(bool after);
    LockModes own_locks();
    std::set<Oid32> tables_of_checked_keys();
    void settle(const Relations& before, const Relations& after, const LockModes& locks,
                TracedStatement& out);

    postgres::Connection& connection_;
    std::vector<std::string> notices_;
    std::set<Oid32> checked_;  ///< tables whose foreign keys the statement checked
    std::set<Oid32> new_;
    bool leave_out_new_ = false;
};

}  // namespace changelog::execute
