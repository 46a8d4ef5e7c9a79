// Findings as the forms of code hosting services.
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "report/findings.hpp"
#include "report/json.hpp"
#include "report/visible.hpp"

#include <algorithm>
#include <array>

namespace changelog::report {

namespace {

const char* gitlab_severity(const AuditedFinding& finding) {
    if (finding.item.severity == Severity::error) return finding.item.server ? "blocker" : "critical";
    return finding.item.severity == Severity::warning ? "major" : "info";
}

/// The finding in one line.
std::string line_of(const AuditedFinding& finding) {
    std::string out = visible(finding.item.title);
    if (!finding.item.next.empty()) out += ". Safe: " + visible(join(finding.item.next, "; "));
    return out;
}

/// Workflow commands end at a line's end; properties also at colons and commas.
std::string escaped(std::string_view text, bool property) {
    std::string out;
    for (const char c : text) {
        if (c == '%')
            out += "%25";
        else if (c == '\r')
            out += "%0D";
        else if (c == '\n')
            out += "%0A";
        else if (property && c == ':')
            out += "%3A";
        else if (property && c == ',')
            out += "%2C";
        else
            out += c;
    }
    return out;
}

std::string annotation(const char* level, const AuditedFinding& finding) {
    const Region& region = finding.region;
    std::string out = fmt::format("::{} file={}", level, escaped(region.begin.file, true));
    if (region.begin.line != 0) out += fmt::format(",line={},endLine={}", region.begin.line, region.end_line);
    // GitHub takes columns of one line only.
    if (region.begin.line != 0 && region.begin.line == region.end_line)
        out += fmt::format(",col={},endColumn={}", region.begin.column, region.end_column);
    const std::string title = fmt::format("{} {}", finding.item.code, finding.rule);
    std::string text = line_of(finding);
    if (!finding.item.why.empty()) text += '\n' + visible(finding.item.why, Lines::many);
    return out + fmt::format(",title={}::{}\n", escaped(title, true), escaped(text, false));
}

}  // namespace

std::string findings_gitlab(const std::vector<AuditedFinding>& findings) {
    const std::vector<std::string> prints = fingerprints(findings);
    Json out = Json::array();
    for (std::size_t i = 0; i < findings.size(); ++i) {
        const AuditedFinding& finding = findings[i];
        const std::uint32_t begin = std::max<std::uint32_t>(1, finding.region.begin.line);
        out.push_back({{"description", fmt::format("{}: {}", finding.item.code, line_of(finding))},
                       {"check_name", finding.rule},
                       {"fingerprint", prints[i]},
                       {"severity", gitlab_severity(finding)},
                       {"location",
                        {{"path", finding.region.begin.file},
                         {"lines", {{"begin", begin}, {"end", std::max(begin, finding.region.end_line)}}}}}});
    }
    return dump(out);
}

std::string findings_github(const std::vector<AuditedFinding>& findings, const std::string& summary) {
    // GitHub shows no more of each level and step.
    constexpr std::size_t kMost = 10;
    constexpr std::array kLevels = {std::pair{Severity::error, "error"},
                                    std::pair{Severity::warning, "warning"},
                                    std::pair{Severity::note, "notice"}};
    std::string out;
    std::size_t left_out = 0;
    for (const auto& [severity, level] : kLevels) {
        std::size_t shown = 0;
        for (const AuditedFinding& finding : findings) {
            if (finding.item.severity != severity) continue;
            if (shown++ < kMost)
                out += annotation(level, finding);
            else
                ++left_out;
        }
    }
    out += summary;
    if (left_out > 0) out += fmt::format("; {} of them without an annotation", left_out);
    return out + '\n';
}

std::string audit_gitlab(const AuditView& view) { return findings_gitlab(view.findings); }

std::string audit_github(const AuditView& view) {
    return findings_github(view.findings, audit_summary(view));
}

}  // namespace changelog::report
