// createSequence: with IF NOT EXISTS, as Liquibase writes it, so a sequence that is there already is taken as
// it is. Catalog only. Undone by dropping it, unless the schema had it before; CASCADE takes column defaults
// with it that were set outside the changelog.
#include "operations/lookup.hpp"
#include "operations/sequence.hpp"

namespace changelog::operations {

extern const OperationType create_sequence_type;

namespace {

struct CreateSequence final : Operation {
    std::string schema, sequence, ignored_catalog;
    SequenceFields options;

    const OperationType& type() const override { return create_sequence_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("sequenceName", "Name of the sequence."), sequence);
        visitor.text(schema_name(), schema);
        options.describe(visitor, true);
        visitor.text(catalog_name(), ignored_catalog);
    }

    void check(Diagnostics& diagnostics) const override { options.check(diagnostics, at); }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.touches.push_back(
            {Access::create, Naming(context).ref(ObjectKind::sequence, schema, sequence), true});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("CREATE SEQUENCE  IF NOT EXISTS {}{}",
                               Naming(context).object(schema, sequence), options.clauses("")));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        if (context.before->sequences.contains(naming.stored_object(schema, sequence))) return {};
        return undo(fmt::format("DROP SEQUENCE {} CASCADE", naming.object(schema, sequence)));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const ObjectName name = Naming(context).stored_object(schema, sequence);
        catalog::Sequence made;
        made.name = name;
        made.options = options.over({});
        catalog.sequences.emplace(name, std::move(made));
    }
};

}  // namespace

const OperationType create_sequence_type = {
    "createSequence", "Creates a sequence, unless it exists.", "sequence",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateSequence>(); }};

}  // namespace changelog::operations
