// Constraints, indexes, views and everything else that is no table or column.
#include "property/world.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::tests {

namespace {

template <typename T>
T* choose(std::vector<T>& items, unsigned choice) {
    return items.empty() ? nullptr : &items[choice % items.size()];
}

std::string raw(const std::string& sql, bool opaque) {
    if (opaque) return "sql: {splitStatements: false, sql: \"DO $do$ BEGIN " + sql + "; END $do$\"}";
    return "sql: {sql: \"" + sql + "\"}";
}

}  // namespace

World::Change World::add_unique(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    Column* const key = column(*chosen, step.b);
    if (key->type == "jsonb" || key->has_default) return std::nullopt;  // rows would have equal values
    ++key->used;
    chosen->uniques.push_back({fresh("u"), {key->name}});
    return fmt::format("addUniqueConstraint: {{tableName: {}, columnNames: {}, constraintName: {}{}}}",
                       chosen->name, key->name, chosen->uniques.back().name,
                       step.c % 3 == 0 ? ", deferrable: true, initiallyDeferred: true" : "");
}

World::Change World::add_check(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    Column* const checked = column(*chosen, step.b);
    ++checked->used;
    chosen->checks.push_back({fresh("k"), {checked->name}});
    const std::string condition = fmt::format("{0} IS NULL OR {0} IS NOT NULL", checked->name);
    if (step.c % 2 == 0)
        return raw(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({}){}", chosen->name,
                               chosen->checks.back().name, condition, step.c % 4 == 0 ? " NOT VALID" : ""),
                   step.c % 3 == 0);
    return fmt::format("addCheckConstraint: {{tableName: {}, constraintName: {}, constraintBody: \"{}\"}}",
                       chosen->name, chosen->checks.back().name, condition);
}

World::Change World::add_foreign_key(const Step& step) {
    Table* const from = table(step.a);
    Table* const to = table(step.b);
    if (from == nullptr || from == to || to->primary_key.empty()) return std::nullopt;
    const auto key = std::find_if(from->columns.begin(), from->columns.end(), [&](const Column& column) {
        return column.type == "int" && !column.has_default && &column != from->columns.data();
    });
    if (key == from->columns.end()) return std::nullopt;
    ++key->used;
    ++to->pointed_at;
    from->foreign_keys.push_back({fresh("f"), {key->name, to->name}});
    return fmt::format(
        "addForeignKeyConstraint: {{baseTableName: {}, baseColumnNames: {}, constraintName: {}, "
        "referencedTableName: {}, "
        "referencedColumnNames: {}{}}}",
        from->name, key->name, from->foreign_keys.back().name, to->name, to->columns.front().name,
        step.c % 2 == 0 ? ", onDelete: CASCADE" : "");
}

World::Change World::drop_constraint(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    const auto drop = [&](std::vector<Named>& items, const char* operation, const char* table_key) -> Change {
        Named* const gone = choose(items, step.b);
        if (gone == nullptr) return std::nullopt;
        const Named copy = *gone;
        items.erase(items.begin() + (gone - items.data()));
        for (Column& column : chosen->columns)
            if (column.name == copy.columns.front()) --column.used;
        if (copy.columns.size() > 1)
            if (Table* target = find(copy.columns.back())) --target->pointed_at;
        if (step.c % 4 == 3)
            return raw(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", chosen->name, copy.name),
                       step.c % 8 == 7);
        return fmt::format("{}: {{{}: {}, constraintName: {}}}", operation, table_key, chosen->name,
                           copy.name);
    };
    switch (step.c % 3) {
        case 0:
            return drop(chosen->uniques, "dropUniqueConstraint", "tableName");
        case 1:
            return drop(chosen->checks, "dropCheckConstraint", "tableName");
        default:
            return drop(chosen->foreign_keys, "dropForeignKeyConstraint", "baseTableName");
    }
}

World::Change World::create_index(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    const Column* const key = column(*chosen, step.b);
    chosen->indexes.push_back({fresh("i"), {key->name}});
    const std::string name = chosen->indexes.back().name;
    if (step.c % 4 == 0)
        return raw(fmt::format("CREATE INDEX {} ON {} ({} DESC NULLS LAST) WHERE {} IS NOT NULL", name,
                               chosen->name, key->name, key->name),
                   step.c % 8 == 0);
    return fmt::format("createIndex: {{tableName: {}, indexName: {}, columns: [{{column: {{name: {}{}}}}}]}}",
                       chosen->name, name, key->name, step.c % 3 == 0 ? ", descending: true" : "");
}

