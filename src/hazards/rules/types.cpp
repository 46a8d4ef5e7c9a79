// Rules about changes of a column's type.
#include "changelog/codes.hpp"

#include "hazards/rule.hpp"
#include "hazards/type_change.hpp"
#include "hazards/type_form.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

constexpr auto kWarning = Severity::warning;

bool loses_digits(const Look& look) {
    const TypeChange change = type_change_of(look.step);
    return change.rounds || change.may_fail;
}

bool cuts(const Look& look) { return type_change_of(look.step).cuts; }

/// USING ... AT TIME ZONE says what is meant, and so does a session at UTC.
bool depends_on_zone(const Look& look) {
    if (look.step.context.utc || !child(*look.step.definition, "raw_default").is_null()) return false;
    const TypeChange change = type_change_of(look.step);
    const std::string from = type_form(change.from).base, to = type_form(change.to).base;
    return change.known && from != to && from.starts_with("timestamp") && to.starts_with("timestamp");
}

bool has_dependent(const Look& look) {
    const Step& step = look.step;
    return is_partition_key(step) || type_has_view(step) || type_has_function(step) ||
           type_has_generated(step) || type_has_trigger(step) || type_has_policy(step) ||
           type_has_publication(step);
}

bool leaves_sequence_short(const Look& look) {
    const Step& step = look.step;
    const TypeForm to = type_form(type_of(*step.definition, step));
    if (to.base != "bigint" && to.base != "numeric") return false;
    for (const auto& [name, sequence] : step.context.before.sequences) {
        const bool owned = sequence.owned_by && sequence.owned_by->name == step.relation &&
                           sequence.owned_by->part == step.name;
        if (!owned || sequence.options.type == "bigint") continue;
        return !look.now.any_later([&](const Step& later) {
            return later.kind == "ALTER SEQUENCE" && later.relation == name &&
                   !sql::option_of(child(*later.node, "options"), "as").is_null();
        });
    }
    return false;
}

bool loses_statistics(const Look& look) {
    return !look.now.any_later([&](const Step& later) {
        return (later.kind == "ANALYZE" || later.kind == "VACUUM") &&
               (later.relation == look.step.relation || later.relation.name.empty());
    });
}

bool rewrites_expression(const Look& look) {
    return is_stored(look.step) && look.step.context.server_version >= 170000;
}

}  // namespace

const Rule rule_change_type_rewrite = {
    "change-type-rewrite",
    codes::change_type_rewrite,
    kWarning,
    About::standing,
    {"ALTER TYPE"},
    when<type_rewrites>,
    "the new type of {table}.{name} rewrites the table and its indexes under ACCESS EXCLUSIVE",
    "a new column, a trigger that keeps both in step, batches, then swap the names"};

const Rule rule_change_type_index_rebuild = {
    "change-type-index-rebuild",
    codes::change_type_index_rebuild,
    kWarning,
    About::standing,
    {"ALTER TYPE"},
    when<type_reindexes>,
    "the rows of {table} stay as they are, but indexes over {name} are built anew under ACCESS EXCLUSIVE",
    "drop these indexes first, and build them CONCURRENTLY afterwards"};

const Rule rule_change_type_recheck = {
    "change-type-recheck",
    codes::change_type_recheck,
    kWarning,
    About::standing,
    {"ALTER TYPE"},
    when<type_rechecks>,
    "a CHECK on {table}.{name} is verified for all rows under ACCESS EXCLUSIVE",
    "in one statement: DROP CONSTRAINT c, ALTER TYPE, ADD CONSTRAINT c ... NOT VALID; then VALIDATE"};

const Rule rule_change_type_dependents = {"change-type-dependents",
                                          codes::change_type_dependents,
                                          Severity::error,
                                          About::anything,
                                          {"ALTER TYPE"},
                                          has_dependent,
                                          "a view, function, generated column, trigger, policy, publication "
                                          "or partition key uses {table}.{name}, so its "
                                          "type cannot be changed",
                                          "drop what uses it and create it again, in the same transaction"};

const Rule rule_change_type_using_truncates = {"change-type-using-truncates",
                                               codes::change_type_using_truncates,
                                               Severity::error,
                                               About::standing,
                                               {"ALTER TYPE"},
                                               cuts,
                                               "the cast in USING cuts the values of {table}.{name} silently",
                                               "leave USING away: then a value that is too long is an error"};

const Rule rule_change_type_narrowing = {
    "change-type-narrowing",
    codes::change_type_narrowing,
    Severity::error,
    About::standing,
    {"ALTER TYPE"},
    loses_digits,
    "the new type of {table}.{name} rounds values, or does not hold all of them",
    "count the rows that do not fit before, and keep the old column until all is well"};

const Rule rule_change_type_timezone_dependent = {
    "change-type-timezone-dependent",
    codes::change_type_timezone_dependent,
    kWarning,
    About::standing,
    {"ALTER TYPE"},
    depends_on_zone,
    "what {table}.{name} means afterwards depends on the TimeZone of the session, and only UTC leaves the "
    "rows as they are",
    "SET LOCAL timezone = 'UTC' if the values are UTC"};

const Rule rule_serial_sequence_not_widened = {
    "serial-sequence-not-widened",
    codes::serial_sequence_not_widened,
    Severity::error,
    About::standing,
    {"ALTER TYPE"},
    leaves_sequence_short,
    "{table}.{name} is widened, but the sequence that feeds it still ends at its old maximum",
    "ALTER SEQUENCE ... AS bigint as well"};

const Rule rule_stats_lost_after_type_change = {
    "stats-lost-after-type-change",
    codes::stats_lost_after_type_change,
    Severity::note,
    About::standing,
    {"ALTER TYPE"},
    loses_statistics,
    "the planner's statistics of {table}.{name} are gone after the change",
    "ANALYZE the column right after it"};

const Rule rule_set_expression_rewrite = {
    "set-expression-rewrite",
    codes::set_expression_rewrite,
    kWarning,
    About::standing,
    {"SET EXPRESSION"},
    rewrites_expression,
    "a new expression of the stored column {table}.{name} rewrites the table under ACCESS EXCLUSIVE",
    "a new column, filled in batches, then swap the names; PostgreSQL 18: VIRTUAL"};

}  // namespace changelog::hazards
