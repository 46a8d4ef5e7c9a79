// The sections behind the findings in words.
#include "core/text.hpp"
#include "report/diagnostics.hpp"
#include "report/plan.hpp"
#include "report/review_words.hpp"
#include "report/table.hpp"
#include "review/proof_findings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::report {

namespace {

using execute::PlannedChangeSet;
using execute::VerifyGrade;
using review::ReviewedChangeSet;

/// A comment of SQL that stays one.
std::string comment(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return "-- " + text + '\n';
}

std::string statement_line(const std::string& sql) { return sql + (sql.ends_with(';') ? "\n" : ";\n"); }

std::string transaction_comment(std::size_t transaction) {
    return transaction == 0 ? comment("outside of a transaction")
                            : comment(fmt::format("transaction {}", transaction));
}

std::string place_words(const ChangeSet& changeset) {
    return changeset.at.line == 0 ? changeset.stored_path
                                  : fmt::format("{}:{}", changeset.stored_path, changeset.at.line);
}

std::string version_words(int version) {
    return version == 0 ? "" : fmt::format("PostgreSQL {}", version / 10000);
}

/// What could not be shown on a server, or was disproved.
std::string failures_words(const ReviewView& view, const review::Proof& proof) {
    if (!proof.not_possible.empty()) return proof.not_possible;
    std::vector<std::string> out;
    for (const auto& each : proof.verified.changesets) {
        const std::string name = view.head.changesets[each.index].key.id + ": ";
        if (each.grade == VerifyGrade::failed)
            out.push_back(name + (each.error.empty() ? join(each.differences, ", ")
                                                     : review::masked_error(each.error)));
        if (each.grade == VerifyGrade::not_run)
            out.push_back(name + "not run: " + (each.reason.empty() ? "no reason is known" : each.reason));
    }
    for (const execute::WholeStep* step : {&proof.verified.rollback, &proof.verified.update})
        if (!step->good())
            out.push_back(step->error.empty() ? join(step->differences, ", ")
                                              : review::masked_error(step->error));
    return out.empty() ? "it did not come to its end" : join(out, "; ");
}

/// "3 exact, 1 loses data, 1 cannot be undone"
std::string grades_words(const review::Proof& proof) {
    static constexpr std::pair<VerifyGrade, std::string_view> kGrades[] = {
        {VerifyGrade::exact, "exact"},
        {VerifyGrade::lossy, "but for data that is lost"},
        {VerifyGrade::impossible, "without a way back"}};
    std::vector<std::string> out;
    for (const auto& [grade, words] : kGrades)
        if (const std::size_t count = proof.verified.count(grade); count > 0)
            out.push_back(fmt::format("{} {}", count, words));
    return join(out, ", ");
}

std::string locks_words(const review::Proof& proof) {
    std::string out;
    if (proof.traced > 0)
        out += proof.disagreements.empty()
                   ? fmt::format(" Locks of {} measured, as stated.", counted(proof.traced, "statement"))
                   : fmt::format(" Locks of {} measured, and these are not as stated: {}.",
                                 counted(proof.traced, "statement"), join(proof.disagreements, "; "));
    if (!proof.unmeasured.empty()) out += fmt::format(" Not measured: {}.", join(proof.unmeasured, "; "));
    return out;
}

std::string proof_words(const ReviewView& view, const review::Proof& proof) {
    const std::string first =
        proof.holds()
            ? fmt::format("Up, down, up: schema identical on {} ({}).", proof.server, grades_words(proof))
            : fmt::format("NOT PROVED on {}: {}.", proof.server, failures_words(view, proof));
    return first + locks_words(proof);
}

std::string_view verdict_of(VerifyGrade grade) {
    static constexpr std::string_view kWords[] = {"exact", "as before but for data that is lost",
                                                  "cannot be undone", "FAILS", "not run"};
    return kWords[static_cast<std::size_t>(grade)];
}

}  // namespace

std::string forward_sql(const ReviewView& view, const ReviewedChangeSet& reviewed) {
    const PlannedChangeSet& planned = view.review.plan.changesets[reviewed.planned];
    const bool matched = planned.statements.size() == reviewed.forward.size();
    std::string out;
    std::optional<std::size_t> last;
    for (std::size_t i = 0; i < reviewed.forward.size(); ++i) {
        const std::size_t now = matched ? planned.statements[i].transaction : planned.transaction;
        if (last != now) out += transaction_comment(now);
        last = now;
        out += statement_line(reviewed.forward[i]);
    }
    return out.empty() ? comment("nothing to do") : out;
}

std::string backward_sql(const ReviewView& view, const ReviewedChangeSet& reviewed) {
    const UndoWords words = undo_words(view, reviewed);
    std::string out;
    if (words.grade == "impossible") out += comment("cannot be undone: " + words.detail);
    if (words.grade == "loses data") out += comment("does not bring back " + words.detail);
    if (reviewed.undo.observed) out += comment("found out when it is applied, by looking before and after");
    for (const review::Proof& proof : view.review.proofs)
        if (const auto grade = grade_on(proof, reviewed.index))
            out += comment(fmt::format("up, down, up on {}: {}", proof.server, verdict_of(*grade)));
    for (const std::string& sql : reviewed.backward) out += statement_line(sql);
    return out.empty() ? comment("nothing to do") : out;
}

