#include "report/review_words.hpp"

#include "core/text.hpp"
#include "report/attic.hpp"
#include "report/diagnostics.hpp"
#include "report/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace changelog::report {

namespace {

using execute::PlannedChangeSet;
using execute::PlannedLock;
using execute::PlannedStatement;
using review::LocatedFinding;
using review::ReviewedChangeSet;

std::string name_of(const ObjectName& name) {
    return name.schema.empty() || name.schema == "public" ? name.name : name.schema + '.' + name.name;
}

std::string statement_words(const PlannedStatement& statement) {
    const bool told = !statement.summary.empty() && statement.unknown.empty();
    return told ? statement.summary : clip_utf8(statement.sql, 80);
}

std::string others_words(const PlannedStatement& statement) {
    const PlannedLock& first = statement.locks.front();
    const auto others = std::count_if(statement.locks.begin(), statement.locks.end(), [&](const auto& each) {
        return &each != &first && each.lock == first.lock && each.size.is_table();
    });
    return others > 0 ? fmt::format(" +{}", others) : "";
}

std::vector<std::string> notes_of(const PlannedChangeSet& planned) {
    std::vector<std::string> out;
    if (planned.action == Action::rerun) out.emplace_back("runs again");
    if (planned.preconditions) out.emplace_back("has preconditions");
    out.insert(out.end(), planned.notes.begin(), planned.notes.end());
    return out;
}

std::map<std::size_t, Severity> severities(const ReviewView& view) {
    std::map<std::size_t, Severity> out;
    for (const LocatedFinding& finding : view.review.findings) {
        if (finding.ordinal == 0 || finding.item.severity == Severity::note) continue;
        Severity& gravest = out.try_emplace(finding.ordinal, finding.item.severity).first->second;
        gravest = std::max(gravest, finding.item.severity);
    }
    return out;
}

PlanRow row_of(const PlannedStatement& statement) {
    PlanRow out;
    out.number = statement.number;
    out.statement = statement_words(statement);
    if (!statement.locks.empty()) {
        out.lock = hazards::to_string(statement.strongest());
        out.relation = name_of(statement.locks.front().relation) + others_words(statement);
    }
    out.size = size_words(statement);
    out.blocks = statement.blocks_reads() ? "R+W" : statement.blocks_writes() ? "W" : "";
    out.work = work_words(statement);
    if (!statement.locks.empty() || !statement.unknown.empty()) {
        out.hold = estimate_text(statement.hold);
        out.basis = to_string(statement.hold.basis);
    }
    out.transaction = statement.transaction == 0 ? "none" : fmt::format("{}", statement.transaction);
    out.undo = undo_words(statement.undo);
    std::vector<std::string> notes;
    if (!statement.unknown.empty()) notes.push_back(statement.unknown);
    for (const hazards::Failure& failure : statement.failures)
        notes.push_back((failure.certain ? "fails: " : "may fail: ") + failure.reason);
    out.notes = join(notes, "; ");
    return out;
}

bool waits_long(const PlannedStatement& statement) {
    constexpr double kNoticed = 1;  // second
    return statement.blocks_writes() && (!statement.hold.known() || statement.hold.high >= kNoticed);
}

/// A time that is known says more than one that is not.
bool longer(const execute::Estimate& a, const execute::Estimate& b) {
    return a.known() && (!b.known() || a.high > b.high);
}

std::string lock_words(const ReviewView& view) {
    std::size_t number = 0, unseen = 0, unknown = 0;
    const PlannedStatement* longest = nullptr;
    for (const PlannedChangeSet& planned : view.review.plan.changesets)
        for (const PlannedStatement& statement : planned.statements) {
            unseen += statement.unknown.empty() ? 0 : 1;
            if (!waits_long(statement)) continue;
            ++number;
            unknown += statement.hold.known() ? 0 : 1;
            if (longest == nullptr || longer(statement.hold, longest->hold)) longest = &statement;
        }
    const std::string code =
        unseen == 0 ? ""
                    : "; " + counted(unseen, "statement") + (unseen == 1 ? " runs" : " run") + " unseen code";
    if (longest == nullptr)
        return (unseen == 0 ? "no lock is held for long" : "no lock known to be held long") + code;
    const PlannedLock& lock = longest->locks.front();
    std::string out =
        number == 1 ? "1 lock stops " : fmt::format("{} locks stop others, the longest ", number);
    out += longest->blocks_reads() ? "reads and writes" : "writes";
    out += " of " + name_of(lock.relation);
    if (lock.size.exists())
        out += fmt::format(" ({} rows, {})", lock.size.rows < 0 ? "uncounted" : row_count(lock.size.rows),
                           byte_size(lock.size.bytes()));
    out += longest->hold.known() ? " for about " + estimate_text(longest->hold)
                                 : std::string(" for a time that is not known");
    if (longest->hold.known() && unknown > 0)
        out += fmt::format(", {} for a time that is not known", unknown);
    return out + code;
}

std::string undo_counts(const ReviewView& view) {
    std::size_t lossy = 0, impossible = 0;
    for (const ReviewedChangeSet& each : view.review.changesets) {
        if (each.undo.grade == to_string(Grade::impossible))
            ++impossible;
        else if (!each.undo.losses.empty())
            ++lossy;
    }
    std::string out;
    if (lossy > 0) out += fmt::format("; {} {} data for good", lossy, lossy == 1 ? "destroys" : "destroy");
    if (impossible > 0) out += fmt::format("; {} cannot be undone", impossible);
    return out;
}

std::string age_words(const review::Statistics& statistics, const std::string& now) {
    const std::optional<int> age = statistics.age_in_days(now);
    if (!age) return "of unknown age";
    return *age <= 0 ? "less than a day old" : counted(static_cast<std::size_t>(*age), "day") + " old";
}

std::string revision_words(const review::Revision& revision) {
    if (revision.id.empty()) return revision.name;
    return revision.name.empty() || revision.name == revision.id
               ? revision.id
               : fmt::format("{} ({})", revision.name, revision.id);
}

}  // namespace

