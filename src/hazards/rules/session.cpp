// Rules about timeouts, transactions, and what is held while they are open.
#include "changelog/codes.hpp"

#include "hazards/rule.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

constexpr auto kWarning = Severity::warning;
constexpr auto kNote = Severity::note;
constexpr Kinds kMergeable = {"ADD COLUMN",      "DROP COLUMN", "SET DEFAULT",    "DROP NOT NULL",
                              "ALTER TYPE",      "SET STORAGE", "SET STATISTICS", "SET OPTIONS",
                              "SET COMPRESSION", "ADD CHECK",   "DROP CONSTRAINT"};

bool is_first(const Look& look) { return &look.step == &look.now.all[look.now.position].front(); }

/// A concurrent command is better off without a timeout.
bool is_strong(const Look& look) {
    return is_first(look) && !is_concurrent(look.step) && blocks_writes(look.now.facts.strongest());
}

bool lacks_lock_timeout(const Look& look) { return is_strong(look) && !look.now.is_set("lock_timeout"); }

bool lacks_statement_timeout(const Look& look) {
    return is_strong(look) && !look.now.is_set("statement_timeout") &&
           !look.now.is_set("transaction_timeout");
}

/// lock_timeout counts for each lock anew.
bool waits_many_times(const Look& look) {
    constexpr std::ptrdiff_t kMany = 3;
    if (!is_first(look) || !look.now.is_set("lock_timeout") || look.now.is_set("statement_timeout"))
        return false;
    const auto& relations = look.now.facts.relations;
    // Nobody has a lock of an index without one of its table.
    const auto& catalog = look.step.context.before;
    return std::count_if(relations.begin(), relations.end(), [&](const RelationFacts& each) {
               return blocks_writes(each.lock) && catalog.find_index(each.name).index == nullptr;
           }) >= kMany;
}

bool asks_for_strong_lock(const Look& look) {
    constexpr int kShare = 5;
    const Node& mode = child(*look.step.node, "mode");
    return mode.is_number_integer() && mode.get<int>() >= kShare;
}

/// Only tables count: those that the catalog knows, and what no kind of statement says to be something else.
bool is_table(const Look& look, const ObjectName& name) {
    const auto& catalog = look.step.context.before;
    if (catalog.tables.contains(name)) return true;
    const bool other = look.step.kind.find("INDEX") != std::string::npos ||
                       look.step.kind.find("VIEW") != std::string::npos ||
                       look.step.kind.find("SEQUENCE") != std::string::npos;
    return !other && owner_of_index(catalog, name) == nullptr && !catalog.sequences.contains(name) &&
           !catalog.views.contains(name);
}

std::set<ObjectName> tables_under_exclusive(const Look& look) {
    std::set<ObjectName> out;
    for (const auto& [name, lock] : look.now.held)
        if (lock == Lock::access_exclusive) out.insert(name);
    return out;
}

bool works_under_exclusive(const Look& look) {
    if (!is_first(look) || tables_under_exclusive(look).empty()) return false;
    static constexpr std::array kChangesRows = {"UPDATE", "DELETE", "MERGE", "COPY"};
    if (std::find(kChangesRows.begin(), kChangesRows.end(), look.step.kind) != kChangesRows.end())
        return !look.now.is_made(look.step.relation) && !finds_rows_by_key(look.step);
    const auto& relations = look.now.facts.relations;
    return std::any_of(relations.begin(), relations.end(),
                       [](const RelationFacts& each) { return each.work != Work::none; });
}

/// The table at the top of a tree of partitions stands for all of it.
ObjectName root_of(const Look& look, ObjectName name) {
    for (int depth = 0; depth < 16; ++depth) {
        const catalog::Table* table = look.step.context.before.table(name);
        if (table == nullptr || table->partition_of.name.empty()) break;
        name = table->partition_of;
    }
    return name;
}

bool locks_another_table(const Look& look) {
    if (!is_first(look) || !look.now.context.in_transaction) return false;
    std::set<ObjectName> earlier;
    for (const ObjectName& name : tables_under_exclusive(look)) earlier.insert(root_of(look, name));
    if (earlier.empty()) return false;
    const auto& relations = look.now.facts.relations;
    return std::any_of(relations.begin(), relations.end(), [&](const RelationFacts& each) {
        return each.lock == Lock::access_exclusive && is_table(look, each.name) &&
               !earlier.contains(root_of(look, each.name));
    });
}

