#include "core/text.hpp"
#include "report/diagnostics.hpp"
#include "report/html.hpp"
#include "report/pictures.hpp"
#include "report/review_html.hpp"
#include "report/unified_diff.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::report {

namespace {

using review::LocatedFinding;
using review::ReviewedChangeSet;

// A page that no browser opens tells nothing.
constexpr std::size_t kMostRows = 2000, kMostSql = 50'000, kMostSqlOfAll = 2'000'000, kMostWhy = 4000,
                      kMostFindings = 1000;

std::string_view class_of(UndoLevel level) {
    return level == UndoLevel::safe ? "safe" : level == UndoLevel::care ? "care" : "loss";
}

std::string_view class_of(Severity severity) {
    return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

std::string cell(std::string_view label, const std::string& html, std::string_view kind = {}) {
    if (html.empty()) return fmt::format("<td class=\"none {}\"></td>", kind);
    return fmt::format("<td data-label=\"{}\" class=\"{}\">{}</td>", label, kind, html);
}

std::string code(const std::string& text, std::size_t most = 200) {
    return text.empty() ? "" : "<code>" + html_text(text, most) + "</code>";
}

std::string pill(std::string_view kind, const std::string& text) {
    return fmt::format("<span class=\"pill {}\">{}</span>", kind, html_text(text));
}

std::string plan_row(const PlanRow& row) {
    const std::string lock = row.lock.empty() ? "" : html_text(row.lock) + "<br>" + code(row.relation, 100);
    std::string undo = pill(class_of(row.undo.level), row.undo.grade);
    if (!row.undo.detail.empty()) undo += "<small>" + html_text(row.undo.detail, 300) + "</small>";
    std::string statement = code(row.statement, 300);
    if (!row.notes.empty()) statement += "<small>" + html_text(row.notes, 500) + "</small>";
    const std::string_view kind = row.severity ? class_of(*row.severity) : "calm";
    std::string out = fmt::format("<tr class=\"{}\">", kind);
    out += cell("#", row.number == 0 ? "" : fmt::format("{}", row.number), "number");
    out += cell("changeset", html_text(row.changeset, 100)) + cell("statement", statement, "wide");
    out += cell("lock", lock) +
           cell("blocks", row.blocks.empty() ? "" : pill(row.blocks == "W" ? "care" : "loss", row.blocks));
    out += cell("work", html_text(row.work)) + cell("rows, size", html_text(row.size), "number");
    out += cell("held",
                row.hold.empty() ? ""
                                 : fmt::format("<span title=\"basis: {}\">{}</span>", html_text(row.basis),
                                               html_text(row.hold)),
                "number");
    out += cell("tx", html_text(row.transaction), "number") + cell("undo", undo);
    return out + "</tr>\n";
}

std::string fixes(const ReviewView& view, const Diagnostic& item) {
    std::string out;
    for (const Fix& fix : item.fixes) {
        const std::string diff = view.head.sources ? fix_diff(fix, *view.head.sources) : "";
        if (diff.empty()) continue;
        out += fmt::format("<p class=\"fix\">{}{}</p>\n<pre class=\"diff\">{}</pre>\n", html_text(fix.title),
                           fix.safe ? " <small><code>changelog fix</code> applies it</small>" : "",
                           html_diff(diff));
    }
    if (!out.empty()) return out;
    for (const std::string& next : item.next) out += "<li>" + html_text(next) + "</li>";
    return out.empty() ? out : "<ul class=\"next\">" + out + "</ul>\n";
}

std::string finding(const ReviewView& view, const LocatedFinding& finding) {
    const Diagnostic& item = finding.item;
    std::string out =
        fmt::format("<article class=\"finding {}\">\n<h3><b>{}</b> {}</h3>\n<p class=\"place\">",
                    class_of(item.severity), html_text(item.code), html_text(item.title));
    out += code(place_of(finding));
    if (const std::string id = changeset_of(finding); !id.empty()) out += " in " + html_text(id, 100);
    if (finding.ordinal != 0) out += fmt::format(", statement {}", finding.ordinal);
    out += "</p>\n";
    if (!item.why.empty()) out += "<p class=\"why\">" + html_lines(clip_utf8(item.why, kMostWhy)) + "</p>\n";
    return out + fixes(view, item) + "</article>\n";
}

std::string clipped(const std::string& sql) {
    if (sql.size() <= kMostSql) return sql;
    return clip_utf8(sql, kMostSql) + fmt::format("\n-- {} more bytes\n", sql.size() - kMostSql);
}

std::string changeset_sql(const ReviewView& view, const ReviewedChangeSet& reviewed) {
    const UndoWords undo = undo_words(view, reviewed);
    std::string summary = html_text(view.head.changesets[reviewed.index].key.id, 100) + ' ' +
                          pill(class_of(undo.level), undo.grade);
    if (!undo.detail.empty()) summary += " <small>" + html_text(undo.detail, 300) + "</small>";
    const bool open = view.review.changesets.size() <= 20;
    return fmt::format(
        "<details{3}><summary>{0}</summary>\n<div class=\"both\"><div><h4>forward</h4><pre>{1}</pre></div>"
        "<div><h4>rollback</h4><pre>{2}</pre></div></div></details>\n",
        summary, html_sql(clipped(forward_sql(view, reviewed))),
        html_sql(clipped(backward_sql(view, reviewed))), open ? " open" : "");
}

std::string table(std::initializer_list<std::string_view> titles, const std::string& rows) {
    if (rows.empty()) return {};
    std::string head;
    for (const std::string_view title : titles) head += fmt::format("<th>{}</th>", title);
    return fmt::format(
        "<div class=\"scroll\"><table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody></table></div>\n",
        head, rows);
}

std::string differences(const std::vector<catalog::Difference>& all) {
    std::string out;
    for (const catalog::Difference& each : all) {
        const std::string words = difference_words(each, 300);
        out += (each.kind == catalog::Difference::Kind::changed ? "! " + words : words) + '\n';
    }
    return "<pre class=\"diff\">" + html_diff(out) + "</pre>\n";
}

/// A choice without a script: what is not chosen is hidden by the style sheet.
std::string choice(std::string_view group, std::string_view value, std::string_view label, bool first) {
    return fmt::format(
        "<input type=\"radio\" name=\"{0}\" id=\"{0}-{1}\"{3}><label for=\"{0}-{1}\">{2}</label>\n", group,
        value, label, first ? " checked" : "");
}

}  // namespace

std::string html_plan(const ReviewView& view) {
    const std::vector<PlanRow> all = plan_rows(view);
    if (all.empty()) return html_section("plan", "Plan", "<p>Nothing would run.</p>\n");
    std::string rows;
    for (std::size_t i = 0; i < std::min(kMostRows, all.size()); ++i) rows += plan_row(all[i]);
    std::string body =
        choice("rows", "all", "every statement", true) + choice("rows", "grave", "only with findings", false);
    body += table(
        {"#", "changeset", "statement", "lock", "blocks", "work", "rows, size", "held", "tx", "undo"}, rows);
    if (all.size() > kMostRows)
        body += fmt::format("<p class=\"note\">{} more are not shown.</p>\n", all.size() - kMostRows);
    return html_section("plan", "Plan", body);
}

std::string html_findings(const ReviewView& view) {
    std::string body;
    std::size_t shown = 0;
    for (const Severity severity : {Severity::error, Severity::warning, Severity::note})
        for (const LocatedFinding* each : findings_of(view, severity)) {
            if (shown++ < kMostFindings) body += finding(view, *each);
        }
    if (shown > kMostFindings)
        body += fmt::format("<p class=\"more\">{} more are not shown.</p>\n", shown - kMostFindings);
    if (body.empty()) return html_section("findings", "Findings", "<p>None.</p>\n");
    const std::string choices = choice("level", "should", "must and should fix", true) +
                                choice("level", "must", "only must fix", false) +
                                choice("level", "notes", "with notes", false);
    return html_section("findings", "Findings", choices + body);
}

std::string html_changesets(const ReviewView& view) {
    std::string body;
    if (const std::string proof = proof_line(view); !proof.empty())
        body += fmt::format("<p class=\"proof {}\">{}</p>\n",
                            std::all_of(view.review.proofs.begin(), view.review.proofs.end(),
                                        [](const auto& each) { return each.holds(); })
                                ? "safe"
                                : "loss",
                            html_text(proof, 4000));
    std::size_t left_out = 0;
    for (const ReviewedChangeSet& each : view.review.changesets)
        if (body.size() < kMostSqlOfAll)
            body += changeset_sql(view, each);
        else
            ++left_out;
    if (left_out > 0) body += fmt::format("<p class=\"note\">{} more are not shown.</p>\n", left_out);
    return html_section("sql", "SQL forward and rollback", body);
}

std::string html_history(const ReviewView& view) {
    std::string rows, notes;
    for (const HistoryRow& row : history_rows(view))
        rows += fmt::format("<tr class=\"{}\">{}{}{}{}</tr>\n", row.breaks ? "error" : "calm",
                            cell("change", pill(row.breaks ? "loss" : "safe", row.kind)),
                            cell("changeset", html_text(row.changeset, 100)), cell("where", code(row.place)),
                            cell("what", html_text(join(row.details, "; ")), "wide"));
    for (const std::string& note : view.review.history.notes) notes += "<li>" + html_text(note) + "</li>";
    std::string body = table({"change", "changeset", "where", "what"}, rows);
    if (!notes.empty()) body += "<ul>" + notes + "</ul>\n";
    return html_section("history", "History and order", body + graph_picture(view));
}

std::string html_conflicts(const ReviewView& view) {
    std::string rows;
    for (const ConflictRow& row : conflict_rows(view))
        rows += "<tr class=\"error\">" + cell("here", html_text(row.ours, 300)) +
                cell("there", html_text(row.theirs, 300)) + cell("why", html_text(row.reason), "wide") +
                cell("objects", html_text(row.objects)) + "</tr>\n";
    return html_section("conflicts", "Conflicts with " + view.review.base.name,
                        table({"here", "there", "why", "objects"}, rows));
}

std::string html_environments(const ReviewView& view) {
    std::string rows;
    for (const EnvironmentRow& row : environment_rows(view))
        rows += "<tr>" + cell("environment", html_text(row.name)) + cell("server", html_text(row.server)) +
                cell("pending", html_text(row.pending)) +
                cell("left out by contexts", html_text(row.left_out)) +
                cell("others wait", html_text(row.blocked), "number") +
                cell("differs by version", html_text(row.differing)) + "</tr>\n";
    return html_section("environments", "Environments",
                        table({"environment", "server", "pending", "left out by contexts", "others wait",
                               "differs by version"},
                              rows));
}

std::string html_schema(const ReviewView& view) {
    const review::SchemaChanges& schema = view.review.schema;
    if (schema.differences.empty()) return {};
    std::string body =
        fmt::format("<p class=\"note\">{}, {}.</p>\n", counted(schema.differences.size(), "difference"),
                    html_text(schema_words(schema), 2000));
    body += tables_picture(view);
    if (!schema.rights.empty()) body += "<h3>Rights and row security</h3>\n" + differences(schema.rights);
    return html_section("schema", "Schema",
                        body + "<h3>All differences</h3>\n" + differences(schema.differences));
}

std::string html_suppressed(const ReviewView& view) {
    std::string rows;
    for (const LocatedFinding& each : view.review.suppressed)
        rows += "<tr>" + cell("rule", html_text(each.item.code) + ' ' + code(each.rule)) +
                cell("where", code(place_of(each))) + cell("reason", html_text(each.allowed), "wide") +
                cell("until", html_text(each.allowed_until.empty() ? "for good" : each.allowed_until)) +
                "</tr>\n";
    return html_section("suppressed", "Suppressions", table({"rule", "where", "reason", "until"}, rows));
}

}  // namespace changelog::report
