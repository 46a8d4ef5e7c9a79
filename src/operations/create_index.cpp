// createIndex: CREATE INDEX reads the whole table under SHARE, which stops writes; with `concurrently` it
// reads it twice under SHARE UPDATE EXCLUSIVE, which does not, but cannot run in a transaction and leaves an
// INVALID index if it fails. With associatedWith Liquibase makes nothing: the index of a key or constraint is
// there already. Undone by DROP INDEX, concurrently likewise.
#include "changelog/codes.hpp"

#include "catalog/sql_text.hpp"
#include "core/text.hpp"
#include "operations/cluster.hpp"
#include "operations/index_key.hpp"
#include "operations/partition_tree.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

extern const OperationType create_index_type;

namespace {

struct CreateIndex final : Operation {
    std::string schema, table, name, tablespace, associated_with, method, where;
    std::vector<ColumnConfig> columns;
    std::vector<std::string> include;
    bool unique = false, clustered = false, concurrently = false, nulls_not_distinct = false;

    const OperationType& type() const override { return create_index_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.list(required("columns", "The keys, in order.").also("column"),
                     ColumnList(columns, ColumnUse::index));
        visitor.text(optional("indexName", "Name of the index; PostgreSQL chooses one if not given."), name);
        visitor.text(schema_name(), schema);
        visitor.flag(optional("unique", "UNIQUE."), unique);
        visitor.text(optional("tablespace", "Tablespace of the index."), tablespace);
        visitor.flag(optional("clustered", "Also orders the table by the index now: CLUSTER, a rewrite."),
                     clustered);
        visitor.text(
            optional("associatedWith", "primaryKey, foreignKey or uniqueConstraint: no index is made."),
            associated_with);
        visitor.text(optional("using", "Index method: btree, hash, gist, gin, brin, spgist."), method);
        visitor.text(optional("where", "Only rows for which this holds are in the index.").own().sql(),
                     where);
        visitor.names(optional("include", "Columns that are stored in the index without being keys.").own(),
                      include);
        visitor.flag(optional("concurrently", "CREATE INDEX CONCURRENTLY: writes go on meanwhile.").own(),
                     concurrently);
        visitor.flag(
            optional("nullsNotDistinct", "A unique index takes two NULLs as equal (PostgreSQL 15).").own(),
            nulls_not_distinct);
        ignore_catalog_name(visitor);
        describe_misplaced(visitor);
    }

    void check(Diagnostics& diagnostics) const override {
        if (columns.empty())
            diagnostics.error(codes::missing_key, at, fmt::format("index '{}' has no columns", name));
        if (nulls_not_distinct && !unique)
            diagnostics.error(codes::conflicting_keys, at, "nullsNotDistinct needs unique: true");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        if (makes_nothing()) return;
        const Naming naming(context);
        const ObjectName on = naming.stored_object(schema, table);
        out.require({ObjectKind::table, on, {}});
        const catalog::Index made = index(context, *context.before);
        if (const catalog::Table* found = context.before->table(on)) {
            for (const catalog::Column& column : found->columns)
                if (catalog::uses_column(made, column.name))
                    out.require({ObjectKind::column, on, column.name});
        } else {
            for (const catalog::IndexKey& key : made.keys)
                if (!key.expression) out.require({ObjectKind::column, on, key.text});
            for (const std::string& column : made.include) out.require({ObjectKind::column, on, column});
        }
        out.create({ObjectKind::index, {on.schema, made.name}, {}});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        if (makes_nothing()) return {};
        const Naming naming(context);
        std::vector<Statement> out;
        out.push_back({create_sql(naming), !concurrently, {}});
        if (clustered) {
            const std::string sql_name =
                name.empty() ? sql::identifier(index(context, *context.before).name) : naming.name(name);
            out.push_back(statement("CLUSTER " + naming.object(schema, table) + " USING " + sql_name));
        }
        return out;
    }

