// What an update would do, for people and for programs.
#pragma once

#include "changelog/changelog.hpp"

#include "execute/planner.hpp"

#include <string>

namespace changelog::report {

/// "3 changesets, 7 statements, 2 transactions; longest lock: SHARE on public.orders (52 M rows, 18 GB),
/// about 41-70 s"
std::string plan_verdict(const execute::Plan& plan);

/// The verdict, then a table with a row for each statement that fits `width` (0: no limit). Where that has no
/// room for a column, each statement is a block of lines instead. Beyond a hundred rows the rest is counted,
/// unless `all`.
std::string plan_text(const Changelog& changelog, const execute::Plan& plan, std::size_t width, bool all);

/// Every fact as a field.
std::string plan_json(const Changelog& changelog, const execute::Plan& plan, const Diagnostics& diagnostics);

/// "41-70 s", "2-8 min", "under 10 ms"; "not known".
std::string estimate_text(const execute::Estimate& estimate);

/// "catalog", "scan", ...; "rows" where data is changed, "?" where nobody can see.
std::string work_words(const execute::PlannedStatement& statement);

/// "52 M, 18.0 GB": of the tables that are worked on, else of the one that is locked; empty if there is none.
std::string size_words(const execute::PlannedStatement& statement);

/// "52 M", "1.2 k", "870"; empty if it is not known (below 0).
std::string row_count(long long rows);

}  // namespace changelog::report
