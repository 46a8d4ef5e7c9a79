#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "hazards/relations.hpp"
#include "review/fixes.hpp"
#include "review/making.hpp"
#include "review/places.hpp"
#include "review/weigh.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace changelog::review {

namespace {

using hazards::Finding;

/// What destroys data, unless the rendered change keeps it.
bool takes_data(std::string_view code) {
    static constexpr std::array kCodes = {codes::drop_column, codes::drop_table,     codes::drop_schema,
                                          codes::drop_type,   codes::truncate_table, codes::drop_cascade};
    return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

/// What the title says of data that go, which is not so where they are kept.
std::string without_loss(std::string title) {
    const std::size_t begin = title.rfind(" destroys "), end = title.find(" and breaks", begin);
    if (begin != std::string::npos && end != std::string::npos)
        title.erase(begin, end - begin + std::string_view(" and").size());
    return title;
}

/// One cause that two rules see: what the second one says of a statement goes without saying then.
struct Twins {
    std::string_view better, other;
};
constexpr std::array kTwins = {
    Twins{codes::change_type_using_truncates, codes::change_type_narrowing},
    Twins{codes::validate_in_same_transaction, codes::statement_after_exclusive_lock},
    Twins{codes::drop_schema, codes::drop_cascade},
};

/// The statement itself works under ACCESS EXCLUSIVE, whatever was locked before.
bool locks_by_itself(const LocatedFinding& finding) {
    return grows_with_size(finding.item.code) && finding.item.code != codes::statement_after_exclusive_lock &&
           std::any_of(
               finding.relations.begin(), finding.relations.end(), [](const hazards::RelationFacts& each) {
                   return each.lock == hazards::Lock::access_exclusive && each.work != hazards::Work::none;
               });
}

void fold(std::vector<LocatedFinding>& findings) {
    const std::vector<LocatedFinding> all = findings;
    std::erase_if(findings, [&](const LocatedFinding& each) {
        return std::any_of(all.begin(), all.end(), [&](const LocatedFinding& other) {
            if (other.ordinal != each.ordinal) return false;
            if (each.item.code == codes::statement_after_exclusive_lock && locks_by_itself(other))
                return true;
            return std::any_of(kTwins.begin(), kTwins.end(), [&](const Twins& twins) {
                return twins.other == each.item.code && twins.better == other.item.code;
            });
        });
    });
}

/// What is true of a transaction as a whole is told at the gravest of its statements.
bool is_of_transaction(std::string_view code) {
    return code == codes::multiple_tables_exclusive || code == codes::statement_after_exclusive_lock;
}

void fold_transactions(std::vector<LocatedFinding>& findings, const execute::Plan& plan) {
    std::map<std::size_t, std::size_t> transactions;  // by the statement's number
    for (const execute::PlannedChangeSet& changeset : plan.changesets)
        for (const execute::PlannedStatement& each : changeset.statements)
            transactions[each.number] = each.transaction;
    std::map<std::tuple<std::string, std::string, std::size_t>, std::size_t> first;
    std::vector<LocatedFinding> out;
    for (LocatedFinding& each : findings) {
        if (!is_of_transaction(each.item.code)) {
            out.push_back(std::move(each));
            continue;
        }
        const auto [known, is_new] =
            first.try_emplace({each.item.code, each.item.changeset, transactions[each.ordinal]}, out.size());
        if (is_new)
            out.push_back(std::move(each));
        else if (each.item.severity > out[known->second].item.severity)
            out[known->second] = std::move(each);
    }
    findings = std::move(out);
}

/// The undo brings back everything, data too.
bool keeps_everything(const execute::PlannedUndo& undo) {
    return undo.losses.empty() && undo.reason.empty() && undo.grade == "exact";
}

/// Of what is not seen, what may do anything to the tables that are there.
bool runs_anything(const std::string& unknown) {
    static constexpr std::array<std::string_view, 6> kBeginnings = {
        "it runs", "it calls", "COPY runs", "SQL that", "the statement cannot be read", "what Drop"};
    return std::any_of(kBeginnings.begin(), kBeginnings.end(),
                       [&](std::string_view beginning) { return unknown.starts_with(beginning); });
}

/// Places in the text of raw SQL; each operation's is read once.
class RawPlaces {
  public:
    explicit RawPlaces(const ReviewInput& input) : input_(input) {}

    std::optional<Region> find(const ScriptLine& line, const std::string& sql, std::size_t offset) {
        const ChangeSet& changeset = input_.head.changelog.changesets[line.changeset];
        Operation& operation = *changeset.changes[line.change];
        const std::string_view type = operation.type().name;
        if (type != "sql" && type != "sqlFile") return std::nullopt;
        const auto key = std::pair(line.changeset, line.change);
        if (const auto known = places_.find(key); known != places_.end())
            return known->second ? known->second->find(sql, offset) : std::nullopt;
        auto& places = places_[key] = open(changeset, operation, line.change);
        return places ? places->find(sql, offset) : std::nullopt;
    }

  private:
    std::optional<SqlPlaces> open(const ChangeSet& changeset, Operation& operation, std::size_t change) {
        if (const auto path = sql_file_of(changeset, operation)) {
            const auto text = input_.files == nullptr ? std::nullopt : input_.files->read(*path);
            return text ? std::optional(SqlPlaces(*path, *text, 1, 0)) : std::nullopt;
        }
        if (!operation.at) return std::nullopt;
        const SourceFile& file = *operation.at.file;
        std::uint32_t end = 0;
        if (change + 1 < changeset.changes.size()) end = changeset.changes[change + 1]->at.line;
        for (const ChangeSet& other : input_.head.changelog.changesets)
            if (other.at.file == &file && other.at.line > operation.at.line &&
                (end == 0 || other.at.line < end))
                end = other.at.line;
        if (end == operation.at.line) end = end + 1;
        return SqlPlaces(file.name, file.text, operation.at.line, end);
    }

    const ReviewInput& input_;
    std::map<std::pair<std::size_t, std::size_t>, std::optional<SqlPlaces>> places_;
};

class HazardFindings {
  public:
    explicit HazardFindings(const Making& making)
        : making_(making),
          schema_(making.input.context.default_schema),
          places_(making.input),
          fixes_(making.input),
          weighing_{[this](const ObjectName& name) { return size_of(name); },
                    [this](const ObjectName& name) { return shown_name(name, schema_); }, making.start,
                    making.milder} {}

    std::vector<LocatedFinding> take() {
        const hazards::FactContext context{making_.start, making_.input.context.server_version, schema_};
        std::vector<LocatedFinding> out;
        for (const Finding& found : findings_of(making_.script.statements, context, &facts_))
            if (concerns_author(found)) out.push_back(located(found));
        fold(out);
        fold_transactions(out, making_.plan);
        add_unseen(out);
        return out;
    }

  private:
    /// Neither BEGIN and COMMIT nor the lock under which values are copied are written by anybody.
    bool concerns_author(const Finding& found) const {
        const execute::PlannedStatement* planned = making_.script.lines[found.statement].planned;
        return planned != nullptr &&
               (found.code != codes::explicit_lock_table || !planned->sql.starts_with("DO $attic"));
    }

    /// What nobody can see does not block, but it is to be looked at.
    void add_unseen(std::vector<LocatedFinding>& out) {
        for (std::size_t i = 0; i < making_.script.lines.size(); ++i) {
            const ScriptLine& line = making_.script.lines[i];
            if (line.planned == nullptr || !runs_anything(line.planned->unknown) ||
                line.planned->sql.starts_with("DO $attic"))
                continue;
            const ChangeSet& changeset = making_.changeset(line.changeset);
            const Operation& operation = *changeset.changes[line.change];
            LocatedFinding& found = out.emplace_back(
                finding_at(kUnseenRule, codes::unreadable_sql, Severity::warning, operation.at, changeset.key,
                           "what the statement does cannot be seen: " + line.planned->unknown));
            const auto in_sql = places_.find(line, making_.script.statements[i].sql, 0);
            found.region = in_sql ? *in_sql : region_of(operation.at, operation.type().name.size());
            found.item.where = found.region.begin;
            found.ordinal = line.planned->number;
            found.item.next = {"read it, and allow the finding by `suppress`; or write plain statements"};
        }
    }

    bool is_partitioned(const LocatedFinding& finding) const {
        const auto is = [&](const ObjectName& name) {
            const ObjectName* owner = hazards::owner_of_index(making_.start, name);
            const catalog::Table* table = making_.start.table(owner == nullptr ? name : *owner);
            return table != nullptr && !table->partition_by.empty();
        };
        return std::any_of(finding.objects.begin(), finding.objects.end(),
                           [&](const ObjectRef& object) { return is(object.name); });
    }

    /// What a table is called before the branch renames it.
    ObjectName called_before(const ObjectName& name) const {
        if (planned_ != nullptr)
            for (const execute::PlannedLock& lock : planned_->locks)
                if (lock.relation == name) return lock.now;
        return name;
    }

    /// A partitioned table holds nothing itself, so its own numbers say nothing.
    TableSize size_of(const ObjectName& name) const {
        const auto found = making_.sizes.find(called_before(name));
        if (found == making_.sizes.end() || found->second.kind == 'p') return {};
        const postgres::RelationSize& size = found->second;
        TableSize out;
        if (size.rows >= 0) out.rows = static_cast<std::uint64_t>(size.rows);
        if (size.bytes() >= 0) out.bytes = static_cast<std::uint64_t>(size.bytes());
        return out;
    }

    LocatedFinding located(const Finding& found) {
        const ScriptLine& line = making_.script.lines[found.statement];
        const ChangeSet& changeset = making_.changeset(line.changeset);
        const Operation& operation = *changeset.changes[line.change];
        const hazards::StatementFacts& facts = facts_.at(found.statement);
        LocatedFinding out =
            finding_at(found.rule, found.code, found.severity, operation.at, changeset.key, found.message);
        const std::string& sql = making_.script.statements[found.statement].sql;
        const auto in_sql = places_.find(line, sql, found.offset);
        out.region = in_sql ? *in_sql : region_of(operation.at, operation.type().name.size());
        out.item.where = out.region.begin;
        out.ordinal = line.planned->number;
        out.objects = found.objects;
        out.relations = facts.relations;
        out.item.got = facts.summary;
        // Who waits, and for what, is told by the title where an earlier statement holds the lock.
        if (found.code != codes::statement_after_exclusive_lock)
            out.item.why = lock_sentences(facts.relations, weighing_.shown);
        if (!found.safe.empty()) out.item.next = {std::string(found.safe)};
        planned_ = line.planned;
        judge(found, *line.planned, out);
        weighing_.hold = line.planned->hold;
        weigh(out, weighing_);
        if (!takes_data(found.code) || !keeps_everything(line.planned->undo))
            out.item.fixes =
                fixes_.of({out.item.code, changeset, line.change, sql, in_sql, is_partitioned(out)});
        return out;
    }

    /// Timeouts are the session's, which the run's role or connection sets: no changeset can mend them.
    void judge(const Finding& found, const execute::PlannedStatement& planned, LocatedFinding& out) const {
        if (found.code == codes::missing_lock_timeout) out.item.severity = Severity::note;
        const bool rounds =
            found.code == codes::change_type_narrowing || found.code == codes::change_type_using_truncates;
        if ((!takes_data(found.code) && !rounds) || out.item.severity != Severity::error) return;
        if (takes_data(found.code) && keeps_everything(planned.undo)) {
            out.item.severity = Severity::warning;
            out.item.title = without_loss(std::move(out.item.title));
            out.item.why +=
                fmt::format("{}A rollback brings everything back.", out.item.why.empty() ? "" : "\n");
        } else if (!planned.undo.losses.empty()) {
            out.item.why += fmt::format("{}Lost for good: {}.", out.item.why.empty() ? "" : "\n",
                                        join(planned.undo.losses, ", "));
        }
    }

    const Making& making_;
    const std::string& schema_;
    RawPlaces places_;
    Fixes fixes_;
    Weighing weighing_;
    std::vector<hazards::StatementFacts> facts_;
    const execute::PlannedStatement* planned_ = nullptr;
};

}  // namespace

std::string shown_name(const ObjectName& name, const std::string& default_schema) {
    return name.schema == default_schema ? name.name : name.schema + '.' + name.name;
}

LocatedFinding finding_at(std::string_view rule, std::string_view code, Severity severity, Position at,
                          const ChangeSetKey& key, std::string title) {
    LocatedFinding out;
    Diagnostics one;
    constexpr std::size_t kKey = std::string_view("changeSet").size();
    out.region = region_of(at, kKey);
    out.item = one.add(severity, code, out.region.begin, std::move(title));
    out.item.changeset = to_string(key);
    out.rule = rule;
    return out;
}

std::vector<LocatedFinding> hazard_findings(const Making& making) { return HazardFindings(making).take(); }

std::set<std::string> codes_on(const Making& making, int server_version) {
    const hazards::FactContext context{making.start, server_version, making.input.context.default_schema};
    std::set<std::string> out;
    for (const Finding& found : findings_of(making.script.statements, context))
        if (found.severity != Severity::note) out.emplace(found.code);
    return out;
}

}  // namespace changelog::review
