#include "property/world.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::tests {

namespace {

struct Sort {
    const char *type, *value, *wider;  ///< a column type, a default for it, a type that takes all its values
};
constexpr Sort kSorts[] = {
    {"int", "7", "bigint"},         {"varchar(20)", "'a b'", "varchar(80)"},
    {"text", "'it''s'", "text"},    {"numeric(8,2)", "1.5", "numeric(12,2)"},
    {"boolean", "true", "boolean"}, {"timestamptz", "now()", "timestamptz"},
    {"bigint", "1", "numeric(20)"}, {"uuid", "NULL", "text"},
    {"jsonb", "'{}'", "jsonb"},
};

const Sort& sort_of(const std::string& type) {
    for (const Sort& sort : kSorts)
        if (type == sort.type) return sort;
    return kSorts[2];
}

template <typename T>
T* choose(std::vector<T>& items, unsigned choice) {
    return items.empty() ? nullptr : &items[choice % items.size()];
}

std::string quoted(const std::string& sql) {  // a double-quoted YAML scalar
    std::string out = "\"";
    for (const char c : sql) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return out + "\"";
}

std::string raw(const std::string& sql, unsigned how) {
    if (how % 3 == 0)
        return "sql: {splitStatements: false, sql: " + quoted("DO $do$ BEGIN " + sql + "; END $do$") + "}";
    return "sql: {sql: " + quoted(sql) + "}";
}

}  // namespace

std::optional<std::string> World::take(const Step& step) {
    using Maker = Change (World::*)(const Step&);
    static constexpr Maker kMakers[] = {
        &World::create_table,  &World::create_table,    &World::add_column,      &World::add_column,
        &World::drop_table,    &World::rename_table,    &World::drop_column,     &World::rename_column,
        &World::retype_column, &World::change_default,  &World::change_not_null, &World::add_unique,
        &World::add_check,     &World::add_foreign_key, &World::drop_constraint, &World::create_index,
        &World::drop_index,    &World::create_view,     &World::drop_view,       &World::rename_view,
        &World::sequence,      &World::enumeration,     &World::remark,          &World::trigger,
        &World::insert,        &World::raw_table,       &World::raw_column,      &World::raw_column,
    };
    return (this->*kMakers[step.kind % std::size(kMakers)])(step);
}

std::string World::fresh(const char* stem) { return stem + std::to_string(++next_); }

World::Table* World::table(unsigned choice) { return choose(tables_, choice); }
World::Column* World::column(Table& table, unsigned choice) { return choose(table.columns, choice); }

World::Column* World::unused_column(Table& table, unsigned choice) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        Column& candidate = table.columns[(choice + i) % table.columns.size()];
        if (candidate.used == 0) return &candidate;
    }
    return nullptr;
}

World::Table* World::find(const std::string& name) {
    for (Table& candidate : tables_)
        if (candidate.name == name) return &candidate;
    return nullptr;
}

World::Change World::create_table(const Step& step) {
    Table made;
    made.name = fresh("t");
    const bool keyed = step.a % 3 != 0;
    std::string columns = fmt::format(
        "column: {{name: id, type: int{}}}",
        keyed ? fmt::format(", constraints: {{primaryKey: true, primaryKeyName: pk_{}}}", made.name) : "");
    made.columns.push_back({"id", "int", keyed, false, keyed ? 1 : 0});
    if (keyed) made.primary_key = "pk_" + made.name;
    for (unsigned i = 0; i < 1 + step.b % 3; ++i) {
        const Sort& sort = kSorts[(step.c + i) % std::size(kSorts)];
        const std::string name = fresh("c");
        const bool with_default = (step.b + i) % 2 == 0 && std::string(sort.value) != "NULL";
        columns +=
            fmt::format("}}, {{column: {{name: {}, type: '{}'{}{}}}", name, sort.type,
                        with_default ? fmt::format(", defaultValueComputed: {}", quoted(sort.value)) : "",
                        (step.a + i) % 4 == 0 ? ", remarks: 'what it is'" : "");
        made.columns.push_back({name, sort.type, false, with_default, 0});
    }
    std::string text = fmt::format("createTable: {{tableName: {}, columns: [{{{}}}]}}", made.name, columns);
    tables_.push_back(std::move(made));
    return text;
}

World::Change World::drop_table(const Step& step) {
    Table* const gone = table(step.a);
    if (gone == nullptr || gone->pointed_at > 0) return std::nullopt;
    const std::string text = step.b % 2 == 0 ? fmt::format("dropTable: {{tableName: {}}}", gone->name)
                                             : raw("DROP TABLE " + gone->name, step.c);
    for (const Named& key : gone->foreign_keys)
        if (Table* target = find(key.columns.back())) --target->pointed_at;
    for (const Column& column : gone->columns)
        for (Enum& type : enums_)
            if (type.name == column.type) --type.used;
    tables_.erase(tables_.begin() + (gone - tables_.data()));
    return text;
}

