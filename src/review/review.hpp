// Everything that the reviewer of a pull request asks: what would run, what it stops, what is lost, what
// conflicts. A value, made from values; the command line gets them from git, files and servers.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/graph.hpp"
#include "changelog/plan.hpp"

#include "execute/planner.hpp"
#include "execute/verify.hpp"
#include "review/conflicts.hpp"
#include "review/findings.hpp"
#include "review/history.hpp"
#include "review/schema_changes.hpp"
#include "review/statistics.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace changelog::review {

struct Side {
    const Changelog& changelog;
    const Graph& graph;
};

/// A line of development as it is called and as git knows it.
struct Revision {
    std::string name;  ///< "origin/main", "working tree"
    std::string id;    ///< abbreviated hash; empty for the working tree
};

struct EnvironmentInput {
    std::string name;
    Selection selection;
};

struct ReviewInput {
    Side head, base;
    std::optional<Side> theirs = {};  ///< the tip of the base branch, where it went on since the merge base
    std::vector<Statistics> statistics = {};
    std::vector<EnvironmentInput> environments = {};  ///< of the configuration, or one without a name
    RenderContext context = {};
    Selection selection = {};
    TransactionMode transactions = TransactionMode::automatic;
    std::string now = {};                   ///< ISO 8601 in UTC: for the age of statistics and expiries
    int stale_after_days = 30;              ///< older statistics make nothing milder
    std::vector<int> server_versions = {};  ///< further versions to look at, as PQserverVersion
    FileSource* files = nullptr;            ///< of head: for places in the files that sqlFile names
};

/// One changeset that would run, with its SQL both ways.
struct ReviewedChangeSet {
    std::size_t index = 0;              ///< in head
    std::size_t planned = 0;            ///< position in the plan's changesets
    std::vector<std::string> forward;   ///< statements; literals of data statements are masked
    std::vector<std::string> backward;  ///< of the undo that a rollback would run
    execute::PlannedUndo undo;
};

struct ReviewedEnvironment {
    std::string name;
    int server_version = 0;              ///< 0: not known
    std::optional<std::size_t> pending;  ///< changesets of head that it does not have yet; nothing: not known
    std::size_t earlier = 0;             ///< of them, those that the base has already
    std::vector<std::size_t> not_selected;  ///< changesets of the plan that its contexts leave out
    execute::Estimate blocked;              ///< how long writers wait in all
    std::vector<std::string> differing;     ///< codes found only on its version, or missing there
};

enum class Verdict : std::uint8_t { pass, warn, block };
std::string_view to_string(Verdict verdict);

/// What a scratch server showed.
struct Proof {
    std::string server;        ///< "PostgreSQL 15.4"
    std::string not_possible;  ///< why nothing could be proved: what is there before could not be made
    execute::VerifyReport verified;
    std::size_t traced = 0;          ///< statements whose locks were measured
    std::set<std::size_t> agreeing;  ///< of them, those whose locks are as the plan says: their numbers
    std::vector<std::string> disagreements;  ///< between measured and stated locks
    bool understated = false;                ///< some measured lock is stronger, or work more, than stated
    std::vector<std::string> unmeasured;     ///< changesets whose locks could not be compared, and why

    /// Something was shown to be wrong.
    bool disproved() const;
    /// Everything was shown to be right.
    bool holds() const { return not_possible.empty() && verified.good(); }
};

struct Review {
    std::string changelog_file;
    Revision base, head;
    std::string now;
    std::string version;  ///< of this program
    std::string command;  ///< with which the same review is made again
    std::vector<Statistics> statistics;
    HistoryChanges history;
    GraphChanges graph;
    execute::Plan plan;
    std::vector<ReviewedChangeSet> changesets;
    std::vector<LocatedFinding> findings;  ///< gravest first, then in the plan's order
    std::vector<LocatedFinding> suppressed;
    std::vector<Conflict> conflicts;
    std::vector<ReviewedEnvironment> environments;
    SchemaChanges schema;
    catalog::Catalog before, after;  ///< the model of base and head
    std::vector<Proof> proofs;       ///< one for each scratch server

    Verdict verdict() const;
    std::size_t count(Severity severity) const;
};

/// The review's plan as it is on servers of another version, without sizes.
execute::Plan plan_on(int server_version, const ReviewInput& input, const HistoryChanges& history);

/// What goes wrong with the history (a changeset that is edited although applied) is a finding, not an error.
Review review(const ReviewInput& input, Diagnostics& diagnostics);

}  // namespace changelog::review
