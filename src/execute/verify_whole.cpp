// Everything rolled back, and everything applied once more.
#include "execute/verify_proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace changelog::execute {

void Proof::roll_everything_back() {
    const Stopwatch watch(report_.timings.whole);
    stepper_.reset();  // lets go of the lock
    WholeStep& step = report_.rollback;
    step.tried = true;
    step.error = broken_;
    if (!broken_.empty()) return;
    end_ = look_at_all();
    const std::size_t mark = diagnostics_.items().size();
    const bool made_up = seeder_->has_filled();
    const std::vector<Look> looks = made_up ? looks_ : std::vector<Look>();
    roll_all_back();
    if (step.error.empty() || !made_up || server_.stopped()) return;
    const std::string failure = std::exchange(step, {}).error;  // the rows may be to blame: without them
    step.tried = true;
    suspects_.clear();
    looks_ = looks;
    forget_since(mark);
    if (!build(applied_.back() + 1)) {
        step.error = broken_;
        return;
    }
    stepper_.reset();
    roll_all_back();
    if (step.good()) step.note = "with made-up rows it fails: " + failure;
}

void Proof::roll_all_back() {
    WholeStep& step = report_.rollback;
    const std::size_t last = barrier_.value_or(0);  // so many stay
    if (barrier_) step.stopped_by = name_of(pending_[applied_[last - 1]].index);
    std::size_t standing = applied_.size();
    while (standing > last && !server_.stopped()) {
        while (!looks_.empty() && looks_.back().applied >= standing) looks_.pop_back();
        if (looks_.empty() || looks_.back().applied < last) return;
        if (!roll_back_to(looks_.back(), standing)) return;
        standing = looks_.back().applied;
    }
    if (last != 0 || server_.stopped()) return;
    const std::string attic = database_->engine().render_context().attic;
    for (std::string& line : left_in_attic(database_->connection(), attic))
        step.differences.push_back(std::move(line));
}

bool Proof::roll_back_to(const Look& look, std::size_t from) {
    WholeStep& step = report_.rollback;
    const std::size_t mark = diagnostics_.items().size();
    RollbackOptions options;
    options.count = from - look.applied;
    const RunReport run = database_->engine().rollback(options);
    step.changesets += run.rolled_back;
    if (run.outcome != Outcome::done) {
        step.error = last_error(mark);
        return false;
    }
    std::vector<std::string> lines = compare(look.catalog, look_at_all()).differences;
    if (!lines.empty()) report_left_over(look, from, std::move(lines));
    return true;
}

/// What a later range left is not said again, nor what is no failure. What a changeset is known to have left
/// needs no search for it, but stays nevertheless.
void Proof::report_left_over(const Look& look, std::size_t from, std::vector<std::string> lines) {
    WholeStep& step = report_.rollback;
    const auto is_in = [](const std::vector<std::string>& where, const std::string& line) {
        return std::any_of(where.begin(), where.end(),
                           [&](const std::string& other) { return other.ends_with(line); });
    };
    const auto is_forgiven = [&](const std::string& line) {
        return is_in(step.differences, line) ||
               std::any_of(report_.changesets.begin(), report_.changesets.end(),
                           [&](const VerifiedChangeSet& item) { return is_in(item.notes, line); });
    };
    const auto is_known = [&](const std::string& line) {
        const auto found =
            std::find_if(report_.changesets.begin(), report_.changesets.end(),
                         [&](const VerifiedChangeSet& item) { return is_in(item.differences, line); });
        if (found == report_.changesets.end()) return false;
        step.differences.push_back(fmt::format("{}: {}", name_of(found->index), line));
        return true;
    };
    std::erase_if(lines, is_forgiven);
    std::erase_if(lines, is_known);
    if (lines.empty()) return;
    suspects_.push_back({applied_[look.applied], applied_[from - 1], lines});
    const std::string range =
        fmt::format("between {} and {}: ", name_of(pending_[suspects_.back().first].index),
                    name_of(pending_[suspects_.back().last].index));
    for (const std::string& line : lines) step.differences.push_back(range + line);
}

/// Roles are the server's, so the database at hand goes before there is another.
void Proof::trace_left_over() {
    const Stopwatch watch(report_.timings.whole);
    const std::size_t mark = diagnostics_.items().size();
    for (const Suspect& suspect : suspects_) {
        if (server_.stopped()) break;
        try {
            find_culprit(suspect);
        } catch (const postgres::DatabaseError& error) {  // what is known of the range stays in the report
            if (error.error.connection_lost) throw;
        }
    }
    forget_since(mark);
}

/// Proves the changesets of the range once more in a new database, each with a look at the whole.
void Proof::find_culprit(const Suspect& suspect) {
    if (!open()) return;
    for (std::size_t i = 0; i <= suspect.last && !server_.stopped(); ++i) {
        const bool in_range = i >= suspect.first;
        const catalog::Catalog before = in_range ? look_at_all() : catalog::Catalog();
        const Done done = apply(i);
        if (done == Done::failed) return;
        if (!in_range || done == Done::skipped) continue;
        const auto stored = stepper_->stored_undo(changelog_.changesets[pending_[i].index].key);
        if (stored && stored->impossible) continue;
        if (!undo()) return;
        if (is_culprit(i, compare(before, look_at_all()).differences, suspect)) return;
        if (apply(i) == Done::failed) return;
    }
}

/// Lays what this changeset left over at its door.
bool Proof::is_culprit(std::size_t position, const std::vector<std::string>& differences,
                       const Suspect& suspect) {
    const auto item =
        std::find_if(report_.changesets.begin(), report_.changesets.end(),
                     [&](const VerifiedChangeSet& one) { return one.index == pending_[position].index; });
    bool found = false;
    for (const std::string& line : suspect.lines) {
        if (std::find(differences.begin(), differences.end(), line) == differences.end()) continue;
        found = true;
        item->grade = VerifyGrade::failed;
        item->differences.push_back(line);
        for (std::string& other : report_.rollback.differences)
            if (other.ends_with(": " + line)) other = fmt::format("{}: {}", name_of(item->index), line);
    }
    return found;
}

void Proof::update_again() {
    const Stopwatch watch(report_.timings.whole);
    WholeStep& step = report_.update;
    step.tried = true;
    const std::size_t mark = diagnostics_.items().size();
    // What the rollback left, and made-up rows in what stays, is nothing that an update meets elsewhere.
    if (!report_.rollback.good() || seeder_->has_filled()) {
        if (!open()) {
            step.error = last_error(mark);
            return;
        }
        stepper_.reset();
    }
    UpdateOptions options;
    options.select = select();
    options.transactions = options_.transactions;
    const RunReport run = database_->engine().update(changelog_, graph_, options);
    step.changesets = run.applied + run.marked_ran;
    if (run.outcome != Outcome::done) {
        step.error = last_error(mark);
        return;
    }
    if (end_) step.differences = compare(*end_, look_at_all()).differences;
}

}  // namespace changelog::execute
