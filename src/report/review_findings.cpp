// The findings of a review as the forms of code hosting services.
#include "core/text.hpp"
#include "report/diagnostics.hpp"
#include "report/findings.hpp"
#include "report/review_words.hpp"
#include "report/table.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

namespace changelog::report {

namespace {

/// A finding about a changeset as a whole knows only where that begins.
AuditedFinding placed(AuditedFinding finding) {
    Region& region = finding.region;
    if (!region.begin.file.empty()) return finding;
    const Location& where = finding.item.where;
    region.begin = where;
    region.end_line = where.line;
    region.end_column = where.column + where.length;
    const std::size_t before = where.column == 0 ? 0 : where.column - 1;
    region.character = static_cast<std::uint32_t>(characters(clip_utf8(where.excerpt, before)) + 1);
    region.end_character = region.character + where.length;
    return finding;
}

std::vector<AuditedFinding> placed(const std::vector<AuditedFinding>& findings) {
    std::vector<AuditedFinding> out;
    for (const AuditedFinding& finding : findings) out.push_back(placed(AuditedFinding(finding)));
    return out;
}

}  // namespace

std::string review_sarif(const ReviewView& view) {
    return findings_sarif(view.review.version, placed(view.review.findings), placed(view.review.suppressed));
}

std::string review_gitlab(const ReviewView& view) { return findings_gitlab(placed(view.review.findings)); }

std::string review_github(const ReviewView& view) {
    // Advice is counted only: an annotation is for what somebody should act upon.
    std::vector<AuditedFinding> findings = placed(view.review.findings);
    const auto notes = std::erase_if(
        findings, [](const AuditedFinding& each) { return each.item.severity == Severity::note; });
    std::string summary = review_verdict(view);
    if (notes > 0) summary += fmt::format("; {}", counted(notes, "note"));
    if (const std::string proof = proof_line(view); !proof.empty()) summary += ". " + proof;
    return findings_github(findings, visible(summary));
}

}  // namespace changelog::report
