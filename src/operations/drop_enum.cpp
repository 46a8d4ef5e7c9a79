// dropEnum: drops an enumeration type, which PostgreSQL refuses while a column has it. Undone by making it
// again.
#include "operations/user_type.hpp"

namespace changelog::operations {

extern const OperationType drop_enum_type;

namespace {

struct DropEnum final : Operation {
    std::string schema, name;
    bool if_exists = false;

    const OperationType& type() const override { return drop_enum_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("typeName", "Name of the type.").own(), name);
        visitor.flag(optional("ifExists", "No error if there is no such type.").own(), if_exists);
        visitor.text(schema_name().own(), schema);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.touches.push_back({Access::drop, Naming(context).ref(ObjectKind::type, schema, name), if_exists});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("DROP TYPE {}{}", if_exists ? "IF EXISTS " : "",
                               Naming(context).object(schema, name)));
    }

    Undo inverse(const RenderContext& context) const override {
        return recreate_type(context, Naming(context).stored_object(schema, name));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        catalog.types.erase(Naming(context).stored_object(schema, name));
    }
};

}  // namespace

const OperationType drop_enum_type = {
    "dropEnum", "Drops an enumeration type.", "type",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropEnum>(); }};

}  // namespace changelog::operations
