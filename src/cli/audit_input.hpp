// A file of SQL as `audit` sees it: its statements, and the comments that allow what they do.
#pragma once

#include "hazards/findings.hpp"
#include "report/findings.hpp"

#include <string>
#include <vector>

namespace changelog::cli {

/// A line `-- changelog:allow RULE[,RULE] reason`.
struct Allowance {
    std::vector<std::string> rules;  ///< their ids or codes, as written
    std::string reason;
    std::size_t offset = 0;     ///< of the comment
    std::size_t statement = 0;  ///< the one that it stands before
};

struct AuditInput {
    std::string name;  ///< as it is shown
    std::string text;  ///< without what only psql understands, at the offsets of the file
    std::vector<hazards::MigrationStatement> statements;
    std::vector<Allowance> allowances;

    /// The place of a stretch of the text. The caret underlines what of it is on its first line.
    report::Region region(std::size_t begin, std::size_t end) const;
    /// That of a statement from an offset within it.
    report::Region region_of(std::size_t statement, std::size_t from) const;

  private:
    mutable std::vector<std::size_t> line_starts_;
};

/// The statements of a text. Commands of psql (lines that begin with a backslash) and the rows behind
/// COPY ... FROM stdin are passed over.
AuditInput audit_input(std::string name, std::string text);

/// The bytes of a file, or of stdin as "-", not much beyond the limit. Throws UsageError if there is no such
/// file.
std::string read_input(const std::string& path, std::size_t limit);

/// Reads a file, or stdin as "-". Throws UsageError if that cannot be done or the bytes are no text.
AuditInput read_audit_input(const std::string& path, std::size_t max_file_bytes);

}  // namespace changelog::cli