std::vector<PlanRow> plan_rows(const ReviewView& view) {
    const std::map<std::size_t, Severity> gravest = severities(view);
    std::vector<PlanRow> out;
    for (const PlannedChangeSet& planned : view.review.plan.changesets) {
        const std::size_t before = out.size();
        for (const PlannedStatement& statement : planned.statements) out.push_back(row_of(statement));
        if (planned.statements.empty()) out.emplace_back().statement = "(no statement)";
        for (std::size_t i = before; i < out.size(); ++i) {
            out[i].changeset = view.head.changesets[planned.index].key.id;
            if (const std::string servers = measured_words(view, out[i].number); !servers.empty())
                out[i].basis +=
                    (out[i].basis.empty() ? "lock measured on " : ", lock measured on ") + servers;
            if (const auto found = gravest.find(out[i].number); out[i].number != 0 && found != gravest.end())
                out[i].severity = found->second;
        }
        std::vector<std::string> notes = notes_of(planned);
        if (!out[before].notes.empty()) notes.push_back(out[before].notes);
        out[before].notes = join(notes, "; ");
    }
    return out;
}

std::string verdict_word(review::Verdict verdict) { return upper(to_string(verdict)); }

std::string verdict_scope(const ReviewView& view) {
    const execute::Plan& plan = view.review.plan;
    if (plan.changesets.empty()) return "nothing to run";
    return fmt::format("{}, {}", counted(plan.changesets.size(), "changeset"),
                       counted(plan.statements, "statement"));
}

