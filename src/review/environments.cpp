#include "execute/planner_measure.hpp"
#include "review/making.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

namespace changelog::review {

namespace {

const Statistics* statistics_of(const ReviewInput& input, const EnvironmentInput& environment) {
    for (const Statistics& each : input.statistics)
        if (each.environment == environment.name) return &each;
    const bool sole = input.environments.size() == 1 && input.statistics.size() == 1;
    return sole && input.statistics.front().environment.empty() ? &input.statistics.front() : nullptr;
}

/// Those of the configuration, and those that statistics name beside them. One without a name stands for
/// whatever statistics name.
std::vector<EnvironmentInput> known_environments(const ReviewInput& input) {
    std::vector<EnvironmentInput> out = input.environments;
    for (const Statistics& each : input.statistics) {
        const bool known = std::any_of(out.begin(), out.end(), [&](const EnvironmentInput& environment) {
            return environment.name == each.environment;
        });
        if (!known && !each.environment.empty()) out.push_back({each.environment, input.selection});
    }
    const bool unnamed = std::any_of(input.statistics.begin(), input.statistics.end(),
                                     [](const Statistics& each) { return each.environment.empty(); });
    if (out.size() > 1 && !unnamed)
        std::erase_if(out, [](const EnvironmentInput& each) { return each.name.empty(); });
    return out;
}

std::set<ChangeSetKey> keys_of(const Changelog& changelog) {
    std::set<ChangeSetKey> out;
    for (const ChangeSet& each : changelog.changesets) out.insert(each.key);
    return out;
}

/// What it lacks of head, and what of that the base has already.
void count_pending(const ReviewInput& input, const EnvironmentInput& environment,
                   const std::vector<AppliedChangeSet>& applied, ReviewedEnvironment& out) {
    const std::set<ChangeSetKey> base = keys_of(input.base.changelog);
    std::set<ChangeSetKey> there;
    for (const AppliedChangeSet& each : applied) there.insert(each.key);
    out.pending = 0;
    for (const ChangeSet& each : input.head.changelog.changesets) {
        if (there.contains(each.key) || why_not_selected(each, environment.selection)) continue;
        ++*out.pending;
        if (base.contains(each.key)) ++out.earlier;
    }
}

/// A transaction keeps writers out from its first strong lock to its end.
execute::Estimate blocked_time(const execute::Plan& plan) {
    execute::Estimate out;
    std::set<std::size_t> counted;
    for (const execute::PlannedChangeSet& changeset : plan.changesets)
        for (const execute::PlannedStatement& each : changeset.statements)
            if (each.blocks_writes() && (each.transaction == 0 || counted.insert(each.transaction).second))
                out += each.hold;
    return out;
}

execute::Plan without(const execute::Plan& plan, const std::vector<std::size_t>& indexes) {
    execute::Plan out = plan;
    std::erase_if(out.changesets, [&](const execute::PlannedChangeSet& each) {
        return std::find(indexes.begin(), indexes.end(), each.index) != indexes.end();
    });
    return out;
}

int major(int server_version) { return server_version / 10000; }

/// What is found on the version that the review is for, if anybody asks.
class UsualCodes {
  public:
    explicit UsualCodes(const Making& making) : making_(making) {}

    const std::set<std::string>& get() {
        if (!codes_) codes_ = codes_on(making_, making_.input.context.server_version);
        return *codes_;
    }

  private:
    const Making& making_;
    std::optional<std::set<std::string>> codes_;
};

/// Codes found only there, or missing there.
std::vector<std::string> differing(const Making& making, UsualCodes& usual_codes, int version) {
    if (version == making.input.context.server_version) return {};
    const std::set<std::string>& usual = usual_codes.get();
    const std::set<std::string> here = codes_on(making, version);
    std::vector<std::string> out;
    std::set_symmetric_difference(usual.begin(), usual.end(), here.begin(), here.end(),
                                  std::back_inserter(out));
    return out;
}

/// Versions that were asked for and that no environment has.
void add_versions(const Making& making, UsualCodes& usual, std::vector<ReviewedEnvironment>& out) {
    for (const int version : making.input.server_versions) {
        const bool seen = std::any_of(out.begin(), out.end(), [&](const ReviewedEnvironment& each) {
            return major(each.server_version) == major(version);
        });
        if (seen || major(version) == major(making.input.context.server_version)) continue;
        ReviewedEnvironment& environment = out.emplace_back();
        environment.name = fmt::format("PostgreSQL {}", major(version));
        environment.server_version = version;
        environment.blocked = blocked_time(making.plan);
        environment.differing = differing(making, usual, version);
    }
}

}  // namespace

std::vector<ReviewedEnvironment> environments(const Making& making) {
    const ReviewInput& input = making.input;
    std::vector<ReviewedEnvironment> out;
    UsualCodes usual(making);
    for (const EnvironmentInput& each : known_environments(input)) {
        ReviewedEnvironment& environment = out.emplace_back();
        environment.name = each.name;
        for (const execute::PlannedChangeSet& planned : making.plan.changesets)
            if (why_not_selected(making.changeset(planned.index), each.selection))
                environment.not_selected.push_back(planned.index);
        const Statistics* statistics = statistics_of(input, each);
        execute::Plan plan = without(making.plan, environment.not_selected);
        Sizes sizes = statistics == nullptr ? Sizes() : statistics->relations;
        complete_sizes(sizes, making.start);
        execute::measure(plan, [&](const std::set<ObjectName>& /*names*/) { return sizes; });
        environment.blocked = blocked_time(plan);
        if (statistics == nullptr) continue;
        if (statistics->applied) count_pending(input, each, *statistics->applied, environment);
        environment.server_version = statistics->server_version;
        if (environment.server_version != 0)
            environment.differing = differing(making, usual, environment.server_version);
    }
    add_versions(making, usual, out);
    return out;
}

}  // namespace changelog::review
