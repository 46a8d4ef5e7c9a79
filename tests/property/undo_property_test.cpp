// Random changelogs over random schemas: what is applied and taken back leaves no trace, and can be applied
// again. Cases, seed and size: RC_PARAMS as rapidcheck reads it ("max_success=5000 seed=7").
#include "catalog/difference.hpp"
#include "execute/engine.hpp"
#include "postgres/introspect.hpp"
#include "property/world.hpp"
#include "support/catch.hpp"
#include "support/disk_files.hpp"
#include "support/memory_files.hpp"
#include "support/schema_snapshot.hpp"
#include "support/server.hpp"

#include <rapidcheck.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace rc {

template <>
struct Arbitrary<changelog::tests::Step> {
    static Gen<changelog::tests::Step> arbitrary() {
        const auto number = gen::inRange(0U, 240U);
        return gen::build<changelog::tests::Step>(
            gen::set(&changelog::tests::Step::kind, gen::inRange(0U, 28U)),
            gen::set(&changelog::tests::Step::a, number), gen::set(&changelog::tests::Step::b, number),
            gen::set(&changelog::tests::Step::c, number));
    }
};

}  // namespace rc

namespace changelog::tests {

void showValue(const Step& step, std::ostream& out);  // found by rapidcheck
void showValue(const Step& step, std::ostream& out) {
    out << "{" << step.kind << ", " << step.a << ", " << step.b << ", " << step.c << "}";
}

namespace {

/// Two changelogs: what is there before, and what is proved.
struct Pair {
    std::string before, proved;
};

Pair changelogs_of(const std::vector<Step>& steps) {
    World world;
    Pair out;
    std::size_t number = 0;
    for (const Step& step : steps) {
        const auto change = world.take(step);
        if (!change) continue;
        ++number;
        std::string& text = number * 3 <= steps.size() ? out.before : out.proved;
        text += "  - changeSet:\n      id: " + std::to_string(number) +
                "\n      author: ann\n      changes:\n        - " + *change + "\n";
    }
    return out;
}

void drop_everything(postgres::Connection& connection) {
    connection.execute(
        "DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS changelog_attic CASCADE");
}

struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Run {
  public:
    Run(postgres::Connection& connection, const std::string& yaml)
        : connection_(connection), loaded_("databaseChangeLog:\n" + (yaml.empty() ? "  []\n" : yaml)) {
        check("loading", loaded_.diagnostics);
        RenderContext context;
        const catalog::Catalog nothing;
        context.before = &nothing;
        graph_ = resolve(loaded_.changelog, context, loaded_.diagnostics);
    }

    void update() {
        Diagnostics diagnostics;
        execute::Engine(connection_, {}, {}, diagnostics).update(loaded_.changelog, graph_, {});
        check("update", diagnostics);
    }
    void roll_back() {
        Diagnostics diagnostics;
        execute::RollbackOptions undo;
        undo.count = loaded_.changelog.changesets.size();
        execute::Engine(connection_, {}, {}, diagnostics).rollback(undo);
        check("rollback", diagnostics);
    }
    bool empty() const { return loaded_.changelog.changesets.empty(); }

  private:
    static void check(const std::string& what, const Diagnostics& diagnostics) {
        if (diagnostics.has_errors()) throw Failure(what + ": " + errors_of(diagnostics));
    }

    postgres::Connection& connection_;
    Loaded loaded_;
    Graph graph_;
};

struct State {
    std::string snapshot;  ///< by queries that have nothing to do with those of the program
    catalog::Catalog catalog;
};

State state_of(postgres::Connection& connection) {
    postgres::IntrospectOptions options;
    options.except_relations = {{"public", "changelog_history"}, {"public", "changelog_current"}};
    return {schema_snapshot(connection), postgres::introspect(connection, options)};
}

void expect_same(const std::string& when, const State& expected, const State& found) {
    std::string text;
    for (const catalog::Difference& difference : catalog::difference(expected.catalog, found.catalog))
        text += "  " + to_string(difference) + "\n";
    if (!text.empty()) throw Failure(when + ":\n" + text);
    if (expected.snapshot != found.snapshot)
        throw Failure(when + ", seen by other queries:\n" + expected.snapshot + "\n--\n" + found.snapshot);
}

void prove(postgres::Connection& connection, const Pair& changelogs) {
    drop_everything(connection);
    Run before(connection, changelogs.before);
    if (!before.empty()) before.update();
    connection.execute("DROP VIEW IF EXISTS changelog_current; DROP TABLE IF EXISTS changelog_history");
    Run proved(connection, changelogs.proved);
    if (proved.empty()) return;
    const State start = state_of(connection);
    proved.update();
    const State end = state_of(connection);
    proved.roll_back();
    expect_same("after the rollback", start, state_of(connection));
    proved.update();
    expect_same("after the second update", end, state_of(connection));
}

/// Without this, every run of the tests would be another one.
void fix_parameters() { setenv("RC_PARAMS", "max_success=500 max_size=45 seed=20261122", 0); }

}  // namespace

TEST_CASE("random changelogs are undone and done again") {
    fix_parameters();
    const TestDatabase database;
    postgres::Connection connection = database.connect();
    connection.on_notice([](const std::string&) {});
    const bool held = rc::check("update, rollback, update", [&](const std::vector<Step>& steps) {
        const Pair changelogs = changelogs_of(steps);
        try {
            prove(connection, changelogs);
        } catch (const Failure& failure) {
            RC_LOG() << "before:\n" << changelogs.before << "changelog:\n" << changelogs.proved;
            RC_FAIL(failure.what());
        }
    });
    CHECK(held);
}

TEST_CASE("changelogs that were not undone once") {
    const TestDatabase database;
    postgres::Connection connection = database.connect();
    connection.on_notice([](const std::string&) {});
    for (const auto& entry : std::filesystem::directory_iterator(SOURCE_DIR "/tests/property/regressions")) {
        if (entry.path().extension() != ".yaml") continue;
        std::stringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        // "# before" and "# changelog" divide the file.
        const std::string whole = text.str();
        const std::size_t middle = whole.find("# changelog\n");
        REQUIRE(middle != std::string::npos);
        DYNAMIC_SECTION(entry.path().filename().string()) {
            REQUIRE_NOTHROW(prove(connection, {whole.substr(0, middle), whole.substr(middle)}));
        }
    }
}

}  // namespace changelog::tests
