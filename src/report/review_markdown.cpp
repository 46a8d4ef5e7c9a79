// The whole comment, cut to what GitHub and GitLab take.
#include "report/review_markdown.hpp"

#include "core/text.hpp"
#include "report/diagnostics.hpp"
#include "report/markdown.hpp"
#include "report/unified_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace changelog::report {

namespace {

using review::LocatedFinding;

/// GitHub takes 65,536 characters; bytes are never fewer.
constexpr std::size_t kCap = 65'000;

std::string_view verdict_sign(review::Verdict verdict) {
    return verdict == review::Verdict::block ? "⛔" : verdict == review::Verdict::warn ? "⚠️" : "✅";
}

std::string severity_sign(const std::optional<Severity>& severity) {
    if (!severity) return {};
    return *severity == Severity::error ? "⛔ " : "⚠️ ";
}

std::string bold(const std::string& text, bool wanted) { return wanted ? "**" + text + "**" : text; }

/// The columns that say something in any row, so that the table is no wider than it has to be.
struct Columns {
    bool lock = false, work = false, notes = false;
};

std::string plan_line(const PlanRow& row, const Shown& shown, const Columns& columns) {
    const bool grave = row.severity.has_value();
    std::string out = fmt::format("| {} | {} | {}{} |", row.number == 0 ? "" : fmt::format("{}", row.number),
                                  bold(markdown_code(row.changeset, 60), grave), severity_sign(row.severity),
                                  bold(markdown_text(row.statement, shown.statement), grave));
    if (columns.lock) {
        const std::string lock = row.lock.empty() ? "–" : row.lock + " → " + markdown_code(row.relation, 60);
        out += fmt::format(" {} | {} | {} |", lock, row.blocks.empty() ? "–" : bold(row.blocks, grave),
                           markdown_text(row.size, 40));
    }
    if (columns.work)
        out += fmt::format(" {} | {} |", markdown_text(row.work, 20),
                           row.hold.empty() ? "–" : markdown_text(row.hold, 20));
    out += fmt::format(" {} | {} {} |", row.transaction, undo_sign(row.undo.level), row.undo.grade);
    if (columns.notes) out += fmt::format(" {} |", markdown_text(row.notes, shown.statement));
    return out + '\n';
}

std::string plan_heading(const Columns& columns) {
    std::string first = "| # | changeset | statement |", second = "|--:|---|---|";
    if (columns.lock) first += " lock → object | blocks | rows, size |", second += "---|:-:|--:|";
    if (columns.work) first += " work | est. hold |", second += "---|--:|";
    first += " tx | undo |", second += ":-:|---|";
    if (columns.notes) first += " note |", second += "---|";
    return first + '\n' + second + '\n';
}

std::string fix_block(const ReviewView& view, const Diagnostic& item, const Shown& shown) {
    if (!shown.diffs) return {};
    for (const Fix& fix : item.fixes) {
        const std::string diff = view.head.sources ? fix_diff(fix, *view.head.sources) : "";
        if (diff.empty()) continue;
        return fmt::format("\n{}{}:\n\n{}", markdown_text(fix.title, shown.text),
                           fix.safe ? " (safe: `changelog fix` applies it)" : "",
                           markdown_block("diff", diff));
    }
    return {};
}

std::string finding_block(const ReviewView& view, const LocatedFinding& finding, const Shown& shown) {
    const Diagnostic& item = finding.item;
    std::string out = fmt::format("**{}** ", item.code);
    if (const std::string place = place_of(finding); !place.empty()) out += markdown_code(place) + " — ";
    out += markdown_text(item.title, shown.text) + ".";
    if (const std::string id = changeset_of(finding); !id.empty()) {
        out += fmt::format(" Changeset {}", markdown_code(id, 60));
        out += finding.ordinal == 0 ? "." : fmt::format(", statement {}.", finding.ordinal);
    }
    out += '\n';
    if (!item.why.empty() && shown.text > 100)
        out += '\n' + markdown_text(join(split(item.why, '\n'), " "), shown.text * 2) + '\n';
    const std::string fix = fix_block(view, item, shown);
    out += fix;
    if (fix.empty() && shown.diffs && !item.next.empty()) {
        out += '\n';
        for (const std::string& next : item.next) out += "- " + markdown_text(next, shown.text) + '\n';
    }
    return out + '\n';
}

std::string left_out_words(const std::vector<std::string>& left_out, const std::string& command) {
    if (left_out.empty()) return {};
    return fmt::format("\n> [!NOTE]\n> Left out for lack of room: {}. All of it: {}\n", join(left_out, ", "),
                       markdown_code(without_connection(command) + " --format html", 1000));
}

std::string render(const ReviewView& view, const Shown& shown, const std::vector<std::string>& left_out) {
    return markdown_head(view, shown) + markdown_plan(view, shown) + markdown_findings(view, shown) +
           markdown_sql(view, shown) + markdown_history(view, shown) + markdown_environments(view, shown) +
           markdown_schema(view, shown) + markdown_suppressed(view, shown) +
           left_out_words(left_out, view.review.command) + markdown_footer(view);
}

/// A line for each code: the same advice for every statement is said once.
std::string notes_by_code(const ReviewView& view) {
    std::vector<std::pair<const LocatedFinding*, std::size_t>> codes;
    for (const LocatedFinding* note : findings_of(view, Severity::note)) {
        const auto same = [&](const auto& each) { return each.first->item.code == note->item.code; };
        const auto known = std::find_if(codes.begin(), codes.end(), same);
        if (known == codes.end())
            codes.emplace_back(note, 1);
        else
            ++known->second;
    }
    std::string out;
    for (const auto& [note, count] : codes)
        out += fmt::format("- **{}** {}{} {}\n", note->item.code,
                           count == 1 ? "" : fmt::format("{} times, first at ", count),
                           markdown_code(place_of(*note)), markdown_text(note->item.title, 200));
    return out;
}

}  // namespace

