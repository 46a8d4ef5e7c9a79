// DELETE statements of an undo that are told when they delete nothing: a trigger, a rule or row security may
// keep the rows, and PostgreSQL reports no error then.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changelog::execute {

/// SQLSTATE of what checked_removal() raises; no class of PostgreSQL's.
inline constexpr std::string_view kRowsAreLeft = "CL509";

/// A DELETE that an undo runs over recorded rows, taken apart.
struct RowRemoval {
    std::string target;             ///< as after FROM: `ONLY "public"."t"`
    std::string table;              ///< without ONLY
    std::string condition;          ///< behind WHERE; empty: all rows
    bool one_of_equals = false;     ///< one row among others that are alike in everything
    std::optional<long long> rows;  ///< so many keys the condition names
};

/// Nothing where the statement is none of the DELETEs that an undo is made of: DELETE FROM table [WHERE ...].
std::optional<RowRemoval> read_removal(const std::string& sql);

/// The same DELETE as a DO block that raises kRowsAreLeft where rows are left that it should have taken, or
/// where row security keeps the role from seeing whether there are. Rows that were gone before are fine.
/// Needs PL/pgSQL. Every other statement as it is.
std::string checked_removal(const std::string& sql);

}  // namespace changelog::execute
