// dropTable: DROP TABLE, under ACCESS EXCLUSIVE on the table and, for each foreign key, on the table at its
// other end. With cascadeConstraints (CASCADE) foreign keys of other tables and views that read it go too.
// Undone by making it again as it was: partitions, owned sequences, foreign keys and views with it. Rows are
// lost, unless `retain` has the table moved to the attic instead.
#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "operations/attic.hpp"
#include "operations/restore_column.hpp"
#include "sql/identifier.hpp"

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

/// What CASCADE takes: first those that hang on others.
std::vector<Statement> drop_dependents(const RenderContext& context, const ObjectName& name) {
    const Naming naming(context);
    std::vector<Statement> out;
    const std::vector<ObjectName> views = catalog::views_on(*context.before, name);
    for (auto view = views.rbegin(); view != views.rend(); ++view)
        out.push_back(statement(
            fmt::format("DROP {}VIEW {}", context.before->views.at(*view).materialized ? "MATERIALIZED " : "",
                        naming.sql(*view))));
    for (const catalog::TableConstraint& key : catalog::foreign_keys_to(*context.before, name))
        if (!key.constraint.inherited)
            out.push_back(statement(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", naming.sql(key.table),
                                                sql::identifier(key.constraint.name))));
    return out;
}

void make_dependents(const RenderContext& context, const ObjectName& name, Undo& out) {
    const Naming naming(context);
    append(out.statements, add_foreign_keys_to(context, name));
    for (const ObjectName& view : catalog::views_on(*context.before, name))
        append(out.statements, catalog::create_view_statements(naming.shown(context.before->views.at(view))));
}

struct DropTable final : Operation {
    std::string schema, table;
    bool cascade = false;
    RetainKey retain;

    const OperationType& type() const override { return drop_table_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(schema_name(), schema);
        visitor.flag(optional("cascadeConstraints",
                              "CASCADE: foreign keys that point at it and views that read it go too."),
                     cascade);
        retain.describe(visitor);
        ignore_catalog_name(visitor);
        visitor.misplaced("comment", "Liquibase ignores this key; a comment belongs to the changeset.");
        visitor.misplaced("cascade",
                          "The key is called cascadeConstraints; under this name it never had an effect.");
    }

    void check(Diagnostics& diagnostics) const override { retain.check(diagnostics, at); }

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
        const Naming naming(context);
        const std::string shown = naming.object(schema, table);
        const auto retention = retain.in(context);
        if (!retention) return one(fmt::format("DROP TABLE {}{}", shown, cascade ? " CASCADE" : ""));
        std::vector<Statement> out = {prepare_attic(context.attic)};
        if (cascade) append(out, drop_dependents(context, naming.stored_object(schema, table)));
        out.push_back(keep_table(kept(context, *retention), shown, cascade));
        return out;
    }

    Undo inverse(const RenderContext& context) const override {
        const ObjectName name = Naming(context).stored_object(schema, table);
        const bool known = context.before->table(name) != nullptr;
        const auto retention = retain.in(context);
        // What was noted in the attic suffices, unless others fell with the table.
        if (!known && (!retention || cascade))
            return Undo::unless_observed(unknown_definition({ObjectKind::table, name, {}}));
        Undo out;
        if (retention)
            out.statements.push_back(bring_back(kept(context, *retention)));
        else
            make_tables(context, dropped_tables(*context.before, name), out);
        if (cascade) make_dependents(context, name, out);
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        catalog.drop_table(Naming(context).stored_object(schema, table), cascade);
    }

  private:
    Kept kept(const RenderContext& context, const Retention& retention) const {
        return Kept::of(context, "table", Naming(context).stored_object(schema, table), {}, retention);
    }
};

}  // namespace

const OperationType drop_table_type = {
    "dropTable", "Drops a table.", "table",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropTable>(); }};

}  // namespace changelog::operations
