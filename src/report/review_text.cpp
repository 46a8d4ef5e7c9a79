// A review on a terminal.
#include "core/text.hpp"
#include "report/data_lines.hpp"
#include "report/diagnostics.hpp"
#include "report/plan.hpp"
#include "report/review_words.hpp"
#include "report/table.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

namespace changelog::report {

namespace {

using review::LocatedFinding;
using review::ReviewedChangeSet;

std::string heading(const std::string& title, bool colour) {
    return colour ? "\n\033[1m" + title + "\033[0m\n" : "\n" + title + '\n';
}

std::string_view paint(review::Verdict verdict) {
    return verdict == review::Verdict::block  ? "\033[1;31m"
           : verdict == review::Verdict::warn ? "\033[1;33m"
                                              : "\033[1;32m";
}

std::string head(const ReviewView& view, bool colour) {
    const review::Verdict verdict = view.review.verdict();
    const std::string word = verdict_word(verdict);
    std::string out = colour ? fmt::format("{}{}\033[0m", paint(verdict), word) : word;
    out += ": " + visible(verdict_scope(view) + "; " + verdict_reason(view)) + '\n';
    return out + visible(join(basis_lines(view), "; ")) + '\n';
}

/// Without its verdict, which ours holds.
std::string plan(const ReviewView& view, std::size_t width, bool verbose) {
    const std::string text = plan_text(view.head, view.review.plan, width, verbose);
    return view.review.plan.changesets.empty() ? "" : text.substr(std::min(text.find('\n') + 1, text.size()));
}

/// The line in the file is shown, unless that would show data.
Diagnostic without_data_in_excerpt(Diagnostic item) {
    if (may_hold_data(item.where.excerpt)) item.where.excerpt.clear();
    return item;
}

std::string findings(const ReviewView& view, bool colour, bool verbose) {
    std::string out;
    const auto section = [&](Severity severity, const char* title) {
        const std::vector<const LocatedFinding*> found = findings_of(view, severity);
        if (found.empty()) return;
        out += heading(fmt::format("{} ({})", title, found.size()), colour);
        for (const LocatedFinding* finding : found) {
            out += to_text(visible(without_data_in_excerpt(finding->item)), colour);
            for (const Fix& fix : finding->item.fixes)
                if (!fix.edits.empty())
                    out += fmt::format("      fix: {}{}\n", visible(fix.title),
                                       fix.safe ? " (changelog fix applies it)" : "");
        }
    };
    section(Severity::error, "Must fix");
    section(Severity::warning, "Should fix");
    if (verbose) section(Severity::note, "Notes");
    const std::size_t notes = view.review.count(Severity::note);
    if (!verbose && notes > 0) out += fmt::format("\n{} (-v shows them)\n", counted(notes, "note"));
    return out;
}

std::string indented(const std::string& text) {
    std::string out;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        out += "    " + text.substr(begin, end - begin) + '\n';
        begin = end + 1;
    }
    return out;
}

std::string sql(const ReviewView& view, bool colour) {
    std::string out;
    for (const ReviewedChangeSet& reviewed : view.review.changesets) {
        const UndoWords undo = undo_words(view, reviewed);
        out +=
            heading(fmt::format("SQL of {}", visible(view.head.changesets[reviewed.index].key.id)), colour);
        out += indented(visible(forward_sql(view, reviewed), Lines::many));
        out += fmt::format("  rollback: {}\n", visible(undo.grade));
        out += indented(visible(backward_sql(view, reviewed), Lines::many));
    }
    return out;
}

std::string history(const ReviewView& view, std::size_t width, bool colour) {
    const std::vector<HistoryRow> rows = history_rows(view);
    if (rows.empty() && view.review.history.notes.empty()) return {};
    std::string out = heading("History and order", colour);
    Table table({{"CHANGE"}, {"CHANGESET"}, {"WHERE"}, {"WHAT"}});
    for (const HistoryRow& row : rows)
        table.row({row.kind, visible(row.changeset), visible(row.place), visible(join(row.details, "; "))});
    if (!table.empty()) out += table.to_text(width);
    for (const std::string& note : view.review.history.notes) out += visible(note) + '\n';
    return out;
}

std::string conflicts(const ReviewView& view, bool colour) {
    std::string out;
    for (const ConflictRow& row : conflict_rows(view))
        out += fmt::format("{}\n  here:  {}\n  there: {}\n  of:    {}\n", visible(row.reason),
                           visible(row.ours), visible(row.theirs), visible(row.objects));
    return out.empty() ? out : heading("Conflicts with " + visible(view.review.base.name), colour) + out;
}

std::string environments(const ReviewView& view, std::size_t width, bool colour) {
    Table table({{"ENVIRONMENT"}, {"SERVER"}, {"PENDING"}, {"LEFT OUT"}, {"OTHERS WAIT"}, {"DIFFERS"}});
    for (const EnvironmentRow& row : environment_rows(view))
        table.row({visible(row.name), row.server, row.pending, visible(row.left_out), row.blocked,
                   visible(row.differing)});
    return table.empty() ? "" : heading("Environments", colour) + table.to_text(width);
}

std::string schema(const ReviewView& view, std::size_t width, bool colour, bool verbose) {
    const review::SchemaChanges& schema = view.review.schema;
    if (schema.differences.empty()) return {};
    constexpr std::size_t kMost = 30, kWide = 200;
    std::string out =
        heading(fmt::format("Schema ({}, {} of rights)", counted(schema.differences.size(), "difference"),
                            schema.rights.size()),
                colour);
    const std::size_t most = verbose ? schema.differences.size() : std::min(kMost, schema.differences.size());
    for (std::size_t i = 0; i < most; ++i)
        out += visible(difference_words(schema.differences[i], width == 0 ? kWide : width)) + '\n';
    if (most < schema.differences.size())
        out += fmt::format("and {} more; --verbose shows all\n", schema.differences.size() - most);
    if (schema.proven) out += "(" + visible(schema_words(schema)) + ")\n";
    return out;
}

std::string suppressed(const ReviewView& view, bool colour) {
    std::string out;
    for (const LocatedFinding& each : view.review.suppressed)
        out += fmt::format("{} {} {}: {}{}\n", each.item.code, visible(each.rule), visible(place_of(each)),
                           visible(each.allowed),
                           each.allowed_until.empty() ? "" : ", until " + visible(each.allowed_until));
    return out.empty() ? out : heading("Suppressed", colour) + out;
}

}  // namespace

std::string review_text(const ReviewView& view, std::size_t width, bool colour, bool verbose) {
    std::string out = head(view, colour) + plan(view, width, verbose) + findings(view, colour, verbose);
    const std::string proof = proof_line(view);
    if (!proof.empty()) out += '\n' + visible(proof) + '\n';
    if (verbose) out += sql(view, colour);
    out += history(view, width, colour) + conflicts(view, colour) + environments(view, width, colour) +
           schema(view, width, colour, verbose) + suppressed(view, colour);
    return out + "\nreproduce: " + visible(without_connection(view.review.command)) + '\n';
}

}  // namespace changelog::report
