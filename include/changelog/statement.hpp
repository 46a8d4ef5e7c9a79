// SQL that is to be run, and how what it does can be undone.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace changelog {

/// One statement, without its final semicolon.
struct Statement {
    std::string sql;
    bool transactional = true;  ///< false: PostgreSQL refuses it inside a transaction block
    std::string stdin_data;     ///< rows for a COPY ... FROM STDIN; empty otherwise
};

/// How an operation is undone. Exactly one of these holds: `impossible` says why nothing can be done, or
/// `statements` (which may be none) bring the schema back, and `losses` names the data that does not come back.
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
