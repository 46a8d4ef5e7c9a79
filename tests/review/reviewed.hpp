// Reviews of small branches, for tests.
#pragma once

#include "branches.hpp"
#include "review/review.hpp"

#include <string>
#include <vector>

namespace changelog::tests {

/// A branch and its base as YAML, and the review of it.
struct Reviewed {
    Loaded base, head;
    Graph base_graph, head_graph;
    catalog::Catalog empty;
    std::vector<review::Statistics> statistics;
    std::vector<review::EnvironmentInput> environments;
    std::string now = "2026-11-22T10:00:00Z";
    int server_version = 150000;

    Reviewed(std::string base_text, std::string head_text)
        : base(std::move(base_text)), head(std::move(head_text)) {
        base_graph = resolve(base.changelog, context(), base.diagnostics);
        head_graph = resolve(head.changelog, context(), head.diagnostics);
        INFO(base.report() << head.report());
        REQUIRE_FALSE(base.diagnostics.has_errors());
        REQUIRE_FALSE(head.diagnostics.has_errors());
    }
    /// Changesets as branches.hpp has them; those of the base come first in the branch too.
    Reviewed(std::vector<std::string> base_lines, const std::vector<std::string>& more)
        : Reviewed(yaml_of(base_lines), yaml_of(sum(base_lines, more))) {}

    static std::vector<std::string> sum(std::vector<std::string> a, const std::vector<std::string>& b) {
        a.insert(a.end(), b.begin(), b.end());
        return a;
    }

    RenderContext context() const {
        RenderContext out;
        out.before = &empty;
        out.server_version = server_version;
        return out;
    }

    /// A table of public in the statistics, taken at that time.
    Reviewed& size(const std::string& table, long long rows, long long bytes,
                   const std::string& taken = "2026-11-22T08:00:00Z") {
        if (statistics.empty()) statistics.emplace_back();
        statistics.back().taken = taken;
        postgres::RelationSize& size = statistics.back().relations[{"public", table}];
        size.kind = 'r';
        size.rows = rows;
        size.heap = size.table = bytes;
        size.indexes = 0;
        return *this;
    }

    review::ReviewInput input() const {
        review::ReviewInput out{{head.changelog, head_graph}, {base.changelog, base_graph}};
        out.statistics = statistics;
        out.environments = environments;
        out.context = context();
        out.now = now;
        return out;
    }
    review::Review run() const {
        Diagnostics diagnostics;
        return review::review(input(), diagnostics);
    }
};

/// "error CL2161 3:7", or with the title.
inline std::string line_of(const review::LocatedFinding& finding, bool title = false) {
    static constexpr std::string_view kSeverities[] = {"note", "warning", "error"};
    const Location& at = finding.region.begin;
    return std::string(kSeverities[static_cast<std::size_t>(finding.item.severity)]) + ' ' +
           finding.item.code + ' ' + std::to_string(at.line) + ':' + std::to_string(at.column) +
           (title ? ' ' + finding.item.title : "");
}

inline std::string lines_of(const std::vector<review::LocatedFinding>& findings, bool title = false) {
    std::string out;
    for (const review::LocatedFinding& each : findings)
        if (each.item.severity != Severity::note) out += line_of(each, title) + '\n';
    return out;
}

inline const review::LocatedFinding* find_code(const std::vector<review::LocatedFinding>& findings,
                                               std::string_view code) {
    for (const review::LocatedFinding& each : findings)
        if (each.item.code == code) return &each;
    return nullptr;
}

}  // namespace changelog::tests
