// Rules about columns that are there.
#include "changelog/codes.hpp"

#include "hazards/rule.hpp"

namespace changelog::hazards {

namespace {

constexpr auto kWarning = Severity::warning;
constexpr auto kNote = Severity::note;

/// The proof that the same statement drops has a rule of its own.
bool scans_for_nulls(const Look& look) {
    if (look.step.kind == "ADD NOT NULL") return validates(look.step) && not_null_unproven(look.step);
    return not_null_unproven(look.step);
}

}  // namespace

const Rule rule_set_not_null_scan = {
    "set-not-null-scan",
    codes::set_not_null_scan,
    kWarning,
    About::standing,
    {"SET NOT NULL", "ADD NOT NULL"},
    scans_for_nulls,
    "SET NOT NULL on {table}.{name} reads the whole table under ACCESS EXCLUSIVE",
    "CHECK (c IS NOT NULL) NOT VALID; VALIDATE; SET NOT NULL; DROP CONSTRAINT: four statements. "
    "PostgreSQL 18: ADD CONSTRAINT n NOT NULL c NOT VALID; VALIDATE"};

const Rule rule_set_not_null_drops_proof = {
    "set-not-null-drops-proof",
    codes::set_not_null_drops_proof,
    kWarning,
    About::standing,
    {"SET NOT NULL"},
    when<proof_is_dropped>,
    "the same ALTER TABLE drops the CHECK that proves {table}.{name} to have no nulls, so the table is read "
    "after all",
    "drop the CHECK in a statement of its own, after SET NOT NULL"};

const Rule rule_drop_not_null = {
    "drop-not-null",
    codes::drop_not_null,
    kNote,
    About::standing,
    {"DROP NOT NULL"},
    nullptr,
    "readers of {table}.{name} may now meet NULL, and going back fails as soon as there is one",
    "make sure that every reader copes with NULL before this runs"};

const Rule rule_drop_column = {
    "drop-column",
    codes::drop_column,
    Severity::error,
    About::standing,
    {"DROP COLUMN"},
    nullptr,
    "dropping {table}.{name} destroys its values and breaks every program that still names it",
    "stop using it first; keep the data with retain, and drop it in a later release"};

const Rule rule_rename_column = {
    "rename-column",
    codes::rename_column,
    kWarning,
    About::standing,
    {"RENAME COLUMN", "RENAME VIEW COLUMN"},
    nullptr,
    "renaming {table}.{name} breaks every program that uses the old name, and functions that have it in "
    "their text",
    "add the new column, keep both in step by a trigger, move the programs over, drop the old one"};

const Rule rule_prepared_plan_break = {
    "prepared-plan-break",
    codes::prepared_plan_break,
    kNote,
    About::standing,
    {"ADD COLUMN", "DROP COLUMN", "RENAME COLUMN", "ALTER TYPE"},
    nullptr,
    "clients that hold a prepared SELECT * of {table} get error 0A000 at its next execution",
    "name the columns in prepared statements, or reconnect after the migration"};

}  // namespace changelog::hazards
