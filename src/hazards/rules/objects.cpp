// Rules about views, triggers, policies, sequences and enumerations.
#include "changelog/codes.hpp"

#include "hazards/rule.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

constexpr auto kWarning = Severity::warning;
constexpr auto kNote = Severity::note;

bool fills(const Look& look) {
    if (!with_data(look.step)) return false;
    const Names read = read_relations(look.step);
    return std::any_of(read.begin(), read.end(),
                       [&](const ObjectName& name) { return !look.now.is_made(name); });
}

bool refreshes_blocking(const Look& look) { return is_plain(look.step) && with_data(look.step); }

bool drops_triggers(const Look& look) {
    if (look.step.kind != "DROP FUNCTION") return true;
    if (!look.step.cascade()) return false;
    const bool known = look.step.context.before.functions.contains(look.step.relation);
    return !known || !function_tables(look.step).empty();
}

bool has_no_policy(const Look& look) {
    const catalog::Table* table = look.step.table();
    if (table != nullptr && !table->policies.empty()) return false;
    const auto makes = [&](const Step& other) {
        return other.kind == "CREATE POLICY" && other.relation == look.step.relation;
    };
    return !look.now.any_earlier(makes) && !look.now.any_later(makes);
}

bool is_owned_by_made(const Look& look) {
    const auto known = look.step.context.before.sequences.find(look.step.relation);
    return known != look.step.context.before.sequences.end() && known->second.owned_by &&
           look.now.is_made(known->second.owned_by->name);
}

bool changes_sequence(const Look& look) { return !is_owned_by_made(look); }

bool renames_label(const Look& look) { return !text_of(*look.step.node, "oldVal").empty(); }

bool appends_label(const Look& look) {
    return text_of(*look.step.node, "oldVal").empty() && text_of(*look.step.node, "newValNeighbor").empty();
}

bool uses_label(const Look& look) { return uses_new_label(look.step); }

}  // namespace

const Rule rule_refresh_matview_blocking = {
    "refresh-matview-blocking",
    codes::refresh_matview_blocking,
    kWarning,
    About::standing,
    {"REFRESH"},
    refreshes_blocking,
    "REFRESH takes ACCESS EXCLUSIVE on {table} for as long as its query runs",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY, with a unique index"};

const Rule rule_refresh_concurrently_no_unique = {
    "refresh-concurrently-no-unique",
    codes::refresh_concurrently_no_unique,
    Severity::error,
    About::anything,
    {"REFRESH"},
    when<concurrent_refresh_impossible>,
    "{table} has no unique index over plain columns, so REFRESH CONCURRENTLY fails: error 55000",
    "create a unique index on it first"};

const Rule rule_create_matview_with_data = {
    "create-matview-with-data",
    codes::create_matview_with_data,
    kWarning,
    About::anything,
    {"CREATE MATERIALIZED VIEW"},
    fills,
    "{table} is filled within the migration, which stays open for the whole query",
    "WITH NO DATA, and REFRESH later"};

const Rule rule_view_replace_incompatible = {
    "view-replace-incompatible",
    codes::view_replace_incompatible,
    Severity::error,
    About::anything,
    {"CREATE VIEW"},
    when<view_changes_columns>,
    "CREATE OR REPLACE VIEW {table} changes columns that are there: error 42P16",
    "only add columns at the end; else drop the view with what depends on it, and create all of it again"};

const Rule rule_create_trigger_blocks_writes = {
    "create-trigger-blocks-writes",
    codes::create_trigger_blocks_writes,
    kWarning,
    About::standing,
    {"CREATE TRIGGER"},
    nullptr,
    "CREATE TRIGGER takes SHARE ROW EXCLUSIVE on {table}, so writes wait behind it",
    "a short lock_timeout with retries; to change what a trigger does, CREATE OR REPLACE FUNCTION locks "
    "nothing"};

const Rule rule_drop_trigger_exclusive = {
    "drop-trigger-exclusive",
    codes::drop_trigger_exclusive,
    kWarning,
    About::standing,
    {"DROP TRIGGER", "RENAME TRIGGER", "DROP FUNCTION"},
    drops_triggers,
    "dropping or renaming a trigger takes ACCESS EXCLUSIVE on its table ({table})",
    "name each trigger, with a short lock_timeout and retries"};

const Rule rule_disable_trigger = {
    "disable-trigger",
    codes::disable_trigger,
    kWarning,
    About::standing,
    {"DISABLE TRIGGER"},
    nullptr,
    "while the trigger of {table} is disabled, rows of every session pass without it",
    "session_replication_role for this session only, or a condition in the trigger"};

const Rule rule_policy_exclusive = {"policy-exclusive",
                                    codes::policy_exclusive,
                                    kNote,
                                    About::standing,
                                    {"CREATE POLICY", "ALTER POLICY", "DROP POLICY", "RENAME POLICY",
                                     "ENABLE ROW SECURITY", "DISABLE ROW SECURITY", "FORCE ROW SECURITY"},
                                    nullptr,
                                    "a change of the policies of {table} takes ACCESS EXCLUSIVE on it",
                                    "one short transaction with a lock_timeout, policies first"};

const Rule rule_rls_without_policy = {
    "rls-without-policy",
    codes::rls_without_policy,
    kWarning,
    About::standing,
    {"ENABLE ROW SECURITY"},
    has_no_policy,
    "{table} gets row level security without a policy: everybody but its owner sees no rows",
    "create the policies in the same transaction, before ENABLE ROW LEVEL SECURITY"};

const Rule rule_alter_sequence_blocks_inserts = {
    "alter-sequence-blocks-inserts",
    codes::alter_sequence_blocks_inserts,
    kWarning,
    About::standing,
    {"ALTER SEQUENCE", "SET IDENTITY"},
    changes_sequence,
    "ALTER SEQUENCE takes SHARE ROW EXCLUSIVE on the sequence of {table}, and nextval() waits until it is "
    "committed",
    "setval() for the value; for the rest a transaction that is committed at once"};

const Rule rule_rename_enum_value = {
    "rename-enum-value",
    codes::rename_enum_value,
    kWarning,
    About::standing,
    {"ALTER ENUM"},
    renames_label,
    "programs that read or write the old value of {table} break at once",
    "add the new value, move rows and programs over, forbid the old one by a CHECK"};

const Rule rule_enum_value_used_same_transaction = {"enum-value-used-same-transaction",
                                                    codes::enum_value_used_same_transaction,
                                                    Severity::error,
                                                    About::anything,
                                                    {},
                                                    uses_label,
                                                    "a value that was added to an enumeration in this "
                                                    "transaction is used before it is committed: error 55P04",
                                                    "commit between ADD VALUE and the first use"};

const Rule rule_enum_value_order = {"enum-value-order",
                                    codes::enum_value_order,
                                    kNote,
                                    About::standing,
                                    {"ALTER ENUM"},
                                    appends_label,
                                    "the new value of {table} sorts behind all others",
                                    "say BEFORE or AFTER if the order means something"};

}  // namespace changelog::hazards
