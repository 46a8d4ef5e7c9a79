#include "review/conflicts.hpp"

#include "graph/objects.hpp"
#include "review/conflicts_uses.hpp"
#include "review/conflicts_words.hpp"
#include "review/row_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

namespace changelog::review {

namespace {

using graph::ObjectId;

/// SQL in a definition has single spaces between its tokens (docs/checksums.md).
bool selects_all(const ChangeSet& changeset) {
    const std::string& text = changeset.definition;
    for (const std::string_view star : {"select *", "distinct *", ", *", ". *"})
        if (text.find(star) != std::string::npos) return true;
    return false;
}

struct Member {
    std::size_t index = 0;
    const ChangeSet* changeset = nullptr;
    const Footprint* footprint = nullptr;
    ChangedAspects aspects;
    std::map<ObjectName, RowChange> rows;
    std::map<ObjectId, Use> uses;
};

Member member_of(const Branch& branch, std::size_t index, graph::Objects& objects) {
    static const Footprint nothing;
    Member out;
    out.index = index;
    out.changeset = &branch.changelog.changesets[index];
    out.footprint = index < branch.graph.footprints.size() ? &branch.graph.footprints[index] : &nothing;
    out.rows = row_changes(*out.changeset, *out.footprint);
    out.aspects = changed_aspects(*out.changeset);
    out.uses = uses_of(*out.footprint, selects_all(*out.changeset), out.rows, out.aspects, objects);
    return out;
}

bool disjoint(const std::set<std::string>& a, const std::set<std::string>& b) {
    return std::none_of(a.begin(), a.end(), [&](const std::string& each) { return b.contains(each); });
}

/// Whether what one of them inserts into the table names all columns of which the other changes the default.
bool names_defaults(const Member& inserting, const Member& changing, const ObjectName& table) {
    const auto rows = inserting.rows.find(table);
    if (rows == inserting.rows.end() || rows->second.opaque) return false;
    if (!rows->second.inserts || rows->second.names_all) return true;
    const auto& touches = changing.footprint->touches;
    return std::all_of(touches.begin(), touches.end(), [&](const Touch& touch) {
        return touch.object.kind != ObjectKind::column || touch.object.name != table ||
               rows->second.named.contains(touch.object.part);
    });
}

bool changes_something(const Footprint& footprint) {
    return std::any_of(footprint.touches.begin(), footprint.touches.end(), [](const Touch& touch) {
        return touch.access != Access::require && !touch.tentative;
    });
}

class Finder {
  public:
    Finder(const Branch& ours, const Branch& theirs) : ours_branch_(ours), theirs_branch_(theirs) {}

    std::vector<Conflict> run() {
        choose();
        index_theirs();
        for (std::size_t i = 0; i < ours_.size(); ++i) look_at(i);
        same_meaning();
        barriers();
        for (auto& [pair, objects] : pairs_) describe(pair, objects);
        for (auto& [indexes, conflict] : found_) result_.push_back(std::move(conflict));
        return std::move(result_);
    }

  private:
    using Pair = std::pair<std::size_t, std::size_t>;  // positions in ours_ and theirs_

    /// What both have with one meaning (picked from one branch to the other) runs once and hinders nobody.
    void choose() {
        std::map<ChangeSetKey, std::size_t> keys;
        for (const std::size_t i : theirs_branch_.indexes)
            keys.emplace(theirs_branch_.changelog.changesets[i].key, i);
        std::set<std::size_t> shared;
        for (const std::size_t i : ours_branch_.indexes) {
            const ChangeSet& changeset = ours_branch_.changelog.changesets[i];
            const auto found = keys.find(changeset.key);
            if (found == keys.end()) {
                ours_.push_back(member_of(ours_branch_, i, objects_));
                continue;
            }
            shared.insert(found->second);
            if (theirs_branch_.changelog.changesets[found->second].checksum == changeset.checksum) continue;
            add(i, found->second, {},
                fmt::format("both have a changeset '{}', with different meaning", changeset.key.id));
        }
        for (const std::size_t i : theirs_branch_.indexes)
            if (!shared.contains(i)) theirs_.push_back(member_of(theirs_branch_, i, objects_));
    }

    void add(std::size_t ours, std::size_t theirs, std::vector<ObjectRef> objects, std::string reason) {
        found_.try_emplace({ours, theirs},
                           Conflict{ours, theirs, std::move(objects), std::move(reason), false});
    }

