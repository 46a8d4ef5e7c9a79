#include "execute/planner_measure.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace changelog::execute {

namespace {

using Sizes = std::map<ObjectName, postgres::RelationSize>;

template <typename Act>
void for_each_statement(Plan& plan, const Act& act) {
    for (PlannedChangeSet& changeset : plan.changesets)
        for (PlannedStatement& statement : changeset.statements) act(statement);
}

Sizes look_up(Plan& plan, const SizeLookup& lookup) {
    if (!lookup) return {};
    std::set<ObjectName> names;
    for_each_statement(plan, [&](const PlannedStatement& statement) {
        for (const PlannedLock& lock : statement.locks) names.insert(lock.now);
    });
    return lookup(names);
}

void put_sizes(PlannedStatement& statement, const Sizes& sizes) {
    for (PlannedLock& lock : statement.locks)
        if (const auto found = sizes.find(lock.now); found != sizes.end()) lock.size = found->second;
    const auto weight = [](const PlannedLock& lock) {
        return std::tuple(lock.lock, lock.size.is_table(), lock.work, lock.size.bytes());
    };
    std::stable_sort(statement.locks.begin(), statement.locks.end(),
                     [&](const auto& a, const auto& b) { return weight(a) > weight(b); });
}

Estimate duration_of(const PlannedStatement& statement) {
    Estimate out = kCatalogChange;
    if (!statement.unknown.empty() || statement.loads) out.basis = Basis::unknown;
    for (const PlannedLock& lock : statement.locks) {
        const bool may_change = statement.changes_rows && lock.lock == hazards::Lock::row_exclusive &&
                                (lock.size.is_table() || !lock.size.exists());
        out += may_change ? rows_estimate(lock.size, lock.work == hazards::Work::scan)
                          : work_estimate(lock.work, lock.size, statement.concurrently);
    }
    return out;
}

/// A lock is held until its transaction ends, so the statements behind it count too.
void put_holds(Plan& plan) {
    std::vector<PlannedStatement*> all;
    for_each_statement(plan, [&](PlannedStatement& statement) { all.push_back(&statement); });
    for (std::size_t i = all.size(); i-- > 0;) {
        PlannedStatement& statement = *all[i];
        const PlannedStatement* next = i + 1 < all.size() ? all[i + 1] : nullptr;
        const PlannedStatement* before = i > 0 ? all[i - 1] : nullptr;
        statement.ends = next == nullptr || next->transaction != statement.transaction;
        statement.begins = before == nullptr || before->transaction != statement.transaction;
        statement.hold = statement.duration;
        if (statement.transaction == 0)
            statement.begins = statement.ends = false;
        else if (!statement.ends)
            statement.hold += next->hold;
    }
}

}  // namespace

void measure(Plan& plan, const SizeLookup& lookup) {
    const Sizes sizes = look_up(plan, lookup);
    for_each_statement(plan, [&](PlannedStatement& statement) {
        put_sizes(statement, sizes);
        statement.duration = duration_of(statement);
    });
    put_holds(plan);
}

const PlannedStatement* Plan::longest() const {
    const PlannedStatement* out = nullptr;
    const auto weight = [](const PlannedStatement& statement) {
        return std::tuple(statement.hold.known() ? statement.hold.high : 0.0, statement.strongest());
    };
    for (const PlannedChangeSet& changeset : changesets)
        for (const PlannedStatement& statement : changeset.statements)
            if (statement.blocks_writes() && (out == nullptr || weight(statement) > weight(*out)))
                out = &statement;
    return out;
}

}  // namespace changelog::execute
