#include "support/golden.hpp"

#include "changelog/graph.hpp"
#include "changelog/plan.hpp"

#include "support/catch.hpp"

#include <fmt/format.h>

using namespace changelog;

namespace {

void add(std::string& out, const Statement& statement) {
    out += statement.sql + ";";
    if (!statement.transactional) out += " -- not in a transaction";
    out += '\n';
    if (statement.rows) {
        const RowChunks next = statement.rows();
        while (const auto chunk = next()) out += *chunk;
    }
    out += statement.stdin_data;
}

std::string rendered(const Changelog& changelog) {
    Diagnostics diagnostics;
    RenderContext context;
    const catalog::Catalog nothing;
    context.before = &nothing;
    const Graph graph = resolve(changelog, context, diagnostics);
    CHECK(tests::errors_of(diagnostics) == "");
    Renderer renderer(changelog, graph, context);
    for (std::size_t i = 0; i + 1 < changelog.changesets.size(); ++i) renderer.fold(i);
    const RenderedChangeSet last = renderer.render({changelog.changesets.size() - 1, Action::apply});
    std::string out;
    for (const Statement& statement : last.statements) add(out, statement);
    out += "\n-- rollback\n";
    if (last.undo.impossible) out += "-- impossible: " + *last.undo.impossible + "\n";
    if (last.undo.observe) out += "-- the database is asked\n";
    for (const std::string& loss : last.undo.losses) out += "-- loses: " + loss + "\n";
    for (const std::string& loss : last.undo.since) out += "-- takes away: " + loss + "\n";
    for (const Statement& statement : last.undo.statements) add(out, statement);
    return out;
}

}  // namespace

TEST_CASE("every operation renders as its golden cases say") {
    const std::vector<std::string> cases = tests::golden_cases();
    REQUIRE(cases.size() > 50);
    for (const std::string& name : cases) {
        DYNAMIC_SECTION(name) {
            const std::filesystem::path file = tests::golden_root() / name;
            tests::DiskFiles files(file.parent_path());
            Diagnostics diagnostics;
            const Changelog changelog = load_changelog(file.filename().string(), files, {}, diagnostics);
            REQUIRE(tests::errors_of(diagnostics) == "");
            REQUIRE(!changelog.changesets.empty());
            const std::string actual = rendered(changelog);
            CHECK(actual == tests::expected_text(
                                std::filesystem::path(file).replace_extension(".sql.expected"), actual));
        }
    }
}
