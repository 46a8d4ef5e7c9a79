// Which changesets a rollback undoes, and whether it may.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "execute/rollback.hpp"
#include "execute/rows.hpp"
#include "postgres/attic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace changelog::execute {

/// Picks the changesets and refuses before anything runs if one of them cannot be undone.
bool Undoer::choose() {
    if (!engine_.ledger_.check_shape(engine_.diagnostics_)) {
        report_.outcome = Outcome::history_mismatch;
        return false;
    }
    const std::size_t errors_before = engine_.diagnostics_.count(Severity::error);
    const auto interrupted = engine_.ledger_.interrupted_rollbacks();
    for (postgres::HistoryRow& row : wanted(engine_.ledger_.applied_rows(options_.count))) {
        auto step = step_of(std::move(row));
        if (!step) continue;  // it went back to a run that stays
        take_up(*step, interrupted);
        if (step->undo.impossible) report_impossible(step->row, *step->undo.impossible);
        postgres::has_what_it_needs(connection_, step->rest(), step->row.key, engine_.diagnostics_);
        steps_.push_back(std::move(*step));
    }
    return engine_.diagnostics_.count(Severity::error) == errors_before;
}

/// Under --require-lossless: nothing was destroyed for good when it was applied, and nothing is now.
bool Undoer::loses_nothing() {
    if (!options_.lossless) return true;
    std::vector<std::string> losses = lost_now();
    for (const Step& step : steps_)
        losses.insert(losses.end(), step.undo.losses.begin(), step.undo.losses.end());
    if (losses.empty()) return true;
    Diagnostic& item = engine_.diagnostics_.add(Severity::error, codes::rollback_lossy, {},
                                                "this rollback does not bring all data back");
    for (const std::string& loss : losses) item.why += (item.why.empty() ? "" : "\n") + loss;
    item.next = {"nothing was rolled back"};
    return false;
}

void Undoer::report_impossible(const postgres::HistoryRow& row, const std::string& reason) {
    Location where;
    where.file = row.key.path;
    Diagnostic& item =
        engine_.diagnostics_.add(Severity::error, codes::rollback_impossible, where,
                                 fmt::format("changeset '{}' cannot be rolled back: {}", row.key.id, reason));
    item.changeset = to_string(row.key);
    item.next = {
        "nothing was rolled back; write a new changeset that undoes it by hand, or roll back only what is "
        "newer"};
}

std::vector<postgres::HistoryRow> Undoer::wanted(std::vector<postgres::HistoryRow> rows) {
    if (options_.changeset) return one_changeset(std::move(rows));
    if (options_.to_tag) return newer_than_tag(std::move(rows));
    if (options_.to_date) return newer_than_date(std::move(rows));
    if (options_.deployment) {
        is_newer_ = [this](const auto& run) { return run.deployment.starts_with(*options_.deployment); };
        std::erase_if(rows, [&](const auto& row) { return !is_newer_(row); });
        std::set<std::string> runs;
        for (const auto& row : rows) runs.insert(row.deployment);
        if (rows.empty())
            engine_.diagnostics_.add(
                Severity::error, codes::nothing_to_roll_back, {},
                fmt::format("nothing of deployment '{}' is applied", *options_.deployment));
        if (runs.size() <= 1) return rows;
        Diagnostic& item = engine_.diagnostics_.add(
            Severity::error, codes::ambiguous_dependency, {},
            fmt::format("{} deployments begin with '{}'", runs.size(), *options_.deployment));
        item.expected.assign(runs.begin(), runs.end());
        return {};
    }
    const std::size_t count = options_.count.value_or(0);
    if (rows.empty())
        engine_.diagnostics_.add(Severity::error, codes::nothing_to_roll_back, {},
                                 "nothing is applied to this database");
    if (count < rows.size()) rows.resize(count);
    return rows;
}

