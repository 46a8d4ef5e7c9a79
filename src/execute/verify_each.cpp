// Each changeset: applied, rolled back, compared, applied again.
#include "execute/verify_losses.hpp"
#include "execute/verify_proof.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace changelog::execute {

namespace {

bool makes_tables_or_columns(const Footprint& footprint) {
    return footprint.barrier ||
           std::any_of(footprint.touches.begin(), footprint.touches.end(), [](const Touch& touch) {
               return touch.access == Access::create &&
                      (touch.object.kind == ObjectKind::table || touch.object.kind == ObjectKind::column);
           });
}

void append(std::vector<std::string>& out, const std::vector<std::string>& more, const std::string& prefix) {
    for (const std::string& text : more) out.push_back(prefix + text);
}

/// How many rows a change added to each table, or took out of it.
std::map<ObjectName, long long> rows_added(const DatabaseState& before, const DatabaseState& after) {
    std::map<ObjectName, long long> out;
    for (const auto& [name, sums] : after.rows) {
        const auto found = before.rows.find(name);
        const long long added = sums.count - (found == before.rows.end() ? 0 : found->second.count);
        if (added != 0) out.emplace(name, added);
    }
    return out;
}

/// Where a change adds fewer rows than it does without made-up ones, those were in its way: it looks for rows
/// before it inserts, or passes over conflicts. "" if that is nowhere so.
std::string what_was_hindered(const std::map<ObjectName, long long>& with_rows,
                              const std::map<ObjectName, long long>& without) {
    for (const auto& [name, added] : without) {
        const auto found = with_rows.find(name);
        const long long then = found == with_rows.end() ? 0 : found->second;
        if (added > 0 && then < added)
            return fmt::format("it inserts {} rows into {}, and {} where these are", added,
                               sql::qualified(name), then);
    }
    return {};
}

}  // namespace

void Proof::prove_each() {
    if (wanted_.empty()) looks_.push_back({0, look_at_all()});  // for the rollback of everything
    for (std::size_t position = 0; position < pending_.size(); ++position) {
        if (server_.stopped()) return;
        const std::size_t index = pending_[position].index;
        if (!wanted_.empty() && !wanted_.contains(index)) {  // needed by one that is asked for
            last_look_.reset();
            const std::size_t mark = diagnostics_.items().size();
            const Done done = apply(position);
            if (done == Done::applied || done == Done::marked_ran) applied_.push_back(position);
            if (done != Done::failed) continue;
            return give_up_behind(position, "could not be applied: " + last_error(mark));
        }
        VerifiedChangeSet& item = report_.changesets.emplace_back();
        item.index = index;
        const Next next = prove_one(position);
        if (next == Next::stop) return give_up_behind(position, "behind which nothing could be applied");
        if (++since_look_ < options_.look_every || look_is_due_) continue;
        looks_.push_back({applied_.size(), look_at_all()});
        since_look_ = 0;
    }
}

void Proof::give_up_behind(std::size_t position, const std::string& why) {
    complete_ = false;
    for (std::size_t i = position + 1; i < pending_.size(); ++i) {
        if (!wanted_.empty() && !wanted_.contains(pending_[i].index)) continue;
        VerifiedChangeSet& item = report_.changesets.emplace_back();
        item.index = pending_[i].index;
        item.reason = fmt::format("comes after {}, {}", name_of(pending_[position].index),
                                  broken_.empty() ? why : broken_);
    }
}

Proof::Next Proof::prove_one(std::size_t position) {
    VerifiedChangeSet& item = report_.changesets.back();
    const Stopwatch watch(item.seconds);
    VerifyScope scope = scope_at(position);
    DatabaseState before;
    if (last_look_ && last_look_->scope.whole == scope.whole) {  // the end of the last one is the beginning
        scope = last_look_->scope;
        before.catalog = std::move(last_look_->catalog);
        const Stopwatch rows(report_.timings.rows);
        before.rows = look_at_rows(database_->connection(), before.catalog);
    } else {
        before = look(scope, true);
    }
    last_look_.reset();
    if (apply_first(position, scope, before) == Next::stop) return Next::stop;
    if (item.grade == VerifyGrade::not_run && !item.reason.empty()) return Next::go_on;
    applied_.push_back(position);
    const auto undo = stepper_->stored_undo(changelog_.changesets[item.index].key);
    if (undo && undo->impossible) {
        item.grade = VerifyGrade::impossible;
        item.reason = *undo->impossible;
        barrier_ = applied_.size();
        look_is_due_ = true;
        fill(item.index, scope_at(position));
        return Next::go_on;
    }
    const auto barrier = barrier_;
    const bool look_is_due = look_is_due_;
    const std::size_t mark = diagnostics_.items().size();
    Next next = prove_undo(position, scope, before, undo.value_or(Undo{}));
    if (item.grade == VerifyGrade::failed && seeder_->has_filled() && !server_.stopped()) {
        barrier_ = barrier;
        look_is_due_ = look_is_due;
        forget_since(mark);
        next = prove_without_rows(position);
    }
    if (next == Next::go_on) fill(item.index, scope_at(position));
    return next;
}

