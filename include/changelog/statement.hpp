// SQL that is to be run, and how what it does can be undone.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog {

/// Gives the rows of a COPY ... FROM STDIN piece by piece, in COPY's text format; nothing after the last
/// piece.
using RowChunks = std::function<std::optional<std::string>()>;

/// One statement, without its final semicolon.
struct Statement {
    std::string sql;
    bool transactional = true;    ///< false: PostgreSQL refuses it inside a transaction block
    std::string stdin_data = {};  ///< rows for a COPY ... FROM STDIN; empty otherwise
    /// Instead of `stdin_data` where there may be more rows than should be held at once: each call begins
    /// anew, so that a retry sends the same rows. Empty for every statement that is no COPY.
    std::function<RowChunks()> rows = nullptr;
};

/// How well an undo brings back what was there.
enum class Grade : std::uint8_t {
    exact,        ///< schema and data
    loses_since,  ///< what was written into the new objects since goes with them
    lossy,        ///< some data that the change destroyed does not come back
    impossible,
};

std::string_view to_string(Grade grade);

/// How an operation is undone. Either `impossible` says why nothing can be done, or `statements` (which may
/// be none) bring the schema back.
struct Undo {
    std::vector<Statement> statements;
    std::vector<std::string> losses;  ///< what the change destroyed for good: "rows of public.orders"
    std::optional<std::string> impossible;
    /// What the undo itself takes away, if it is there: "values of public.orders.note written since".
    std::vector<std::string> since = {};
    /// Only the database can tell how to undo it: the executor looks before and after. Until it has, the rest
    /// says what is known without it.
    bool observe = false;

    static Undo because(std::string reason) {
        Undo undo;
        undo.impossible = std::move(reason);
        return undo;
    }
    /// Like because(), where looking at the database helps.
    static Undo unless_observed(std::string reason) {
        Undo undo = because(std::move(reason));
        undo.observe = true;
        return undo;
    }

    Grade grade() const {
        return impossible        ? Grade::impossible
               : !losses.empty() ? Grade::lossy
               : !since.empty()  ? Grade::loses_since
                                 : Grade::exact;
    }
};

}  // namespace changelog
