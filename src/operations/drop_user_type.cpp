// dropEnum, dropDomain: PostgreSQL refuses both while a column has the type. Undone by making the type again
// with its values or base type, default, conditions, comment and grants.
#include "operations/user_type.hpp"

namespace changelog::operations {

extern const OperationType drop_domain_type;
extern const OperationType drop_enum_type;

namespace {

/// What the two say differently.
struct Wording {
    const OperationType* type;
    std::string_view key, name_meaning, if_exists_meaning, statement;
};

constexpr Wording kDomain = {&drop_domain_type, "domainName", "Name of the domain.",
                             "No error if there is no such domain.", "DROP DOMAIN"};
constexpr Wording kEnum = {&drop_enum_type, "typeName", "Name of the type.",
                           "No error if there is no such type.", "DROP TYPE"};

struct DropUserType final : Operation {
    const Wording& wording;
    std::string schema, name;
    bool if_exists = false;

    explicit DropUserType(const Wording& words) : wording(words) {}

    const OperationType& type() const override { return *wording.type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required(wording.key, wording.name_meaning).own(), name);
        visitor.flag(optional("ifExists", wording.if_exists_meaning).own(), if_exists);
        visitor.text(schema_name().own(), schema);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.touches.push_back({Access::drop, Naming(context).ref(ObjectKind::type, schema, name), if_exists});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("{} {}{}", wording.statement, if_exists ? "IF EXISTS " : "",
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
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropUserType>(kDomain); }};

const OperationType drop_enum_type = {
    "dropEnum", "Drops an enumeration type.", "type",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropUserType>(kEnum); }};

}  // namespace changelog::operations
