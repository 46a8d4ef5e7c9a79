// Rules about indexes.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "hazards/rule.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

constexpr auto kWarning = Severity::warning;
constexpr auto kNote = Severity::note;
constexpr Kinds kConcurrent = {"CREATE INDEX", "DROP INDEX", "REINDEX", "DETACH PARTITION"};

bool index_of_made(const Look& look) {
    const Names tables = table_of_index(look.step);
    return !tables.empty() && std::all_of(tables.begin(), tables.end(),
                                          [&](const ObjectName& name) { return look.now.is_made(name); });
}

bool builds_blocking(const Look& look) {
    return is_plain(look.step) && !is_only(look.step) && !relation_is_partitioned(look.step);
}

bool is_within_transaction(const Look& look) { return concurrent_in_transaction(look.step); }

bool has_timeout(const Look& look) {
    return is_concurrent(look.step) &&
           (look.now.is_set("lock_timeout") || look.now.is_set("statement_timeout"));
}

bool hides_invalid(const Look& look) {
    return is_concurrent(look.step) && flag_of(*look.step.node, "if_not_exists");
}

bool drops_blocking(const Look& look) { return is_plain(look.step) && !index_of_made(look); }

bool drops_key_index(const Look& look) {
    if (backs_constraint(look.step)) return true;
    // t_a_key is what PostgreSQL calls a constraint's index, and Prisma any unique one.
    return table_of_index(look.step).empty() && look.step.relation.name.ends_with("_pkey");
}

bool reindexes_blocking(const Look& look) { return is_plain(look.step) && !index_of_made(look); }

bool builds_on_partitions(const Look& look) {
    return relation_is_partitioned(look.step) && !is_only(look.step);
}

std::vector<std::string> keys_of(const Step& step) {
    std::vector<std::string> out;
    for (const Node& item : child(*step.node, "indexParams")) out.push_back(text_of(inside(item), "name"));
    return out;
}

/// The index's place is taken by one that begins with the same column, but only later.
bool leaves_gap(const Look& look) {
    const auto place = look.step.context.before.find_index(look.step.relation);
    if (place.table == nullptr || place.index == nullptr || place.index->keys.empty()) return false;
    return look.now.any_later([&](const Step& later) {
        const auto keys = later.kind == "CREATE INDEX" ? keys_of(later) : std::vector<std::string>{};
        return later.relation == place.table->name && !keys.empty() &&
               keys.front() == place.index->keys.front().text;
    });
}

bool is_plain_key(const Node& element) {
    const std::string order = text_of(element, "ordering"), nulls = text_of(element, "nulls_ordering");
    return !text_of(element, "name").empty() && child(element, "opclass").is_null() &&
           child(element, "collation").is_null() &&
           (order.empty() || order == "SORTBY_DEFAULT" || order == "SORTBY_ASC") &&
           (nulls.empty() || nulls == "SORTBY_NULLS_DEFAULT");
}

/// What an index of nothing but a column's name would be, too.
bool is_plain_key(const catalog::IndexKey& key) {
    return !key.expression && !key.descending && !key.nulls_first && key.collation.empty() &&
           key.operator_class.empty();
}

/// All keys are those that another index begins with.
bool is_covered(const Look& look) {
    const Step& step = look.step;
    const catalog::Table* table = step.table();
    const auto keys = keys_of(step);
    const std::string method = lower(text_of(*step.node, "accessMethod"));
    if (table == nullptr || !child(*step.node, "whereClause").is_null() || keys.empty()) return false;
    if (!method.empty() && method != "btree") return false;
    for (const Node& item : child(*step.node, "indexParams"))
        if (!is_plain_key(inside(item))) return false;
    const bool unique = flag_of(*step.node, "unique"),
               includes = !child(*step.node, "indexIncludingParams").empty();
    const auto covers = [&](const std::vector<std::string>& others, bool other_unique) {
        if (others.size() < keys.size() || !std::equal(keys.begin(), keys.end(), others.begin()))
            return false;
        return !includes && (!unique || (other_unique && others.size() == keys.size()));
    };
    for (const catalog::Index& index : table->indexes) {
        std::vector<std::string> others;
        for (const catalog::IndexKey& key : index.keys)
            others.push_back(is_plain_key(key) ? key.text : std::string());
        if (index.predicate.empty() && index.method == "btree" && index.valid && index.name != step.name &&
            covers(others, index.unique))
            return true;
    }
    return std::any_of(table->constraints.begin(), table->constraints.end(),
                       [&](const catalog::Constraint& each) {
                           return has_index(each) && each.kind != catalog::ConstraintKind::exclusion &&
                                  covers(each.columns, true);
                       });
}

bool is_wide(const Look& look) {
    constexpr std::size_t kMany = 3;
    return !flag_of(*look.step.node, "unique") && keys_of(look.step).size() > kMany;
}

