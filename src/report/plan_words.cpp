// Numbers and verdicts of a plan in words.
#include "report/attic.hpp"
#include "report/plan.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <cmath>

namespace changelog::report {

namespace {

std::string count(std::size_t number, std::string_view what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

/// Two digits are more than an estimate can hold.
std::string rounded(double value) {
    if (value >= 10) return fmt::format("{:.0f}", value);
    const std::string text = fmt::format("{:.1f}", value);
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

std::string size_text(const postgres::RelationSize& size) {
    if (!size.exists()) return {};
    const std::string rows = size.rows < 0 ? "rows not counted" : row_count(size.rows) + " rows";
    return fmt::format(" ({}, {})", rows, byte_size(size.bytes()));
}

}  // namespace

std::string work_words(const execute::PlannedStatement& statement) {
    if (!statement.unknown.empty()) return "?";
    if (statement.changes_rows || statement.loads) return "rows";
    return std::string(hazards::to_string(statement.work));
}

std::string size_words(const execute::PlannedStatement& statement) {
    long long rows = 0, bytes = 0;
    bool counted = true, any = false;
    for (const execute::PlannedLock& each : statement.locks) {
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

std::string row_count(long long rows) {
    if (rows < 0) return {};
    const auto number = static_cast<double>(rows);
    if (rows < 1000) return fmt::format("{}", rows);
    if (number < 999.5e3) return rounded(number / 1e3) + " k";
    return number < 999.5e6 ? rounded(number / 1e6) + " M" : rounded(number / 1e9) + " G";
}

std::string estimate_text(const execute::Estimate& estimate) {
    if (!estimate.known()) return "not known";
    struct Unit {
        double seconds;
        std::string_view name;
    };
    static constexpr Unit kUnits[] = {{0.001, "ms"}, {1, "s"}, {60, "min"}, {3600, "h"}};
    const Unit* unit = kUnits;
    for (const Unit& each : kUnits)
        if (estimate.high >= each.seconds * (each.seconds > 1 ? 2 : 1)) unit = &each;
    const std::string low = rounded(estimate.low / unit->seconds),
                      high = rounded(estimate.high / unit->seconds);
    if (low == high) return fmt::format("{} {}", high, unit->name);
    if (low == "0" || (estimate.low <= 0.002 && estimate.high < 0.1))
        return fmt::format("< {} {}", high, unit->name);
    return fmt::format("{}-{} {}", low, high, unit->name);
}

std::string plan_verdict(const execute::Plan& plan) {
    if (plan.changesets.empty()) return "nothing to do\n";
    std::string out = count(plan.changesets.size(), "changeset") + ", " +
                      count(plan.statements, "statement") + ", " + count(plan.transactions, "transaction");
    if (plan.outside > 0) out += fmt::format(", {} outside of any", count(plan.outside, "statement"));
    std::size_t unseen = 0;
    for (const auto& changeset : plan.changesets)
        for (const auto& statement : changeset.statements) unseen += statement.unknown.empty() ? 0 : 1;
    if (const execute::PlannedStatement* longest = plan.longest()) {
        const execute::PlannedLock& lock = longest->locks.front();
        out += fmt::format("; longest lock: {} on {}.{}{}, ", hazards::to_string(lock.lock),
                           visible(lock.relation.schema), visible(lock.relation.name), size_text(lock.size));
        out += longest->hold.known() ? "about " + estimate_text(longest->hold)
                                     : std::string("for a time that is not known");
    } else {
        out += unseen > 0 ? "; no lock that is known of makes anybody wait" : "; no lock makes anybody wait";
    }
    if (unseen > 0)
        out += "; " + count(unseen, "statement") + (unseen == 1 ? " runs" : " run") + " unseen code";
    return out + '\n';
}

}  // namespace changelog::report
