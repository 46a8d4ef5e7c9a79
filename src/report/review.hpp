// A review of a branch: for people on a terminal, in a pull request or in a browser, and for programs.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/diagnostics.hpp"

#include "review/review.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace changelog::report {

/// A review and what its indexes point into. Everything outlives the view.
struct ReviewView {
    const review::Review& review;
    const Changelog& head;
    const Changelog& base;
    const Changelog* theirs = nullptr;         ///< what Conflict::theirs points into; null: no conflicts
    const Diagnostics* diagnostics = nullptr;  ///< of loading and reviewing
    std::string project = {};                  ///< for the marker by which a comment is found again
    std::optional<review::Verdict> fail_on = review::Verdict::block;  ///< nothing: never
};

/// Whether the verdict reaches the level that fails.
bool fails(const ReviewView& view);

/// "BLOCK: 3 changesets, 7 statements; ...": what may be merged, in one line without a line end.
std::string review_verdict(const ReviewView& view);

/// The sections in order, in lines of at most `width` characters where they can be broken (0: no limit).
/// `verbose` adds notes, the SQL both ways and all rows of the plan.
std::string review_text(const ReviewView& view, std::size_t width, bool colour, bool verbose);

/// A comment for GitHub or GitLab of at most 65,000 bytes; what had to be left out is named in it.
std::string review_markdown(const ReviewView& view);

/// Of the shape of schemas/review.schema.json.
std::string review_json(const ReviewView& view);

/// SARIF 2.1.0, GitLab's code quality report, and GitHub's workflow commands: the findings alone, as of
/// audit_sarif() and its neighbours.
std::string review_sarif(const ReviewView& view);
std::string review_gitlab(const ReviewView& view);
std::string review_github(const ReviewView& view);

/// One page that needs nothing but itself: no script, nothing fetched.
std::string review_html(const ReviewView& view);

}  // namespace changelog::report
