// The sides of a review: the branch, where it left its base, and where the base is now.
#pragma once

#include "changelog/diagnostics.hpp"

#include "cli/project.hpp"
#include "cli/settings.hpp"
#include "review/review.hpp"

#include <memory>
#include <optional>
#include <string>

namespace changelog::cli {

struct ReviewSides {
    std::string repository;  ///< the working tree's folder
    review::Revision base, head;
    std::string merge_base;  ///< abbreviated: where the branch left its base
    Project head_project, base_project;
    std::optional<Project> theirs;  ///< where the base went on since
    Diagnostics problems;           ///< of head; with errors its graph is empty
    Diagnostics notices;            ///< of the others, as warnings: what can be read of them counts
};

/// `base` and `head` are revisions of git; nothing: the first usual name of a main branch, and the working
/// tree. Throws UsageError with CL0015 to CL0018.
ReviewSides load_sides(const Settings& settings, const std::optional<std::string>& base,
                       const std::optional<std::string>& head);

}  // namespace changelog::cli
