// Histories whose checksums are of another version of the canonical form.
#include "changelog/codes.hpp"

#include "execute/lab.hpp"
#include "support/catch.hpp"

using namespace changelog;
using execute::Outcome;
using tests::changeset;
using tests::Lab;
using tests::table;

namespace {

/// As if a newer program had applied everything: a checksum and a definition that this one cannot read.
void make_newer(Lab& lab) {
    lab.connection.execute(
        "UPDATE changelog_history SET checksum = '2:' || repeat('ab', 32), "
        "definition = '{\"form\": 2, \"unknown\": [1, 2]}', tool_version = '99.0'");
}

}  // namespace

TEST_CASE("what a newer program applied can be rolled back") {
    Lab lab;
    REQUIRE(lab.update(table("a") + table("b") +
                       changeset("row", "INSERT INTO a VALUES (1)", "    rollback: DELETE FROM a\n"))
                .outcome == Outcome::done);
    make_newer(lab);
    const auto report = lab.rollback(2);
    REQUIRE(lab.errors() == "");
    CHECK(report.rolled_back == 2);
    CHECK(lab.has_table("a"));
    CHECK_FALSE(lab.has_table("b"));
    CHECK(lab.ask("SELECT count(*) FROM a") == "0");
    // The row of the rollback says what was rolled back, in the version in which that was written.
    CHECK(lab.ask("SELECT checksum FROM changelog_history WHERE event = 'rolled_back' AND id = 'make-b'") ==
          "2:" + lab.ask("SELECT repeat('ab', 32)"));
}

TEST_CASE("what was rolled back is applied again with a checksum of this program") {
    Lab lab;
    REQUIRE(lab.update(table("a")).outcome == Outcome::done);
    make_newer(lab);
    REQUIRE(lab.rollback(1).rolled_back == 1);
    CHECK(lab.update(table("a")).applied == 1);
    CHECK(lab.errors() == "");
    CHECK(lab.ask("SELECT left(checksum, 2) FROM changelog_history ORDER BY seq DESC LIMIT 1") == "1:");
}

TEST_CASE("an update over a newer history is refused with the reason, and runs after accept") {
    Lab lab;
    REQUIRE(lab.update(table("a")).outcome == Outcome::done);
    make_newer(lab);
    const auto report = lab.update(table("a") + table("b"));
    CHECK(report.outcome == Outcome::history_mismatch);
    REQUIRE(lab.diagnostics.items().size() == 1);
    CHECK(lab.diagnostics.items()[0].code == codes::newer_checksum);
    CHECK_FALSE(lab.has_table("b"));

    lab.diagnostics = {};
    tests::Loaded loaded("databaseChangeLog:\n" + table("a") + table("b"));
    lab.engine().accept(loaded.changelog, "make-a", "the file is as it was");
    CHECK(lab.update(table("a") + table("b")).applied == 1);
    CHECK(lab.errors() == "");
}

TEST_CASE("an update over a history of Liquibase's checksums does not compare them") {
    Lab lab;
    REQUIRE(lab.update(table("a")).outcome == Outcome::done);
    lab.connection.execute("UPDATE changelog_history SET checksum = '9:d41d8cd98f00b204e9800998ecf8427e'");
    CHECK(lab.update(table("a") + table("b")).applied == 1);
    CHECK(lab.errors() == "");
}
