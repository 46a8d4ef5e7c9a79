// Branches of a changelog for tests: each changeset is a line.
#pragma once

#include "changelog/graph.hpp"

#include "support/catch.hpp"
#include "support/memory_files.hpp"

#include <string>
#include <vector>

namespace changelog::tests {

/// "id: SQL", or "id: {changeType: {...}}", or "id: key: value: {...}" with further keys of the changeset as
/// "id [runOnChange: true]: ...".
inline std::string yaml_of(const std::vector<std::string>& lines) {
    std::string out = "databaseChangeLog:\n";
    if (lines.empty()) out = "databaseChangeLog: []\n";
    for (const std::string& line : lines) {
        std::size_t colon = line.find(": ");
        if (line.find(" [") < colon) colon = line.find("]: ") + 1;
        std::string id = line.substr(0, colon), keys;
        if (const std::size_t open = id.find(" ["); open != std::string::npos) {
            keys = ", " + id.substr(open + 2, id.size() - open - 3);
            id.resize(open);
        }
        std::string change = line.substr(colon + 2);
        if (!change.starts_with('{')) {
            std::string quoted;
            for (const char c : change) quoted += c == '\'' ? std::string("''") : std::string(1, c);
            change = "{sql: {sql: '" + quoted + "'}}";
        }
        out += "- changeSet: {id: " + id + ", author: me" + keys + ", changes: [" + change + "]}\n";
    }
    return out;
}

/// A changelog with its graph; the test fails if it cannot be read.
struct Line {
    Loaded loaded;
    Graph graph;

    explicit Line(const std::vector<std::string>& lines) : loaded(yaml_of(lines)) {
        static const catalog::Catalog empty;
        RenderContext context;
        context.before = &empty;
        graph = resolve(loaded.changelog, context, loaded.diagnostics);
        INFO(loaded.report());
        REQUIRE_FALSE(loaded.diagnostics.has_errors());
    }

    const Changelog& changelog() const { return loaded.changelog; }
};

}  // namespace changelog::tests
