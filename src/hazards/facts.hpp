// What one statement does to the relations that are there already: which locks it takes, what work is done
// under them, and whether it can succeed. Measured on PostgreSQL 14 to 18; the knowledge itself is the table
// of lock_rules.hpp.
#pragma once

#include "changelog/catalog.hpp"

#include "hazards/lock.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace changelog::hazards {

/// What the facts of a statement depend on.
struct FactContext {
    const catalog::Catalog& before;
    int server_version = 150000;
    std::string default_schema = "public";
    bool utc = false;                       ///< the session's time zone is UTC, GMT or Etc/UTC
    bool in_transaction = false;            ///< a transaction block is open
    std::set<ObjectName> made = {};         ///< relations made earlier in this run: nobody else uses them
    std::set<std::string> new_labels = {};  ///< of enumerations, added in the open transaction
};

struct RelationFacts {
    ObjectName name;  ///< a table, index, sequence or view
    Lock lock = Lock::none;
    Work work = Work::none;

    bool operator==(const RelationFacts&) const = default;
};

/// Why a statement fails: bound to, or only if the rows are such.
struct Failure {
    std::string sqlstate;
    std::string reason;
    bool certain = true;
};

struct StatementFacts {
    std::string summary;                   ///< for people: "ADD COLUMN orders.note"
    std::vector<RelationFacts> relations;  ///< those that were there before, by name
    bool outside_transaction = false;      ///< PostgreSQL refuses it inside a transaction block
    std::vector<Failure> failures;
    bool known = true;
    std::string unknown_reason;  ///< of one that runs code which cannot be seen

    const RelationFacts* relation(const ObjectName& name) const;
    /// The strongest lock of all.
    Lock strongest() const;
};

/// The facts of one statement (the first one of the text). Text that PostgreSQL's parser does not read is not
/// `known`. Nothing is thrown.
StatementFacts facts_of(const std::string& sql, const FactContext& context);

/// The labels that the statement adds to enumerations and that may not be used before it is committed: not
/// those of a type made in the same transaction, from PostgreSQL 17 on.
std::set<std::string> new_labels(const std::string& sql, const FactContext& context);

}  // namespace changelog::hazards
