// What is applied and what is pending.
#pragma once

#include "changelog/changelog.hpp"

#include "execute/engine.hpp"

#include <string>

namespace changelog::report {

/// One line of counts, then a table of what is pending; with `verbose` also what is skipped, and why.
std::string status_text(const Changelog& changelog, const execute::StatusReport& status, std::size_t width,
                        bool verbose);
std::string status_json(const Changelog& changelog, const execute::StatusReport& status,
                        const Diagnostics& diagnostics);

}  // namespace changelog::report
