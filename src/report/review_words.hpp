// A review in words that every form of it shows. Nothing is escaped here: that is up to the form.
#pragma once

#include "report/review.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace changelog::report {

/// How much somebody has to think before relying on an undo.
enum class UndoLevel : std::uint8_t { safe, care, loss };

struct UndoWords {
    UndoLevel level = UndoLevel::safe;
    std::string grade;   ///< in one or two words: "exact", "loses data"
    std::string detail;  ///< what is lost, or why; may be empty
};

/// One row of the plan's table.
struct PlanRow {
    std::size_t number = 0;  ///< 0: a changeset without a statement
    std::string changeset, statement;
    std::string lock, relation, size;  ///< of the strongest lock; empty: nothing that is there is locked
    std::string blocks;                ///< "R+W", "W" or empty
    std::string work, hold, basis;
    std::string transaction;  ///< "1", "none"
    UndoWords undo;
    std::string notes;
    std::optional<Severity> severity;  ///< of the gravest finding about it, without notes
};

std::vector<PlanRow> plan_rows(const ReviewView& view);

/// "BLOCK", "WARN", "PASS"
std::string verdict_word(review::Verdict verdict);
/// "3 changesets, 7 statements"; "nothing to run".
std::string verdict_scope(const ReviewView& view);
/// "1 lock stops writes of ...; 1 destroys data for good; ...": the rest of the verdict's line.
std::string verdict_reason(const ReviewView& view);
/// What was compared, and what is known of databases: "a1b2c3d against main (9f8e7d6)", "statistics of ...".
std::vector<std::string> basis_lines(const ReviewView& view);

UndoWords undo_words(const execute::PlannedUndo& undo, bool proved = false);
/// That of a reviewed changeset, with what a scratch server proved about it.
UndoWords undo_words(const ReviewView& view, const review::ReviewedChangeSet& reviewed);

/// The id in a finding's changeset, which may be a whole key; empty if it has none.
std::string changeset_of(const review::LocatedFinding& finding);

/// Findings of one level, in the order of the review.
std::vector<const review::LocatedFinding*> findings_of(const ReviewView& view, Severity severity);
/// "db/orders.yaml:7:7"; empty if nobody knows.
std::string place_of(const review::LocatedFinding& finding);

/// The statements with comments that say where transactions begin, and how each changeset is undone.
std::string forward_sql(const ReviewView& view, const review::ReviewedChangeSet& reviewed);
std::string backward_sql(const ReviewView& view, const review::ReviewedChangeSet& reviewed);
/// What scratch servers showed, in one line; empty without one.
std::string proof_line(const ReviewView& view);
/// What a server showed of a changeset of head; nothing if it did not come to it.
std::optional<execute::VerifyGrade> grade_on(const review::Proof& proof, std::size_t index);
/// The servers that took the locks of a statement of the plan as they are stated: "PostgreSQL 15.4".
std::string measured_words(const ReviewView& view, std::size_t statement);
/// Where the schema is known from: "introspected on a scratch server", and what the changelogs tell
/// otherwise.
std::string schema_words(const review::SchemaChanges& schema);

struct HistoryRow {
    std::string kind, changeset, place;
    std::vector<std::string> details;
    bool breaks = false;
};
std::vector<HistoryRow> history_rows(const ReviewView& view);

struct ConflictRow {
    std::string ours, theirs, objects, reason;
};
std::vector<ConflictRow> conflict_rows(const ReviewView& view);

struct EnvironmentRow {
    std::string name, server, pending, left_out, blocked, differing;
};
std::vector<EnvironmentRow> environment_rows(const ReviewView& view);

/// "id, by author in path"
std::string changeset_words(const ChangeSet& changeset);

/// With every connection string replaced by a variable.
std::string without_connection(const std::string& command);

/// A statement of a catalog's difference: "+ column ...", at most `width` characters.
std::string difference_words(const catalog::Difference& difference, std::size_t width);

}  // namespace changelog::report
