// addUniqueConstraint: ALTER TABLE ... ADD UNIQUE builds a unique index by reading the whole table under
// ACCESS EXCLUSIVE; with forIndexName an existing unique index becomes the constraint's, and takes its name.
// dropUniqueConstraint drops the constraint with its index, catalog only. Each undoes the other.
#include "changelog/codes.hpp"

#include "catalog/naming.hpp"
#include "operations/column_operation.hpp"
#include "operations/definition.hpp"
#include "operations/partition_tree.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

extern const OperationType add_unique_constraint_type;
extern const OperationType drop_unique_constraint_type;

namespace {

using catalog::ConstraintKind;

struct AddUniqueConstraint final : Operation {
    std::string schema, table, name, tablespace, for_index;
    std::vector<std::string> columns;
    bool deferrable = false, initially_deferred = false, clustered = false;

    const OperationType& type() const override { return add_unique_constraint_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.names(required("columnNames", "The columns that are unique together."), columns);
        visitor.text(
            optional("constraintName", "Name of the constraint; PostgreSQL chooses one if not given."), name);
        visitor.text(schema_name(), schema);
        visitor.flag(optional("deferrable", "DEFERRABLE."), deferrable);
        visitor.flag(optional("initiallyDeferred", "INITIALLY DEFERRED."), initially_deferred);
        visitor.text(optional("tablespace", "Tablespace of its index."), tablespace);
        visitor.text(
            optional("forIndexName", "Existing unique index that becomes the constraint's: USING INDEX."),
            for_index);
        visitor.flag(optional("clustered", "Not possible on PostgreSQL.").cosmetic(), clustered);
        ignore(visitor, "forIndexSchemaName", "Read and ignored: an index is in the schema of its table.");
        ignore(visitor, "forIndexCatalogName", "Read and ignored: an index is in the schema of its table.");
        ignore(visitor, "disabled", "Read and ignored: PostgreSQL has no such state.");
        ignore(visitor, "validate", "Read and ignored: a unique constraint is always checked.");
        ignore_catalog_name(visitor);
        visitor.misplaced("constraint_name",
                          "The key is called constraintName; without it PostgreSQL chose the name.");
        visitor.misplaced("remarks", "Liquibase never stored it here; a comment belongs to the changeset.");
    }

    void check(Diagnostics& diagnostics) const override {
        if (clustered)
            diagnostics.error(codes::unsupported_change, at, "a unique constraint cannot be clustered")
                .next = {"remove `clustered`, or order the table once by a `sql` change with CLUSTER"};
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        for (const std::string& column : columns) out.require(naming.column_ref(schema, table, column));
        out.create({ObjectKind::constraint, naming.stored_object(schema, table), stored_name(context)});
        if (!for_index.empty()) out.drop(naming.ref(ObjectKind::index, schema, for_index));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        std::string add = "ALTER TABLE " + naming.object(schema, table) + " ADD ";
        if (!name.empty()) add += "CONSTRAINT " + naming.name(name) + ' ';
        add += for_index.empty() ? "UNIQUE (" + naming.names(columns) + ')'
                                 : "UNIQUE USING INDEX " + naming.name(for_index);
        const std::string place = tablespace.empty() || !for_index.empty()
                                      ? ""
                                      : " USING INDEX TABLESPACE " + naming.name(tablespace);
        // Liquibase puts the tablespace last, which PostgreSQL refuses after DEFERRABLE.
        return one(add + place + (deferrable ? " DEFERRABLE" : "") +
                   (initially_deferred ? " INITIALLY DEFERRED" : ""));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName stored = naming.stored_object(schema, table);
        const catalog::Table* before = context.before->table(stored);
        Undo out = undo(drop_constraint(naming.object(schema, table), sql::identifier(stored_name(context))));
        if (!for_index.empty()) {
            const catalog::Index* index =
                before == nullptr ? nullptr : before->index(naming.stored(for_index));
            if (index == nullptr) return not_known(context, naming.ref(ObjectKind::index, schema, for_index));
            append(out.statements, catalog::create_index_statements(naming.shown(before->name), *index));
        } else if (before != nullptr && !before->partition_by.empty()) {
            catalog::Catalog after = *context.before;
            apply(after, context);
            restore_taken_over(context, after, stored, out.statements);
        } else if (before == nullptr && name.empty()) {
            // The name that PostgreSQL chose depends on what else is there.
            return not_known(context, {ObjectKind::table, stored, {}});
        }
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        catalog::Table* found = catalog.table(naming.stored_object(schema, table));
        if (found == nullptr) return;
        catalog::Constraint unique =
            constraint_of(ConstraintKind::unique, stored_name(context), naming.stored(columns));
        unique.deferrable =
            deferrable || initially_deferred;  // the server takes the second to mean the first
        unique.initially_deferred = initially_deferred;
        if (!tablespace.empty() && for_index.empty()) unique.tablespace = naming.stored(tablespace);
        if (!for_index.empty()) take_index(*found, naming.stored(for_index), unique);
        add_to_catalog(catalog, *found, std::move(unique));
    }

  private:
    /// The index becomes the constraint's, with all that it has; the keys are the index's, too.
    static void take_index(catalog::Table& on, const std::string& name, catalog::Constraint& unique) {
        if (const catalog::Index* index = on.index(name)) {
            unique.columns.clear();
            for (const catalog::IndexKey& key : index->keys) unique.columns.push_back(key.text);
            unique.include = index->include;
            unique.options = index->options;
            unique.tablespace = index->tablespace;
            unique.nulls_not_distinct = index->nulls_not_distinct;
            unique.clustered = index->clustered;
            unique.replica_identity = index->replica_identity;
        }
        std::erase_if(on.indexes, [&](const catalog::Index& index) { return index.name == name; });
    }

    std::string stored_name(const RenderContext& context) const {
        const Naming naming(context);
        if (!name.empty()) return naming.stored(name);
        if (!for_index.empty()) return naming.stored(for_index);
        return catalog::chosen_name(*context.before, naming.stored_object(schema, table),
                                    catalog::NameOf::unique, naming.stored(columns));
    }
};

struct DropUniqueConstraint final : ConstraintOperation {
    const OperationType& type() const override { return drop_unique_constraint_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(required("constraintName", "Name of the constraint."), name);
        visitor.text(schema_name(), schema);
        ignore(visitor, "uniqueColumns", "Read and ignored: for databases without names of constraints.");
        ignore_catalog_name(visitor);
        visitor.misplaced("columnNames",
                          "The constraint is found by its name; this key never had an effect.");
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(drop_sql(context));
    }
    Undo inverse(const RenderContext& context) const override { return restore(context); }
    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        drop(catalog, context);
    }
};

}  // namespace

const OperationType add_unique_constraint_type = {
    "addUniqueConstraint", "Adds a UNIQUE constraint to a table.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AddUniqueConstraint>(); }};

const OperationType drop_unique_constraint_type = {
    "dropUniqueConstraint", "Drops a UNIQUE constraint.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropUniqueConstraint>(); }};

}  // namespace changelog::operations
