#include "report/plan.hpp"

#include "core/text.hpp"
#include "report/attic.hpp"
#include "report/table.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace changelog::report {

namespace {

using execute::PlannedChangeSet;
using execute::PlannedLock;
using execute::PlannedStatement;

constexpr std::size_t kMostRows = 100;

struct Field {
    TableColumn column;
    int worth;  ///< what is worth least goes first where the terminal is narrow
};

enum FieldOf : std::uint8_t { number, changeset, statement, lock, blocks, work, size, hold, tx, undo, note };

const std::vector<Field>& fields() {
    static const std::vector<Field> all = {{{"#", Align::right}, 9},
                                           {{"CHANGESET"}, 8},
                                           {{"STATEMENT"}, 9},
                                           {{"LOCK"}, 9},
                                           {{"BLOCKS"}, 5},
                                           {{"WORK"}, 4},
                                           {{"SIZE"}, 2},
                                           {{"HOLD"}, 8},
                                           {{"TX"}, 3},
                                           {{"UNDO"}, 7},
                                           {{"NOTE"}, 6}};
    return all;
}

std::string name_of(const ObjectName& name) {
    return visible(name.schema == "public" ? name.name : name.schema + "." + name.name);
}

std::string lock_text(const PlannedStatement& statement) {
    if (statement.locks.empty()) return "-";
    const PlannedLock& first = statement.locks.front();
    std::size_t others = 0;  // tables that are locked as strongly; indexes go with their tables
    for (const PlannedLock& each : statement.locks)
        if (&each != &first && each.lock == first.lock && each.size.is_table()) ++others;
    std::string out = fmt::format("{} {}", hazards::to_string(first.lock), name_of(first.relation));
    if (others > 0) out += fmt::format(" +{}", others);
    return out;
}

std::string blocks_text(const PlannedStatement& statement) {
    return statement.blocks_reads() ? "R+W" : statement.blocks_writes() ? "W" : "-";
}

std::string work_text(const PlannedStatement& statement) {
    if (!statement.unknown.empty()) return "?";
    if (statement.changes_rows || statement.loads) return "rows";
    return std::string(hazards::to_string(statement.work));
}

/// Of the tables that are worked on, else of the one that is locked.
std::string size_text(const PlannedStatement& statement) {
    long long rows = 0, bytes = 0;
    bool counted = true, any = false;
    for (const PlannedLock& each : statement.locks) {
        const bool meant = statement.work == hazards::Work::none ? &each == &statement.locks.front()
                                                                 : each.work == statement.work;
        if (!meant || !each.size.is_table()) continue;
        any = true;
        counted = counted && each.size.rows >= 0;
        rows += each.size.rows;
        bytes += each.size.bytes();
    }
    if (!any) return {};
    return fmt::format("{}, {}", counted ? row_count(rows) : "?", byte_size(bytes));
}

std::string tx_text(const PlannedStatement& statement) {
    if (statement.transaction == 0) return "none";
    const char* mark = statement.begins ? (statement.ends ? "" : " ┌") : statement.ends ? " └" : " │";
    return fmt::format("{}{}", statement.transaction, mark);
}

std::string undo_text(const execute::PlannedUndo& undo) {
    if (undo.losses.empty() && undo.grade == to_string(Grade::loses_since))
        return "loses " + visible(join(undo.since, ", "));
    return undo.grade + (undo.losses.empty() ? "" : ": " + visible(join(undo.losses, ", ")));
}

std::string statement_text(const PlannedStatement& statement) {
    const bool told = !statement.summary.empty() && statement.unknown.empty();
    return visible(told ? statement.summary : statement.sql);
}

std::vector<std::string> notes_of(const PlannedChangeSet& planned) {
    std::vector<std::string> out;
    if (planned.action == Action::rerun) out.emplace_back("runs again");
    if (planned.preconditions) out.emplace_back("has preconditions");
    out.insert(out.end(), planned.notes.begin(), planned.notes.end());
    return out;
}

std::string note_text(const PlannedChangeSet& planned, const PlannedStatement& statement) {
    std::vector<std::string> out = notes_of(planned);
    if (!statement.unknown.empty()) out.push_back(statement.unknown);
    for (const hazards::Failure& failure : statement.failures)
        out.push_back((failure.certain ? "fails: " : "may fail: ") + failure.reason);
    return visible(join(out, "; "));
}

using Row = std::vector<std::string>;

Row row_of(const ChangeSet& changeset, const PlannedChangeSet& planned, const PlannedStatement& statement) {
    return {fmt::format("{}", statement.number),
            visible(changeset.key.id),
            statement_text(statement),
            lock_text(statement),
            blocks_text(statement),
            work_text(statement),
            size_text(statement),
            statement.locks.empty() && statement.unknown.empty() ? "-" : estimate_text(statement.hold),
            tx_text(statement),
            undo_text(statement.undo),
            note_text(planned, statement)};
}

Row empty_row(const ChangeSet& changeset, const PlannedChangeSet& planned) {
    Row out(fields().size());
    out[FieldOf::number] = "-";
    out[FieldOf::changeset] = visible(changeset.key.id);
    out[FieldOf::statement] = "(no statement)";
    out[FieldOf::note] = visible(join(notes_of(planned), "; "));
    if (planned.transaction != 0) out[FieldOf::tx] = fmt::format("{}", planned.transaction);
    return out;
}

/// Which columns are shown: those that say something, less what a narrow terminal has no room for.
std::vector<std::size_t> shown(const std::vector<Row>& rows, std::size_t width) {
    constexpr std::size_t kGap = 2, kNarrowest = 8, kReadable = 16;  // the first two as in Table
    std::vector<std::size_t> out, least(fields().size());
    for (std::size_t i = 0; i < fields().size(); ++i) {
        std::size_t widest = 0;
        for (const Row& row : rows) widest = std::max(widest, characters(row[i]));
        if (widest > 0) out.push_back(i);
        const bool long_words = i == FieldOf::statement || i == FieldOf::lock;
        least[i] = std::min(long_words ? kReadable : kNarrowest,
                            std::max(widest, characters(fields()[i].column.title)));
    }
    const auto total = [&] {
        return std::accumulate(out.begin(), out.end(), kGap * (out.size() - 1),
                               [&](std::size_t sum, std::size_t i) { return sum + least[i]; });
    };
    while (width > 0 && out.size() > 1 && total() > width)
        out.erase(std::min_element(out.begin(), out.end(), [](std::size_t a, std::size_t b) {
            return fields()[a].worth < fields()[b].worth;
        }));
    return out;
}

}  // namespace

std::string plan_text(const Changelog& changelog, const execute::Plan& plan, std::size_t width, bool all) {
    std::string out = plan_verdict(plan);
    std::vector<Row> rows;
    for (const PlannedChangeSet& planned : plan.changesets) {
        const ChangeSet& changeset = changelog.changesets[planned.index];
        if (planned.statements.empty()) rows.push_back(empty_row(changeset, planned));
        for (const PlannedStatement& statement : planned.statements)
            rows.push_back(row_of(changeset, planned, statement));
    }
    if (rows.empty()) return out;
    const std::size_t rest = all || rows.size() <= kMostRows ? 0 : rows.size() - kMostRows;
    rows.resize(rows.size() - rest);
    const std::vector<std::size_t> columns = shown(rows, width);
    std::vector<TableColumn> titles;
    for (const std::size_t i : columns) titles.push_back(fields()[i].column);
    Table table(std::move(titles));
    for (const Row& row : rows) {
        Row cells;
        for (const std::size_t i : columns) cells.push_back(row[i]);
        table.row(std::move(cells));
    }
    out += '\n' + table.to_text(width);
    if (rest > 0) out += fmt::format("and {} more; --verbose shows all\n", rest);
    return out;
}

}  // namespace changelog::report