/// Commands that may stand together without one of them undoing the advantage of another.
bool can_be_merged(const std::vector<Step>& steps) {
    return !steps.empty() && std::all_of(steps.begin(), steps.end(), [](const Step& step) {
        if (step.kind == "ADD CHECK") return !validates(step);
        if (step.kind == "DROP CONSTRAINT") return step.constraint() != nullptr && !is_foreign_key(step);
        return std::find(kMergeable.begin(), kMergeable.end(), step.kind) != kMergeable.end();
    });
}

bool follows_mergeable(const Look& look) {
    if (!is_first(look) || look.now.position == 0) return false;
    const auto& before = look.now.all[look.now.position - 1];
    const auto& here = look.now.all[look.now.position];
    return can_be_merged(before) && can_be_merged(here) && before.front().relation == here.front().relation;
}

bool nests(const Look& look) {
    const std::string kind = text_of(*look.step.node, "kind");
    const bool begins = kind == "TRANS_STMT_BEGIN" || kind == "TRANS_STMT_START";
    const bool ends = kind == "TRANS_STMT_COMMIT" || kind == "TRANS_STMT_ROLLBACK";
    return (begins && look.now.context.in_transaction) || (ends && !look.now.context.in_transaction);
}

bool is_left_open(const Look& look) { return look.now.began_here && look.now.context.in_transaction; }

}  // namespace

const Rule rule_explicit_lock_table = {"explicit-lock-table",
                                       codes::explicit_lock_table,
                                       kWarning,
                                       About::standing,
                                       {"LOCK TABLE"},
                                       asks_for_strong_lock,
                                       "LOCK TABLE stops writers of {table} until the transaction ends",
                                       "let each statement take the lock that it needs"};

const Rule rule_missing_lock_timeout = {"missing-lock-timeout",
                                        codes::missing_lock_timeout,
                                        kWarning,
                                        About::anything,
                                        {},
                                        lacks_lock_timeout,
                                        "the statement takes a lock that stops writers, and waits for it "
                                        "without end: meanwhile everybody queues behind it",
                                        "SET lock_timeout to a second or two, and retry"};

const Rule rule_missing_statement_timeout = {
    "missing-statement-timeout",
    codes::missing_statement_timeout,
    kNote,
    About::anything,
    {},
    lacks_statement_timeout,
    "nothing bounds how long the statement holds a lock that stops writers",
    "SET statement_timeout"};

const Rule rule_lock_timeout_per_lock = {
    "lock-timeout-per-lock",
    codes::lock_timeout_per_lock,
    kNote,
    About::anything,
    {},
    waits_many_times,
    "lock_timeout counts for each of the relations that this statement locks, one after the other",
    "a statement_timeout as a bound for all of it"};

const Rule rule_statement_after_exclusive_lock = {"statement-after-exclusive-lock",
                                                  codes::statement_after_exclusive_lock,
                                                  kWarning,
                                                  About::anything,
                                                  {},
                                                  works_under_exclusive,
                                                  "the transaction holds ACCESS EXCLUSIVE on {held} from an "
                                                  "earlier statement, for as long as this one works",
                                                  "commit in between"};

const Rule rule_multiple_tables_exclusive = {"multiple-tables-exclusive",
                                             codes::multiple_tables_exclusive,
                                             kWarning,
                                             About::anything,
                                             {},
                                             locks_another_table,
                                             "the transaction takes ACCESS EXCLUSIVE on one table after the "
                                             "other, and deadlocks with programs that use them in "
                                             "another order",
                                             "one transaction for each table"};

const Rule rule_merge_alter_table = {
    "merge-alter-table",
    codes::merge_alter_table,
    kNote,
    About::standing,
    kMergeable,
    follows_mergeable,
    "{table} is locked once more for what the statement before it could have done as well",
    "one ALTER TABLE with both commands"};

const Rule rule_transaction_nesting = {
    "transaction-nesting",
    codes::transaction_nesting,
    kWarning,
    About::anything,
    {"TRANSACTION"},
    nests,
    "BEGIN within a transaction and COMMIT outside of one do nothing, so transactions are not what they seem",
    "leave transactions to the runner"};

const Rule rule_uncommitted_transaction = {
    "uncommitted-transaction",
    codes::uncommitted_transaction,
    Severity::error,
    About::anything,
    {kEnd},
    is_left_open,
    "a transaction that was begun here is never ended: its locks stay, and its changes may be lost",
    "COMMIT, or leave transactions to the runner"};

}  // namespace changelog::hazards
