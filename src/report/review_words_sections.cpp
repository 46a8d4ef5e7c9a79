// The sections behind the findings in words.
#include "core/text.hpp"
#include "report/diagnostics.hpp"
#include "report/plan.hpp"
#include "report/review_words.hpp"
#include "report/table.hpp"
#include "review/diagnose_masking.hpp"

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

std::string failures_words(const review::Proof& proof) {
    std::vector<std::string> out;
    for (const auto& each : proof.verified.changesets)
        if (each.grade == VerifyGrade::failed)
            out.push_back(each.error.empty() ? join(each.differences, ", ") : review::masked(each.error));
    for (const execute::WholeStep* step : {&proof.verified.rollback, &proof.verified.update})
        if (!step->good())
            out.push_back(step->error.empty() ? join(step->differences, ", ") : review::masked(step->error));
    return join(out, "; ");
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
    for (const std::string& sql : reviewed.backward) out += statement_line(sql);
    return out.empty() ? comment("nothing to do") : out;
}

std::string proof_line(const ReviewView& view) {
    if (!view.review.proof) return {};
    const review::Proof& proof = *view.review.proof;
    std::string out = proof.verified.good()
                          ? fmt::format(
                                "Applied, rolled back and applied again on {}: each time the schema was "
                                "what it had to be.",
                                proof.server)
                          : fmt::format("NOT PROVED on {}: {}.", proof.server, failures_words(proof));
    if (proof.traced > 0)
        out += proof.disagreements.empty()
                   ? fmt::format(" The locks of {} were measured and are as stated.",
                                 counted(proof.traced, "statement"))
                   : fmt::format(" Of {} whose locks were measured, these differ from what is stated: {}.",
                                 counted(proof.traced, "statement"), join(proof.disagreements, "; "));
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
