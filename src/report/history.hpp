// Everything that ever happened to a database.
#pragma once

#include "postgres/ledger.hpp"

#include <string>
#include <vector>

namespace changelog::report {

std::string history_text(const std::vector<postgres::HistoryRow>& rows, std::size_t width);
std::string history_json(const std::vector<postgres::HistoryRow>& rows, const Diagnostics& diagnostics);

}  // namespace changelog::report
