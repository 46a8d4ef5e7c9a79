// attachPartition: ALTER TABLE ... ATTACH PARTITION, under SHARE UPDATE EXCLUSIVE on the parent and ACCESS
// EXCLUSIVE on the partition, which is read whole unless a CHECK proves the bound. Indexes and keys of the
// parent that it lacks are built on it. Undone by DETACH, and by dropping what was built. detachPartition
// takes ACCESS EXCLUSIVE on both; with `concurrently` it does not, but cannot run in a transaction and leaves
// a CHECK of the bound behind. Undone by attaching the table again.
#include "catalog/naming.hpp"
#include "core/text.hpp"
#include "operations/column_operation.hpp"
#include "operations/definition.hpp"
#include "operations/index_key.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

extern const OperationType attach_partition_type;
extern const OperationType detach_partition_type;

namespace {

using catalog::ConstraintKind;

bool same_index(catalog::Index a, const catalog::Index& b) {
    a.name = b.name;
    a.comment = b.comment;
    a.clustered = b.clustered;
    a.replica_identity = b.replica_identity;
    return a == b;
}

bool same_constraint(catalog::Constraint a, const catalog::Constraint& b) {
    a.name = b.name;
    a.comment = b.comment;
    return a == b;
}

template <typename Item, typename Same>
bool has_like(const std::vector<Item>& items, const Item& wanted, const Same& same) {
    return std::any_of(items.begin(), items.end(), [&](const Item& item) { return same(item, wanted); });
}

/// What ATTACH adds to the partition: foreign keys keep their names, the others get those that PostgreSQL
/// chooses.
void adopt(catalog::Catalog& catalog, const catalog::Table& parent, catalog::Table& child) {
    for (const catalog::Index& index : parent.indexes) {
        if (has_like(child.indexes, index, same_index)) continue;
        catalog::Index made = index;
        made.clustered = made.replica_identity = false;
        made.comment.reset();
        made.name = chosen_index_name(catalog, child.name, made);
        child.indexes.push_back(std::move(made));
    }
    for (const catalog::Constraint& constraint : parent.constraints) {
        if (has_like(child.constraints, constraint, same_constraint)) continue;
        catalog::Constraint made = constraint;
        made.comment.reset();
        if (constraint.kind != ConstraintKind::foreign_key && constraint.kind != ConstraintKind::check)
            made.name.clear();
        add_to_catalog(catalog, child, std::move(made));
    }
}

struct PartitionOperation : Operation {
    std::string schema, table, partition_schema, partition;

  protected:
    void describe_tables(FieldVisitor& visitor) {
        visitor.text(required("tableName", "Name of the partitioned table."), table);
        visitor.text(required("partitionName", "Name of the table that is or becomes its partition."),
                     partition);
        visitor.text(schema_name(), schema);
        visitor.text(
            optional("partitionSchemaName", "Schema of the partition; the default schema if not given."),
            partition_schema);
    }

    void touch_tables(Footprint& out, const RenderContext& context) const {
        const Naming naming(context);
        out.alter(naming.table_ref(schema, table));
        out.alter(naming.table_ref(partition_schema, partition));
    }

    ObjectName child(const RenderContext& context) const {
        return Naming(context).stored_object(partition_schema, partition);
    }

    std::string attach_sql(const RenderContext& context, const std::string& bound) const {
        const Naming naming(context);
        return fmt::format("ALTER TABLE {} ATTACH PARTITION {} {}", naming.object(schema, table),
                           naming.object(partition_schema, partition), bound);
    }

    std::string detach_sql(const RenderContext& context) const {
        const Naming naming(context);
        return fmt::format("ALTER TABLE {} DETACH PARTITION {}", naming.object(schema, table),
                           naming.object(partition_schema, partition));
    }
};

struct AttachPartition final : PartitionOperation {
    std::string bound;

    const OperationType& type() const override { return attach_partition_type; }

    void describe(FieldVisitor& visitor) override {
        describe_tables(visitor);
        visitor.text(
            required("bound", "FROM (...) TO (...), IN (...), WITH (MODULUS m, REMAINDER r), or DEFAULT.")
                .sql(),
            bound);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        touch_tables(out, context);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(attach_sql(context, full_bound()));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        Undo out = undo(detach_sql(context));
        const catalog::Table* before = context.before->table(child(context));
        if (before == nullptr) return out;
        catalog::Catalog after = *context.before;
        apply(after, context);
        const catalog::Table& attached = *after.table(child(context));
        const std::string on = naming.object(partition_schema, partition);
        for (const catalog::Constraint& constraint : attached.constraints)
            if (before->constraint(constraint.name) == nullptr)
                out.statements.push_back(statement(drop_constraint(on, sql::identifier(constraint.name))));
        for (const catalog::Index& index : attached.indexes)
            if (before->index(index.name) == nullptr)
                out.statements.push_back(
                    statement("DROP INDEX " + naming.sql({attached.name.schema, index.name})));
        for (const catalog::Column& column : attached.columns)
            if (const catalog::Column* was = before->column(column.name);
                was != nullptr && column.not_null && !was->not_null)
                out.statements.push_back(statement(fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL",
                                                               on, sql::identifier(column.name))));
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const ObjectName parent = Naming(context).stored_object(schema, table);
        catalog::Table* found = catalog.table(child(context));
        if (found == nullptr) return;
        found->partition_of = parent;
        found->partition_bound = full_bound();
        if (const catalog::Table* known = catalog.table(parent)) adopt(catalog, *known, *found);
    }

  private:
    std::string full_bound() const {
        const std::string text = trim(bound);
        if (equal_ignoring_case(text, "DEFAULT") || starts_with_ignoring_case(text, "FOR VALUES"))
            return text;
        return "FOR VALUES " + text;
    }
};

struct DetachPartition final : PartitionOperation {
    bool concurrently = false;

    const OperationType& type() const override { return detach_partition_type; }

    void describe(FieldVisitor& visitor) override {
        describe_tables(visitor);
        visitor.flag(optional("concurrently", "DETACH PARTITION ... CONCURRENTLY."), concurrently);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        touch_tables(out, context);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        std::vector<Statement> out;
        out.push_back({detach_sql(context) + (concurrently ? " CONCURRENTLY" : ""), !concurrently, {}});
        return out;
    }

    Undo inverse(const RenderContext& context) const override {
        const catalog::Table* before = context.before->table(child(context));
        if (before == nullptr || before->partition_bound.empty())
            return Undo::because(unknown_definition({ObjectKind::table, child(context), {}}));
        return undo(attach_sql(context, before->partition_bound));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        catalog::Table* found = catalog.table(child(context));
        if (found == nullptr) return;
        found->partition_of = {};
        found->partition_bound.clear();
    }
};

}  // namespace

const OperationType attach_partition_type = {
    "attachPartition", "Makes a table a partition of another.", "table",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AttachPartition>(); }};

const OperationType detach_partition_type = {
    "detachPartition", "Makes a partition a table of its own.", "table",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DetachPartition>(); }};

}  // namespace changelog::operations
