// Which changesets run: history, selection, and the limits that the user sets.
#include "changelog/checksum.hpp"
#include "changelog/codes.hpp"
#include "changelog/plan.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_set>

namespace changelog {

namespace {

bool accepts_any(std::string_view checksum) {
    static constexpr std::string_view wildcards[] = {"any", "ANY", "1:any", "1:all", "1:*"};
    return std::find(std::begin(wildcards), std::end(wildcards), checksum) != std::end(wildcards);
}

/// LIQUIBASE.md 1.4, validCheckSum: accepted if it equals the stored or the current checksum, or is a
/// wildcard.
bool is_declared_valid(const ChangeSet& changeset, const AppliedChangeSet& row) {
    return std::any_of(changeset.valid_checksums.begin(), changeset.valid_checksums.end(),
                       [&](const std::string& valid) {
                           return accepts_any(valid) || valid == row.checksum ||
                                  match_checksum(changeset, valid) == ChecksumMatch::same;
                       });
}

/// An id as an argument of a shell command.
std::string shell_word(const std::string& word) {
    static constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:+,@%";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
    std::string out = "'";
    for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + '\'';
}

class Selector {
  public:
    Selector(const Changelog& changelog, const Graph& graph, const std::vector<AppliedChangeSet>& applied,
             const SelectOptions& options, Diagnostics& diagnostics)
        : changelog_(changelog), graph_(graph), options_(options), diagnostics_(diagnostics) {
        for (const AppliedChangeSet& row : applied) rows_.emplace(row.key, &row);
    }

    PendingSet run(const std::vector<AppliedChangeSet>& applied) {
        result_.applied_count = applied.size();
        for (const std::size_t index : graph_.order) visit(index);
        report_newer();
        report_missing(applied);
        order_applied(applied);
        limit();
        return std::move(result_);
    }

  private:
    void visit(std::size_t index) {
        const ChangeSet& changeset = changelog_.changesets[index];
        const auto found = rows_.find(changeset.key);
        if (found != rows_.end()) {
            seen_[changeset.key] = index;
            visit_applied(index, changeset, *found->second);
            return;
        }
        if (auto reason = why_not_selected(changeset, options_.selection))
            result_.skipped.push_back({index, std::move(*reason)});
        else
            result_.pending.push_back({index, Action::apply});
    }

    void visit_applied(std::size_t index, const ChangeSet& changeset, const AppliedChangeSet& row) {
        const ChecksumMatch match = match_checksum(changeset, row.checksum);
        const bool edited = match == ChecksumMatch::edited;
        const bool selected = !why_not_selected(changeset, options_.selection);
        if (changeset.run_always || (edited && changeset.run_on_change)) {
            if (selected) result_.pending.push_back({index, Action::rerun});
            return;
        }
        if (!selected || (!edited && match != ChecksumMatch::newer) || is_declared_valid(changeset, row))
            return;
        if (edited)
            report_edited(changeset, row);
        else
            newer_.emplace_back(&changeset, &row);
    }

    void report_edited(const ChangeSet& changeset, const AppliedChangeSet& row) {
        Diagnostic& item = diagnostics_.error(
            codes::checksum_mismatch, changeset.at,
            fmt::format("changeset '{}' was edited after it was applied", changeset.key.id));
        item.changeset = to_string(changeset.key);
        item.why = why_edited(changeset, row);
        item.next = {
            "put it back as it was, if it was edited by mistake",
            "put it back as it was, and write a new changeset for what is to change",
            fmt::format("changelog accept {} --reason \"...\", if the database already is as the file "
                        "says",
                        shell_word(changeset.key.id))};
    }

    /// Compared in the version of the form that the row was written in.
    std::string why_edited(const ChangeSet& changeset, const AppliedChangeSet& row) const {
        const std::string before =
            options_.stored_definition ? options_.stored_definition(changeset.key) : row.definition;
        if (before.empty()) return "The history does not keep what it was.";
        const int version = checksum_version(row.checksum).value_or(0);
        const bool is_newest = version == canonical_forms().back().version;
        const std::string after =
            is_newest ? changeset.definition : definition_of(changeset, version).value_or("");
        const std::vector<std::string> lines = definition_difference(before, after);
        return lines.empty() ? "The definition in the history is the same, the checksum beside it is not: "
                               "somebody wrote to that row."
                             : join(lines, "\n");
    }

    /// Once for all: where there is one, there usually are many.
    void report_newer() {
        if (newer_.empty()) return;
        const auto& [changeset, row] = newer_.front();
        const std::string others = newer_.size() == 1 ? "" : fmt::format(", and {} more,", newer_.size() - 1);
        Diagnostic& item =
            diagnostics_.error(codes::newer_checksum, changeset->at,
                               fmt::format("changeset '{}'{} {} applied by a newer version of this program",
                                           changeset->key.id, others, others.empty() ? "was" : "were"));
        item.changeset = to_string(changeset->key);
        item.why = fmt::format(
            "The checksum in the history is of version {}; this program knows versions up to {}, so it "
            "cannot "
            "tell whether the changeset was edited since.",
            checksum_version(row->checksum).value_or(0), canonical_forms().back().version);
        item.next = {"use the newer program (`changelog history --format json` has its version)",
                     fmt::format("changelog accept {} --reason \"...\", if the file is as it was applied",
                                 shell_word(changeset->key.id))};
    }

