// What is dangerous in the statements of one migration: each finding names its rule, the place, and the shape
// that is safe.
#pragma once

#include "changelog/diagnostics.hpp"
#include "changelog/names.hpp"

#include "hazards/facts.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::hazards {

/// One or more statements of a migration, and where they begin in the migration's text.
struct MigrationStatement {
    std::string sql;
    std::size_t offset = 0;
};

struct Finding {
    std::string_view rule;  ///< "create-index-blocking"
    std::string_view code;  ///< "CL2161"
    Severity severity =
        Severity::warning;  ///< error: it fails or loses data; warning: it blocks; note: advice
    std::string message;
    std::string_view safe;           ///< the shape that does the same without the hazard
    std::vector<ObjectRef> objects;  ///< that it is about
    std::size_t statement = 0;       ///< position among the statements
    std::size_t offset = 0;          ///< of the statement's part that it is about, in the migration's text
};

struct RuleEntry {
    std::string_view id, code;
    Severity severity;
};

/// All rules that there are, by code.
std::vector<RuleEntry> all_rules();

/// All findings of a migration, in the order of its statements. Each statement is looked at with the schema,
/// the settings and the locks that those before it left; relations that the migration made itself are of no
/// concern to anybody else. Tables that `context.before` does not know are taken to be there, and full.
/// `facts` gets one entry for each of the statements; of a text of several, those of the last.
std::vector<Finding> findings_of(const std::vector<MigrationStatement>& statements,
                                 const FactContext& context, std::vector<StatementFacts>* facts = nullptr);

}  // namespace changelog::hazards
