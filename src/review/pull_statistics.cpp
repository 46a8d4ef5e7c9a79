#include "review/pull_statistics.hpp"

namespace changelog::review {

namespace {

constexpr std::string_view kTimes = R"sql(
SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  (SELECT to_char(stats_reset AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
   FROM pg_catalog.pg_stat_database WHERE datname = pg_catalog.current_database()))sql";

/// Its end leaves nothing; a table that somebody locks is not waited for long.
class ReadOnly {
  public:
    explicit ReadOnly(postgres::Connection& connection) : connection_(connection) {
        connection_.execute("BEGIN READ ONLY; SET LOCAL lock_timeout = '10s'");
    }
    ~ReadOnly() {
        try {
            connection_.execute("ROLLBACK");
        } catch (const postgres::DatabaseError&) {  // the session is gone, and the transaction with it
        }
    }
    ReadOnly(const ReadOnly&) = delete;
    ReadOnly& operator=(const ReadOnly&) = delete;

  private:
    postgres::Connection& connection_;
};

}  // namespace

Statistics pull_statistics(postgres::Connection& connection, postgres::Ledger& ledger,
                           const std::set<std::string>& except_schemas, Diagnostics& diagnostics) {
    const ReadOnly transaction(connection);
    Statistics out;
    out.source = "database";
    out.server_version = connection.target().server_version;
    const postgres::Rows times = connection.execute(std::string(kTimes));
    out.taken = times.text(0, 0);
    out.since = times.text(0, 1);
    for (const auto& [name, each] : all_relation_sizes(connection, except_schemas)) {
        out.relations[name] = each.size;
        if (each.size.is_table()) out.writes[name] = each.writes;
    }
    out.applied.emplace();
    if (!ledger.exists()) return out;
    if (ledger.check_shape(diagnostics))
        out.applied = ledger.applied();
    else
        out.applied.reset();
    return out;
}

}  // namespace changelog::review
