// attachPartition: ALTER TABLE ... ATTACH PARTITION, under SHARE UPDATE EXCLUSIVE on the parent and ACCESS
// EXCLUSIVE on the partition, which is read whole unless a CHECK proves the bound. Indexes and keys of the
// parent that it lacks are built on it. Undone by DETACH, and by dropping what was built. detachPartition
// takes ACCESS EXCLUSIVE on both; with `concurrently` it does not, but cannot run in a transaction and leaves
// a CHECK of the bound behind. Undone by attaching the table again.
#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "catalog/naming.hpp"
#include "catalog/sql_text.hpp"
#include "core/text.hpp"
#include "operations/column_operation.hpp"
#include "operations/lookup.hpp"
#include "operations/partition_tree.hpp"
#include "operations/trigger.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

extern const OperationType attach_partition_type;
extern const OperationType detach_partition_type;

namespace {

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
        const catalog::Table* before = context.before->table(child(context));
        const catalog::Table* parent = find_table(context, schema, table);
        if (before == nullptr) return not_known(context, {ObjectKind::table, child(context), {}});
        if (parent == nullptr) return not_known(context, naming.table_ref(schema, table));
        catalog::Catalog after = *context.before;
        apply(after, context);
        Undo out = undo(detach_sql(context));
        drop_additions(context, after, *before, out.statements);
        for (const ObjectName& name : catalog::descendants(*context.before, before->name))
            drop_additions(context, after, *context.before->table(name), out.statements);
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const ObjectName parent = Naming(context).stored_object(schema, table);
        catalog::Table* found = catalog.table(child(context));
        if (found == nullptr) return;
        found->partition_of = parent;
        found->partition_bound = full_bound();
        if (const catalog::Table* known = catalog.table(parent)) hand_down_all(catalog, *known, *found);
        catalog::name_not_nulls(catalog, found->name, context.server_version);
    }

  private:
    /// What attaching built on a table stays on it.
    static void drop_additions(const RenderContext& context, const catalog::Catalog& after,
                               const catalog::Table& before, std::vector<Statement>& out) {
        const Naming naming(context);
        const catalog::Table& attached = *after.table(before.name);
        const std::string on = naming.sql(before.name);
        for (const catalog::Constraint& constraint : attached.constraints)
            if (before.constraint(constraint.name) == nullptr)
                out.push_back(statement(drop_constraint(on, sql::identifier(constraint.name))));
        for (const catalog::Index& index : attached.indexes)
            if (before.index(index.name) == nullptr)
                out.push_back(statement("DROP INDEX " + naming.sql({before.name.schema, index.name})));
        for (const catalog::Column& column : attached.columns)
            if (const catalog::Column* was = before.column(column.name);
                was != nullptr && column.not_null && !was->not_null)
                out.push_back(statement(fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL", on,
                                                    sql::identifier(column.name))));
    }

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
        const Naming naming(context);
        const catalog::Table* before = context.before->table(child(context));
        const catalog::Table* parent = find_table(context, schema, table);
        if (before == nullptr || before->partition_bound.empty())
            return not_known(context, {ObjectKind::table, child(context), {}});
        if (parent == nullptr) return not_known(context, naming.table_ref(schema, table));
        Undo out = undo(attach_sql(context, before->partition_bound));
        if (concurrently)
            out.statements.push_back(statement(
                fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", naming.sql(before->name),
                            sql::identifier(copied_bound(*context.before, *parent, before->name)))));
        restore_parts(context, *parent, *before, out.statements);
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        catalog::Table* found = catalog.table(child(context));
        if (found == nullptr) return;
        const catalog::Table* parent = catalog.table(found->partition_of);
        if (concurrently && parent != nullptr && !found->partition_bound.empty()) {
            // The server writes the bound as a condition in words of its own, which nobody needs to know
            // here.
            const std::string name = copied_bound(catalog, *parent, found->name);
            mark_uncertain(catalog, fmt::format("DETACH CONCURRENTLY leaves constraint {} on {}", name,
                                                to_text(found->name)));
        }
        found->partition_of = {};
        found->partition_bound.clear();
        let_go(*found);
    }

  private:
    /// The name that PostgreSQL gives the copy of the bound: with the column, if the key has only one.
    static std::string copied_bound(const catalog::Catalog& catalog, const catalog::Table& parent,
                                    const ObjectName& partition) {
        std::vector<std::string> columns;
        const std::string& by = parent.partition_by;
        const std::string keys = by.substr(std::min(by.find('('), by.size()));
        for (const catalog::Column& column : parent.columns)
            if (catalog::mentions(keys, column.name)) columns.push_back(column.name);
        if (columns.size() != 1) columns.clear();
        return catalog::chosen_name(catalog, partition, catalog::NameOf::check, columns);
    }

    /// Triggers of the parent are cloned again, in the state that they have there.
    static void restore_parts(const RenderContext& context, const catalog::Table& parent,
                              const catalog::Table& before, std::vector<Statement>& out) {
        const std::string on = Naming(context).sql(before.name);
        for (const catalog::Trigger& trigger : before.triggers) {
            const auto* whole = find_named(parent.triggers, trigger.name);
            if (!trigger.inherited || whole == nullptr) continue;
            if (trigger.enabled != whole->enabled)
                out.push_back(statement(
                    alter_trigger(on, trigger_state(trigger.enabled), sql::identifier(trigger.name))));
            if (trigger.comment)
                out.push_back(statement(catalog::comment_on(
                    fmt::format("TRIGGER {} ON {}", sql::identifier(trigger.name), on), trigger.comment)));
        }
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
