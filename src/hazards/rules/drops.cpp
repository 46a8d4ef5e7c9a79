// Rules about what goes away or gets another name.
#include "changelog/codes.hpp"

#include "hazards/rule.hpp"

namespace changelog::hazards {

namespace {

constexpr auto kError = Severity::error;
constexpr auto kWarning = Severity::warning;

bool cascades(const Look& look) {
    return look.step.cascade() && (look.step.kind.starts_with("DROP") || look.step.kind == "TRUNCATE");
}

bool has_relation(const Look& look) { return !look.now.is_made(look.step.relation); }

/// PostgreSQL refuses it, and no rule says so more exactly.
bool fails_otherwise(const Look& look) {
    static constexpr std::array kCovered = {"55P04", "42P16", "42809", "55000", "23502"};
    if (&look.step != &look.now.all[look.now.position].front()) return false;
    for (const Failure& failure : look.now.facts.failures) {
        const bool covered =
            std::find(kCovered.begin(), kCovered.end(), failure.sqlstate) != kCovered.end() ||
            failure.reason.starts_with("CONCURRENTLY cannot") ||
            failure.reason.find("uses the column") != std::string::npos ||
            failure.reason.find("names the column") != std::string::npos ||
            failure.reason.find("requires the index") != std::string::npos ||
            failure.reason.find("USING INDEX") != std::string::npos;
        if (failure.certain && !covered) return true;
    }
    return false;
}

}  // namespace

const Rule rule_drop_table = {
    "drop-table",
    codes::drop_table,
    kError,
    About::standing,
    {"DROP TABLE", "DROP VIEW", "DROP MATERIALIZED VIEW"},
    nullptr,
    "dropping {table} {destroys}breaks every program that still names it",
    "stop using it first; keep it aside with retain, and drop it in a later release"};

const Rule rule_drop_schema = {"drop-schema",
                               codes::drop_schema,
                               kError,
                               About::standing,
                               {"DROP SCHEMA"},
                               has_relation,
                               "dropping a schema takes everything in it along",
                               "drop its objects one by one, so that each can be kept or undone"};

const Rule rule_drop_type = {"drop-type",
                             codes::drop_type,
                             kWarning,
                             About::standing,
                             {"DROP TYPE", "DROP DOMAIN"},
                             nullptr,
                             "programs that name the type {table} break, and CASCADE would drop columns",
                             "change the columns first, and drop the type in a later release"};

const Rule rule_drop_cascade = {
    "drop-cascade",
    codes::drop_cascade,
    kError,
    About::standing,
    {"DROP TABLE", "DROP VIEW", "DROP MATERIALIZED VIEW", "DROP TYPE", "DROP DOMAIN", "DROP FUNCTION",
     "DROP COLUMN", "DROP CONSTRAINT", "DROP SEQUENCE", "DROP EXTENSION", "DROP SCHEMA", "TRUNCATE"},
    cascades,
    "CASCADE on {table} takes along whatever depends on it, also what nobody thought of",
    "name each object that is to go"};

const Rule rule_truncate_table = {"truncate-table",
                                  codes::truncate_table,
                                  kError,
                                  About::standing,
                                  {"TRUNCATE"},
                                  nullptr,
                                  "TRUNCATE destroys all rows of {table}, under ACCESS EXCLUSIVE",
                                  "put an empty copy in its place and keep the old one"};

const Rule rule_rename_table = {
    "rename-table",
    codes::rename_table,
    kWarning,
    About::standing,
    {"RENAME TABLE", "RENAME VIEW", "RENAME MATERIALIZED VIEW", "RENAME SEQUENCE", "SET SCHEMA TABLE",
     "SET SCHEMA VIEW", "SET SCHEMA MATERIALIZED VIEW", "SET SCHEMA SEQUENCE"},
    nullptr,
    "renaming or moving {table} breaks every program that uses the old name",
    "leave a view of the old name behind until nobody uses it"};

const Rule rule_rename_schema = {"rename-schema",
                                 codes::rename_schema,
                                 kWarning,
                                 About::standing,
                                 {"RENAME SCHEMA"},
                                 nullptr,
                                 "renaming a schema breaks every program and function that names it",
                                 "make the new schema and move objects one by one"};

const Rule rule_statement_fails = {"statement-fails",
                                   codes::statement_fails,
                                   kError,
                                   About::anything,
                                   {},
                                   fails_otherwise,
                                   "PostgreSQL is bound to refuse this statement: {reason}",
                                   "change the schema before it, or the statement"};

}  // namespace changelog::hazards
