#include "report/plan.hpp"

#include "core/text.hpp"
#include "report/attic.hpp"
#include "report/table.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::report {

namespace {

using execute::PlannedChangeSet;
using execute::PlannedLock;
using execute::PlannedStatement;

constexpr std::size_t kMostRows = 100;

enum FieldOf : std::uint8_t { number, changeset, statement, lock, blocks, work, size, hold, tx, undo, note };

const std::vector<TableColumn>& fields() {
    static const std::vector<TableColumn> all = {{"#", Align::right},
                                                 {"CHANGESET"},
                                                 {"STATEMENT"},
                                                 {"LOCK"},
                                                 {"BLOCKS"},
                                                 {"WORK"},
                                                 {"SIZE"},
                                                 {"HOLD"},
                                                 {"TX"},
                                                 {"UNDO"},
                                                 {"NOTE"}};
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
    return visible(told ? statement.summary : clip_utf8(statement.sql, 80));
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
            work_words(statement),
            size_words(statement),
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

/// The columns that say something.
std::vector<std::size_t> telling(const std::vector<Row>& rows) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < fields().size(); ++i)
        if (std::any_of(rows.begin(), rows.end(), [i](const Row& row) { return !row[i].empty(); }))
            out.push_back(i);
    return out;
}

/// Whether a table of these columns can be read there.
bool has_room(const std::vector<Row>& rows, const std::vector<std::size_t>& columns, std::size_t width) {
    constexpr std::size_t kGap = 2, kNarrowest = 8, kReadable = 16;  // the first two as in Table
    if (width == 0) return true;
    std::size_t total = kGap * (columns.size() - 1);
    for (const std::size_t i : columns) {
        std::size_t widest = characters(fields()[i].title);
        for (const Row& row : rows) widest = std::max(widest, characters(row[i]));
        const bool long_words = i == FieldOf::statement || i == FieldOf::lock;
        total += std::min(long_words ? kReadable : kNarrowest, widest);
    }
    return total <= width;
}

std::string tabular(const std::vector<Row>& rows, const std::vector<std::size_t>& columns,
                    std::size_t width) {
    std::vector<TableColumn> titles;
    for (const std::size_t i : columns) titles.push_back(fields()[i]);
    Table table(std::move(titles));
    for (const Row& row : rows) {
        Row cells;
        for (const std::size_t i : columns) cells.push_back(row[i]);
        table.row(std::move(cells));
    }
    return table.to_text(width);
}

/// In lines of `width` characters, each behind an indent. What fits into a line stays together; the rest is
/// cut between its words, and a word that is longer has a line alone.
std::string wrapped(const std::vector<std::string>& pieces, std::size_t width, std::size_t indent) {
    std::vector<std::string> words;
    for (const std::string& piece : pieces) {
        const bool fits = indent + characters(piece) <= width;
        const std::vector<std::string> parts = fits ? std::vector{piece} : split(piece, ' ');
        words.insert(words.end(), parts.begin(), parts.end());
    }
    std::string out;
    std::size_t at = 0;
    for (const std::string& word : words) {
        const std::size_t length = characters(word);
        if (at == 0 || at + 1 + length > width) {
            out += (at == 0 ? "" : "\n") + std::string(indent, ' ') + word;
            at = indent + length;
        } else {
            out += ' ' + word;
            at += 1 + length;
        }
    }
    return out + '\n';
}

/// A block of lines for each statement, with nothing left out.
std::string stacked(const std::vector<Row>& rows, const std::vector<std::size_t>& columns,
                    std::size_t width) {
    constexpr std::size_t kIndent = 3;
    std::string out;
    for (const Row& row : rows) {
        out += wrapped({fmt::format("{} {}: {}", row[FieldOf::number], row[FieldOf::changeset],
                                    row[FieldOf::statement])},
                       width, 0);
        std::vector<std::string> rest;
        for (const std::size_t i : columns) {
            if (i <= FieldOf::statement || row[i].empty()) continue;
            // The brackets beside the number join rows of a table.
            const std::string& cell = i == FieldOf::tx ? row[i].substr(0, row[i].find(' ')) : row[i];
            if (!rest.empty()) rest.back() += ';';
            rest.push_back(fields()[i].title + ": " + cell);
        }
        if (!rest.empty()) out += wrapped(rest, width, kIndent);
    }
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
    const std::vector<std::size_t> columns = telling(rows);
    out += '\n' +
           (has_room(rows, columns, width) ? tabular(rows, columns, width) : stacked(rows, columns, width));
    if (rest > 0) out += fmt::format("and {} more; --verbose shows all\n", rest);
    return out;
}

}  // namespace changelog::report
