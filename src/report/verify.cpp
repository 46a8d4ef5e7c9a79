#include "report/verify.hpp"

#include "core/text.hpp"
#include "report/diagnostics.hpp"
#include "report/json.hpp"
#include "report/table.hpp"
#include "report/time.hpp"
#include "report/visible.hpp"

namespace changelog::report {

using execute::VerifiedChangeSet;
using execute::VerifyGrade;
using execute::VerifyReport;
using execute::WholeStep;

namespace {

const char* word_of(VerifyGrade grade) {
    switch (grade) {
        case VerifyGrade::exact:
            return "exact";
        case VerifyGrade::lossy:
            return "loses";
        case VerifyGrade::impossible:
            return "impossible";
        case VerifyGrade::failed:
            return "fails";
        case VerifyGrade::not_run:
            return "not run";
    }
    return "fails";
}

const char* colour_of(VerifyGrade grade) {
    switch (grade) {
        case VerifyGrade::exact:
            return "\x1b[32m";
        case VerifyGrade::lossy:
            return "\x1b[33m";
        case VerifyGrade::impossible:
            return "\x1b[33m";
        case VerifyGrade::failed:
            return "\x1b[31m";
        case VerifyGrade::not_run:
            return "\x1b[2m";
    }
    return "";
}

/// What stands behind the grade, in one line.
std::string detail_of(const VerifiedChangeSet& item) {
    if (!item.error.empty()) return item.error;
    if (!item.differences.empty())
        return item.differences.size() == 1
                   ? item.differences.front()
                   : fmt::format("{} and {} more", item.differences.front(), item.differences.size() - 1);
    if (!item.reason.empty()) return item.reason;
    return join(item.losses, ", ");
}

std::string table_of(const VerifyView& view, std::size_t width, bool colour) {
    Table table({{"RESULT"}, {"ID"}, {"PLACE"}, {"DETAIL"}});
    for (const VerifiedChangeSet& item : view.report.changesets) {
        const ChangeSet& changeset = view.changelog.changesets[item.index];
        table.row({word_of(item.grade), visible(changeset.key.id),
                   visible(fmt::format("{}:{}", changeset.stored_path, changeset.at.line)),
                   visible(detail_of(item))});
    }
    if (table.empty()) return {};
    const std::string text = table.to_text(width);
    if (!colour) return text;
    std::string out;
    std::size_t at = text.find('\n') + 1;
    out += text.substr(0, at);
    for (const VerifiedChangeSet& item : view.report.changesets) {
        const std::string_view word = word_of(item.grade);
        const std::size_t end = text.find('\n', at) + 1;
        out += fmt::format("{}{}\x1b[0m{}", colour_of(item.grade), word,
                           text.substr(at + word.size(), end - at - word.size()));
        at = end;
    }
    return out;
}

void add_lines(std::string& out, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) out += "    " + visible(line) + '\n';
}

/// What does not fit into the table: every difference, and what is worth to be known.
std::string particulars(const VerifyView& view) {
    std::string out;
    for (const VerifiedChangeSet& item : view.report.changesets) {
        const std::string name = visible(to_string(view.changelog.changesets[item.index].key));
        if (item.grade == VerifyGrade::failed) {
            out += fmt::format("\n{} fails{}:\n", name, item.written ? " (its rollback block)" : "");
            if (!item.error.empty()) add_lines(out, {item.error});
            add_lines(out, item.differences);
        }
        if (item.notes.empty()) continue;
        if (item.grade != VerifyGrade::failed) out += '\n' + name + ":\n";
        for (const std::string& note : item.notes) out += "    note: " + visible(note) + '\n';
    }
    return out;
}

std::string step_text(const char* name, const WholeStep& step, const char* good) {
    if (!step.tried) return {};
    std::string out = fmt::format("{}: {}, ", name, counted(step.changesets, "changeset"));
    if (step.good())
        out += good;
    else
        out += "fails:";
    if (step.good() && !step.stopped_by.empty())
        out = fmt::format("{}: {}, as far as {}, which stays", name, counted(step.changesets, "changeset"),
                          visible(step.stopped_by));
    out += '\n';
    if (!step.error.empty()) add_lines(out, {step.error});
    add_lines(out, step.differences);
    if (!step.note.empty()) out += "    note: " + visible(step.note) + '\n';
    return out;
}

Json step_json(const WholeStep& step) {
    Json out = {{"tried", step.tried}, {"ok", step.good()}, {"changesets", step.changesets}};
    put(out, "stopped_by", step.stopped_by);
    put(out, "differences", step.differences);
    put(out, "error", step.error);
    put(out, "note", step.note);
    return out;
}

Json changeset_json(const ChangeSet& changeset, const VerifiedChangeSet& item) {
    Json out = {{"id", changeset.key.id},     {"author", changeset.key.author},
                {"path", changeset.key.path}, {"file", changeset.stored_path},
                {"line", changeset.at.line},  {"grade", std::string(to_string(item.grade))}};
    out["losses"] = item.losses;
    out["since"] = item.since;
    out["differences"] = item.differences;
    put(out, "notes", item.notes);
    put(out, "reason", item.reason);
    put(out, "error", item.error);
    out["undo"] = item.written ? "rollback block" : "generated";
    out["seconds"] = item.seconds;
    return out;
}

}  // namespace