std::string verdict_reason(const ReviewView& view) {
    const review::Review& review = view.review;
    std::string out = review.plan.changesets.empty() ? "" : lock_words(view);
    out += undo_counts(view);
    std::size_t edited = 0;
    for (const auto& each : review.history.changesets) edited += each.breaks_history ? 1 : 0;
    if (edited > 0)
        out += fmt::format("; {} of the applied changesets {} touched", edited, edited == 1 ? "is" : "are");
    const std::size_t conflicts = review.conflicts.size();
    out += conflicts == 0 ? "; no conflicts" : "; " + counted(conflicts, "conflict");
    out += " with " + (review.base.name.empty() ? std::string("the base") : review.base.name);
    return out.starts_with("; ") ? out.substr(2) : out;
}

std::string review_verdict(const ReviewView& view) {
    return fmt::format("{}: {}; {}", verdict_word(view.review.verdict()), verdict_scope(view),
                       verdict_reason(view));
}

bool fails(const ReviewView& view) { return view.fail_on && view.review.verdict() >= *view.fail_on; }

std::vector<std::string> basis_lines(const ReviewView& view) {
    const review::Review& review = view.review;
    std::vector<std::string> out = {
        fmt::format("{} against {}", revision_words(review.head), revision_words(review.base))};
    for (const review::Statistics& each : review.statistics)
        out.push_back(fmt::format("statistics of {} {}",
                                  each.environment.empty() ? each.source : each.environment,
                                  age_words(each, review.now)));
    if (review.statistics.empty()) out.emplace_back("no statistics: sizes are not known");
    for (const review::Proof& proof : review.proofs)
        out.push_back((proof.holds() ? "proved on " : "NOT proved on ") + proof.server);
    return out;
}

std::optional<execute::VerifyGrade> grade_on(const review::Proof& proof, std::size_t index) {
    for (const auto& each : proof.verified.changesets)
        if (each.index == index) return each.grade;
    return std::nullopt;
}

std::string measured_words(const ReviewView& view, std::size_t statement) {
    std::vector<std::string> servers;
    for (const review::Proof& proof : view.review.proofs)
        if (proof.agreeing.contains(statement)) servers.push_back(proof.server);
    return join(servers, ", ");
}

UndoWords undo_words(const execute::PlannedUndo& undo, bool proved) {
    if (undo.grade == to_string(Grade::impossible)) return {UndoLevel::loss, "impossible", undo.reason};
    if (!undo.losses.empty()) return {UndoLevel::loss, "loses data", join(undo.losses, ", ")};
    if (undo.grade == to_string(Grade::exact)) return {UndoLevel::safe, "exact", ""};
    if (undo.grade == to_string(Grade::loses_since))
        return {UndoLevel::care, "loses what is written since", join(undo.since, ", ")};
    if (proved) return {UndoLevel::safe, undo.grade + ", proved", ""};
    return {UndoLevel::care, undo.grade, undo.reason};
}

UndoWords undo_words(const ReviewView& view, const ReviewedChangeSet& reviewed) {
    bool proved = !view.review.proofs.empty();
    for (const review::Proof& proof : view.review.proofs)
        proved = proved && grade_on(proof, reviewed.index) == execute::VerifyGrade::exact;
    return undo_words(reviewed.undo, proved);
}

std::vector<const LocatedFinding*> findings_of(const ReviewView& view, Severity severity) {
    std::vector<const LocatedFinding*> out;
    for (const LocatedFinding& finding : view.review.findings)
        if (finding.item.severity == severity) out.push_back(&finding);
    return out;
}

std::string changeset_of(const LocatedFinding& finding) {
    const std::string& key = finding.item.changeset;
    const std::size_t first = key.find("::"), last = key.rfind("::");
    return first == last ? key : key.substr(first + 2, last - first - 2);
}

std::string place_of(const LocatedFinding& finding) {
    const Location& where = finding.region.begin.file.empty() ? finding.item.where : finding.region.begin;
    if (where.file.empty() || where.line == 0) return where.file;
    return fmt::format("{}:{}:{}", where.file, where.line, std::max<std::uint32_t>(1, where.column));
}

}  // namespace changelog::report