std::string proof_line(const ReviewView& view) {
    std::vector<std::string> out;
    for (const review::Proof& proof : view.review.proofs) out.push_back(proof_words(view, proof));
    return join(out, " ");
}

std::string schema_words(const review::SchemaChanges& schema) {
    if (!schema.proven) return "as the changelog describes it";
    constexpr std::size_t kMost = 5;
    const auto words = [](const std::vector<catalog::Difference>& differences) {
        std::vector<std::string> out;
        for (const catalog::Difference& each : differences) {
            if (out.size() == kMost) break;
            out.push_back(difference_words(each, 100));
        }
        if (differences.size() > kMost) out.push_back(fmt::format("{} more", differences.size() - kMost));
        return join(out, "; ");
    };
    std::string out = "as introspected on a scratch server";
    if (!schema.unexpected.empty())
        out += fmt::format(", where the changelog does not tell of {}", words(schema.unexpected));
    if (!schema.missing.empty())
        out += fmt::format(", {} what the changelog tells of: {}",
                           schema.unexpected.empty() ? "without" : "and without", words(schema.missing));
    return out;
}

std::string changeset_words(const ChangeSet& changeset) {
    return fmt::format("{}, by {} in {}", changeset.key.id, changeset.key.author, place_words(changeset));
}

std::vector<HistoryRow> history_rows(const ReviewView& view) {
    std::vector<HistoryRow> out;
    for (const review::ChangedChangeSet& each : view.review.history.changesets) {
        HistoryRow& row = out.emplace_back();
        row.kind = to_string(each.kind);
        const ChangeSet& changeset =
            each.head ? view.head.changesets[*each.head] : view.base.changesets[each.base.value_or(0)];
        row.changeset = changeset.key.id;
        row.place = place_words(changeset);
        if (each.kind == review::ChangeKind::renamed && each.base)
            row.details.push_back("was " + to_string(view.base.changesets[*each.base].key));
        else
            row.details.insert(row.details.end(), each.differences.begin(), each.differences.end());
        if (!each.applied_in.empty()) row.details.push_back("applied in " + join(each.applied_in, ", "));
        if (each.breaks_history) row.details.emplace_back("databases that have it refuse the next update");
        row.breaks = each.breaks_history;
    }
    return out;
}

std::vector<ConflictRow> conflict_rows(const ReviewView& view) {
    constexpr std::size_t kMostObjects = 5;
    std::vector<ConflictRow> out;
    for (const review::Conflict& conflict : view.review.conflicts) {
        ConflictRow& row = out.emplace_back();
        row.ours = changeset_words(view.head.changesets[conflict.ours]);
        if (view.theirs != nullptr) row.theirs = changeset_words(view.theirs->changesets[conflict.theirs]);
        std::vector<std::string> names;
        for (std::size_t i = 0; i < std::min(kMostObjects, conflict.objects.size()); ++i)
            names.push_back(to_string(conflict.objects[i]));
        if (conflict.objects.size() > kMostObjects)
            names.push_back(fmt::format("{} more", conflict.objects.size() - kMostObjects));
        row.objects = join(names, ", ");
        row.reason = conflict.reason;
    }
    return out;
}

std::vector<EnvironmentRow> environment_rows(const ReviewView& view) {
    std::vector<EnvironmentRow> out;
    for (const review::ReviewedEnvironment& each : view.review.environments) {
        // One without a name stands for all, of which nothing may be known.
        if (each.name.empty() && !each.pending && each.not_selected.empty() && each.server_version == 0)
            continue;
        EnvironmentRow& row = out.emplace_back();
        row.name = each.name.empty() ? "any" : each.name;
        row.server = version_words(each.server_version);
        row.pending = each.pending ? fmt::format("{}", *each.pending) : "not known";
        if (each.earlier > 0) row.pending += fmt::format(", {} of them from before", each.earlier);
        std::vector<std::string> names;
        for (const std::size_t index : each.not_selected) names.push_back(view.head.changesets[index].key.id);
        row.left_out = join(names, ", ");
        row.blocked = each.blocked.known() && each.blocked.high == 0 ? "-" : estimate_text(each.blocked);
        row.differing = join(each.differing, ", ");
    }
    return out;
}

std::string without_connection(const std::string& command) {
    static constexpr std::string_view kSigns[] = {
        "://", "password=", "host=", "dbname=", "service=", "user="};
    std::string out, word;
    char quote = 0;
    const auto take = [&] {
        const bool secret = std::any_of(std::begin(kSigns), std::end(kSigns), [&](std::string_view sign) {
            return lower(word).find(sign) != std::string::npos;
        });
        const std::size_t option = word.starts_with("--") ? word.find('=') + 1 : 0;
        out += secret ? word.substr(0, option) + "\"$CHANGELOG_DATABASE_URL\"" : word;
        word.clear();
    };
    for (const char c : command) {
        if (quote == 0 && (c == '\'' || c == '"'))
            quote = c;
        else if (c == quote)
            quote = 0;
        if (c == ' ' && quote == 0) {
            take();
            out += c;
        } else {
            word += c;
        }
    }
    take();
    return out;
}

std::string difference_words(const catalog::Difference& difference, std::size_t width) {
    return shorten(catalog::to_string(difference), width);
}

}  // namespace changelog::report
