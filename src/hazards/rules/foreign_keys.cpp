// Rules about foreign keys.
#include "changelog/codes.hpp"

#include "hazards/rule.hpp"
#include "hazards/type_change.hpp"
#include "hazards/type_form.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

constexpr auto kWarning = Severity::warning;
constexpr auto kNote = Severity::note;
constexpr Kinds kNewKeys = {"ADD FOREIGN KEY", "COLUMN FOREIGN KEY", "TABLE REFERENCES"};

/// The column of a definition of the same statement; null if it defines none of that name.
const Node* defined_here(const Step& step, const std::string& name) {
    for (const Node& item : child(step.statement.node(), "cmds")) {
        const Node& definition = inside(child(inside(item), "def"));
        if (text_of(inside(item), "subtype") == "AT_AddColumn" && text_of(definition, "colname") == name)
            return &definition;
    }
    for (const Node& element : child(step.statement.node(), "tableElts"))
        if (kind_of(element) == "ColumnDef" && text_of(inside(element), "colname") == name)
            return &inside(element);
    return nullptr;
}

std::vector<std::string> key_columns(const Step& step) {
    auto columns = strings_of(child(*step.definition, "fk_attrs"));
    if (!columns.empty()) return columns;
    if (step.kind == "COLUMN FOREIGN KEY") return {step.name};
    for (const Node& element : child(step.statement.node(), "tableElts"))  // beside a column of CREATE TABLE
        for (const Node& item : child(inside(element), "constraints"))
            if (&inside(item) == step.definition) return {text_of(inside(element), "colname")};
    return {};
}

bool all_new(const Step& step) {
    const auto columns = key_columns(step);
    return std::all_of(columns.begin(), columns.end(),
                       [&](const std::string& name) { return defined_here(step, name) != nullptr; });
}

/// A key over columns that are new has a rule of its own.
bool checks_rows(const Look& look) { return validates_foreign_key(look.step) && !all_new(look.step); }

bool locks_other(const Look& look) {
    const ObjectName target = target_of(look.step);
    return target != look.step.relation && !look.now.is_made(target);
}

bool is_drop_of_key(const Look& look) {
    const Step& step = look.step;
    if (step.kind == "DROP COLUMN") return !referenced_by_column(step).empty();
    if (step.kind == "DROP TABLE") {
        Names others = all_referenced(step);
        if (step.cascade())
            for (const ObjectName& name : referencing(step)) others.push_back(name);
        return std::any_of(others.begin(), others.end(), [&](const ObjectName& name) {
            return name != step.relation && !look.now.is_made(name);
        });
    }
    if (step.constraint() != nullptr) return is_foreign_key(step);
    return step.name.ends_with("_fk") || step.name.ends_with("_fkey") || step.name.starts_with("fk_");
}

bool begins_with(const std::vector<std::string>& keys, const std::vector<std::string>& columns) {
    if (keys.size() < columns.size()) return false;
    return std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
        return std::find(keys.begin(), keys.begin() + std::ssize(columns), name) !=
               keys.begin() + std::ssize(columns);
    });
}

bool is_indexed(const catalog::Table* table, const std::vector<std::string>& columns) {
    if (table == nullptr) return false;
    for (const catalog::Index& index : table->indexes) {
        std::vector<std::string> keys;
        for (const catalog::IndexKey& key : index.keys) keys.push_back(key.text);
        if (index.predicate.empty() && begins_with(keys, columns)) return true;
    }
    return std::any_of(table->constraints.begin(), table->constraints.end(),
                       [&](const catalog::Constraint& each) {
                           return has_index(each) && begins_with(each.columns, columns);
                       });
}

/// PRIMARY KEY and UNIQUE of the statement itself.
bool is_keyed_here(const Step& step, const std::vector<std::string>& columns) {
    for (const Node& element : child(step.statement.node(), "tableElts")) {
        const Node& node = inside(element);
        const std::string kind = text_of(node, "contype");
        if ((kind == "CONSTR_PRIMARY" || kind == "CONSTR_UNIQUE") &&
            begins_with(strings_of(child(node, "keys")), columns))
            return true;
    }
    const Node* column = columns.size() == 1 ? defined_here(step, columns.front()) : nullptr;
    if (column == nullptr) return false;
    for (const Node& item : child(*column, "constraints")) {
        const std::string kind = text_of(inside(item), "contype");
        if (kind == "CONSTR_PRIMARY" || kind == "CONSTR_UNIQUE") return true;
    }
    return false;
}