    void index_theirs() {
        for (std::size_t i = 0; i < theirs_.size(); ++i)
            for (const auto& [object, use] : theirs_[i].uses)
                for (std::size_t way = 0; way < kWays; ++way)
                    if ((use.ways & bit(static_cast<Way>(way))) != 0) users_[object][way].push_back(i);
    }

    void look_at(std::size_t ours) {
        for (const auto& [object, use] : ours_[ours].uses) {
            const auto users = users_.find(object);
            if (users == users_.end()) continue;
            Ways against = 0;
            for (std::size_t way = 0; way < kWays; ++way)
                if ((use.ways & bit(static_cast<Way>(way))) != 0) against |= kAgainst[way];
            for (std::size_t way = 0; way < kWays; ++way) {
                if ((against & bit(static_cast<Way>(way))) == 0) continue;
                for (const std::size_t theirs : users->second[way])
                    if (!commute_on(object, ours, theirs)) pairs_[{ours, theirs}].insert(object);
            }
        }
    }

    /// What the ways alone do not tell.
    bool commute_on(ObjectId object, std::size_t ours, std::size_t theirs) const {
        const ObjectRef& ref = objects_[object];
        const Member& one = ours_[ours];
        const Member& other = theirs_[theirs];
        if (ref.kind == ObjectKind::rows) {
            if (one.aspects.defaults && other.aspects.defaults) return true;
            if (one.aspects.defaults || other.aspects.defaults)
                return names_defaults(one.aspects.defaults ? other : one, one.aspects.defaults ? one : other,
                                      ref.name);
            const auto a = one.rows.find(ref.name);
            const auto b = other.rows.find(ref.name);
            // Which columns they are tells.
            if (one.aspects.not_nulls) return b != other.rows.end() && !b->second.opaque;
            if (other.aspects.not_nulls) return a != one.rows.end() && !a->second.opaque;
            return a != one.rows.end() && b != other.rows.end() && commute(a->second, b->second);
        }
        const Use& a = ours_[ours].uses.at(object);
        const Use& b = theirs_[theirs].uses.at(object);
        if (one.aspects.rights && other.aspects.rights)
            return one.aspects.takes_rights == other.aspects.takes_rights ||
                   disjoint(one.aspects.roles, other.aspects.roles);
        if (one.aspects.comments && other.aspects.comments)
            return one.changeset->checksum == other.changeset->checksum;
        if (!one.aspects.settings.empty() && !other.aspects.settings.empty())
            return disjoint(one.aspects.settings, other.aspects.settings);
        if (!a.tentative || !b.tentative || a.access != b.access) return false;
        // DROP ... IF EXISTS twice; CREATE ... IF NOT EXISTS twice of what has no shape.
        return a.access == Access::drop ||
               (a.access == Access::create &&
                (ref.kind == ObjectKind::schema || ref.kind == ObjectKind::extension));
    }

    /// The same change under two names runs twice.
    void same_meaning() {
        std::map<std::string_view, std::size_t> meanings;
        for (std::size_t i = 0; i < theirs_.size(); ++i)
            if (!theirs_[i].changeset->changes.empty()) meanings.emplace(theirs_[i].changeset->checksum, i);
        for (std::size_t i = 0; i < ours_.size(); ++i) {
            const Member& one = ours_[i];
            const auto found = meanings.find(one.changeset->checksum);
            if (one.changeset->checksum.empty() || found == meanings.end()) continue;
            if (!changes_something(*one.footprint)) continue;
            std::vector<ObjectRef> changed;
            for (const Touch& touch : one.footprint->touches)
                if (touch.access != Access::require) changed.push_back(touch.object);
            pairs_.erase({i, found->second});
            add(one.index, theirs_[found->second].index, reduced(std::move(changed)),
                fmt::format("'{}' and '{}' do the same, and both will run", one.changeset->key.id,
                            theirs_[found->second].changeset->key.id));
        }
    }

    /// Each is told once, with the first of the other side: nobody knows of any of them.
    void barriers() {
        if (ours_.empty() || theirs_.empty()) return;
        for (const Member& one : ours_)
            if (one.footprint->barrier) barrier(one, one.index, theirs_.front().index, theirs_.size());
        for (const Member& one : theirs_)
            if (one.footprint->barrier) barrier(one, ours_.front().index, one.index, ours_.size());
    }

