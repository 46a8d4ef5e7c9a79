// renameEnumValue: catalog only; rows follow, since they hold the value's number. Texts that spell the value
// (function bodies, applications) do not. Undone exactly by the opposite rename.
#include "catalog/rename.hpp"
#include "operations/common.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

extern const OperationType rename_enum_value_type;

namespace {

struct RenameEnumValue final : Operation {
    std::string schema, name, from, to;

    const OperationType& type() const override { return rename_enum_value_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("typeName", "Name of the type.").own(), name);
        visitor.text(required("oldValue", "The value now.").own(), from);
        visitor.text(required("newValue", "What it is called afterwards.").own(), to);
        visitor.text(schema_name().own(), schema);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.alter(Naming(context).ref(ObjectKind::type, schema, name));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(rename(context, from, to));
    }

    Undo inverse(const RenderContext& context) const override { return undo(rename(context, to, from)); }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        catalog::rename_label(catalog, Naming(context).stored_object(schema, name), from, to);
    }

  private:
    std::string rename(const RenderContext& context, const std::string& a, const std::string& b) const {
        return fmt::format("ALTER TYPE {} RENAME VALUE {} TO {}", Naming(context).object(schema, name),
                           sql::literal(a), sql::literal(b));
    }
};

}  // namespace

const OperationType rename_enum_value_type = {
    "renameEnumValue", "Renames a value of an enumeration type.", "type",
    []() -> std::unique_ptr<Operation> { return std::make_unique<RenameEnumValue>(); }};

}  // namespace changelog::operations