/// LIQUIBASE.md, "Read first" 9: what ran after the tagged row goes; a changeset that sets the tag itself
/// goes too.
std::vector<postgres::HistoryRow> Undoer::newer_than_tag(std::vector<postgres::HistoryRow> rows) {
    const auto tagged =
        std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.tag == *options_.to_tag; });
    if (tagged == rows.end()) {
        std::vector<std::string_view> tags;
        for (const auto& row : rows)
            if (!row.tag.empty()) tags.emplace_back(row.tag);
        engine_.diagnostics_
            .add(Severity::error, codes::unknown_tag, {},
                 fmt::format("no applied changeset has the tag '{}'", *options_.to_tag))
            .did_you_mean = nearest(*options_.to_tag, tags);
        return {};
    }
    const bool sets_it_itself = tagged->definition.find("\"tagDatabase\"") != std::string::npos;
    const long long since = std::stoll(
        connection_
            .query(fmt::format(
                       "SELECT max(seq) FROM {} WHERE tag = $1 AND id = $2 AND author = $3 AND path = $4 "
                       "AND event <> 'rolled_back'",
                       engine_.ledger_.qualified_table()),
                   {*options_.to_tag, tagged->key.id, tagged->key.author, tagged->key.path})
            .text(0, 0));
    is_newer_ = [=](const auto& run) { return run.seq > since || (sets_it_itself && run.seq == since); };
    std::erase_if(rows, [&](const auto& row) { return !is_newer_(row); });
    return rows;
}

std::vector<postgres::HistoryRow> Undoer::newer_than_date(std::vector<postgres::HistoryRow> rows) {
    try {
        const postgres::Rows limit = connection_.query("SELECT $1::timestamptz", {*options_.to_date});
        std::set<long long> newer;
        for (const auto& row : connection_
                                   .query(fmt::format("SELECT seq FROM {} WHERE at > $1::timestamptz",
                                                      engine_.ledger_.qualified_table()),
                                          {limit.text(0, 0)})
                                   .rows)
            newer.insert(std::stoll(row.at(0).value_or("0")));
        is_newer_ = [newer = std::move(newer)](const auto& run) { return newer.contains(run.seq); };
        std::erase_if(rows, [&](const auto& row) { return !is_newer_(row); });
        return rows;
    } catch (const postgres::DatabaseError& error) {
        engine_.diagnostics_.add(Severity::error, codes::usage, {},
                                 fmt::format("'{}' is no date: {}", *options_.to_date, error.error.message));
        return {};
    }
}

std::vector<postgres::HistoryRow> Undoer::one_changeset(std::vector<postgres::HistoryRow> rows) {
    std::vector<ChangeSetKey> named;
    for (const auto& row : rows)
        if (row.key.id == *options_.changeset || to_string(row.key) == *options_.changeset)
            named.push_back(row.key);
    if (named.size() != 1) {
        Diagnostic& item = engine_.diagnostics_.add(
            Severity::error, named.empty() ? codes::unknown_changeset : codes::ambiguous_dependency, {},
            named.empty()
                ? fmt::format("no applied changeset is named '{}'", *options_.changeset)
                : fmt::format("{} applied changesets have the id '{}'", named.size(), *options_.changeset));
        for (const ChangeSetKey& key : named) item.expected.push_back(to_string(key));
        return {};
    }
    std::set<ChangeSetKey> chosen = applied_dependents(named.front(), rows);
    if (!chosen.empty() && !options_.cascade) {
        Diagnostic& item = engine_.diagnostics_.add(
            Severity::error, codes::dependents_applied, {},
            fmt::format("{} depend{} on '{}'",
                        chosen.size() == 1 ? "an applied changeset"
                                           : fmt::format("{} applied changesets", chosen.size()),
                        chosen.size() == 1 ? "s" : "", named.front().id));
        for (const ChangeSetKey& key : chosen) item.why += (item.why.empty() ? "" : "\n") + to_string(key);
        item.next = {"roll those back first, or take them along with --cascade"};
        return {};
    }
    chosen.insert(named.front());
    std::erase_if(rows, [&](const auto& row) { return !chosen.contains(row.key); });
    return rows;
}

std::set<ChangeSetKey> Undoer::applied_dependents(const ChangeSetKey& key,
                                                  const std::vector<postgres::HistoryRow>& rows) const {
    std::set<ChangeSetKey> out;
    if (changelog_ == nullptr || graph_ == nullptr) return out;
    std::set<ChangeSetKey> applied;
    for (const auto& row : rows) applied.insert(row.key);
    for (std::size_t i = 0; i < changelog_->changesets.size(); ++i) {
        if (changelog_->changesets[i].key != key) continue;
        for (const std::size_t dependent : dependents_of(*graph_, i))
            if (applied.contains(changelog_->changesets[dependent].key))
                out.insert(changelog_->changesets[dependent].key);
    }
    return out;
}

}  // namespace changelog::execute