VerifyScope Proof::scope_at(std::size_t position) const {
    const std::size_t index = pending_[position].index;
    return scope_of(changelog_.changesets[index], graph_.footprints[index]);
}

/// Of this changeset and the next, so that one look serves both.
VerifyScope Proof::scope_from(std::size_t position) const {
    VerifyScope scope = scope_at(position);
    if (position + 1 == pending_.size()) return scope;
    const VerifyScope next = scope_at(position + 1);
    if (scope.whole == next.whole)
        scope.objects.insert(scope.objects.end(), next.objects.begin(), next.objects.end());
    return scope;
}

/// `before` is looked at again where made-up rows stood in the way.
Proof::Next Proof::apply_first(std::size_t position, const VerifyScope& scope, DatabaseState& before) {
    VerifiedChangeSet& item = report_.changesets.back();
    const std::size_t mark = diagnostics_.items().size();
    const auto why_not_run = [&] {
        return diagnostics_.items().size() > mark ? "failed, and may: " + last_error(mark)
                                                  : std::string("a precondition does not hold");
    };
    Done done = apply(position);
    if (done != Done::applied && seeder_->has_filled() && !server_.stopped()) {
        const std::string why = done == Done::failed ? last_error(mark) : why_not_run();
        if (done == Done::marked_ran && !undo()) return Next::stop;
        if (empty_filled_tables()) {
            forget_since(mark);
            before = look(scope, true);
            const Done again = apply(position);
            if (again == Done::applied) item.notes.push_back("not provable with made-up rows: " + why);
            // Rows were not the reason: those that come later shall meet some.
            if (again == done && done != Done::failed) seeder_->fill(look(whole_database(), true).rows);
            done = again;
        } else if (done == Done::marked_ran) {
            done = apply(position);
        }
    }
    if (done == Done::failed) {
        item.grade = VerifyGrade::failed;
        item.error = last_error(mark);
        return Next::stop;
    }
    if (done == Done::skipped) item.reason = why_not_run();
    if (done == Done::marked_ran) item.notes.emplace_back("marked as run");
    return Next::go_on;
}

/// False where there are none, or something keeps them (a trigger, a right).
bool Proof::empty_filled_tables() {
    try {
        return seeder_->empty_filled_tables();
    } catch (const postgres::DatabaseError& error) {
        if (error.error.connection_lost) throw;
        return false;
    }
}

Proof::Next Proof::prove_undo(std::size_t position, const VerifyScope& scope, const DatabaseState& before,
                              const Undo& undo) {
    VerifiedChangeSet& item = report_.changesets.back();
    item.written = changelog_.changesets[item.index].rollback.has_value();
    item.losses = undo.losses;
    item.since = undo.since;
    const VerifyScope wider = scope_from(position);
    const DatabaseState done =
        look(wider, item.written && (options_.data || depends_on_rows_left(undo.losses)));
    const catalog::Catalog& after = done.catalog;
    rows_added_ = rows_added(before, done);
    const std::size_t mark = diagnostics_.items().size();
    if (!this->undo()) {
        item.grade = VerifyGrade::failed;
        item.error = "rollback: " + last_error(mark);
        return undo_failed(position, wider, after);
    }
    judge(item, before, done, look(scope, true), undo);
    if (look_is_due_) {
        looks_.push_back({applied_.size() - 1, look_at_all()});
        look_is_due_ = false;
        since_look_ = 0;
    }
    return apply_again(position, wider, after);
}

void Proof::judge(VerifiedChangeSet& item, const DatabaseState& before, const DatabaseState& after,
                  const DatabaseState& now, const Undo& undo) {
    SchemaDifferences found = compare(before.catalog, now.catalog);
    for (std::string& line : found.differences) {
        if (follows_from_loss(line, undo.losses))
            item.notes.push_back("since its values are lost: " + line);
        else
            item.differences.push_back(std::move(line));
    }
    append(item.notes, found.notes, "");
    bool lost = !undo.losses.empty();
    for (RowDifference& difference : compare_rows(before, now)) {
        if (const auto left = after.rows.find(difference.table); left != after.rows.end())
            difference.left = left->second.count;
        if (is_announced(difference, undo.losses, item.written)) {
            lost = true;
        } else if (is_announced(difference, undo.since, item.written)) {
            item.notes.push_back("as announced: " + difference.text);
            lost = true;
        } else {
            item.differences.push_back(difference.text);
        }
    }
    item.grade = !item.differences.empty() ? VerifyGrade::failed
                 : lost                    ? VerifyGrade::lossy
                                           : VerifyGrade::exact;
}