bool lacks_index(const Look& look) {
    const Step& step = look.step;
    const auto columns = key_columns(step);
    if (columns.empty() || is_indexed(step.table(), columns) || is_keyed_here(step, columns)) return false;
    const auto makes_index = [&](const Step& other) {
        if (other.kind != "CREATE INDEX" || other.relation != step.relation) return false;
        std::vector<std::string> keys;
        for (const Node& item : child(*other.node, "indexParams"))
            keys.push_back(text_of(inside(item), "name"));
        return begins_with(keys, columns);
    };
    return !look.now.any_earlier(makes_index) && !look.now.any_later(makes_index);
}

std::string type_of_column(const Step& step, const catalog::Table* table, const std::string& name) {
    if (const Node* definition = defined_here(step, name)) return type_of(*definition, step);
    const catalog::Column* column = table == nullptr ? nullptr : table->column(name);
    return column == nullptr ? std::string() : column->type;
}

bool types_differ(const Look& look) {
    const Step& step = look.step;
    const auto columns = key_columns(step);
    const catalog::Table* target = step.context.before.table(target_of(step));
    auto others = strings_of(child(*step.definition, "pk_attrs"));
    if (target == nullptr) return false;
    if (others.empty() && target->primary_key() != nullptr) others = target->primary_key()->columns;
    for (std::size_t i = 0; i < columns.size() && i < others.size(); ++i) {
        const std::string own = type_of_column(step, step.table(), columns[i]);
        const catalog::Column* other = target->column(others[i]);
        if (own.empty() || other == nullptr || other->type.empty()) continue;
        if (sort_family(type_form(own).base) != sort_family(type_form(other->type).base)) return true;
    }
    return false;
}

bool refuses_not_valid(const Look& look) {
    return look.step.context.server_version < 180000 && not_valid_on_partitioned(look.step);
}

}  // namespace

const Rule rule_add_fk_validates = {
    "add-fk-validates",
    codes::add_fk_validates,
    kWarning,
    About::standing,
    {"ADD FOREIGN KEY"},
    checks_rows,
    "the new foreign key is checked for all rows of {table} while both tables are locked against writes",
    "add it NOT VALID, then VALIDATE CONSTRAINT in another transaction"};

const Rule rule_fk_locks_both = {
    "fk-locks-both",
    codes::fk_locks_both,
    kNote,
    About::anything,
    kNewKeys,
    locks_other,
    "a new foreign key of {table} takes SHARE ROW EXCLUSIVE on the table that it points at, and waits for "
    "its writers",
    "a short lock_timeout with retries, and one foreign key for each transaction"};

const Rule rule_fk_not_valid_partitioned = {
    "fk-not-valid-partitioned",
    codes::fk_not_valid_partitioned,
    Severity::error,
    About::anything,
    {"ADD FOREIGN KEY"},
    refuses_not_valid,
    "{table} is partitioned: before PostgreSQL 18 it cannot have a NOT VALID foreign key",
    "add it NOT VALID to each partition, validate these, then add it to the parent"};

const Rule rule_enforce_fk_under_lock = {
    "enforce-fk-under-lock",
    codes::enforce_fk_under_lock,
    kWarning,
    About::standing,
    {"ALTER CONSTRAINT"},
    when<enforces>,
    "ENFORCED checks constraint {name} for all rows of {table} under ACCESS EXCLUSIVE",
    "drop it, add it anew with NOT VALID, and VALIDATE it"};

const Rule rule_fk_drop_locks_both = {
    "fk-drop-locks-both",
    codes::fk_drop_locks_both,
    kWarning,
    About::standing,
    {"DROP CONSTRAINT", "DROP COLUMN", "DROP TABLE"},
    is_drop_of_key,
    "dropping a foreign key of {table} takes ACCESS EXCLUSIVE on the table that it points at too",
    "a transaction of its own, a short lock_timeout, retries"};

const Rule rule_fk_without_index = {"fk-without-index",
                                    codes::fk_without_index,
                                    kNote,
                                    About::anything,
                                    kNewKeys,
                                    lacks_index,
                                    "no index of {table} begins with the columns of the foreign key, so each "
                                    "DELETE of a referenced row reads the table",
                                    "CREATE INDEX CONCURRENTLY on the columns first"};

const Rule rule_fk_type_mismatch = {"fk-type-mismatch",
                                    codes::fk_type_mismatch,
                                    kWarning,
                                    About::anything,
                                    kNewKeys,
                                    types_differ,
                                    "a foreign key of {table} and what it points at have different types: "
                                    "comparisons are slower, and one ends earlier",
                                    "give both columns the same type"};

}  // namespace changelog::hazards
