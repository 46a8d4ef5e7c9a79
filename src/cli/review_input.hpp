// What a review is told besides the changelogs: statistics, environments, versions of the server.
#pragma once

#include "changelog/diagnostics.hpp"

#include "cli/arguments.hpp"
#include "cli/settings.hpp"
#include "review/review.hpp"

#include <string>
#include <vector>

namespace changelog::cli {

/// The files of --stats. Throws UsageError for one that is missing, and with CL0014 for one that is wrong.
std::vector<review::Statistics> statistics_of(const Arguments& arguments);

/// Those of the configuration, with their contexts and labels, or the one that the command line describes.
std::vector<review::EnvironmentInput> environments_of(const Arguments& arguments, const Settings& settings);

/// The major versions of --pg, as PQserverVersion. Throws UsageError.
std::vector<int> versions_of(const Arguments& arguments);

/// Now in UTC, as ISO 8601; or the time of SOURCE_DATE_EPOCH, for output that is the same each time.
std::string current_time();

/// The command with which the same review is made again, from the same commits.
std::string reproduction(const Arguments& arguments, const std::string& base, const std::string& head);

/// A review of nothing but what is wrong with the branch's files.
review::Review review_of_errors(const Diagnostics& problems);

/// Gives the findings the paths of their files from the repository's root, as programs that comment on a pull
/// request know them.
void name_from_repository(const std::string& repository, const std::vector<std::string>& search_path,
                          review::Review& review);

}  // namespace changelog::cli
