// What a run does, settled from the command line, the environment and the configuration, in this order.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/plan.hpp"

#include "cli/arguments.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace changelog::cli {

struct Settings {
    std::string url;             ///< empty: libpq's own environment variables
    bool url_known = false;      ///< something says where the database is
    std::string changelog_file;  ///< relative to the search path
    std::vector<std::string> search_path;
    Selection selection;
    LoadOptions load;
    std::string default_schema = "public";
    bool default_schema_given = false;  ///< else the session's own
    std::string history_schema, history_table = "changelog_history";
    std::chrono::seconds lock_wait{300};
    TransactionMode transactions = TransactionMode::automatic;
    bool keep_scratch = false;
    std::string retain;  ///< the default of `retain` on what destroys data
    std::string confirm;
    std::vector<std::string> warnings;  ///< to be said once
};

/// Throws UsageError with everything that is wrong.
Settings resolve_settings(const Arguments& arguments);

/// The URL with a user and a password put in, in the form in which libpq takes them from a URI, a jdbc: URL
/// or a DSN.
std::string with_credentials(const std::string& url, const std::optional<std::string>& user,
                             const std::optional<std::string>& password);

}  // namespace changelog::cli
