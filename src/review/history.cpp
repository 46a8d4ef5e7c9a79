#include "review/history.hpp"

#include "changelog/checksum.hpp"
#include "changelog/plan.hpp"

#include "core/text.hpp"
#include "review/masked_differences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace changelog::review {

namespace {

using Index = std::map<ChangeSetKey, std::size_t>;

Index index_of(const Changelog& changelog) {
    Index out;
    for (std::size_t i = 0; i < changelog.changesets.size(); ++i) out.emplace(changelog.changesets[i].key, i);
    return out;
}

/// LIQUIBASE.md 1.4, validCheckSum: an edit that the author allows for databases with the old checksum.
bool allows(const ChangeSet& head, const std::string& old_checksum) {
    static constexpr std::string_view wildcards[] = {"any", "ANY", "1:any", "1:all", "1:*"};
    return std::any_of(
        head.valid_checksums.begin(), head.valid_checksums.end(), [&](const std::string& valid) {
            return valid == old_checksum ||
                   std::find(std::begin(wildcards), std::end(wildcards), valid) != std::end(wildcards);
        });
}

/// What the databases that statistics were taken of have applied.
class AppliedLists {
  public:
    explicit AppliedLists(const std::vector<Statistics>& statistics) {
        for (const Statistics& each : statistics) {
            if (!each.applied) continue;
            List& list = lists_.emplace_back();
            list.name = each.environment.empty() ? each.source : each.environment;
            for (const AppliedChangeSet& row : *each.applied) list.rows.emplace(row.key, &row);
        }
    }

    bool known() const { return !lists_.empty(); }

    /// The databases that have it applied; with `head`, only those that would call that one an edit of it.
    std::vector<std::string> with(const ChangeSetKey& key, const ChangeSet* head = nullptr) const {
        std::vector<std::string> out;
        for (const List& list : lists_) {
            const auto found = list.rows.find(key);
            if (found == list.rows.end()) continue;
            const std::string& checksum = found->second->checksum;
            if (head == nullptr ||
                (match_checksum(*head, checksum) == ChecksumMatch::edited && !allows(*head, checksum)))
                out.push_back(list.name);
        }
        return out;
    }

  private:
    struct List {
        std::string name;
        std::map<ChangeSetKey, const AppliedChangeSet*> rows;
    };
    std::vector<List> lists_;
};

class Comparison {
  public:
    Comparison(const Changelog& base, const Changelog& head, const std::vector<Statistics>& statistics)
        : base_(base),
          head_(head),
          base_index_(index_of(base)),
          head_index_(index_of(head)),
          applied_(statistics) {}

    HistoryChanges run() {
        find_renames();
        for (std::size_t i = 0; i < head_.changesets.size(); ++i) compare(i);
        for (std::size_t i = 0; i < base_.changesets.size(); ++i)
            if (is_gone(i) && !renamed_to_.contains(i)) remove(i);
        note_order();
        return std::move(result_);
    }

  private:
    const ChangeSet& head(std::size_t index) const { return head_.changesets[index]; }
    const ChangeSet& base(std::size_t index) const { return base_.changesets[index]; }
    bool is_gone(std::size_t index) const { return !head_index_.contains(base(index).key); }
    bool is_new(std::size_t index) const { return !base_index_.contains(head(index).key); }

    /// How much of the name is still the same: where several have one checksum, the nearest was meant.
    static int likeness(const ChangeSetKey& a, const ChangeSetKey& b) {
        return (a.id == b.id ? 4 : 0) + (a.path == b.path ? 2 : 0) + (a.author == b.author ? 1 : 0);
    }

    void find_renames() {
        std::map<std::string, std::vector<std::size_t>> gone;
        for (std::size_t i = 0; i < base_.changesets.size(); ++i)
            if (is_gone(i) && !base(i).changes.empty()) gone[base(i).checksum].push_back(i);
        if (gone.empty()) return;
        struct Candidate {
            int likeness = 0;
            std::size_t head = 0, base = 0;
        };
        std::vector<Candidate> candidates;
        for (std::size_t i = 0; i < head_.changesets.size(); ++i) {
            const auto found = gone.find(head(i).checksum);
            if (!is_new(i) || found == gone.end()) continue;
            for (const std::size_t old : found->second)
                candidates.push_back({likeness(head(i).key, base(old).key), i, old});
        }
        std::stable_sort(candidates.begin(), candidates.end(),
                         [](const Candidate& a, const Candidate& b) { return a.likeness > b.likeness; });
        for (const Candidate& each : candidates) {
            if (renamed_from_.contains(each.head) || renamed_to_.contains(each.base)) continue;
            renamed_from_[each.head] = each.base;
            renamed_to_[each.base] = each.head;
        }
    }

