// SQL that is to be run, and how what it does can be undone.
#pragma once

#include <functional>
#include <optional>
#include <string>
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

/// How an operation is undone. Exactly one of these holds: `impossible` says why nothing can be done, or
/// `statements` (which may be none) bring the schema back, and `losses` names the data that does not come
/// back.
struct Undo {
    std::vector<Statement> statements;
    std::vector<std::string> losses;  ///< e.g. "rows of public.orders written since"
    std::optional<std::string> impossible;

    static Undo because(std::string reason) {
        Undo undo;
        undo.impossible = std::move(reason);
        return undo;
    }
};

}  // namespace changelog
