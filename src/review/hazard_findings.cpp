#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "review/fixes.hpp"
#include "review/making.hpp"
#include "review/places.hpp"
#include "review/weigh.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace changelog::review {

namespace {

using hazards::Finding;

/// What destroys data, unless the rendered change keeps it.
bool takes_data(std::string_view code) {
    static constexpr std::array kCodes = {codes::drop_column, codes::drop_table,     codes::drop_schema,
                                          codes::drop_type,   codes::truncate_table, codes::drop_cascade};
    return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

/// The undo brings back everything, data too.
bool keeps_everything(const execute::PlannedUndo& undo) {
    return undo.losses.empty() && undo.reason.empty() && undo.grade == "exact";
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
            if (making_.script.lines[found.statement].planned != nullptr) out.push_back(located(found));
        return out;
    }

  private:
    /// A partitioned table holds nothing itself, so its own numbers say nothing.
    TableSize size_of(const ObjectName& name) const {
        const auto found = making_.sizes.find(name);
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
        out.item.why = lock_sentences(facts.relations, weighing_.shown);
        if (!found.safe.empty()) out.item.next = {std::string(found.safe)};
        judge(found, *line.planned, out);
        weighing_.hold = line.planned->hold;
        weigh(out, weighing_);
        out.item.fixes = fixes_.of({out.item.code, changeset, line.change, sql, in_sql});
        return out;
    }

    /// Timeouts are the session's, which the run's role or connection sets: no changeset can mend them.
    void judge(const Finding& found, const execute::PlannedStatement& planned, LocatedFinding& out) const {
        if (found.code == codes::missing_lock_timeout) out.item.severity = Severity::note;
        if (!takes_data(found.code) || out.item.severity != Severity::error) return;
        if (keeps_everything(planned.undo)) {
            out.item.severity = Severity::warning;
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
