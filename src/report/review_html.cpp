// The page as a whole: what is seen first, and what nobody may load.
#include "report/review_html.hpp"

#include "core/text.hpp"
#include "report/attic.hpp"
#include "report/diagnostics.hpp"
#include "report/html.hpp"
#include "report/pictures.hpp"
#include "report/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::report {

namespace {

/// A number that somebody looks for, with what it is of. `kind` colours it.
std::string tile(std::string_view kind, const std::string& value, const std::string& label) {
    return fmt::format("<li class=\"{}\"><strong>{}</strong><span>{}</span></li>\n", kind, html_text(value),
                       html_text(label));
}

std::string counted_tile(std::string_view kind, std::size_t number, std::string_view label) {
    return tile(number == 0 ? "fine" : kind, fmt::format("{}", number), std::string(label));
}

std::string lock_tile(const review::Review& review) {
    const execute::PlannedStatement* longest = review.plan.longest();
    if (longest == nullptr) return tile("fine", "none", "lock that others wait for");
    const execute::PlannedLock& lock = longest->locks.front();
    const bool noticed = !longest->hold.known() || longest->hold.high >= 1;
    std::string label = fmt::format(
        "{} of {} stopped", longest->blocks_reads() ? "reads and writes" : "writes", lock.relation.name);
    if (lock.size.exists() && lock.size.rows >= 0)
        label += fmt::format(" ({} rows, {})", row_count(lock.size.rows), byte_size(lock.size.bytes()));
    return tile(noticed ? "error" : "fine", estimate_text(longest->hold), label);
}

std::string tiles(const ReviewView& view) {
    const review::Review& review = view.review;
    std::size_t lossy = 0, touched = 0;
    for (const auto& each : review.changesets)
        lossy += undo_words(view, each).level == UndoLevel::loss ? 1 : 0;
    for (const auto& each : review.history.changesets) touched += each.breaks_history ? 1 : 0;
    return "<ul class=\"tiles\">\n" + counted_tile("error", review.count(Severity::error), "must fix") +
           counted_tile("warning", review.count(Severity::warning), "should fix") + lock_tile(review) +
           counted_tile("error", lossy, "lose data or cannot be undone") +
           counted_tile("error", touched, "applied changesets touched") +
           counted_tile("error", review.conflicts.size(), "conflicts with the base branch") + "</ul>\n";
}

std::string header(const ReviewView& view) {
    const review::Review& review = view.review;
    std::string basis;
    for (const std::string& line : basis_lines(view)) basis += "<li>" + html_text(line) + "</li>";
    return fmt::format(
        "<header class=\"{}\">\n<p class=\"verdict\">{}</p>\n<h1>{}</h1>\n<ul "
        "class=\"basis\">{}</ul>\n</header>\n",
        to_string(review.verdict()), verdict_word(review.verdict()),
        html_text(verdict_scope(view) + "; " + verdict_reason(view)), basis);
}

std::string navigation(const std::string& body) {
    static constexpr std::pair<std::string_view, std::string_view> kSections[] = {
        {"plan", "Plan"},       {"findings", "Findings"},       {"sql", "SQL"},
        {"history", "History"}, {"conflicts", "Conflicts"},     {"environments", "Environments"},
        {"schema", "Schema"},   {"suppressed", "Suppressions"},
    };
    std::string out;
    for (const auto& [id, title] : kSections)
        if (body.find(fmt::format("<section id=\"{}\">", id)) != std::string::npos)
            out += fmt::format("<a href=\"#{}\">{}</a>", id, title);
    return "<nav>" + out + "</nav>\n";
}

}  // namespace

std::string html_section(std::string_view id, std::string_view title, const std::string& body) {
    if (body.empty()) return {};
    return fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", id, html_text(title), body);
}

std::string review_html(const ReviewView& view) {
    const review::Review& review = view.review;
    const std::string body = html_plan(view) + html_findings(view) + html_changesets(view) +
                             html_history(view) + html_conflicts(view) + html_environments(view) +
                             html_schema(view) + html_suppressed(view);
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'\">\n"
        "<title>{}: review of {}</title>\n<style>\n{}</style>\n</head>\n<body>\n{}{}<main>\n{}{}</main>\n"
        "<footer>reproduce: <code>{}</code><br>changelog {}, {}</footer>\n</body>\n</html>\n",
        verdict_word(review.verdict()), html_text(review.changelog_file), review_style(), header(view),
        navigation(body), tiles(view), body, html_text(without_connection(review.command), 4000),
        html_text(review.version), html_text(review.now));
}

}  // namespace changelog::report
