#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "review/making.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::review {

namespace {

struct Name {
    std::string_view rule, code;
};

/// History and conflicts are not among them: no reason makes them harmless.
std::vector<Name> names() {
    std::vector<Name> out;
    for (const hazards::RuleEntry& each : hazards::all_rules()) out.push_back({each.id, each.code});
    out.push_back({kImpossibleRule, codes::irreversible_change});
    out.push_back({kLossyRule, codes::lossy_change});
    out.push_back({kUnseenRule, codes::unreadable_sql});
    return out;
}

bool names_it(const Suppression& suppression, const LocatedFinding& finding) {
    return equal_ignoring_case(suppression.rule, finding.rule) ||
           equal_ignoring_case(suppression.rule, finding.item.code);
}

class Suppressions {
  public:
    Suppressions(const Making& making, std::vector<LocatedFinding>& findings,
                 std::vector<LocatedFinding>& suppressed)
        : making_(making), findings_(findings), suppressed_(suppressed), names_(names()) {}

    void apply() {
        for (const execute::PlannedChangeSet& planned : making_.plan.changesets)
            for (const Suppression& each : making_.changeset(planned.index).suppressions)
                one(making_.changeset(planned.index), each);
        findings_.insert(findings_.end(), std::make_move_iterator(complaints_.begin()),
                         std::make_move_iterator(complaints_.end()));
    }

  private:
    static bool is_date(std::string_view text) {
        static constexpr std::string_view kForm = "dddd-dd-dd";
        if (text.size() < kForm.size()) return false;
        for (std::size_t i = 0; i < kForm.size(); ++i)
            if (kForm[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != kForm[i]) return false;
        return text.size() == kForm.size() || text[kForm.size()] == 'T' || text[kForm.size()] == ' ';
    }

    /// Why it holds no more; `until` is the last day on which it does. Empty: it holds.
    std::string end_of(const Suppression& suppression) const {
        if (suppression.until.empty()) return {};
        if (!is_date(suppression.until))
            return fmt::format("until '{}', which is no date such as 2026-12-31", suppression.until);
        if (suppression.until.substr(0, 10) >= making_.input.now.substr(0, 10)) return {};
        return fmt::format("until {}, which is over", suppression.until);
    }

    void one(const ChangeSet& changeset, const Suppression& suppression) {
        const std::string key = to_string(changeset.key), end = end_of(suppression);
        const bool unreasoned = trim(suppression.reason).empty();
        std::vector<LocatedFinding> kept;
        std::size_t found = 0;
        for (LocatedFinding& each : findings_) {
            if (each.item.changeset != key || !names_it(suppression, each)) {
                kept.push_back(std::move(each));
                continue;
            }
            ++found;
            if (unreasoned || !end.empty()) {
                if (!unreasoned)
                    each.item.why +=
                        fmt::format("{}It was allowed {}.", each.item.why.empty() ? "" : "\n", end);
                kept.push_back(std::move(each));
                continue;
            }
            each.allowed = suppression.reason;
            each.allowed_until = suppression.until;
            suppressed_.push_back(std::move(each));
        }
        findings_ = std::move(kept);
        if (found == 0) return without_effect(changeset, suppression);
        if (unreasoned)
            complain(kUnreasonedRule, codes::unreasoned_suppression, Severity::warning, changeset,
                     suppression, fmt::format("'{}' is allowed without a reason", suppression.rule));
        else if (!end.empty())
            complain(kExpiredRule, codes::expired_suppression, Severity::warning, changeset, suppression,
                     fmt::format("'{}' was allowed {}", suppression.rule, end));
    }

    void without_effect(const ChangeSet& changeset, const Suppression& suppression) {
        const bool known = std::any_of(names_.begin(), names_.end(), [&](const Name& each) {
            return equal_ignoring_case(each.rule, suppression.rule) ||
                   equal_ignoring_case(each.code, suppression.rule);
        });
        if (known) {
            complain(kUnusedRule, codes::unused_suppression, Severity::note, changeset, suppression,
                     fmt::format("nothing is found here that '{}' would allow", suppression.rule));
            return;
        }
        LocatedFinding& found = complain(kUnknownRule, codes::unknown_rule, Severity::warning, changeset,
                                         suppression, fmt::format("there is no rule '{}'", suppression.rule));
        std::vector<std::string_view> candidates;
        for (const Name& each : names_) {
            candidates.push_back(each.rule);
            candidates.push_back(each.code);
        }
        found.item.did_you_mean = nearest(suppression.rule, candidates);
    }

    LocatedFinding& complain(std::string_view rule, std::string_view code, Severity severity,
                             const ChangeSet& changeset, const Suppression& suppression, std::string title) {
        return complaints_.emplace_back(
            finding_at(rule, code, severity, suppression.at, changeset.key, std::move(title)));
    }

    const Making& making_;
    std::vector<LocatedFinding>& findings_;
    std::vector<LocatedFinding>& suppressed_;
    std::vector<LocatedFinding> complaints_;
    std::vector<Name> names_;
};

}  // namespace

void suppress(const Making& making, std::vector<LocatedFinding>& findings,
              std::vector<LocatedFinding>& suppressed) {
    Suppressions(making, findings, suppressed).apply();
}

}  // namespace changelog::review