World::Change World::rename_table(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    const std::string old = chosen->name;
    chosen->name = fresh("t");
    for (View& view : views_)
        if (view.table == old) view.table = chosen->name;
    for (Table& other : tables_)
        for (Named& key : other.foreign_keys)
            if (key.columns.back() == old) key.columns.back() = chosen->name;
    if (step.b % 3 == 0) return raw(fmt::format("ALTER TABLE {} RENAME TO {}", old, chosen->name), step.c);
    return fmt::format("renameTable: {{oldTableName: {}, newTableName: {}}}", old, chosen->name);
}

World::Change World::add_column(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    std::string type = kSorts[step.b % std::size(kSorts)].type,
                value = kSorts[step.b % std::size(kSorts)].value;
    Enum* const type_used = step.b % 5 == 4 ? choose(enums_, step.c) : nullptr;
    if (type_used != nullptr) {
        type = type_used->name, value = "'" + type_used->labels.front() + "'";
        ++type_used->used;
    }
    const bool with_default = step.c % 2 == 0 && value != "NULL", not_null = with_default && step.c % 4 == 0;
    const std::string name = fresh("c");
    chosen->columns.push_back({name, type, not_null, with_default, 0});
    if (step.c % 5 == 4)
        return raw(fmt::format("ALTER TABLE {} ADD COLUMN {} {}{}", chosen->name, name, type,
                               with_default ? " DEFAULT " + value : ""),
                   step.b);
    return fmt::format("addColumn: {{tableName: {}, columns: [{{column: {{name: {}, type: '{}'{}{}}}}}]}}",
                       chosen->name, name, type,
                       with_default ? ", defaultValueComputed: " + quoted(value) : "",
                       not_null ? ", constraints: {nullable: false}" : "");
}

World::Change World::drop_column(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr || chosen->columns.size() < 2) return std::nullopt;
    Column* const gone = unused_column(*chosen, step.b);
    if (gone == nullptr) return std::nullopt;
    const std::string name = gone->name;
    for (Enum& type : enums_)
        if (type.name == gone->type) --type.used;
    std::erase_if(chosen->indexes, [&](const Named& index) {
        return std::find(index.columns.begin(), index.columns.end(), name) != index.columns.end();
    });
    chosen->columns.erase(chosen->columns.begin() + (gone - chosen->columns.data()));
    if (step.c % 3 == 0)
        return raw(fmt::format("ALTER TABLE {} DROP COLUMN {}", chosen->name, name), step.c / 3);
    return fmt::format("dropColumn: {{tableName: {}, columnName: {}}}", chosen->name, name);
}

World::Change World::rename_column(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    Column* const renamed = column(*chosen, step.b);
    const std::string old = renamed->name;
    renamed->name = fresh("c");
    const auto follow = [&](std::vector<Named>& items) {
        for (Named& item : items) std::replace(item.columns.begin(), item.columns.end(), old, renamed->name);
    };
    follow(chosen->uniques), follow(chosen->checks), follow(chosen->indexes);
    for (Named& key : chosen->foreign_keys)
        if (key.columns.front() == old) key.columns.front() = renamed->name;
    for (View& view : views_)
        if (view.table == chosen->name)
            std::replace(view.columns.begin(), view.columns.end(), old, renamed->name);
    if (step.c % 3 == 0)
        return raw(fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", chosen->name, old, renamed->name),
                   step.c / 3);
    return fmt::format("renameColumn: {{tableName: {}, oldColumnName: {}, newColumnName: {}}}", chosen->name,
                       old, renamed->name);
}

World::Change World::retype_column(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    Column* const retyped = unused_column(*chosen, step.b);
    if (retyped == nullptr) return std::nullopt;
    const std::string wider = sort_of(retyped->type).wider;
    const bool is_known = retyped->type == sort_of(retyped->type).type;
    if (!is_known || wider == retyped->type || retyped->type == "uuid") return std::nullopt;
    retyped->type = wider;
    if (step.c % 3 == 0)
        return raw(fmt::format("ALTER TABLE {} ALTER COLUMN {} TYPE {}", chosen->name, retyped->name, wider),
                   step.c / 3);
    return fmt::format("modifyDataType: {{tableName: {}, columnName: {}, newDataType: '{}'}}", chosen->name,
                       retyped->name, wider);
}

World::Change World::change_default(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    Column* const changed = column(*chosen, step.b);
    if (changed->has_default && step.c % 2 == 0) {
        changed->has_default = false;
        return fmt::format("dropDefaultValue: {{tableName: {}, columnName: {}}}", chosen->name,
                           changed->name);
    }
    const Sort& sort = sort_of(changed->type);
    if (changed->type != sort.type || std::string(sort.value) == "NULL") return std::nullopt;
    changed->has_default = true;
    return fmt::format("addDefaultValue: {{tableName: {}, columnName: {}, defaultValueComputed: {}}}",
                       chosen->name, changed->name, quoted(sort.value));
}

World::Change World::change_not_null(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    Column* const changed = column(*chosen, step.b);
    if (!chosen->primary_key.empty() && changed == chosen->columns.data()) return std::nullopt;
    if (!changed->not_null) return std::nullopt;  // rows may hold NULL
    changed->not_null = false;
    return fmt::format("dropNotNullConstraint: {{tableName: {}, columnName: {}}}", chosen->name,
                       changed->name);
}

}  // namespace changelog::tests
