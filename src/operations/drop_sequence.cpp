// dropSequence: with CASCADE, as Liquibase writes it, which also takes the column defaults that use it.
// Undone by making it again with its options and those defaults; the value that it had reached does not come
// back.
#include "catalog/ddl.hpp"
#include "operations/lookup.hpp"
#include "operations/sequence.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

extern const OperationType drop_sequence_type;

namespace {

struct DropSequence final : Operation {
    std::string schema, sequence, ignored_catalog;

    const OperationType& type() const override { return drop_sequence_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("sequenceName", "Name of the sequence."), sequence);
        visitor.text(schema_name(), schema);
        visitor.text(catalog_name(), ignored_catalog);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.drop(Naming(context).ref(ObjectKind::sequence, schema, sequence));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("DROP SEQUENCE {} CASCADE", Naming(context).object(schema, sequence)));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName name = naming.stored_object(schema, sequence);
        const auto* known = find_in(context.before->sequences, name);
        if (known == nullptr) return not_known(context, naming.ref(ObjectKind::sequence, schema, sequence));
        std::vector<Statement> back = catalog::create_sequence_statements(*known);
        for (const SequenceUse& use : uses_of_sequence(*context.before, name, context.default_schema))
            back.push_back(
                statement(fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}", naming.sql(use.table),
                                      sql::identifier(use.column), use.expression)));
        return undo(std::move(back),
                    {fmt::format("the value that sequence {} had reached", sql::qualified(name))});
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const ObjectName name = Naming(context).stored_object(schema, sequence);
        for (const SequenceUse& use : uses_of_sequence(catalog, name, context.default_schema))
            catalog.table(use.table)->column(use.column)->expression.reset();
        catalog.sequences.erase(name);
    }
};

}  // namespace

const OperationType drop_sequence_type = {
    "dropSequence", "Drops a sequence, with the column defaults that use it.", "sequence",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropSequence>(); }};

}  // namespace changelog::operations
