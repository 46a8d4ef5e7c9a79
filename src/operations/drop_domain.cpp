// dropDomain: PostgreSQL refuses it while a column has the domain. Undone by making it again with its
// default, conditions, comment and grants.
#include "operations/user_type.hpp"

namespace changelog::operations {

extern const OperationType drop_domain_type;

namespace {

struct DropDomain final : Operation {
    std::string schema, name;
    bool if_exists = false;

    const OperationType& type() const override { return drop_domain_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("domainName", "Name of the domain.").own(), name);
        visitor.flag(optional("ifExists", "No error if there is no such domain.").own(), if_exists);
        visitor.text(schema_name().own(), schema);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.touches.push_back({Access::drop, Naming(context).ref(ObjectKind::type, schema, name), if_exists});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("DROP DOMAIN {}{}", if_exists ? "IF EXISTS " : "",
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

const OperationType drop_domain_type = {
    "dropDomain", "Drops a domain.", "type",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropDomain>(); }};

}  // namespace changelog::operations
