// The parts of a review's page.
#pragma once

#include "report/review_words.hpp"

#include <string>
#include <string_view>

namespace changelog::report {

std::string html_plan(const ReviewView& view);
std::string html_findings(const ReviewView& view);
std::string html_changesets(const ReviewView& view);
std::string html_history(const ReviewView& view);
std::string html_conflicts(const ReviewView& view);
std::string html_environments(const ReviewView& view);
std::string html_schema(const ReviewView& view);
std::string html_suppressed(const ReviewView& view);

/// A section with a heading; empty without a body.
std::string html_section(std::string_view id, std::string_view title, const std::string& body);

/// The style sheet of the page.
std::string_view review_style();

}  // namespace changelog::report