/// The changeset stays applied, if nothing of its rollback was done.
Proof::Next Proof::undo_failed(std::size_t position, const VerifyScope& scope,
                               const catalog::Catalog& after) {
    barrier_ = applied_.size();
    look_is_due_ = true;
    if (server_.stopped()) return Next::stop;
    const bool untouched = compare(after, look(scope, false).catalog).differences.empty();
    return untouched || recover(position) ? Next::go_on : Next::stop;
}

Proof::Next Proof::apply_again(std::size_t position, const VerifyScope& scope,
                               const catalog::Catalog& after) {
    VerifiedChangeSet& item = report_.changesets.back();
    const std::size_t mark = diagnostics_.items().size();
    const Done done = apply(position);
    if (done == Done::applied || done == Done::marked_ran) {
        last_look_ = {scope, look(scope, false).catalog};
        const SchemaDifferences found = compare(after, last_look_->catalog);
        if (item.differences.empty()) append(item.differences, found.differences, "applied again: ");
        for (const std::string& note : found.notes)
            if (std::find(item.notes.begin(), item.notes.end(), note) == item.notes.end())
                item.notes.push_back(note);
        if (!found.differences.empty()) item.grade = VerifyGrade::failed;
        return Next::go_on;
    }
    const std::string why = "applied again: " + (done == Done::failed ? last_error(mark) : "it was skipped");
    if (item.differences.empty()) {
        item.error = why;
    } else {  // no wonder
        item.notes.push_back(why);
        forget_since(mark);
    }
    item.grade = VerifyGrade::failed;
    if (server_.stopped()) return Next::stop;
    return recover(position) ? Next::go_on : Next::stop;
}

/// A failure may come from rows that were made up: once more on a database that has none. An error is then
/// forgiven. A difference is so only where the rows kept the change from doing its work; otherwise it is one
/// that rows of anybody else would show as well.
Proof::Next Proof::prove_without_rows(std::size_t position) {
    VerifiedChangeSet& item = report_.changesets.back();
    const VerifiedChangeSet with_rows = std::move(item);
    const std::map<ObjectName, long long> added = std::exchange(rows_added_, {});
    last_look_.reset();
    item = {};
    item.index = with_rows.index;
    if (!build(position)) {
        item = with_rows;
        return Next::stop;
    }
    const DatabaseState before = look(scope_at(position), true);
    if (apply(position) == Done::failed) {
        item = with_rows;
        broken_ = "the database could not be built again";
        return Next::stop;
    }
    const auto undo = stepper_->stored_undo(changelog_.changesets[item.index].key);
    const Next next = prove_undo(position, scope_at(position), before, undo.value_or(Undo{}));
    const std::string hindered = what_was_hindered(added, rows_added_);
    if (item.grade == VerifyGrade::failed) {
        if (with_rows.error.empty()) item = with_rows;
    } else if (!with_rows.error.empty()) {
        item.notes.push_back("not provable with made-up rows: " + with_rows.error);
    } else if (!hindered.empty()) {
        item.notes.push_back("not provable with made-up rows: " + hindered);
    } else {
        item = with_rows;
        item.notes.emplace_back("without rows it goes back");
    }
    if (next == Next::stop) return next;
    last_look_.reset();
    seeder_->fill(look(whole_database(), true).rows);
    return next;
}

/// A new database with the first changesets applied, and no made-up rows. False with the reason kept.
bool Proof::build(std::size_t positions) {
    const std::size_t mark = diagnostics_.items().size();
    bool good = open();
    for (std::size_t i = 0; good && i < positions; ++i) good = apply(i) != Done::failed;
    if (!good) broken_ = "the database could not be built again: " + last_error(mark);
    forget_since(mark);
    return good;
}

/// A database as it was behind this changeset, where the one at hand cannot be trusted any more.
bool Proof::recover(std::size_t position) {
    last_look_.reset();
    if (!build(position + 1)) return false;
    if (options_.data) seeder_->fill(look(whole_database(), true).rows);
    return true;
}

void Proof::fill(std::size_t index, const VerifyScope& scope) {
    if (!options_.data || !makes_tables_or_columns(graph_.footprints[index])) return;
    const DatabaseState now = look(scope, true);
    const Stopwatch watch(report_.timings.rows);
    seeder_->fill(now.rows);
}

}  // namespace changelog::execute