World::Change World::drop_index(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    Named* const gone = choose(chosen->indexes, step.b);
    if (gone == nullptr) return std::nullopt;
    const std::string name = gone->name;
    chosen->indexes.erase(chosen->indexes.begin() + (gone - chosen->indexes.data()));
    if (step.c % 3 == 0) return raw("DROP INDEX " + name, step.c % 6 == 0);
    return fmt::format("dropIndex: {{tableName: {}, indexName: {}}}", chosen->name, name);
}

World::Change World::create_view(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    Column* const shown = column(*chosen, step.b);
    const bool materialized = step.c % 3 == 0;
    views_.push_back({fresh("v"), chosen->name, {shown->name}, materialized});
    ++shown->used, ++chosen->pointed_at;
    const std::string query =
        fmt::format("SELECT {0} AS shown, count(*) AS n FROM {1} GROUP BY {0}", shown->name, chosen->name);
    if (shown->type == "jsonb" || step.c % 2 == 0)
        return raw(fmt::format("CREATE {}VIEW {} AS {}", materialized ? "MATERIALIZED " : "",
                               views_.back().name, query),
                   step.c % 4 == 0);
    return fmt::format("{}: {{viewName: {}, selectQuery: \"{}\"}}",
                       materialized ? "createMaterializedView" : "createView", views_.back().name, query);
}

void World::release(const View& view) {
    Table* const base = find(view.table);
    if (base == nullptr) return;
    --base->pointed_at;
    for (Column& column : base->columns)
        if (column.name == view.columns.front()) --column.used;
}

World::Change World::drop_view(const Step& step) {
    View* const gone = choose(views_, step.a);
    if (gone == nullptr) return std::nullopt;
    const View copy = *gone;
    views_.erase(views_.begin() + (gone - views_.data()));
    release(copy);
    if (step.b % 3 == 0)
        return raw(fmt::format("DROP {}VIEW {}", copy.materialized ? "MATERIALIZED " : "", copy.name),
                   step.b % 6 == 0);
    return fmt::format("{}: {{viewName: {}}}", copy.materialized ? "dropMaterializedView" : "dropView",
                       copy.name);
}

World::Change World::rename_view(const Step& step) {
    View* const renamed = choose(views_, step.a);
    if (renamed == nullptr || renamed->materialized) return std::nullopt;
    const std::string old = renamed->name;
    renamed->name = fresh("v");
    return fmt::format("renameView: {{oldViewName: {}, newViewName: {}}}", old, renamed->name);
}

World::Change World::sequence(const Step& step) {
    std::string* const there = choose(sequences_, step.a);
    if (there == nullptr || step.b % 4 == 0) {
        sequences_.push_back(fresh("s"));
        return fmt::format("createSequence: {{sequenceName: {}, incrementBy: {}, startValue: {}}}",
                           sequences_.back(), 1 + step.c % 5, 1 + step.c % 100);
    }
    const std::string old = *there;
    switch (step.b % 4) {
        case 1:
            sequences_.erase(sequences_.begin() + (there - sequences_.data()));
            return fmt::format("dropSequence: {{sequenceName: {}}}", old);
        case 2:
            *there = fresh("s");
            return fmt::format("renameSequence: {{oldSequenceName: {}, newSequenceName: {}}}", old, *there);
        default:
            return fmt::format(
                "alterSequence: {{sequenceName: {}, incrementBy: {}, cacheSize: {}, cycle: {}}}", old,
                2 + step.c % 7, 1 + step.c % 30, step.c % 2 == 0);
    }
}

World::Change World::enumeration(const Step& step) {
    Enum* const there = choose(enums_, step.a);
    if (there == nullptr || step.b % 4 == 0) {
        enums_.push_back({fresh("e"), {"red", "green"}, 0});
        return fmt::format("createEnum: {{typeName: {}, values: [red, green]}}", enums_.back().name);
    }
    if (step.b % 4 == 1) {
        if (there->used > 0) return std::nullopt;
        const std::string name = there->name;
        enums_.erase(enums_.begin() + (there - enums_.data()));
        return fmt::format("dropEnum: {{typeName: {}}}", name);
    }
    if (step.b % 4 == 2) {
        std::string& label = there->labels[step.c % there->labels.size()];
        const std::string old = label;
        label = fresh("l");
        return fmt::format("renameEnumValue: {{typeName: {}, oldValue: {}, newValue: {}}}", there->name, old,
                           label);
    }
    there->labels.push_back(fresh("l"));
    return fmt::format("addEnumValue: {{typeName: {}, value: {}{}}}", there->name, there->labels.back(),
                       step.c % 2 == 0 ? ", before: " + there->labels.front() : "");
}

