// Preconditions, checked against the database: LIQUIBASE.md 1.5.
#pragma once

#include "changelog/changelog.hpp"

#include "postgres/connection.hpp"
#include "postgres/ledger.hpp"

#include <string>

namespace changelog::postgres {

struct Verdict {
    enum class Kind { holds, fails, error } kind = Kind::holds;
    std::string reason;  ///< which condition, and what was found instead
};

struct PreconditionContext {
    std::string default_schema;
    QuotingStrategy quoting = QuotingStrategy::legacy;
    std::string changelog_path;     ///< default of changeSetExecuted's changeLogFile
    std::string changelog_quoting;  ///< what expectedQuotingStrategy compares with; empty: not set
    std::map<std::string, std::string> properties;  ///< for changeLogPropertyDefined
};

/// Each condition is one cheap catalog query. Runs inside whatever transaction is open, behind a savepoint;
/// else in one of its own. Either is rolled back, so a sqlCheck leaves nothing behind. What Liquibase counts
/// as an error of a condition, SQL errors among them, is in the verdict; a lost session and a cancelled
/// statement throw DatabaseError.
Verdict check(const Preconditions& preconditions, Connection& connection, Ledger& ledger,
              const PreconditionContext& context);

}  // namespace changelog::postgres
