// renameSequence: catalog only, under a short ACCESS EXCLUSIVE lock on the sequence. Column defaults follow,
// since PostgreSQL keeps them by the sequence's identity; function bodies do not. Undone exactly by the
// opposite rename.
#include "catalog/rename.hpp"
#include "operations/common.hpp"

namespace changelog::operations {

extern const OperationType rename_sequence_type;

namespace {

struct RenameSequence final : Operation {
    std::string schema, from, to, ignored_catalog;

    const OperationType& type() const override { return rename_sequence_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("oldSequenceName", "Name of the sequence now."), from);
        visitor.text(required("newSequenceName", "Name that it gets."), to);
        visitor.text(schema_name(), schema);
        visitor.text(catalog_name(), ignored_catalog);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.drop(naming.ref(ObjectKind::sequence, schema, from));
        out.create(naming.ref(ObjectKind::sequence, schema, to));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(rename(context, from, to));
    }

    Undo inverse(const RenderContext& context) const override { return undo(rename(context, to, from)); }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        catalog::rename_sequence(catalog, naming.stored_object(schema, from), naming.stored(to));
    }

  private:
    std::string rename(const RenderContext& context, const std::string& a, const std::string& b) const {
        const Naming naming(context);
        return fmt::format("ALTER SEQUENCE {} RENAME TO {}", naming.object(schema, a), naming.name(b));
    }
};

}  // namespace

const OperationType rename_sequence_type = {
    "renameSequence", "Renames a sequence.", "sequence",
    []() -> std::unique_ptr<Operation> { return std::make_unique<RenameSequence>(); }};

}  // namespace changelog::operations