World::Change World::remark(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    if (step.b % 2 == 0)
        return fmt::format("setTableRemarks: {{tableName: {}, remarks: 'number {}'}}", chosen->name,
                           step.c % 10);
    return fmt::format("setColumnRemarks: {{tableName: {}, columnName: {}, remarks: 'number {}'}}",
                       chosen->name, column(*chosen, step.b)->name, step.c % 10);
}

World::Change World::trigger(const Step& step) {
    if (!has_function_) {
        has_function_ = true;
        return "sql: {splitStatements: false, sql: \"CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql "
               "AS $$ BEGIN "
               "RETURN NEW; END $$\"}";
    }
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    std::string* const there = choose(chosen->triggers, step.b);
    if (there != nullptr && step.c % 3 == 0) {
        const std::string name = *there;
        chosen->triggers.erase(chosen->triggers.begin() + (there - chosen->triggers.data()));
        return fmt::format("dropTrigger: {{tableName: {}, triggerName: {}}}", chosen->name, name);
    }
    if (there != nullptr && step.c % 3 == 1)
        return fmt::format("disableTrigger: {{tableName: {}, triggerName: {}}}", chosen->name, *there);
    chosen->triggers.push_back(fresh("g"));
    return raw(fmt::format("CREATE TRIGGER {} BEFORE UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION keep()",
                           chosen->triggers.back(), chosen->name),
               step.c % 2 == 0);
}

World::Change World::insert(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    const bool needs_more =
        std::any_of(chosen->columns.begin() + 1, chosen->columns.end(),
                    [](const Column& column) { return column.not_null && !column.has_default; });
    if (needs_more || chosen->columns.front().type != "int") return std::nullopt;
    ++next_;
    if (step.b % 2 == 0)
        return raw(
            fmt::format("INSERT INTO {} ({}) VALUES ({})", chosen->name, chosen->columns.front().name, next_),
            step.b % 4 == 0);
    return fmt::format("insert: {{tableName: {}, columns: [{{column: {{name: {}, valueNumeric: {}}}}}]}}",
                       chosen->name, chosen->columns.front().name, next_);
}

World::Change World::raw_table(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    static constexpr const char* kForms[] = {
        "ALTER TABLE {} SET (fillfactor = 70)", "ALTER TABLE {} ENABLE ROW LEVEL SECURITY",
        "GRANT SELECT, INSERT ON {} TO PUBLIC", "REVOKE ALL ON {} FROM PUBLIC",
        "ALTER TABLE {} REPLICA IDENTITY FULL", "COMMENT ON TABLE {} IS 'seen'",
    };
    return raw(fmt::format(fmt::runtime(kForms[step.b % std::size(kForms)]), chosen->name), step.c % 3 == 0);
}

World::Change World::raw_column(const Step& step) {
    Table* const chosen = table(step.a);
    if (chosen == nullptr) return std::nullopt;
    const Column* const changed = column(*chosen, step.b);
    const bool is_long = changed->type == "text" || changed->type == "jsonb";
    switch (step.c % 5) {
        case 0:
            return raw(
                fmt::format("ALTER TABLE {} ALTER COLUMN {} SET STATISTICS 500", chosen->name, changed->name),
                step.b % 3 == 0);
        case 1:
            if (!is_long) return std::nullopt;
            return raw(fmt::format("ALTER TABLE {} ALTER COLUMN {} SET STORAGE EXTERNAL", chosen->name,
                                   changed->name),
                       step.b % 3 == 0);
        case 2:
            return raw(fmt::format("GRANT UPDATE ({}) ON {} TO PUBLIC", changed->name, chosen->name),
                       step.b % 3 == 0);
        case 3:
            return raw(fmt::format("COMMENT ON COLUMN {}.{} IS 'raw'", chosen->name, changed->name),
                       step.b % 3 == 0);
        default:
            return raw(fmt::format("ALTER TABLE {} ALTER COLUMN {} SET (n_distinct = 5)", chosen->name,
                                   changed->name),
                       step.b % 3 == 0);
    }
}

}  // namespace changelog::tests