    void report_missing(const std::vector<AppliedChangeSet>& applied) {
        if (options_.ignore_missing) return;
        for (const AppliedChangeSet& row : applied) {
            if (seen_.contains(row.key)) continue;
            Location nowhere;
            nowhere.file = row.key.path;
            Diagnostic& item =
                diagnostics_.add(Severity::error, codes::missing_changeset, nowhere,
                                 fmt::format("changeset '{}' by {} is applied, but is not in the files",
                                             row.key.id, row.key.author));
            item.changeset = to_string(row.key);
            item.why = moved_hint(row.key);
            item.next = {
                "restore the file; or roll the changeset back (the database keeps its rollback); "
                "or pass --ignore-missing if several changelogs share this database"};
        }
    }

    std::string moved_hint(const ChangeSetKey& key) const {
        for (const ChangeSet& changeset : changelog_.changesets)
            if (changeset.key.id == key.id && changeset.key.author == key.author &&
                !rows_.contains(changeset.key))
                return fmt::format(
                    "A changeset of that id and author stands in {}: if the file was moved, give it "
                    "`logicalFilePath: {}`.",
                    changeset.key.path, key.path);
        return {};
    }

    void order_applied(const std::vector<AppliedChangeSet>& applied) {
        for (const AppliedChangeSet& row : applied) {
            const auto found = seen_.find(row.key);
            if (found != seen_.end() && row.event != "marked_ran") result_.applied.push_back(found->second);
        }
    }

    void limit() {
        if (options_.changeset) keep_only(*options_.changeset);
        if (options_.to_tag) cut_after_tag(*options_.to_tag);
        if (options_.count && result_.pending.size() > *options_.count)
            result_.pending.resize(*options_.count);
    }

    void keep_only(const std::string& name) {
        const auto index = find_changeset(changelog_, name, diagnostics_);
        if (!index) return;
        const std::vector<std::size_t> wanted = ancestors_of(graph_, *index);
        const std::unordered_set<std::size_t> keep(wanted.begin(), wanted.end());
        std::erase_if(result_.pending, [&](const Pending& item) { return !keep.contains(item.index); });
    }

    void cut_after_tag(const std::string& tag) {
        const auto sets_tag = [&](const Pending& item) {
            return changelog_.changesets[item.index].tag == tag;
        };
        const auto found = std::find_if(result_.pending.begin(), result_.pending.end(), sets_tag);
        if (found != result_.pending.end()) {
            result_.pending.erase(found + 1, result_.pending.end());
            return;
        }
        std::vector<std::string_view> tags;
        for (const ChangeSet& changeset : changelog_.changesets) {
            if (changeset.tag == tag) {  // applied already: nothing is left to be done up to there
                result_.pending.clear();
                return;
            }
            if (changeset.tag) tags.emplace_back(*changeset.tag);
        }
        Diagnostic& item = diagnostics_.add(Severity::error, codes::unknown_tag, {},
                                            fmt::format("no changeset sets the tag '{}'", tag));
        item.did_you_mean = nearest(tag, tags);
    }

    const Changelog& changelog_;
    const Graph& graph_;
    const SelectOptions& options_;
    Diagnostics& diagnostics_;
    std::map<ChangeSetKey, const AppliedChangeSet*> rows_;
    std::map<ChangeSetKey, std::size_t> seen_;
    std::vector<std::pair<const ChangeSet*, const AppliedChangeSet*>> newer_;  ///< cannot be compared
    PendingSet result_;
};

}  // namespace

PendingSet select_pending(const Changelog& changelog, const Graph& graph,
                          const std::vector<AppliedChangeSet>& applied, const SelectOptions& options,
                          Diagnostics& diagnostics) {
    return Selector(changelog, graph, applied, options, diagnostics).run(applied);
}

std::optional<std::size_t> find_changeset(const Changelog& changelog, const std::string& name,
                                          Diagnostics& diagnostics) {
    std::vector<std::size_t> found;
    std::vector<std::string_view> ids;
    for (std::size_t i = 0; i < changelog.changesets.size(); ++i) {
        const ChangeSetKey& key = changelog.changesets[i].key;
        if (to_string(key) == name) return i;
        if (key.id == name) found.push_back(i);
        ids.emplace_back(key.id);
    }
    if (found.size() == 1) return found.front();
    if (found.empty()) {
        diagnostics
            .add(Severity::error, codes::unknown_changeset, {},
                 fmt::format("there is no changeset '{}'", name))
            .did_you_mean = nearest(name, ids);
        return std::nullopt;
    }
    Diagnostic& item = diagnostics.add(Severity::error, codes::ambiguous_dependency, {},
                                       fmt::format("{} changesets have the id '{}'", found.size(), name));
    for (const std::size_t index : found) item.expected.push_back(to_string(changelog.changesets[index].key));
    return std::nullopt;
}

}  // namespace changelog
