// dropTable: DROP TABLE, under ACCESS EXCLUSIVE on the table and, for each foreign key, on the table at its
// other end. With cascadeConstraints (CASCADE) foreign keys of other tables and views that read it go too.
// Undone by making it again as it was: partitions, owned sequences, foreign keys and views with it. Rows are
// lost.
#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "operations/common.hpp"

namespace changelog::operations {

extern const OperationType drop_table_type;

namespace {

/// All tables that go: the table itself first, then its partitions and children.
std::vector<const catalog::Table*> dropped_tables(const catalog::Catalog& catalog, const ObjectName& name) {
    std::vector<const catalog::Table*> out = {catalog.table(name)};
    for (const ObjectName& child : catalog::descendants(catalog, name)) out.push_back(catalog.table(child));
    return out;
}

void make_tables(const RenderContext& context, const std::vector<const catalog::Table*>& tables, Undo& out) {
    const Naming naming(context);
    std::vector<catalog::Sequence> sequences;
    for (const catalog::Table* table : tables)
        for (const ObjectName& name : catalog::owned_sequences(*context.before, table->name))
            sequences.push_back(naming.shown(context.before->sequences.at(name)));
    // Defaults call the sequences and the sequences belong to columns: so first the one, last the other.
    for (catalog::Sequence sequence : sequences) {
        sequence.owned_by.reset();
        append(out.statements, catalog::create_sequence_statements(sequence));
    }
    for (const catalog::Table* table : tables) {
        append(out.statements, catalog::create_table(naming.shown(*table)));
        out.losses.push_back(one_line("rows of " + to_text(table->name)));
    }
    for (const catalog::Sequence& sequence : sequences)
        out.statements.push_back(statement(catalog::sequence_owner(sequence)));
}

struct DropTable final : Operation {
    std::string schema, table;
    bool cascade = false;

    const OperationType& type() const override { return drop_table_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(schema_name(), schema);
        visitor.flag(optional("cascadeConstraints",
                              "CASCADE: foreign keys that point at it and views that read it go too."),
                     cascade);
        ignore_catalog_name(visitor);
        visitor.misplaced("comment", "Liquibase ignores this key; a comment belongs to the changeset.");
        visitor.misplaced("cascade",
                          "The key is called cascadeConstraints; under this name it never had an effect.");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName name = naming.stored_object(schema, table);
        out.drop({ObjectKind::table, name, {}});
        if (!cascade) return;
        for (const catalog::TableConstraint& key : catalog::foreign_keys_to(*context.before, name))
            out.drop({ObjectKind::constraint, key.table, key.constraint.name});
        for (const ObjectName& view : catalog::views_on(*context.before, name))
            out.drop({ObjectKind::table, view, {}});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(
            fmt::format("DROP TABLE {}{}", Naming(context).object(schema, table), cascade ? " CASCADE" : ""));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName name = naming.stored_object(schema, table);
        if (context.before->table(name) == nullptr)
            return Undo::because(unknown_definition({ObjectKind::table, name, {}}));
        Undo out;
        make_tables(context, dropped_tables(*context.before, name), out);
        if (!cascade) return out;
        for (const catalog::TableConstraint& key : catalog::foreign_keys_to(*context.before, name))
            append(out.statements,
                   catalog::add_constraint(naming.shown(key.table), naming.shown(key.constraint)));
        for (const ObjectName& view : catalog::views_on(*context.before, name))
            append(out.statements,
                   catalog::create_view_statements(naming.shown(context.before->views.at(view))));
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        catalog.drop_table(Naming(context).stored_object(schema, table), cascade);
    }
};

}  // namespace

const OperationType drop_table_type = {
    "dropTable", "Drops a table.", "table",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropTable>(); }};

}  // namespace changelog::operations
