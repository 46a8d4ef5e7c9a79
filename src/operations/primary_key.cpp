// addPrimaryKey: ALTER TABLE ... ADD PRIMARY KEY builds a unique index and checks NOT NULL, both by reading
// the whole table under ACCESS EXCLUSIVE. dropPrimaryKey is catalog only and leaves the columns NOT NULL.
// Each undoes the other; undoing addPrimaryKey also drops NOT NULL from columns that did not have it.
#include "catalog/naming.hpp"
#include "operations/cluster.hpp"
#include "operations/column_operation.hpp"
#include "operations/definition.hpp"
#include "operations/partition_tree.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

extern const OperationType add_primary_key_type;
extern const OperationType drop_primary_key_type;

namespace {

using catalog::ConstraintKind;

struct AddPrimaryKey final : Operation {
    std::string schema, table, name, tablespace;
    std::vector<std::string> columns;
    bool clustered = false;

    const OperationType& type() const override { return add_primary_key_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.names(required("columnNames", "The columns of the key, in order."), columns);
        visitor.text(optional("constraintName", "Name of the key; T_pkey if not given."), name);
        visitor.text(schema_name(), schema);
        visitor.text(optional("tablespace", "Tablespace of its index."), tablespace);
        visitor.flag(optional("clustered", "Also orders the table by the key now: CLUSTER, a rewrite."),
                     clustered);
        ignore(visitor, "forIndexName", "Read and ignored, as Liquibase does on PostgreSQL.");
        ignore(visitor, "forIndexSchemaName", "Read and ignored, as Liquibase does on PostgreSQL.");
        ignore(visitor, "forIndexCatalogName", "Read and ignored, as Liquibase does on PostgreSQL.");
        ignore(visitor, "validate", "Read and ignored: a primary key is always checked.");
        ignore_catalog_name(visitor);
        visitor.misplaced("remarks", "Liquibase never stored it here; a comment belongs to the changeset.");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        for (const std::string& column : columns) out.alter(naming.column_ref(schema, table, column));
        out.create({ObjectKind::constraint, naming.stored_object(schema, table), stored_name(context)});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        const std::string on = naming.object(schema, table);
        std::string add = "ALTER TABLE " + on + " ADD ";
        if (!name.empty()) add += "CONSTRAINT " + naming.name(name) + ' ';
        add += "PRIMARY KEY (" + naming.names(columns) + ')';
        if (!tablespace.empty()) add += " USING INDEX TABLESPACE " + naming.name(tablespace);
        std::vector<Statement> out = one(std::move(add));
        if (clustered)
            out.push_back(statement("CLUSTER " + on + " USING " + sql::identifier(stored_name(context))));
        return out;
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName stored = naming.stored_object(schema, table);
        const catalog::Table* before = context.before->table(stored);
        if (before == nullptr) return not_known(context, {ObjectKind::table, stored, {}});
        const std::string on = naming.object(schema, table);
        Undo out = undo(
            drop_constraint(on, name.empty() ? sql::identifier(stored_name(context)) : naming.name(name)));
        for (const std::string& column : columns) {
            const catalog::Column* was = before->column(naming.stored(column));
            if (was == nullptr || was->not_null) continue;
            out.statements.push_back(statement(
                fmt::format("ALTER TABLE {} ALTER COLUMN  {} DROP NOT NULL", on, naming.name(column))));
            restore_in_children(
                context, stored, was->name, [](const catalog::Column& child) { return child.not_null; },
                [](const catalog::Column&) { return "SET NOT NULL"; }, out.statements);
        }
        if (clustered) cluster_as_before(context, *before, out.statements);
        if (before->partition_by.empty()) return out;
        catalog::Catalog after = *context.before;
        apply(after, context);
        restore_taken_over(context, after, stored, out.statements);
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        catalog::Table* found = catalog.table(naming.stored_object(schema, table));
        if (found == nullptr) return;
        catalog::Constraint key =
            constraint_of(ConstraintKind::primary_key, stored_name(context), naming.stored(columns));
        if (!tablespace.empty()) key.tablespace = naming.stored(tablespace);
        if (clustered) forget_clustering(*found);
        key.clustered = clustered;
        add_to_catalog(catalog, *found, std::move(key));
        catalog::name_not_nulls(catalog, found->name, context.server_version);
    }

  private:
    std::string stored_name(const RenderContext& context) const {
        const Naming naming(context);
        if (!name.empty()) return naming.stored(name);
        return catalog::chosen_name(*context.before, naming.stored_object(schema, table),
                                    catalog::NameOf::primary_key, {});
    }
};

struct DropPrimaryKey final : ConstraintOperation {
    const OperationType& type() const override { return drop_primary_key_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(optional("constraintName", "Name of the key; looked up if not given."), name);
        visitor.text(schema_name(), schema);
        ignore(visitor, "dropIndex", "Read and ignored: the index always goes with the key.");
        ignore_catalog_name(visitor);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName on = naming.stored_object(schema, table);
        const catalog::Constraint* key = known(context);
        out.require({ObjectKind::table, on, {}});
        if (!name.empty())
            out.drop(ref(context));
        else if (key != nullptr)
            out.drop({ObjectKind::constraint, on, key->name});
        else
            out.alter({ObjectKind::table, on, {}});
        if (key == nullptr) return;
        for (const std::string& column : key->columns) out.require({ObjectKind::column, on, column});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        if (!name.empty()) return one(drop_sql(context));
        if (const catalog::Constraint* key = known(context))
            return one(drop_constraint(sql_table(context), sql::identifier(key->name)));
        return one(look_up_and_drop(sql::literal(sql_table(context))));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const catalog::Constraint* key = known(context);
        if (key == nullptr) {
            const ObjectRef object = name.empty() ? naming.table_ref(schema, table) : ref(context);
            return not_known(context, object);
        }
        return undo(add_again(context, naming.stored_object(schema, table), *key));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const ObjectName on = Naming(context).stored_object(schema, table);
        const catalog::Table* found = catalog.table(on);
        if (found != nullptr && found->primary_key() != nullptr)
            catalog.drop_constraint(on, std::string(found->primary_key()->name));
    }

  private:
    const catalog::Constraint* known(const RenderContext& context) const {
        const catalog::Table* found = find_table(context, schema, table);
        return found == nullptr ? nullptr : found->primary_key();
    }

    static std::string look_up_and_drop(const std::string& table_literal) {
        return fmt::format(
            "DO $$ DECLARE key name; BEGIN SELECT conname INTO STRICT key FROM pg_catalog.pg_constraint "
            "WHERE conrelid = {0}::regclass AND contype = 'p'; "
            "EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', {0}::regclass, key); END $$",
            table_literal);
    }
};

}  // namespace

const OperationType add_primary_key_type = {
    "addPrimaryKey", "Makes columns the primary key of a table.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AddPrimaryKey>(); }};

const OperationType drop_primary_key_type = {
    "dropPrimaryKey", "Drops the primary key of a table.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropPrimaryKey>(); }};

}  // namespace changelog::operations
