// Rules about new columns.
#include "changelog/codes.hpp"

#include "hazards/rule.hpp"
#include "hazards/type_change.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

constexpr auto kWarning = Severity::warning;
constexpr auto kNote = Severity::note;

bool adds_identity(const Look& look) { return column_is_new(look.step) && is_identity(look.step); }
bool adds_stored(const Look& look) { return column_is_new(look.step) && is_generated_stored(look.step); }
bool adds_constrained(const Look& look) {
    return column_is_new(look.step) && is_of_constrained_domain(look.step);
}
bool adds_checked(const Look& look) { return column_is_new(look.step) && validates(look.step); }

/// The columns that the same ALTER TABLE adds.
std::vector<std::string> new_columns(const Step& step) {
    std::vector<std::string> out;
    for (const Node& item : child(step.statement.node(), "cmds"))
        if (text_of(inside(item), "subtype") == "AT_AddColumn")
            out.push_back(text_of(inside(child(inside(item), "def")), "colname"));
    return out;
}

bool is_over_new_columns(const Step& step) {
    const auto added = new_columns(step);
    const auto columns = strings_of(child(*step.definition, "fk_attrs"));
    return !columns.empty() && std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
        return std::find(added.begin(), added.end(), name) != added.end();
    });
}

bool checks_new_key(const Look& look) {
    if (look.step.kind == "COLUMN FOREIGN KEY")
        return column_is_new(look.step) && has_default_clause(look.step);
    return validates_foreign_key(look.step) && is_over_new_columns(look.step);
}

bool may_exist(const Look& look) { return flag_of(*look.step.node, "missing_ok"); }

/// PostgreSQL never uses an attribute number twice, and there are 1600.
bool is_near_the_end(const Look& look) {
    constexpr std::uint64_t kMany = 1000;
    const catalog::Table* table = look.step.table();
    return table != nullptr &&
           (table->columns.size() >= kMany ||
            std::any_of(table->columns.begin(), table->columns.end(), [](const catalog::Column& column) {
                return column.id.value >= kMany && column.id.value <= 1600;
            }));
}

}  // namespace

const Rule rule_add_column_volatile_default = {
    "add-column-volatile-default",
    codes::add_column_volatile_default,
    kWarning,
    About::standing,
    {"ADD COLUMN"},
    when<default_is_volatile>,
    "the default of {table}.{name} gives another value for each row, so the table is rewritten under ACCESS "
    "EXCLUSIVE",
    "add the column without a default, set the default, fill the rows in batches"};

const Rule rule_add_column_generated_stored = {
    "add-column-generated-stored",
    codes::add_column_generated_stored,
    kWarning,
    About::standing,
    {"ADD COLUMN"},
    adds_stored,
    "the stored generated column {table}.{name} rewrites the table under ACCESS EXCLUSIVE",
    "PostgreSQL 18: VIRTUAL; before: a plain column, a trigger that fills it, batches for the rows that are "
    "there"};

const Rule rule_add_column_identity = {
    "add-column-identity",
    codes::add_column_identity,
    kWarning,
    About::standing,
    {"ADD COLUMN"},
    adds_identity,
    "numbering the rows of {table} for {name} rewrites the table under ACCESS EXCLUSIVE",
    "add a nullable bigint, give it nextval() as default, fill the rows in batches, then ADD GENERATED AS "
    "IDENTITY"};

const Rule rule_add_column_constrained_domain = {
    "add-column-constrained-domain",
    codes::add_column_constrained_domain,
    kWarning,
    About::standing,
    {"ADD COLUMN"},
    adds_constrained,
    "the domain of {table}.{name} has constraints, so the table is rewritten under ACCESS EXCLUSIVE",
    "use the domain's base type and a CHECK of the table, NOT VALID at first"};

const Rule rule_add_column_inline_check = {
    "add-column-inline-check",
    codes::add_column_inline_check,
    kWarning,
    About::standing,
    {"COLUMN CHECK"},
    adds_checked,
    "the CHECK of the new column {table}.{name} reads the whole table under ACCESS EXCLUSIVE",
    "ADD COLUMN and ADD CONSTRAINT ... CHECK (...) NOT VALID in one statement, then VALIDATE CONSTRAINT"};

const Rule rule_add_column_inline_unique = {
    "add-column-inline-unique",
    codes::add_column_inline_unique,
    kWarning,
    About::standing,
    {"COLUMN UNIQUE", "COLUMN PRIMARY KEY"},
    when<column_is_new>,
    "the key over the new column {table}.{name} builds an index under ACCESS EXCLUSIVE",
    "add the column, CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... USING INDEX"};

const Rule rule_add_column_fk_validates = {
    "add-column-fk-validates",
    codes::add_column_fk_validates,
    kWarning,
    About::standing,
    {"COLUMN FOREIGN KEY", "ADD FOREIGN KEY"},
    checks_new_key,
    "the foreign key over a new column of {table} is checked for every row while both tables are locked",
    "REFERENCES with the column and no default is not checked; or ADD CONSTRAINT ... NOT VALID, then "
    "VALIDATE"};

const Rule rule_add_column_not_null_no_default = {
    "add-column-not-null-no-default",
    codes::add_column_not_null_no_default,
    Severity::error,
    About::standing,
    {"ADD COLUMN"},
    when<lacks_needed_default>,
    "{table}.{name} is NOT NULL and has no default, which fails as soon as the table has a row",
    "give it a default, or add it nullable, fill it, and set NOT NULL by way of a validated CHECK"};

const Rule rule_add_column_if_not_exists_locks = {
    "add-column-if-not-exists-locks",
    codes::add_column_if_not_exists_locks,
    kNote,
    About::standing,
    {"ADD COLUMN"},
    may_exist,
    "IF NOT EXISTS takes ACCESS EXCLUSIVE on {table} even if {name} is there",
    "look into the catalog first (a precondition) and send nothing"};

const Rule rule_attnum_exhaustion = {
    "attnum-exhaustion",
    codes::attnum_exhaustion,
    kWarning,
    About::standing,
    {"ADD COLUMN"},
    is_near_the_end,
    "{table} has used more than 1000 of its 1600 column numbers; those of dropped columns never come back",
    "copy the table into a new one before the numbers run out"};

}  // namespace changelog::hazards
