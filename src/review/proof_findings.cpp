#include "review/proof_findings.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "review/diagnose_masking.hpp"
#include "review/making.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::review {

namespace {

using execute::VerifiedChangeSet;
using execute::VerifyGrade;

constexpr std::string_view kUndoFails = "rollback-disproved", kFails = "change-fails";

/// An error ahead of the rollback.
bool is_of_the_change(const VerifiedChangeSet& verified) {
    return !verified.error.empty() && !verified.error.starts_with("rollback: ") &&
           !verified.error.starts_with("applied again: ");
}

std::string why(const VerifiedChangeSet& verified) {
    std::string out = verified.error.empty() ? "" : masked_error(verified.error) + '\n';
    for (const std::string& each : verified.differences) out += each + '\n';
    return trim(out);
}

LocatedFinding finding_of(const ChangeSet& changeset, const VerifiedChangeSet& verified,
                          const std::string& server) {
    const bool change = is_of_the_change(verified);
    const std::string& id = changeset.key.id;
    LocatedFinding out = finding_at(
        change ? kFails : kUndoFails, change ? codes::statement_failed : codes::irreversible_change,
        Severity::error, changeset.at, changeset.key,
        change ? fmt::format("'{}' fails on {}", id, server)
               : fmt::format("'{}' is not undone by its rollback, as {} shows", id, server));
    out.item.why = why(verified);
    if (change)
        out.item.next = {"mend the change; where it needs what only a real database has, give --setup FILE"};
    else if (verified.written)
        out.item.next = {"mend the `rollback:` block: + is what it leaves, - what it does not bring back"};
    else
        out.item.next = {"write a `rollback:` block: + is what is left, - what does not come back"};
    return out;
}

std::size_t first_number(const Review& review, std::size_t index) {
    for (const execute::PlannedChangeSet& each : review.plan.changesets)
        if (each.index == index && !each.statements.empty()) return each.statements.front().number;
    return 0;
}

}  // namespace

std::string masked_error(const std::string& error) {
    std::string_view rest = error;
    for (const std::string_view prefix : {"rollback: ", "applied again: "})
        if (rest.starts_with(prefix)) rest.remove_prefix(prefix.size());
    constexpr std::size_t kState = 5;
    const bool state =
        rest.find(' ') == kState && rest.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == kState;
    if (state) rest.remove_prefix(kState);
    std::string out = error.substr(0, error.size() - rest.size()) + masked(rest);
    while (out.ends_with(';')) out.pop_back();
    return out;
}

void add_proof_findings(const Changelog& head, Review& review) {
    std::vector<LocatedFinding> out;
    for (const Proof& proof : review.proofs)
        for (const VerifiedChangeSet& verified : proof.verified.changesets) {
            if (verified.grade != VerifyGrade::failed) continue;
            LocatedFinding now = finding_of(head.changesets[verified.index], verified, proof.server);
            const auto known = std::find_if(out.begin(), out.end(), [&](const LocatedFinding& each) {
                return each.rule == now.rule && each.item.changeset == now.item.changeset;
            });
            if (known != out.end()) {
                const bool same = known->item.why == now.item.why;
                known->item.why +=
                    fmt::format("\nOn {}, too{}", proof.server, same ? "." : ":\n" + now.item.why);
                continue;
            }
            now.ordinal = first_number(review, verified.index);
            out.push_back(std::move(now));
        }
    const auto is_error = [](const LocatedFinding& each) { return each.item.severity == Severity::error; };
    const auto behind = std::find_if_not(review.findings.begin(), review.findings.end(), is_error);
    review.findings.insert(behind, out.begin(), out.end());
    std::stable_sort(review.findings.begin(),
                     std::find_if_not(review.findings.begin(), review.findings.end(), is_error),
                     [](const auto& one, const auto& other) { return one.ordinal < other.ordinal; });
}

}  // namespace changelog::review
