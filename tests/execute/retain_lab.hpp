// A database that loses something by a changeset, and gets it back.
#pragma once

#include "execute/lab.hpp"
#include "support/catch.hpp"

namespace changelog::tests {

inline std::string change(const std::string& changes, const std::string& id = "destroy") {
    return "- changeSet:\n    id: " + id + "\n    author: ann\n    changes:\n" + changes;
}

/// A database, and how it was before a changeset.
struct Kept : Lab {
    std::string before, rows_before, query;

    /// `query` asks for the data that has to come back.
    Kept(const std::string& setup, const std::string& asked) : query(asked) {
        connection.execute(setup);
        before = tests::schema_snapshot(connection);
        rows_before = rows();
    }
    std::string rows() {
        std::string out;
        for (const auto& row : connection.execute(query).rows)
            for (const auto& value : row) out += value.value_or("null") + " ";
        return out;
    }
    void destroy(const std::string& changes) {
        const auto report = update(change(changes));
        REQUIRE(errors() == "");
        REQUIRE(report.applied == 1);
    }
    void undo() {
        rollback(1);
        REQUIRE(errors() == "");
    }
    void check_all_is_back() {
        CHECK(tests::schema_snapshot(connection) == before);
        CHECK(rows() == rows_before);
        CHECK(ask("SELECT count(*) FROM changelog_attic.items") == "0");
        CHECK(ask("SELECT count(*) FROM pg_class WHERE relnamespace = 'changelog_attic'::regnamespace "
                  "AND relname NOT LIKE 'items%'") == "0");
    }
    /// Destroyed, done in between, undone: all is as before.
    void prove(const std::string& changes, const std::string& meanwhile = "SELECT 1") {
        destroy(changes);
        connection.execute(meanwhile);
        undo();
        check_all_is_back();
    }
};

}  // namespace changelog::tests