bool is_good(const VerifyView& view) {
    const VerifyReport& report = view.report;
    if (!report.good() || report.refused || report.cancelled) return false;
    if ((view.demands.rollback || view.demands.lossless) && report.count(VerifyGrade::impossible) != 0)
        return false;
    return !view.demands.lossless || report.count(VerifyGrade::lossy) == 0;
}

std::string verify_summary(const VerifyReport& report) {
    std::string out = fmt::format("{}: {} exact, {} lossy, {} impossible, {} failed",
                                  counted(report.changesets.size(), "changeset"),
                                  report.count(VerifyGrade::exact), report.count(VerifyGrade::lossy),
                                  report.count(VerifyGrade::impossible), report.count(VerifyGrade::failed));
    if (const std::size_t rest = report.count(VerifyGrade::not_run); rest != 0)
        out += fmt::format(", {} not run", rest);
    if (report.skipped != 0) out += fmt::format("; {} skipped", report.skipped);
    return out;
}

std::string verify_timings(const execute::VerifyTimings& timings) {
    return fmt::format(
        "time: {} in all; apply {}, rollback {}, looking {}, comparing {}, rows {}, the whole once more {}",
        duration(timings.total), duration(timings.apply), duration(timings.rollback),
        duration(timings.introspect), duration(timings.compare), duration(timings.rows),
        duration(timings.whole));
}

std::string verify_text(const VerifyView& view, std::size_t width, bool colour) {
    const VerifyReport& report = view.report;
    std::string out = table_of(view, width, colour) + particulars(view);
    if (!report.unfilled.empty()) {
        out += "\ntables that got no rows:\n";
        add_lines(out, report.unfilled);
    }
    if (!out.empty()) out += '\n';
    out += step_text("rollback of everything", report.rollback, "and all is as before");
    out += step_text("update in one go", report.update, "with the same result");
    if (report.cancelled) out += "cancelled\n";
    return out + verify_summary(report) + '\n';
}

std::string verify_json(const VerifyView& view, const Diagnostics& diagnostics) {
    const VerifyReport& report = view.report;
    Json changesets = Json::array();
    for (const VerifiedChangeSet& item : report.changesets)
        changesets.push_back(changeset_json(view.changelog.changesets[item.index], item));
    Json out = answer("verify", diagnostics);
    out["ok"] = is_good(view);
    out["changesets"] = std::move(changesets);
    out["rollback"] = step_json(report.rollback);
    out["update"] = step_json(report.update);
    put(out, "unfilled", report.unfilled);
    out["summary"] = {{"changesets", report.changesets.size()},
                      {"exact", report.count(VerifyGrade::exact)},
                      {"lossy", report.count(VerifyGrade::lossy)},
                      {"impossible", report.count(VerifyGrade::impossible)},
                      {"failed", report.count(VerifyGrade::failed)},
                      {"not_run", report.count(VerifyGrade::not_run)},
                      {"skipped", report.skipped}};
    const execute::VerifyTimings& timings = report.timings;
    out["timings"] = {{"apply", timings.apply},     {"rollback", timings.rollback},
                      {"look", timings.introspect}, {"compare", timings.compare},
                      {"rows", timings.rows},       {"whole", timings.whole},
                      {"total", timings.total}};
    out["diagnostics"] = to_json(diagnostics);
    return dump(out);
}

}  // namespace changelog::report
