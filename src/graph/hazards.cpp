#include "graph/hazards.hpp"

namespace changelog::graph {

namespace {

// Up to so many accesses are ordered one by one before a whole group of accesses that commute; beyond that
// the group's first member stands for them, so that edges stay linear.
constexpr std::size_t kMaxPairs = 16;

EdgeReason reason_of(const Event& before, const Event& after) {
    if (after.mode != Mode::write) {
        return before.mode == Mode::read ? EdgeReason::change_after_use : EdgeReason::use_after_create;
    }
    if (before.mode == Mode::read) return EdgeReason::change_after_use;
    return before.creates && after.first != Access::create ? EdgeReason::use_after_create
                                                           : EdgeReason::change_after_change;
}

/// Orders the events of one object: groups that commute within, each after the one before it.
class Sequence {
  public:
    Sequence(ObjectId object, std::vector<Arrow>& out) : object_(object), out_(out) {}

    void add(const Event& event) {
        const bool joins = !group_.empty() && event.mode == group_.front().mode && event.mode != Mode::write;
        if (!joins) {
            before_ = std::exchange(group_, {});
            for (const Event& earlier : before_) arrow(earlier, event);
        } else if (before_.size() <= kMaxPairs) {
            for (const Event& earlier : before_) arrow(earlier, event);
        } else {
            arrow(group_.front(), event);
        }
        group_.push_back(event);
    }

  private:
    void arrow(const Event& from, const Event& to) {
        if (from.changeset != to.changeset)
            out_.push_back({from.changeset, to.changeset, reason_of(from, to), object_});
    }

    ObjectId object_;
    std::vector<Arrow>& out_;
    std::vector<Event> before_, group_;
};

class Forwarding {
  public:
    Forwarding(const Traits& traits) : traits_(traits), barriers_(traits.barrier.size() + 1) {
        for (std::size_t i = 0; i < traits.barrier.size(); ++i)
            barriers_[i + 1] = barriers_[i] + traits.barrier[i];
    }

    /// The one changeset that makes the object, if it stands behind changesets that use it; else null.
    /// Nothing that might have made the object in another way, or might not happen, may be in between.
    const Event* late_creator(const std::vector<Event>& events) const {
        const auto makes = [](const Event& event) { return event.creates || event.creates_tentatively; };
        const auto creator = std::find_if(events.begin(), events.end(), makes);
        if (creator == events.begin() || creator == events.end()) return nullptr;
        if (!creator->creates || creator->creates_tentatively || creator->drops) return nullptr;
        if (std::any_of(creator + 1, events.end(), makes)) return nullptr;
        const auto hinders = [&](const Event& event) {
            return event.drops || traits_.conditional[event.changeset] != 0;
        };
        if (std::any_of(events.begin(), creator + 1, hinders)) return nullptr;
        const auto needs = [](const Event& event) { return !event.first_is_tentative; };
        if (std::none_of(events.begin(), creator, needs)) return nullptr;
        const bool barrier_between = barriers_[creator->changeset + 1] != barriers_[events.front().changeset];
        return barrier_between ? nullptr : &*creator;
    }

  private:
    const Traits& traits_;
    std::vector<std::uint32_t> barriers_;  ///< how many stand before each place
};

void move_to_front(std::vector<Event>& events, Vertex changeset) {
    const auto is_it = [&](const Event& event) { return event.changeset == changeset; };
    const auto found = std::find_if(events.begin(), events.end(), is_it);
    if (found != events.end()) std::rotate(events.begin(), found, found + 1);
}

/// Puts the makers of objects before the users that stand before them in the files, and what the makers do to
/// parts of these objects along with it.
void bring_creators_forward(Objects& objects, std::vector<std::vector<Event>>& events, const Traits& traits) {
    const Forwarding forwarding(traits);
    std::vector<std::optional<Vertex>> moved(events.size());
    for (ObjectId id = 0; id < events.size(); ++id)
        if (const Event* creator = forwarding.late_creator(events[id])) moved[id] = creator->changeset;
    for (ObjectId id = 0; id < events.size(); ++id) {
        if (events[id].empty()) continue;
        const ObjectId table = objects.table_of(id);
        const bool with_table = table != kNoObject && table < moved.size() && moved[table];
        if (with_table) move_to_front(events[id], *moved[table]);
        if (moved[id]) move_to_front(events[id], *moved[id]);
    }
}

}  // namespace

void add_hazards(Objects& objects, std::vector<std::vector<Event>> events, const Traits& traits,
                 std::vector<Arrow>& out) {
    bring_creators_forward(objects, events, traits);
    for (ObjectId id = 0; id < events.size(); ++id) {
        Sequence sequence(id, out);
        for (const Event& event : events[id]) sequence.add(event);
    }
}

void add_barriers(const Traits& traits, std::vector<Arrow>& arrows) {
    const std::size_t count = traits.barrier.size();
    constexpr Vertex none = 0xFFFFFFFF;
    std::vector<Vertex> before(count, none), after(count, none);  // the nearest barrier on each side
    for (std::size_t i = 1; i < count; ++i)
        before[i] = traits.barrier[i - 1] != 0 ? static_cast<Vertex>(i - 1) : before[i - 1];
    for (std::size_t i = count; i-- > 1;)
        after[i - 1] = traits.barrier[i] != 0 ? static_cast<Vertex>(i) : after[i];
    // Only edges between two neighbouring barriers, these included, count: all others follow from the
    // barriers' order.
    const auto is_near = [&](Vertex other, Vertex one) {
        return (before[one] == none || other >= before[one]) && (after[one] == none || other <= after[one]);
    };
    std::vector<std::uint8_t> has_earlier(count), has_later(count);
    for (const Arrow& arrow : arrows)
        if (is_near(arrow.from, arrow.to) && is_near(arrow.to, arrow.from))
            has_earlier[arrow.to] = has_later[arrow.from] = 1;
    for (Vertex i = 0; i < count; ++i) {
        const bool barrier_before = before[i] != none && has_earlier[i] == 0;
        if (!barrier_before) continue;
        // A barrier right behind others hangs on them through these, unless there are none.
        if (traits.barrier[i] == 0 || before[i] + 1 == i) {
            arrows.push_back({before[i], i, EdgeReason::barrier, kNoObject});
            has_later[before[i]] = 1;
        }
    }
    for (Vertex i = 0; i < count; ++i)
        if (traits.barrier[i] == 0 && after[i] != none && has_later[i] == 0)
            arrows.push_back({i, after[i], EdgeReason::barrier, kNoObject});
}

}  // namespace changelog::graph