std::string_view undo_sign(UndoLevel level) {
    return level == UndoLevel::safe ? "🟢" : level == UndoLevel::care ? "🟡" : "🔴";
}

std::string markdown_details(const std::string& summary, const std::string& body) {
    if (body.empty()) return {};
    return fmt::format("<details><summary>{}</summary>\n\n{}{}\n</details>\n\n", summary, body,
                       body.ends_with('\n') ? "" : "\n");
}

std::string markdown_head(const ReviewView& view, const Shown& shown) {
    const review::Review& review = view.review;
    std::string out =
        fmt::format("<!-- changelog-review:v1:{}:{} -->\n", markdown_marker(clip_utf8(view.project, 200)),
                    markdown_marker(clip_utf8(review.changelog_file, 200)));
    std::vector<std::string> basis = {verdict_scope(view)};
    for (const std::string& line : basis_lines(view)) basis.push_back(markdown_text(line, 200));
    if (basis.size() > 6) basis.resize(6);
    out += fmt::format("## {} {} — {}\n\n", verdict_sign(review.verdict()), verdict_word(review.verdict()),
                       join(basis, " · "));
    out += fmt::format("**{}.** {} must fix, {} should fix",
                       markdown_text(verdict_reason(view), std::max<std::size_t>(600, shown.text)),
                       review.count(Severity::error), review.count(Severity::warning));
    if (const std::size_t notes = review.count(Severity::note); notes > 0)
        out += fmt::format(", {}", counted(notes, "note"));
    return out + ".\n\n";
}

std::string markdown_plan(const ReviewView& view, const Shown& shown) {
    const std::vector<PlanRow> rows = plan_rows(view);
    if (rows.empty()) return {};
    Columns columns;
    for (const PlanRow& row : rows) {
        columns.lock |= !row.lock.empty();
        columns.work |= !row.lock.empty() || row.work != "catalog";
        columns.notes |= !row.notes.empty();
    }
    std::string out = plan_heading(columns);
    std::size_t left = shown.rows, grave = 0;
    for (const PlanRow& row : rows) grave += row.severity ? 1 : 0;
    for (const PlanRow& row : rows) {
        // Those that somebody has to look at come before those that are there for completeness.
        if (left == 0 || (!row.severity && left <= grave)) continue;
        --left;
        grave -= row.severity ? 1 : 0;
        out += plan_line(row, shown, columns);
    }
    if (rows.size() > shown.rows) out += fmt::format("\n…and {} more rows.\n", rows.size() - shown.rows);
    return out + '\n';
}

std::string markdown_findings(const ReviewView& view, const Shown& shown) {
    std::string out;
    std::size_t room = shown.findings;
    for (const auto& [severity, title] :
         {std::pair{Severity::error, "Must fix"}, std::pair{Severity::warning, "Should fix"}}) {
        const std::vector<const LocatedFinding*> findings = findings_of(view, severity);
        if (findings.empty()) continue;
        out += fmt::format("### {} ({})\n\n", title, findings.size());
        const std::size_t most = std::min(room, findings.size());
        for (std::size_t i = 0; i < most; ++i) out += finding_block(view, *findings[i], shown);
        if (most < findings.size()) out += fmt::format("…and {} more.\n\n", findings.size() - most);
        room -= most;
    }
    return out + markdown_details(counted(view.review.count(Severity::note), "note"),
                                  shown.order ? notes_by_code(view) : "");
}

std::string markdown_suppressed(const ReviewView& view, const Shown& shown) {
    constexpr std::size_t kMost = 50;
    const std::vector<LocatedFinding>& all = view.review.suppressed;
    if (all.empty()) return "Suppressions: none\n";
    std::string out = fmt::format("### Suppressions ({})\n\n", all.size());
    if (!shown.order) return out;
    for (std::size_t i = 0; i < std::min(kMost, all.size()); ++i) {
        const LocatedFinding& each = all[i];
        out +=
            fmt::format("- **{}** {} {} — {}{}\n", each.item.code, markdown_code(each.rule),
                        markdown_code(place_of(each)), markdown_text(each.allowed, 200),
                        each.allowed_until.empty() ? "" : ", until " + markdown_text(each.allowed_until, 30));
    }
    if (all.size() > kMost) out += fmt::format("- …and {} more\n", all.size() - kMost);
    return out;
}

std::string markdown_footer(const ReviewView& view) {
    return fmt::format("\n<sub>reproduce: {} · changelog {}</sub>\n",
                       markdown_code(without_connection(view.review.command), 1000),
                       markdown_text(view.review.version, 40));
}

std::string review_markdown(const ReviewView& view) {
    Shown shown;
    std::vector<std::string> left_out;
    std::string out = render(view, shown, left_out);
    const auto without = [&](const std::string& what, auto&& change) {
        if (out.size() <= kCap) return;
        change();
        if (!what.empty()) left_out.push_back(what);
        out = render(view, shown, left_out);
    };
    without("the SQL both ways", [&] { shown.sql = false; });
    without("the schema's difference", [&] { shown.schema = false; });
    without(view.review.plan.statements > 40 ? "rows of the plan over 40" : "", [&] { shown.rows = 40; });
    without("the graph and further details", [&] { shown.order = false; });
    without("the edits of fixes", [&] { shown.diffs = false; });
    without("findings over 40", [&] { shown.findings = 40; });
    without("long texts", [&] { shown.text = 120, shown.statement = 40; });
    return out.size() <= kCap ? out : clip_utf8(out, kCap - 1) + '\n';
}

}  // namespace changelog::report
