// What stands behind the findings, most of it closed until somebody opens it.
#include "core/text.hpp"
#include "report/diagnostics.hpp"
#include "report/markdown.hpp"
#include "report/review_markdown.hpp"
#include "report/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace changelog::report {

namespace {

using review::ReviewedChangeSet;

constexpr std::size_t kMostSql = 4000;  // bytes of one changeset in one direction

/// Cut at the end of a line.
std::string clipped(const std::string& sql) {
    if (sql.size() <= kMostSql) return sql;
    std::string out = clip_utf8(sql, kMostSql);
    if (const std::size_t end = out.rfind('\n'); end != std::string::npos && end > kMostSql / 2)
        out.resize(end);
    return out + fmt::format("\n-- {} more bytes\n", sql.size() - out.size());
}

/// Both directions beside each other. Fenced blocks need empty lines around them within HTML.
std::string sql_block(const ReviewView& view, const ReviewedChangeSet& reviewed) {
    const ChangeSet& changeset = view.head.changesets[reviewed.index];
    const UndoWords undo = undo_words(view, reviewed);
    std::string out = fmt::format("**{}** {} {}", markdown_text(changeset.key.id, 80), undo_sign(undo.level),
                                  markdown_text(undo.grade, 60));
    if (!undo.detail.empty()) out += ": " + markdown_text(undo.detail, 300);
    return out + fmt::format(
                     "\n\n<table><tr><th>forward</th><th>rollback</th></tr><tr><td>\n\n{}\n</td><td>\n\n{}\n"
                     "</td></tr></table>\n\n",
                     markdown_block("sql", clipped(forward_sql(view, reviewed))),
                     markdown_block("sql", clipped(backward_sql(view, reviewed))));
}

/// The graph's names: changesets of head are c1, those that are gone from it g1.
class MermaidGraph {
  public:
    MermaidGraph(const ReviewView& view, std::size_t most) : view_(view), most_(most) {
        for (const std::size_t index : view.review.graph.added) add(index, "new");
        for (const auto& each : view.review.history.changesets)
            if (each.head && each.kind != review::ChangeKind::added) add(*each.head, "edited");
        for (const Edge& edge : view.review.graph.edges) {
            add(edge.from, "known");
            add(edge.to, "known");
        }
    }

    std::string text() const {
        if (classes_.empty()) return {};
        std::string out = "flowchart LR\n";
        for (const auto& [index, kind] : classes_)
            out += fmt::format("    c{}[{}]:::{}\n", index,
                               mermaid_label(view_.head.changesets[index].key.id, 40), kind);
        std::size_t edges = 0;
        for (const Edge& edge : view_.review.graph.edges)
            if (classes_.contains(edge.from) && classes_.contains(edge.to) && ++edges <= 4 * most_)
                out += fmt::format("    c{} --> c{}\n", edge.from, edge.to);
        if (left_out_ > 0) out += fmt::format("    more[\"and {} more\"]\n", left_out_);
        return out +
               "    classDef new fill:#d3f9d8,stroke:#2b8a3e,color:#000\n"
               "    classDef edited fill:#ffe3e3,stroke:#c92a2a,color:#000\n"
               "    classDef known fill:#f1f3f5,stroke:#868e96,color:#000\n";
    }

  private:
    void add(std::size_t index, const char* kind) {
        if (classes_.contains(index)) return;
        if (classes_.size() < most_)
            classes_.emplace(index, kind);
        else if (others_.insert(index).second)
            ++left_out_;
    }

    const ReviewView& view_;
    std::size_t most_, left_out_ = 0;
    std::map<std::size_t, const char*> classes_;
    std::set<std::size_t> others_;
};

std::string history_table(const ReviewView& view) {
    constexpr std::size_t kMost = 60;
    const std::vector<HistoryRow> rows = history_rows(view);
    if (rows.empty()) return {};
    std::string out = "| | changeset | where | what |\n|---|---|---|---|\n";
    for (std::size_t i = 0; i < std::min(kMost, rows.size()); ++i) {
        const HistoryRow& row = rows[i];
        out += fmt::format("| {}{} | {} | {} | {} |\n", row.breaks ? "⛔ " : "", row.kind,
                           markdown_code(row.changeset, 60), markdown_code(row.place),
                           markdown_text(join(row.details, "; "), 400));
    }
    if (rows.size() > kMost) out += fmt::format("\n…and {} more.\n", rows.size() - kMost);
    return out;
}

std::string notes_list(const std::vector<std::string>& notes) {
    constexpr std::size_t kMost = 30;
    std::string out;
    for (std::size_t i = 0; i < std::min(kMost, notes.size()); ++i)
        out += "- " + markdown_text(notes[i]) + '\n';
    if (notes.size() > kMost) out += fmt::format("- …and {} more\n", notes.size() - kMost);
    return out;
}

std::string conflicts_block(const ReviewView& view) {
    constexpr std::size_t kMost = 40;
    const std::vector<ConflictRow> rows = conflict_rows(view);
    if (rows.empty()) return {};
    std::string out =
        fmt::format("### Conflicts with {} ({})\n\n| here | there | why | objects |\n|---|---|---|---|\n",
                    markdown_text(view.review.base.name, 80), rows.size());
    for (std::size_t i = 0; i < std::min(kMost, rows.size()); ++i)
        out += fmt::format("| {} | {} | {} | {} |\n", markdown_text(rows[i].ours, 120),
                           markdown_text(rows[i].theirs, 120), markdown_text(rows[i].reason, 160),
                           markdown_text(rows[i].objects, 200));
    if (rows.size() > kMost) out += fmt::format("\n…and {} more.\n", rows.size() - kMost);
    return out + '\n';
}

std::string kinds_counted(const ReviewView& view) {
    std::map<review::ChangeKind, std::size_t> counts;
    for (const auto& each : view.review.history.changesets) ++counts[each.kind];
    std::vector<std::string> out;
    for (const auto& [kind, number] : counts) out.push_back(fmt::format("{} {}", number, to_string(kind)));
    return out.empty() ? "nothing changed" : join(out, ", ");
}

std::string differences_block(const std::vector<catalog::Difference>& differences) {
    constexpr std::size_t kMost = 150, kWidth = 160;
    std::string out;
    for (std::size_t i = 0; i < std::min(kMost, differences.size()); ++i) {
        const catalog::Difference& each = differences[i];
        const std::string words = difference_words(each, kWidth);
        // A changed property is marked as `diff` colours it.
        out += each.kind == catalog::Difference::Kind::changed ? "! " + words + '\n' : words + '\n';
    }
    if (differences.size() > kMost) out += fmt::format("# and {} more\n", differences.size() - kMost);
    return markdown_block("diff", out);
}

}  // namespace

