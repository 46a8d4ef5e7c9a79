// A changelog, a database of its own, and what happens between them.
#pragma once

#include "execute/engine.hpp"
#include "support/disk_files.hpp"
#include "support/memory_files.hpp"
#include "support/schema_snapshot.hpp"
#include "support/server.hpp"

#include <string>
#include <vector>

namespace changelog::tests {

struct Lab {
    TestDatabase database;
    postgres::Connection connection = database.connect();
    Diagnostics diagnostics;
    std::vector<execute::Event> events;
    execute::EngineOptions options;

    Lab() {
        connection.on_notice([](const std::string&) {});
        options.lock_patience = std::chrono::milliseconds(300);
    }

    /// Loads `yaml` (the list below databaseChangeLog) and runs it.
    execute::RunReport update(const std::string& yaml, execute::UpdateOptions run = {}) {
        Loaded loaded("databaseChangeLog:\n" + yaml);
        diagnostics = std::move(loaded.diagnostics);
        if (diagnostics.has_errors()) return {execute::Outcome::refused, {}, 0, 0, 0, 0, 0, 0};
        RenderContext context;
        const catalog::Catalog nothing;
        context.before = &nothing;
        const Graph graph = resolve(loaded.changelog, context, diagnostics);
        return engine().update(loaded.changelog, graph, std::move(run));
    }

    execute::RunReport rollback(const execute::RollbackOptions& undo) {
        diagnostics = {};
        return engine().rollback(undo);
    }
    execute::RunReport rollback(std::size_t count) {
        execute::RollbackOptions undo;
        undo.count = count;
        return rollback(undo);
    }

    execute::Engine engine() {
        return execute::Engine(
            connection, options, [this](const execute::Event& event) { events.push_back(event); },
            diagnostics);
    }

    std::string ask(const std::string& sql) { return connection.execute(sql).text(0, 0); }
    bool has_table(const std::string& name) {
        return ask("SELECT to_regclass('" + name + "') IS NOT NULL") == "t";
    }
    std::string history() {
        return ask(
            "SELECT coalesce(string_agg(event || ' ' || id, ', ' ORDER BY seq), '') FROM changelog_history");
    }
    std::string errors() const { return errors_of(diagnostics); }
};

/// A changeset with one change, as YAML.
inline std::string changeset(const std::string& id, const std::string& sql, const std::string& more = {}) {
    return "- changeSet:\n    id: " + id + "\n    author: ann\n" + more +
           "    changes:\n    - sql:\n        sql: " + sql + "\n";
}

inline std::string table(const std::string& name) {
    return "- changeSet:\n    id: make-" + name +
           "\n    author: ann\n    changes:\n    - createTable:\n        tableName: " + name +
           "\n        columns:\n        - column: {name: id, type: int}\n";
}

}  // namespace changelog::tests
