// Every golden case on a real PostgreSQL: what it does can be undone, and done again.
#include "execute/engine.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "support/schema_snapshot.hpp"
#include "support/server.hpp"

#include <iostream>

using namespace changelog;

namespace {

struct Tally {
    int exact = 0, impossible = 0;
};

void prove(const std::filesystem::path& file, Tally& tally) {
    tests::DiskFiles files(file.parent_path());
    Diagnostics diagnostics;
    const Changelog changelog = load_changelog(file.filename().string(), files, {}, diagnostics);
    RenderContext context;
    const catalog::Catalog nothing;
    context.before = &nothing;
    const Graph graph = resolve(changelog, context, diagnostics);
    REQUIRE(tests::errors_of(diagnostics) == "");
    const tests::TestDatabase database;
    postgres::Connection connection = database.connect();
    connection.on_notice([](const std::string&) {});
    execute::EngineOptions options;
    options.allow_commands = true;
    execute::Engine engine(connection, options, {}, diagnostics);
    const auto update = [&](std::optional<std::size_t> count) {
        execute::UpdateOptions run;
        run.select.count = count;
        engine.update(changelog, graph, run);
        const std::string errors = tests::errors_of(diagnostics);
        if (tests::is_newer_than(connection.target().server_version, errors)) {
            WARN("SKIP: the server is too old: " << file.filename());
            return false;
        }
        REQUIRE(errors == "");
        return true;
    };
    const std::size_t before_last = changelog.changesets.size() - 1;
    if (before_last > 0 && !update(before_last)) return;
    const std::string before = tests::schema_snapshot(connection);
    if (!update(std::nullopt)) return;
    const std::string after = tests::schema_snapshot(connection);
    const auto rows = engine.ledger().applied_rows();
    if (rows.empty() || rows.front().rollback.find("\"impossible\"") != std::string::npos) {
        ++tally.impossible;
        return;
    }
    execute::RollbackOptions undo;
    undo.count = 1;
    engine.rollback(undo);
    REQUIRE(tests::errors_of(diagnostics) == "");
    CHECK(tests::schema_snapshot(connection) == before);
    update(std::nullopt);
    CHECK(tests::schema_snapshot(connection) == after);
    ++tally.exact;
}

}  // namespace

TEST_CASE("every golden case runs, rolls back to the schema before it, and runs again") {
    static Tally tally;
    for (const std::string& name : tests::golden_cases()) {
        DYNAMIC_SECTION(name) { prove(tests::golden_root() / name, tally); }
    }
    if (tally.exact + tally.impossible == static_cast<int>(tests::golden_cases().size()))
        std::cout << "golden cases: " << tally.exact << " undone exactly, " << tally.impossible
                  << " without a rollback\n";
}
