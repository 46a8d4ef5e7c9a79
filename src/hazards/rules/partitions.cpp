// Rules about partitions.
#include "changelog/codes.hpp"

#include "hazards/rule.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

constexpr auto kWarning = Severity::warning;

bool other_is_made(const Look& look) {
    const Names others = other_relation(look.step);
    return !others.empty() && look.now.is_made(others.front());
}

bool reads_partition(const Look& look) {
    return !other_is_made(look) && !is_default_bound(look.step) && bound_unproven(look.step);
}

bool reads_default(const Look& look) {
    const Names standing = default_partition(look.step);
    return !standing.empty() && !look.now.is_made(standing.front()) && default_unproven(look.step);
}

bool locks_parent(const Look& look) {
    if (look.step.kind == "PARTITION OF") return true;
    const Names parent = parent_table(look.step);
    return !parent.empty() && !look.now.is_made(parent.front());
}

bool detaches_blocking(const Look& look) { return is_plain(look.step); }

bool builds_index(const Look& look) { return !other_is_made(look) && lacks_index_of_parent(look.step); }

bool lacks_key_of_parent(const Look& look) {
    const catalog::Table* parent = look.step.table();
    const Names others = other_relation(look.step);
    const catalog::Table* partition =
        others.empty() ? nullptr : look.step.context.before.table(others.front());
    if (parent == nullptr || partition == nullptr || other_is_made(look)) return false;
    return std::any_of(
        parent->constraints.begin(), parent->constraints.end(), [&](const catalog::Constraint& wanted) {
            return wanted.kind == catalog::ConstraintKind::foreign_key &&
                   std::none_of(partition->constraints.begin(), partition->constraints.end(),
                                [&](const catalog::Constraint& own) {
                                    return own.kind == wanted.kind && own.columns == wanted.columns &&
                                           own.referenced_table == wanted.referenced_table && own.validated;
                                });
        });
}

}  // namespace

const Rule rule_attach_partition_scan = {
    "attach-partition-scan",
    codes::attach_partition_scan,
    kWarning,
    About::standing,
    {"ATTACH PARTITION"},
    reads_partition,
    "no validated CHECK of the new partition of {table} proves its bound, so it is read under ACCESS "
    "EXCLUSIVE",
    "add CHECK (bound and IS NOT NULL) NOT VALID, VALIDATE, ATTACH, drop the CHECK"};

const Rule rule_default_partition_scan = {
    "default-partition-scan",
    codes::default_partition_scan,
    kWarning,
    About::standing,
    {"ATTACH PARTITION", "PARTITION OF"},
    reads_default,
    "{table} has a DEFAULT partition, which is read under ACCESS EXCLUSIVE for rows that belong to the new "
    "one",
    "add CHECK (NOT (bound)) NOT VALID to the DEFAULT partition and VALIDATE it first"};

const Rule rule_create_partition_locks_parent = {
    "create-partition-locks-parent",
    codes::create_partition_locks_parent,
    kWarning,
    About::standing,
    {"PARTITION OF", "DROP TABLE"},
    locks_parent,
    "making or dropping a partition takes ACCESS EXCLUSIVE on its parent ({table})",
    "CREATE TABLE (LIKE parent) and ATTACH PARTITION; DETACH PARTITION CONCURRENTLY, then DROP TABLE"};

const Rule rule_detach_partition_blocking = {
    "detach-partition-blocking",
    codes::detach_partition_blocking,
    kWarning,
    About::standing,
    {"DETACH PARTITION"},
    detaches_blocking,
    "DETACH PARTITION takes ACCESS EXCLUSIVE on {table} and the partition",
    "DETACH PARTITION ... CONCURRENTLY, outside a transaction"};

const Rule rule_detach_concurrently_default = {
    "detach-concurrently-default",
    codes::detach_concurrently_default,
    Severity::error,
    About::standing,
    {"DETACH PARTITION"},
    when<concurrent_with_default>,
    "{table} has a DEFAULT partition, so DETACH CONCURRENTLY fails: error 55000",
    "a plain DETACH PARTITION with a short lock_timeout and retries"};

const Rule rule_attach_missing_index = {
    "attach-missing-index",
    codes::attach_missing_index,
    kWarning,
    About::standing,
    {"ATTACH PARTITION"},
    builds_index,
    "the new partition of {table} lacks an index of its parent, which is built under ACCESS EXCLUSIVE",
    "build matching indexes on the partition CONCURRENTLY first"};

const Rule rule_attach_missing_fk = {
    "attach-missing-fk",
    codes::attach_missing_fk,
    kWarning,
    About::standing,
    {"ATTACH PARTITION"},
    lacks_key_of_parent,
    "the new partition of {table} lacks a foreign key of its parent, which is checked for all its rows",
    "add the foreign key to the partition NOT VALID and VALIDATE it first"};

}  // namespace changelog::hazards