    void compare(std::size_t index) {
        if (const auto renamed = renamed_from_.find(index); renamed != renamed_from_.end())
            return rename(index, renamed->second);
        const auto found = base_index_.find(head(index).key);
        if (found == base_index_.end()) return add(index);
        if (head(index).checksum != base(found->second).checksum) edit(index, found->second);
    }

    void add(std::size_t index) {
        ChangedChangeSet& change = result_.changesets.emplace_back();
        change.head = index;
        change.runs = true;
        change.applied_in = applied_.with(head(index).key);
        // Somebody ran an earlier version of the branch there.
        change.breaks_history =
            !head(index).run_on_change && !applied_.with(head(index).key, &head(index)).empty();
    }

    void edit(std::size_t index, std::size_t old) {
        ChangedChangeSet& change = result_.changesets.emplace_back();
        change.kind = ChangeKind::edited;
        change.head = index;
        change.base = old;
        change.differences =
            masked_differences(definition_difference(base(old).definition, head(index).definition));
        change.applied_in = applied_.with(head(index).key);
        change.runs = head(index).run_on_change || head(index).run_always;
        if (head(index).run_on_change) return;
        change.breaks_history = applied_.known() ? !applied_.with(head(index).key, &head(index)).empty()
                                                 : !allows(head(index), base(old).checksum);
    }

    /// Databases know it by the old name, so there it is missing and runs once more.
    void rename(std::size_t index, std::size_t old) {
        ChangedChangeSet& change = result_.changesets.emplace_back();
        change.kind = ChangeKind::renamed;
        change.head = index;
        change.base = old;
        change.differences = {fmt::format("{} -> {}", to_string(base(old).key), to_string(head(index).key))};
        change.applied_in = applied_.with(base(old).key);
        change.runs = true;
        change.breaks_history = !applied_.known() || !change.applied_in.empty();
    }

    void remove(std::size_t old) {
        ChangedChangeSet& change = result_.changesets.emplace_back();
        change.kind = ChangeKind::removed;
        change.base = old;
        change.applied_in = applied_.with(base(old).key);
        change.breaks_history = !applied_.known() || !change.applied_in.empty();
    }

    /// The fewest changesets that must have been moved for the rest to stand in the old order: all but the
    /// longest run of growing old places.
    void note_order() {
        std::vector<std::pair<std::size_t, std::size_t>> both;  // old place, new place
        for (std::size_t i = 0; i < head_.changesets.size(); ++i)
            if (const auto found = base_index_.find(head(i).key); found != base_index_.end())
                both.emplace_back(found->second, i);
        constexpr std::size_t none = static_cast<std::size_t>(-1);
        std::vector<std::size_t> ends, before(both.size(), none);  // ends: of the runs by length
        for (std::size_t i = 0; i < both.size(); ++i) {
            const auto place =
                std::lower_bound(ends.begin(), ends.end(), i,
                                 [&](std::size_t a, std::size_t b) { return both[a].first < both[b].first; });
            before[i] = place == ends.begin() ? none : *(place - 1);
            if (place == ends.end())
                ends.push_back(i);
            else
                *place = i;
        }
        std::set<std::size_t> kept;
        for (std::size_t i = ends.empty() ? none : ends.back(); i != none; i = before[i]) kept.insert(i);
        for (std::size_t i = 0; i < both.size(); ++i)
            if (!kept.contains(i)) note_moved(both[i].first, both[i].second);
    }

    void note_moved(std::size_t old, std::size_t now) {
        const std::string where = now == 0 ? "first" : fmt::format("behind '{}'", head(now - 1).key.id);
        const std::string was = old == 0 ? "first" : fmt::format("behind '{}'", base(old - 1).key.id);
        result_.notes.push_back(fmt::format(
            "'{}' stands {} now, and stood {}: a new database runs it in another order than those that "
            "are there",
            head(now).key.id, where, was));
    }

    const Changelog& base_;
    const Changelog& head_;
    const Index base_index_, head_index_;
    const AppliedLists applied_;
    std::map<std::size_t, std::size_t> renamed_from_, renamed_to_;
    HistoryChanges result_;
};

}  // namespace

std::string_view to_string(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::added:
            return "added";
        case ChangeKind::edited:
            return "edited";
        case ChangeKind::removed:
            return "removed";
        case ChangeKind::renamed:
            return "renamed";
    }
    return "";
}

HistoryChanges history_changes(const Changelog& base, const Changelog& head,
                               const std::vector<Statistics>& statistics) {
    return Comparison(base, head, statistics).run();
}

}  // namespace changelog::review