    Undo inverse(const RenderContext& context) const override {
        if (makes_nothing()) return {};
        const Naming naming(context);
        const ObjectName on = naming.stored_object(schema, table);
        const std::string sql_name = naming.sql({on.schema, index(context, *context.before).name});
        Undo out;
        out.statements.push_back(
            {fmt::format("DROP INDEX {}{}", concurrently ? "CONCURRENTLY " : "", sql_name),
             !concurrently,
             {}});
        const catalog::Table* before = context.before->table(on);
        if (before == nullptr)
            return name.empty() && !is_view(context, on) ? not_known(context, {ObjectKind::table, on, {}})
                                                         : out;
        if (clustered) cluster_as_before(context, *before, out.statements);
        if (before->partition_by.empty()) return out;
        catalog::Catalog after = *context.before;
        apply(after, context);
        restore_taken_over(context, after, on, out.statements);
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        if (makes_nothing()) return;
        const ObjectName on = Naming(context).stored_object(schema, table);
        if (catalog::Table* found = catalog.table(on)) {
            if (clustered) forget_clustering(*found);
            catalog::Index made = index(context, catalog);
            found->indexes.push_back(made);
            hand_down_index(catalog, *found, made);
        } else if (const auto view = catalog.views.find(on);
                   view != catalog.views.end() && view->second.materialized) {
            view->second.indexes.push_back(index(context, catalog));
        }
    }

  private:
    static bool is_view(const RenderContext& context, const ObjectName& on) {
        return context.before->views.contains(on);
    }

    static void describe_misplaced(FieldVisitor& visitor) {
        visitor.misplaced("whereClause",
                          "Liquibase ignores this key, so the index was made over all rows. Write `where`.");
        visitor.misplaced("indexType",
                          "Liquibase ignores this key, so a btree index was made. Write `using`.");
        visitor.misplaced(
            "function",
            "Liquibase ignores this key. Write the expression as the column's name, with `computed: true`.");
        visitor.misplaced(
            "lowerCase",
            "Liquibase ignores this key. Write `lower(name)` as the column's name, with `computed: true`.");
        visitor.misplaced("dbms", "Liquibase ignores this key here: write `dbms` on the changeSet.");
        visitor.misplaced("separator", "Liquibase ignores this key; an index has no separator.");
        visitor.misplaced("remarks", "Liquibase never stored it here; a comment belongs to the changeset.");
        visitor.misplaced("columnNames", "The columns of an index stand in `columns:`.");
    }

    bool makes_nothing() const {
        return !trim(associated_with).empty() && !equal_ignoring_case(trim(associated_with), "none");
    }

    std::vector<std::string> included() const {
        std::vector<std::string> out = include;
        for (const ColumnConfig& column : columns)
            if (column.included) out.push_back(column.name);
        return out;
    }

    std::string create_sql(const Naming& naming) const {
        std::string keys;
        for (const ColumnConfig& column : columns)
            if (!column.included) keys += (keys.empty() ? "" : ", ") + index_key_sql(column, naming);
        std::string sql = unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
        if (concurrently) sql += "CONCURRENTLY ";
        if (!name.empty()) sql += naming.name(name) + ' ';
        sql += "ON " + naming.object(schema, table);
        sql += (method.empty() ? "(" : " USING " + method + " (") + keys + ')';
        if (const auto names = included(); !names.empty()) sql += " INCLUDE (" + naming.names(names) + ')';
        if (nulls_not_distinct) sql += " NULLS NOT DISTINCT";
        if (!tablespace.empty()) sql += " TABLESPACE " + naming.name(tablespace);
        if (!where.empty()) sql += " WHERE " + where;
        return sql;
    }

    catalog::Index index(const RenderContext& context, const catalog::Catalog& catalog) const {
        const Naming naming(context);
        catalog::Index out;
        out.unique = unique;
        if (!method.empty()) out.method = lower(method);
        for (const ColumnConfig& column : columns)
            if (!column.included) out.keys.push_back(index_key(column, naming));
        out.include = naming.stored(included());
        out.predicate = where;
        if (!tablespace.empty()) out.tablespace = naming.stored(tablespace);
        out.nulls_not_distinct = nulls_not_distinct;
        out.clustered = clustered;
        out.name = name.empty() ? chosen_index_name(catalog, naming.stored_object(schema, table), out)
                                : naming.stored(name);
        return out;
    }
};

}  // namespace

const OperationType create_index_type = {
    "createIndex", "Creates an index.", "index",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateIndex>(); }};

}  // namespace changelog::operations
