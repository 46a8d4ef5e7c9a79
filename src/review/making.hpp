// What the parts of a review are made from, once it is known what would run.
#pragma once

#include "hazards/findings.hpp"
#include "review/review.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::review {

using Sizes = std::map<ObjectName, postgres::RelationSize>;

/// One statement of the plan, or one between them that is only there for the transaction.
struct ScriptLine {
    const execute::PlannedStatement* planned = nullptr;  ///< null: BEGIN or COMMIT
    std::size_t changeset = 0;                           ///< in head
    std::size_t change = 0;                              ///< of the changeset
    std::size_t statement = 0;                           ///< of the rendered changeset
    std::size_t offset = 0;                              ///< of this piece within that statement
};

/// The plan as one migration.
struct Script {
    std::vector<hazards::MigrationStatement> statements;
    std::vector<ScriptLine> lines;  ///< one for each
};

struct Making {
    const ReviewInput& input;
    const execute::Plan& plan;
    const std::map<std::size_t, RenderedChangeSet>& rendered;  ///< by index in head
    const catalog::Catalog& start;                             ///< before the plan
    Sizes sizes;
    bool milder = true;  ///< sizes are new enough to make anything milder
    Script script = {};

    const ChangeSet& changeset(std::size_t index) const { return input.head.changelog.changesets[index]; }
};

Script script_of(const execute::Plan& plan, const std::map<std::size_t, RenderedChangeSet>& rendered);

/// Rules of a review beside those of hazards.
inline constexpr std::string_view kEditedRule = "edited-although-applied",
                                  kRemovedRule = "removed-although-applied",
                                  kConflictRule = "branch-conflict", kImpossibleRule = "irreversible-change",
                                  kLossyRule = "lossy-change", kUnusedRule = "unused-suppression",
                                  kUnknownRule = "unknown-suppression", kUnseenRule = "unreadable-sql",
                                  kUnreasonedRule = "allow-without-reason",
                                  kExpiredRule = "expired-suppression";

/// A finding about a changeset of head, or of no statement of it.
LocatedFinding finding_at(std::string_view rule, std::string_view code, Severity severity, Position at,
                          const ChangeSetKey& key, std::string title);

/// A name without the schema that everybody means.
std::string shown_name(const ObjectName& name, const std::string& default_schema);

std::vector<LocatedFinding> hazard_findings(const Making& making);
/// Codes of what the rules find on a server of this version.
std::set<std::string> codes_on(const Making& making, int server_version);
std::vector<LocatedFinding> undo_findings(const Making& making, const std::vector<LocatedFinding>& hazards);
std::vector<LocatedFinding> history_findings(const ReviewInput& input, const HistoryChanges& history);
std::vector<LocatedFinding> conflict_findings(const ReviewInput& input,
                                              const std::vector<Conflict>& conflicts);

/// Moves what a changeset allows to `suppressed`, and says what is wrong with `suppress:`.
void suppress(const Making& making, std::vector<LocatedFinding>& findings,
              std::vector<LocatedFinding>& suppressed);

std::vector<ReviewedEnvironment> environments(const Making& making);

}  // namespace changelog::review