std::string mermaid_graph(const ReviewView& view, std::size_t most) {
    return MermaidGraph(view, most).text();
}

std::string markdown_sql(const ReviewView& view, const Shown& shown) {
    const std::string proof = proof_line(view);
    if (!shown.sql || view.review.changesets.empty())
        return proof.empty() ? "" : markdown_text(proof, 1000) + "\n\n";
    std::string body;
    for (const ReviewedChangeSet& reviewed : view.review.changesets) body += sql_block(view, reviewed);
    return (proof.empty() ? "" : markdown_text(proof, 1000) + "\n\n") +
           markdown_details(fmt::format("SQL forward and rollback ({})",
                                        counted(view.review.plan.statements, "statement")),
                            body);
}

std::string markdown_history(const ReviewView& view, const Shown& shown) {
    std::string out = conflicts_block(view);
    const bool breaks =
        std::any_of(view.review.history.changesets.begin(), view.review.history.changesets.end(),
                    [](const auto& each) { return each.breaks_history; });
    const std::string summary = fmt::format("History and order: {}{}", kinds_counted(view),
                                            breaks ? " — what is applied already is touched" : "");
    std::string body = history_table(view) + '\n' + notes_list(view.review.history.notes);
    if (const std::string graph = shown.order ? mermaid_graph(view, 40) : ""; !graph.empty())
        body += "\n```mermaid\n" + graph + "```\n";
    if (const std::size_t lost = view.review.graph.lost.size(); lost > 0)
        body += fmt::format("\n{} of the base {} gone.\n", counted(lost, "edge"), lost == 1 ? "is" : "are");
    return out +
           (view.review.history.changesets.empty() ? summary + "\n\n" : markdown_details(summary, body));
}

std::string markdown_environments(const ReviewView& view, const Shown& shown) {
    const std::vector<EnvironmentRow> rows = environment_rows(view);
    if (rows.empty() || !shown.order) return {};
    std::vector<std::string> summary;
    std::string body =
        "| environment | server | pending | left out by contexts | others wait | differs by version |\n"
        "|---|---|---|---|--:|---|\n";
    for (const EnvironmentRow& row : rows) {
        summary.push_back(markdown_text(row.name, 40) + ' ' + markdown_text(row.pending, 60) + " pending");
        body += fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdown_code(row.name, 40),
                            markdown_text(row.server, 40), markdown_text(row.pending, 60),
                            markdown_text(row.left_out, 200), markdown_text(row.blocked, 40),
                            markdown_text(row.differing, 100));
    }
    if (summary.size() > 5) summary.resize(5);
    return markdown_details("Environments: " + join(summary, " · "), body);
}

std::string markdown_schema(const ReviewView& view, const Shown& shown) {
    const review::SchemaChanges& schema = view.review.schema;
    std::string out;
    if (!schema.rights.empty())
        out += fmt::format("**{} of rights or row security.**\n\n", counted(schema.rights.size(), "change"));
    if (!shown.schema || schema.differences.empty()) return out;
    std::string body = differences_block(schema.differences);
    if (schema.proven) body += "\n" + markdown_text("This is " + schema_words(schema), 1000) + ".\n";
    if (!schema.rights.empty())
        body += "\nOf them rights and row security:\n\n" + differences_block(schema.rights);
    const std::string diagram = review::er_diagram(
        view.review.after, review::touched_tables(view.review.before, view.review.after), 20);
    if (!diagram.empty()) body += "\n" + markdown_block("mermaid", diagram);
    return out +
           markdown_details(fmt::format("Schema: {}, {}", counted(schema.differences.size(), "difference"),
                                        schema.proven ? "as introspected on a scratch server"
                                                      : "as the changelog describes it"),
                            body);
}

}  // namespace changelog::report
