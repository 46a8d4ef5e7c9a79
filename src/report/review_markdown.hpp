// The sections of a review as a comment, each of as many details as there is room for.
#pragma once

#include "report/review_words.hpp"

#include <cstddef>
#include <string>

namespace changelog::report {

/// How much of a review is shown.
struct Shown {
    bool sql = true, schema = true;
    std::size_t rows = 200;      ///< of the plan's table
    bool order = true;           ///< the graph, and further sections in full
    std::size_t findings = 100;  ///< in full
    std::size_t text = 400;      ///< characters of a finding's text, or of a name
    std::size_t statement = 80;  ///< characters of a statement in the table
    bool diffs = true;
};

std::string markdown_head(const ReviewView& view, const Shown& shown);
std::string markdown_plan(const ReviewView& view, const Shown& shown);
std::string markdown_findings(const ReviewView& view, const Shown& shown);
std::string markdown_sql(const ReviewView& view, const Shown& shown);
std::string markdown_history(const ReviewView& view, const Shown& shown);
std::string markdown_environments(const ReviewView& view, const Shown& shown);
std::string markdown_schema(const ReviewView& view, const Shown& shown);
std::string markdown_suppressed(const ReviewView& view, const Shown& shown);
std::string markdown_footer(const ReviewView& view);

std::string_view undo_sign(UndoLevel level);

/// A block that is closed until somebody opens it; empty without a body.
std::string markdown_details(const std::string& summary, const std::string& body);

/// Changed changesets and their neighbours as a mermaid flowchart; empty if there are none.
std::string mermaid_graph(const ReviewView& view, std::size_t most);

}  // namespace changelog::report