    void barrier(const Member& one, std::size_t ours, std::size_t theirs, std::size_t others) {
        std::string text = fmt::format("'{}' cannot be seen through ({}), so it may not go with {}",
                                       one.changeset->key.id, one.footprint->barrier_reason,
                                       others == 1 ? std::string("the other branch's changeset")
                                                   : fmt::format("any of the other branch's {}", others));
        const auto known = found_.find({ours, theirs});
        if (known == found_.end())
            found_.try_emplace({ours, theirs}, Conflict{ours, theirs, {}, std::move(text), true});
        else
            known->second.reason += "; " + text;
    }

    void describe(const Pair& pair, const std::set<ObjectId>& ids) {
        const Member& ours = ours_[pair.first];
        const Member& theirs = theirs_[pair.second];
        std::vector<ObjectRef> objects;
        std::string said;
        std::size_t gravest = 0;
        for (const ObjectId id : ids) {
            const Use& a = ours.uses.at(id);
            const Use& b = theirs.uses.at(id);
            const bool some =
                objects_[id].kind == ObjectKind::column && objects_[id].part == graph::kSomeColumns;
            const ObjectRef object = some ? column_meant(ours, theirs, objects_[id]) : objects_[id];
            objects.push_back(object);
            const std::size_t weight = weight_of(object, a, b);
            if (weight <= gravest) continue;
            gravest = weight;
            said = words(object, {ours.changeset->key.id, a, may_rename(ours, object)},
                         {theirs.changeset->key.id, b, may_rename(theirs, object)});
        }
        objects = reduced(std::move(objects));
        const auto known = found_.find({ours.index, theirs.index});
        if (known != found_.end()) {  // a barrier, of which something is known after all
            known->second.objects = std::move(objects);
            known->second.reason = said + "; " + known->second.reason;
            known->second.unknown = false;
            return;
        }
        add(ours.index, theirs.index, std::move(objects), std::move(said));
    }

    /// To what it touches, a rename is a drop and something new.
    static bool may_rename(const Member& member, const ObjectRef& object) {
        const auto& touches = member.footprint->touches;
        return std::any_of(touches.begin(), touches.end(), [&](const Touch& touch) {
            return touch.access == Access::create && touch.object.kind == object.kind &&
                   (!graph::is_part(object.kind) || touch.object.name == object.name);
        });
    }

    /// What stands for itself and is written by both is said rather than what follows from that.
    static std::size_t weight_of(const ObjectRef& object, const Use& a, const Use& b) {
        const bool both = (a.ways & b.ways & bit(Way::write)) != 0;
        const bool part = graph::is_part(object.kind) || object.kind == ObjectKind::rows;
        return 1 + (both ? 2U : 0U) + (part ? 0U : 1U);
    }

    /// The column that one of them changes where the other may use it.
    static ObjectRef column_meant(const Member& ours, const Member& theirs, const ObjectRef& some) {
        for (const Member* one : {&ours, &theirs})
            for (const Touch& touch : one->footprint->touches)
                if (touch.object.kind == ObjectKind::column && touch.access != Access::require &&
                    touch.object.name == some.name && touch.object.part != graph::kSomeColumns)
                    return touch.object;
        return {ObjectKind::table, some.name, {}};
    }

    /// Sorted, without the parts of tables that are named themselves, and without the tables that only stand
    /// for the name of an index or a sequence.
    static std::vector<ObjectRef> reduced(std::vector<ObjectRef> objects) {
        std::set<ObjectName> names;
        for (const ObjectRef& object : objects)
            if (object.kind == ObjectKind::index || object.kind == ObjectKind::sequence)
                names.insert(object.name);
        std::erase_if(objects, [&](const ObjectRef& object) {
            return object.kind == ObjectKind::table && names.contains(object.name);
        });
        std::set<ObjectName> tables;
        for (const ObjectRef& object : objects)
            if (object.kind == ObjectKind::table) tables.insert(object.name);
        std::erase_if(objects, [&](const ObjectRef& object) {
            return (graph::is_part(object.kind) || object.kind == ObjectKind::rows) &&
                   tables.contains(object.name);
        });
        std::sort(objects.begin(), objects.end());
        objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
        return objects;
    }

    const Branch &ours_branch_, &theirs_branch_;
    graph::Objects objects_;
    std::vector<Member> ours_, theirs_;
    std::unordered_map<ObjectId, std::array<std::vector<std::size_t>, kWays>> users_;
    std::map<Pair, std::set<ObjectId>> pairs_;
    std::map<Pair, Conflict> found_;  // by the indexes of the changelogs
    std::vector<Conflict> result_;
};

}  // namespace

std::vector<Conflict> conflicts(const Branch& ours, const Branch& theirs) {
    return Finder(ours, theirs).run();
}

}  // namespace changelog::review
