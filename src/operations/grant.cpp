// grant: catalog only, under no lock that others feel. Undone by revoking what the roles did not hold before.
#include "operations/privilege.hpp"

namespace changelog::operations {

extern const OperationType grant_type;

namespace {

struct Grant final : Operation {
    PrivilegeFields fields;
    bool grant_option = false;

    const OperationType& type() const override { return grant_type; }

    void describe(FieldVisitor& visitor) override {
        fields.describe(visitor, "to", "Roles that get them; PUBLIC is everybody.");
        visitor.flag(optional("withGrantOption", "They may grant them on.").own(), grant_option);
    }

    void check(Diagnostics& diagnostics) const override { fields.check(diagnostics, at); }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.alter(fields.target(Naming(context)));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        return one(fmt::format("GRANT {} TO {}{}", fields.what(naming), fields.role_list(naming),
                               grant_option ? " WITH GRANT OPTION" : ""));
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
            const std::string grantee = stored_role(naming, written);
            if (grantee.empty() && place.closed != nullptr)
                *place.closed = false;
            else
                add_grant(*place.grants, {grantee, fields.stored_privileges(context.server_version),
                                          naming.stored(fields.columns), grant_option});
        }
    }
};

}  // namespace

const OperationType grant_type = {"grant", "Grants privileges on an object.", "privilege",
                                  []() -> std::unique_ptr<Operation> { return std::make_unique<Grant>(); }};

}  // namespace changelog::operations