bool waits_for_lock(const Node& node) {
    if (node.is_array()) return std::any_of(node.begin(), node.end(), waits_for_lock);
    if (!node.is_object()) return false;
    for (const auto& [key, value] : node.items()) {
        const auto name =
            key == "FuncCall" ? strings_of(child(value, "funcname")) : std::vector<std::string>{};
        if (!name.empty() && name.back().starts_with("pg_advisory_") &&
            name.back().find("unlock") == std::string::npos)
            return true;
        if (waits_for_lock(value)) return true;
    }
    return false;
}

bool waits_for_advisory_lock(const Look& look) { return waits_for_lock(*look.step.node); }

}  // namespace

const Rule rule_create_index_blocking = {
    "create-index-blocking",
    codes::create_index_blocking,
    kWarning,
    About::standing,
    {"CREATE INDEX"},
    builds_blocking,
    "CREATE INDEX holds SHARE on {table} while it builds, so every write waits",
    "CREATE INDEX CONCURRENTLY, outside a transaction"};

const Rule rule_concurrent_in_transaction = {"concurrent-in-transaction",
                                             codes::concurrent_in_transaction,
                                             Severity::error,
                                             About::anything,
                                             kConcurrent,
                                             is_within_transaction,
                                             "CONCURRENTLY cannot run inside a transaction: error 25001",
                                             "run it outside, in a changeset of its own"};

const Rule rule_concurrent_index_lock_timeout = {
    "concurrent-index-lock-timeout",
    codes::concurrent_index_lock_timeout,
    kWarning,
    About::standing,
    kConcurrent,
    has_timeout,
    "CONCURRENTLY waits for other transactions, and a timeout that ends the wait leaves an invalid index or "
    "a "
    "half-detached partition behind",
    "lock_timeout = 0 and statement_timeout = 0 for this statement; watch who it waits for"};

const Rule rule_concurrent_if_not_exists_hides_invalid = {
    "concurrent-if-not-exists-hides-invalid",
    codes::concurrent_if_not_exists_hides_invalid,
    kWarning,
    About::standing,
    {"CREATE INDEX"},
    hides_invalid,
    "IF NOT EXISTS is content with an index of that name that an earlier attempt left INVALID, and with one "
    "on other columns",
    "DROP INDEX CONCURRENTLY IF EXISTS before it, or look whether the index is valid"};

const Rule rule_drop_index_blocking = {
    "drop-index-blocking",
    codes::drop_index_blocking,
    kWarning,
    About::standing,
    {"DROP INDEX"},
    drops_blocking,
    "DROP INDEX takes ACCESS EXCLUSIVE on the table of {table} and queues before everybody else",
    "DROP INDEX CONCURRENTLY, outside a transaction"};

const Rule rule_drop_constraint_index = {
    "drop-constraint-index",
    codes::drop_constraint_index,
    Severity::error,
    About::anything,
    {"DROP INDEX"},
    drops_key_index,
    "{table} is the index of a constraint and cannot be dropped by itself: error 2BP01",
    "ALTER TABLE ... DROP CONSTRAINT"};

const Rule rule_replace_index_gap = {
    "replace-index-gap",
    codes::replace_index_gap,
    kWarning,
    About::standing,
    {"DROP INDEX"},
    leaves_gap,
    "{table} is dropped before the index that replaces it is there, and queries have none in between",
    "rename the old one, build the new one CONCURRENTLY, drop the old one"};

const Rule rule_reindex_blocking = {
    "reindex-blocking",
    codes::reindex_blocking,
    kWarning,
    About::standing,
    {"REINDEX"},
    reindexes_blocking,
    "REINDEX stops writes to the table and everything that would use the index of {table}",
    "REINDEX CONCURRENTLY"};

const Rule rule_partitioned_index_blocking = {
    "partitioned-index-blocking",
    codes::partitioned_index_blocking,
    kWarning,
    About::standing,
    {"CREATE INDEX"},
    builds_on_partitions,
    "an index on {table} is built on all partitions at once, under SHARE on all of them",
    "CREATE INDEX ON ONLY the parent, CONCURRENTLY on each partition, then ALTER INDEX ... ATTACH PARTITION"};

const Rule rule_redundant_index = {"redundant-index",
                                   codes::redundant_index,
                                   kNote,
                                   About::anything,
                                   {"CREATE INDEX"},
                                   is_covered,
                                   "another index of {table} begins with the same columns",
                                   "use the one that is there"};

const Rule rule_wide_index = {"wide-index",
                              codes::wide_index,
                              kNote,
                              About::anything,
                              {"CREATE INDEX"},
                              is_wide,
                              "an index of more than three columns on {table} is seldom used beyond the "
                              "first ones, and each write pays for it",
                              "index the columns that select most, or use INCLUDE"};

const Rule rule_concurrent_advisory_deadlock = {"concurrent-advisory-deadlock",
                                                codes::concurrent_advisory_deadlock,
                                                kWarning,
                                                About::anything,
                                                {"SELECT"},
                                                waits_for_advisory_lock,
                                                "a session that waits in pg_advisory_lock() holds a "
                                                "snapshot; CREATE INDEX CONCURRENTLY waits for it: deadlock",
                                                "poll with pg_try_advisory_lock()"};

}  // namespace changelog::hazards
