// revoke: catalog only, under no lock that others feel. Undone by granting again what the roles held before.
#include "operations/privilege.hpp"

namespace changelog::operations {

extern const OperationType revoke_type;

namespace {

struct Revoke final : Operation {
    PrivilegeFields fields;
    bool option_only = false;

    const OperationType& type() const override { return revoke_type; }

    void describe(FieldVisitor& visitor) override {
        fields.describe(visitor, "from", "Roles that lose them; PUBLIC is everybody.");
        visitor.flag(optional("grantOptionOnly", "They only lose the right to grant them on.").own(),
                     option_only);
    }

    void check(Diagnostics& diagnostics) const override { fields.check(diagnostics, at); }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.alter(fields.target(Naming(context)));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        return one(fmt::format("REVOKE {}{} FROM {}", option_only ? "GRANT OPTION FOR " : "",
                               fields.what(naming), fields.role_list(naming)));
    }

    Undo inverse(const RenderContext& context) const override {
        return privileges_back(fields, context, [&](const Privileges& place) { change(place, context); });
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Privileges place = fields.place(catalog, Naming(context));
        if (place.grants != nullptr && fields.names_every_role()) change(place, context);
    }

  private:
    void change(const Privileges& place, const RenderContext& context) const {
        const Naming naming(context);
        for (const std::string& written : fields.roles) {
            const catalog::Grant revoked{stored_role(naming, written),
                                         fields.stored_privileges(context.server_version),
                                         naming.stored(fields.columns), false};
            // Without any GRANT everybody may run a routine and use a type (manual, 5.8, "Privileges").
            if (revoked.grantee.empty() && place.closed != nullptr && !option_only) *place.closed = true;
            revoke_rights(*place.grants, revoked, option_only);
        }
    }
};

}  // namespace

const OperationType revoke_type = {"revoke", "Takes privileges on an object away.", "privilege",
                                   []() -> std::unique_ptr<Operation> { return std::make_unique<Revoke>(); }};

}  // namespace changelog::operations
