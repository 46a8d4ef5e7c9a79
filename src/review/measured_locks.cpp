#include "review/measured_locks.hpp"

#include "core/text.hpp"
#include "review/diagnose_masking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace changelog::review {

namespace {

using execute::PlannedChangeSet;
using execute::PlannedStatement;
using execute::TracedChangeSet;
using execute::TracedStatement;
using hazards::Lock;
using hazards::Work;

struct Held {
    Lock lock = Lock::none;
    Work work = Work::none;
};
using Locks = std::map<ObjectName, Held>;

std::string words(const Held& held) {
    if (held.lock == Lock::none) return "no lock";
    const bool works = held.work != Work::none;
    return std::string(to_string(held.lock)) + (works ? " and " + std::string(to_string(held.work)) : "");
}

PlannedChangeSet* find(execute::Plan& plan, std::size_t index) {
    for (PlannedChangeSet& each : plan.changesets)
        if (each.index == index) return &each;
    return nullptr;
}

class Comparison {
  public:
    Comparison(const Measured& measured, Review& review, Proof& proof)
        : measured_(measured), review_(review), proof_(proof), stated_(measured.stated) {}

    void run() {
        for (const TracedChangeSet& traced : measured_.traced) changeset(traced);
    }

  private:
    void changeset(const TracedChangeSet& traced) {
        PlannedChangeSet* const stated = find(stated_, traced.index);
        PlannedChangeSet* const shown = find(review_.plan, traced.index);
        if (stated == nullptr || shown == nullptr) return;
        name_ = measured_.head.changesets[traced.index].key.id;
        const std::size_t count = traced.statements.size();
        const bool failed = count > 0 && traced.statements.back().error.has_value();
        if (failed)
            proof_.unmeasured.push_back(
                fmt::format("'{}', since it fails with made-up rows, or statement by statement: {}", name_,
                            masked(traced.statements.back().error->message)));
        if (!failed && traced.applied && count != stated->statements.size()) {
            proof_.unmeasured.push_back(fmt::format("'{}', since it runs {} statements, and not {}", name_,
                                                    count, stated->statements.size()));
            return;
        }
        for (std::size_t i = 0; i < std::min(count, stated->statements.size()); ++i) {
            if (traced.statements[i].error) continue;
            ++proof_.traced;
            PlannedStatement* const line =
                shown->statements.size() == stated->statements.size() ? &shown->statements[i] : nullptr;
            statement(traced.statements[i], stated->statements[i], line);
        }
    }

    void statement(const TracedStatement& traced, const PlannedStatement& stated, PlannedStatement* shown) {
        if (!stated.unknown.empty()) {
            if (shown != nullptr && shown->locks.empty()) take_over(traced, *shown);
            return;
        }
        const Locks said = of(stated), seen = of(traced);
        bool agree = true;
        for (const ObjectName& name : measured_.relations) {
            const Held one = at(said, name), other = at(seen, name);
            if (is_same(one, other, traced.outside_transaction)) continue;
            agree = false;
            proof_.understated = proof_.understated || other.lock > one.lock || other.work > one.work;
            proof_.disagreements.push_back(fmt::format("'{}', {}: {} gets {}, not {}", name_, stated.summary,
                                                       name.schema + '.' + name.name, words(other),
                                                       words(one)));
        }
        if (agree && shown != nullptr && is_equal(of(*shown), said)) proof_.agreeing.insert(shown->number);
    }

    /// Made-up rows may be too few for work to show. A lock that is let go of on the way can be missed where
    /// it is weak (lock_watch.hpp).
    static bool is_same(const Held& stated, const Held& seen, bool outside) {
        const bool missed = outside && seen.lock == Lock::none && stated.lock < Lock::share_update_exclusive;
        return (stated.lock == seen.lock || missed) && seen.work <= stated.work;
    }

    void take_over(const TracedStatement& traced, PlannedStatement& shown) const {
        const auto sizes = largest(review_.statistics);
        for (const hazards::RelationFacts& each : traced.relations) {
            if (!measured_.relations.contains(each.name) || each.lock == Lock::none) continue;
            execute::PlannedLock lock{each.name, each.name, each.lock, each.work, {}};
            if (const auto found = sizes.find(each.name); found != sizes.end()) lock.size = found->second;
            shown.locks.push_back(lock);
            shown.work = std::max(shown.work, each.work);
        }
        std::stable_sort(shown.locks.begin(), shown.locks.end(),
                         [](const auto& a, const auto& b) { return a.lock > b.lock; });
        proof_.agreeing.insert(shown.number);
    }

    Locks of(const PlannedStatement& stated) const {
        Locks out;
        for (const execute::PlannedLock& each : stated.locks)
            if (measured_.relations.contains(each.relation)) out[each.relation] = {each.lock, each.work};
        return out;
    }

    Locks of(const TracedStatement& traced) const {
        Locks out;
        for (const hazards::RelationFacts& each : traced.relations)
            if (measured_.relations.contains(each.name)) out[each.name] = {each.lock, each.work};
        return out;
    }

    static Held at(const Locks& locks, const ObjectName& name) {
        const auto found = locks.find(name);
        return found == locks.end() ? Held() : found->second;
    }

    static bool is_equal(const Locks& one, const Locks& other) {
        return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](auto& a, auto& b) {
            return a.first == b.first && a.second.lock == b.second.lock && a.second.work == b.second.work;
        });
    }

    const Measured& measured_;
    Review& review_;
    Proof& proof_;
    execute::Plan stated_;
    std::string name_;
};

}  // namespace

void compare_locks(const Measured& measured, Review& review, Proof& proof) {
    Comparison(measured, review, proof).run();
}

}  // namespace changelog::review
