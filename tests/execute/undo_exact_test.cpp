// What an operation's own undo is worth: the rollback that is rendered without a database, run on a real one.
#include "changelog/graph.hpp"
#include "changelog/plan.hpp"

#include "catalog/difference.hpp"
#include "execute/engine.hpp"
#include "postgres/introspect.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "support/server.hpp"

#include <iostream>
#include <set>

using namespace changelog;

namespace {

struct Tally {
    int exact = 0, asks = 0;
};

catalog::Catalog look(postgres::Connection& connection) {
    postgres::IntrospectOptions options;
    options.except_schemas = {"changelog_attic"};
    options.except_relations = {{"public", "changelog_history"}, {"public", "changelog_current"}};
    return postgres::introspect(connection, options);
}

std::string shown(const std::vector<catalog::Difference>& differences) {
    std::string out;
    for (const catalog::Difference& each : differences) out += catalog::to_string(each) + "\n";
    return out;
}

/// What a fold and the database do not agree on. How texts are written is not compared: a fold keeps the
/// author's words, and names that need no schema.
std::string unlike(const catalog::Catalog& fold, const catalog::Catalog& live) {
    static const std::set<std::string> kTexts = {
        "definition", "query",      "depends",    "default",  "expression",      "predicate",
        "keys",       "type",       "owner",      "version",  "column defaults", "columns",
        "base type",  "attributes", "tablespace", "collation"};
    std::string out;
    for (const catalog::Difference& each : catalog::difference(fold, live)) {
        const bool given = each.object == "schema public" || each.object.starts_with("extension ");
        const bool kept = each.object.find(".~") != std::string::npos;  // a dropped column, with `retain`
        const bool text = each.kind == catalog::Difference::Kind::changed && kTexts.contains(each.property);
        if (!given && !kept && !text) out += catalog::to_string(each) + "\n";
    }
    return out;
}

/// Whether a partition's NOT NULL has the name of its parent's now.
bool has_parents_name(const catalog::Catalog& now, const ObjectName& part, const std::string& column) {
    const catalog::Table& table = *now.table(part);
    const catalog::Table* parent = table.partition_of.name.empty() ? nullptr : now.table(table.partition_of);
    const catalog::Column* above = parent == nullptr ? nullptr : parent->column(column);
    return above != nullptr && above->not_null && above->not_null_name == table.column(column)->not_null_name;
}

/// What differs from before. Where a parent's NOT NULL came back, its partitions have it by the same name
/// (PostgreSQL 18): no statement gives them another, and theirs would not go with the parent's.
std::string left_over(const catalog::Catalog& before, const catalog::Catalog& now) {
    std::set<std::string> renamed;
    for (const auto& [name, table] : now.tables)
        for (const catalog::Column& column : table.columns)
            if (has_parents_name(now, name, column.name))
                renamed.insert("column " + name.schema + '.' + name.name + '.' + column.name);
    std::vector<catalog::Difference> out = catalog::difference(before, now);
    std::erase_if(out, [&](const catalog::Difference& each) {
        return each.property == "not null's name" && renamed.contains(each.object);
    });
    return shown(out);
}

void prove(const std::filesystem::path& file, Tally& tally) {
    tests::DiskFiles files(file.parent_path());
    Diagnostics diagnostics;
    const Changelog changelog = load_changelog(file.filename().string(), files, {}, diagnostics);
    const tests::TestDatabase database;
    postgres::Connection connection = database.connect();
    connection.on_notice([](const std::string&) {});
    RenderContext context;
    const catalog::Catalog nothing;
    context.before = &nothing;
    context.server_version = connection.target().server_version;
    const Graph graph = resolve(changelog, context, diagnostics);
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
    Renderer renderer(changelog, graph, context);
    const std::size_t last = changelog.changesets.size() - 1;
    for (std::size_t i = 0; i < last; ++i) renderer.fold(i);
    if (last > 0 && !update(last)) return;
    const catalog::Catalog before = look(connection);
    if (renderer.catalog().uncertain.empty()) CHECK(unlike(renderer.catalog(), before) == "");
    const Undo undo = renderer.render({last, Action::apply}).undo;
    if (!update(std::nullopt)) return;
    if (renderer.catalog().uncertain.empty()) CHECK(unlike(renderer.catalog(), look(connection)) == "");
    if (undo.impossible || undo.observe) {
        ++tally.asks;
        return;
    }
    for (const Statement& statement : undo.statements) {
        INFO(statement.sql);
        REQUIRE_NOTHROW(connection.execute(statement.sql));
    }
    CHECK(left_over(before, look(connection)) == "");
    ++tally.exact;
}

}  // namespace

TEST_CASE("what an operation renders as its undo brings exactly the schema before it back") {
    static Tally tally;
    for (const std::string& name : tests::golden_cases()) {
        DYNAMIC_SECTION(name) { prove(tests::golden_root() / name, tally); }
    }
    if (tally.exact + tally.asks == static_cast<int>(tests::golden_cases().size()))
        std::cout << "undo without a look at the database: " << tally.exact << " exact, " << tally.asks
                  << " have to look\n";
}
