// The ledger's DDL and the query for what is applied now: docs/ledger.md.
#pragma once

#include "changelog/diagnostics.hpp"

#include "postgres/ledger.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace changelog::postgres {

struct LedgerColumn {
    std::string_view name, type;  ///< the type as ::regtype reads it
    bool required = false;        ///< NOT NULL
};

/// In the order in which the table has them.
const std::vector<LedgerColumn>& ledger_columns();

// Each ends with a semicolon, and does nothing where the object is there.
std::string create_ledger_table(const LedgerOptions& options);  ///< with its index and comments
std::string create_ledger_index(const LedgerOptions& options);
std::string create_ledger_view(const LedgerOptions& options);

/// SELECT of what is applied now, with the columns of the table; the view's text too. `table` is quoted.
std::string current_query(const std::string& table);

/// What stands where the ledger should be.
struct LedgerState {
    bool table = false, view = false, index = false;
    bool readable = false;
    bool writable = false;                 ///< the user may read and add rows
    std::vector<std::string> differences;  ///< "column 'event' is integer, expected text"
};
LedgerState inspect_ledger(Connection& connection, const LedgerOptions& options);

}  // namespace changelog::postgres
