// Preconditions, checked against the database: LIQUIBASE.md 1.5.
#pragma once

#include <string>

#include "changelog/changelog.hpp"
#include "postgres/connection.hpp"
#include "postgres/ledger.hpp"

namespace changelog::postgres {

struct Verdict {
    enum class Kind { holds, fails, error } kind = Kind::holds;
    std::string reason;  ///< which condition, and what was found instead
};

struct PreconditionContext {
    std::string default_schema;
    QuotingStrategy quoting = QuotingStrategy::legacy;
    std::string changelog_path;                      ///< default of changeSetExecuted's changeLogFile
    std::string changelog_quoting;                   ///< what expectedQuotingStrategy compares with; empty: not set
    std::map<std::string, std::string> properties;   ///< for changeLogPropertyDefined
};

/// Each condition is one cheap catalog query. Runs inside whatever transaction is open; in one, behind a savepoint.
Verdict check(const Preconditions& preconditions, Connection& connection, Ledger& ledger, const PreconditionContext& context);

}  // namespace changelog::postgres
