// What is dangerous in SQL, for people and for the programs that show it beside the code.
#pragma once

#include "changelog/diagnostics.hpp"
#include "changelog/names.hpp"

#include "review/findings.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::report {

using Region = review::Region;
using AuditedStatement = review::LocatedStatement;
using AuditedFinding = review::LocatedFinding;

struct AuditView {
    std::string_view version;  ///< of this program
    std::size_t files = 0;
    std::vector<AuditedStatement> statements;
    std::vector<AuditedFinding> findings;
    std::vector<AuditedFinding> allowed;
    std::optional<Severity> fail_on = Severity::error;  ///< nothing: never
};

/// Whether a finding reaches the level that fails.
bool fails(const AuditView& view);
std::size_t count(const AuditView& view, Severity severity);

/// Each with its line and a caret, then one line of counts. Notes are only counted, unless `notes`.
std::string audit_text(const AuditView& view, bool colour, bool notes);
/// "2 files, 7 statements: 1 error, 3 warnings, 2 notes"
std::string audit_summary(const AuditView& view);
/// Of the shape of schemas/audit.schema.json.
std::string audit_json(const AuditView& view);
/// SARIF 2.1.0 (OASIS), as code scanning services read it.
std::string audit_sarif(const AuditView& view);
/// GitLab's code quality report.
std::string audit_gitlab(const AuditView& view);
/// GitHub's workflow commands: annotations of at most ten findings of each level, the gravest first.
std::string audit_github(const AuditView& view);

// What they are made of, for findings from elsewhere.

/// `allowed` become suppressed results.
std::string findings_sarif(std::string_view version, const std::vector<AuditedFinding>& findings,
                           const std::vector<AuditedFinding>& allowed);
std::string findings_gitlab(const std::vector<AuditedFinding>& findings);
/// `summary` is the line behind the annotations.
std::string findings_github(const std::vector<AuditedFinding>& findings, const std::string& summary);

/// The same for the same finding from run to run, wherever its line moves; different for each finding of one
/// list. Within a changeset the number of its statement does not count, since others come before it.
std::vector<std::string> fingerprints(const std::vector<AuditedFinding>& findings);

}  // namespace changelog::report
