// Rules about CHECK, NOT VALID, keys and exclusion.
#include "changelog/codes.hpp"

#include "hazards/rule.hpp"
#include "hazards/volatility.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

using catalog::ConstraintKind;

constexpr auto kWarning = Severity::warning;
constexpr auto kNote = Severity::note;

/// VALIDATE reads the table under a lock that an earlier statement of the transaction took.
bool validates_under_lock(const Look& look) {
    const auto held = look.now.held.find(look.step.relation);
    return held != look.now.held.end() && blocks_writes(held->second);
}

bool is_not_enforced(const Look& look) { return look.step.stands_for(Newer::not_enforced); }

bool builds_key(const Look& look) { return builds_index(look.step); }
bool scans_for_key(const Look& look) { return uses_index(look.step) && key_is_nullable(look.step); }

bool is_refused(const Look& look) {
    return uses_index(look.step) &&
           (index_is_unfit(look.step) || index_is_invalid(look.step) || relation_is_partitioned(look.step) ||
            (look.step.context.server_version >= 180000 && look.step.kind == "ADD PRIMARY KEY" &&
             key_not_null_unvalidated(look.step)));
}

bool adds_key_too(const Step& step) {
    for (const Node& item : child(step.statement.node(), "cmds"))
        if (text_of(inside(child(inside(item), "def")), "contype") == "CONSTR_PRIMARY") return true;
    return false;
}

bool drops_key(const Look& look) {
    const catalog::Constraint* known = look.step.constraint();
    const bool key =
        known != nullptr ? known->kind == ConstraintKind::primary_key : look.step.name.ends_with("_pkey");
    return key && !adds_key_too(look.step);
}

bool has_volatile_condition(const Look& look) {
    const Step& step = look.step;
    if (step.kind != "CREATE TABLE") return is_mutable(child(*step.definition, "raw_expr"), step.context);
    const auto is_mutable_check = [&](const Node& constraint) {
        return text_of(constraint, "contype") == "CONSTR_CHECK" &&
               is_mutable(child(constraint, "raw_expr"), step.context);
    };
    for (const Node& element : child(*step.node, "tableElts")) {
        if (is_mutable_check(inside(element))) return true;
        for (const Node& item : child(inside(element), "constraints"))
            if (is_mutable_check(inside(item))) return true;
    }
    return false;
}

}  // namespace

const Rule rule_add_check_validates = {"add-check-validates",
                                       codes::add_check_validates,
                                       kWarning,
                                       About::standing,
                                       {"ADD CHECK"},
                                       when<validates>,
                                       "the new CHECK reads all rows of {table} under ACCESS EXCLUSIVE",
                                       "add it NOT VALID, then VALIDATE CONSTRAINT in another transaction"};

const Rule rule_validate_in_same_transaction = {"validate-in-same-transaction",
                                                codes::validate_in_same_transaction,
                                                kWarning,
                                                About::standing,
                                                {"VALIDATE CONSTRAINT"},
                                                validates_under_lock,
                                                "the transaction already holds a lock on {table} that stops "
                                                "writers, and VALIDATE reads all rows under it",
                                                "commit before VALIDATE CONSTRAINT"};

const Rule rule_constraint_not_enforced = {
    "constraint-not-enforced",
    codes::constraint_not_enforced,
    kNote,
    About::standing,
    {"ADD CHECK", "ADD FOREIGN KEY", "COLUMN CHECK", "COLUMN FOREIGN KEY"},
    is_not_enforced,
    "a constraint of {table} is NOT ENFORCED: no row is ever checked",
    "NOT VALID checks new rows at least"};

const Rule rule_alter_constraint_deferrable = {"alter-constraint-deferrable",
                                               codes::alter_constraint_deferrable,
                                               kNote,
                                               About::standing,
                                               {"ALTER CONSTRAINT"},
                                               nullptr,
                                               "changing constraint {name} takes ACCESS EXCLUSIVE on {table}",
                                               "run it with a short lock_timeout, and retry"};

const Rule rule_add_unique_builds_index = {
    "add-unique-builds-index",
    codes::add_unique_builds_index,
    kWarning,
    About::standing,
    {"ADD UNIQUE"},
    builds_key,
    "the new UNIQUE constraint builds its index on {table} under ACCESS EXCLUSIVE",
    "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... UNIQUE USING INDEX"};

const Rule rule_unique_using_index_refused = {
    "unique-using-index-refused",
    codes::unique_using_index_refused,
    Severity::error,
    About::standing,
    {"ADD UNIQUE", "ADD PRIMARY KEY"},
    is_refused,
    "PostgreSQL refuses the index for this constraint of {table}: partial, on expressions, not unique, not "
    "valid, in "
    "another order than the default, or of a partitioned table",
    "build a plain unique index on the columns, and see that it is valid"};

const Rule rule_add_pk_builds_index = {
    "add-pk-builds-index",
    codes::add_pk_builds_index,
    kWarning,
    About::standing,
    {"ADD PRIMARY KEY"},
    builds_key,
    "the new primary key builds its index on {table} under ACCESS EXCLUSIVE",
    "make the columns NOT NULL, CREATE UNIQUE INDEX CONCURRENTLY, then ADD PRIMARY KEY USING INDEX"};

const Rule rule_add_pk_nullable_scan = {
    "add-pk-nullable-scan",
    codes::add_pk_nullable_scan,
    kWarning,
    About::standing,
    {"ADD PRIMARY KEY"},
    scans_for_key,
    "a column of the new primary key is not proved to be NOT NULL, so {table} is read under ACCESS EXCLUSIVE",
    "validate CHECK (c IS NOT NULL) first, or SET NOT NULL by way of it"};

const Rule rule_add_exclusion_constraint = {"add-exclusion-constraint",
                                            codes::add_exclusion_constraint,
                                            kWarning,
                                            About::standing,
                                            {"ADD EXCLUDE"},
                                            nullptr,
                                            "the exclusion constraint builds its index on {table} and checks "
                                            "all rows under ACCESS EXCLUSIVE; there is no other way",
                                            "put it on a new table and copy the rows, or accept the window"};

const Rule rule_drop_primary_key = {
    "drop-primary-key",
    codes::drop_primary_key,
    kWarning,
    About::standing,
    {"DROP CONSTRAINT"},
    drops_key,
    "without its primary key {table} loses its replica identity, and ON CONFLICT and foreign keys lose their "
    "target",
    "swap keys in one statement: DROP CONSTRAINT old, ADD PRIMARY KEY USING INDEX new"};

const Rule rule_tighten_constraint_compat = {
    "tighten-constraint-compat",
    codes::tighten_constraint_compat,
    kNote,
    About::standing,
    {"SET NOT NULL", "ADD CHECK", "ADD NOT NULL", "ADD UNIQUE", "ADD FOREIGN KEY", "ADD EXCLUDE"},
    nullptr,
    "programs of the old release that still write what {table} now forbids begin to fail",
    "release the program that writes proper rows first, and count those that violate it"};

const Rule rule_check_volatile_expression = {
    "check-volatile-expression",
    codes::check_volatile_expression,
    kWarning,
    About::anything,
    {"ADD CHECK", "COLUMN CHECK", "CREATE TABLE"},
    has_volatile_condition,
    "a CHECK of {table} uses what changes with time; rows that were right become wrong, and a restore fails",
    "use a trigger, or a column that records the moment"};

}  // namespace changelog::hazards
