// What is dangerous in SQL, for people and for the programs that show it beside the code.
#pragma once

#include "changelog/diagnostics.hpp"
#include "changelog/names.hpp"

#include "hazards/facts.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::report {

/// A statement's place, or that of a part of it, from its first to behind its last character.
struct Region {
    Location begin;
    std::uint32_t end_line = 0, end_column = 0;      ///< in bytes, as everywhere
    std::uint32_t character = 0, end_character = 0;  ///< the columns in characters
};

struct AuditedStatement {
    Region region;
    std::size_t ordinal = 0;  ///< in its file, from 1
    hazards::StatementFacts facts;
};

struct AuditedFinding {
    Diagnostic item;
    std::string rule;  ///< "create-index-blocking"
    Region region;
    std::size_t ordinal = 0;  ///< of the statement in its file, from 1; 0: of none
    std::vector<ObjectRef> objects;
    std::vector<hazards::RelationFacts> relations;  ///< what the statement locks
    std::optional<Severity> lowered_from;           ///< what it would be on a large table
    std::string allowed;                            ///< the reason for which the file allows it
};

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

/// The same for the same finding from run to run, wherever its line moves; different for each finding of one
/// view.
std::vector<std::string> fingerprints(const std::vector<AuditedFinding>& findings);

}  // namespace changelog::report
