// How a run went.
#pragma once

#include "execute/engine.hpp"

#include <string>
#include <string_view>

namespace changelog::report {

std::string_view name_of(execute::Outcome outcome);

/// One line: "3 changesets applied in 24 ms; 1 skipped"
std::string run_summary(std::string_view command, const execute::RunReport& run);
std::string run_json(std::string_view command, const execute::RunReport& run, const postgres::Target& target,
                     const Diagnostics& diagnostics);

/// One line for people while a run goes on; empty for events that need none.
std::string event_line(const execute::Event& event);

/// "app on db.example.com:5432 as alice, PostgreSQL 15.4"
std::string target_line(const postgres::Target& target);

}  // namespace changelog::report
