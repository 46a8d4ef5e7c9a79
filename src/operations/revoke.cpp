// revoke: catalog only, under no lock that others feel. Undone by granting again what the roles held before,
// which the schema model knows for the objects that the changelog made.
#include "core/text.hpp"
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
        out.require(fields.target(Naming(context)));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        return one(fmt::format("REVOKE {}{} FROM {}", option_only ? "GRANT OPTION FOR " : "",
                               fields.what(naming), fields.role_list(naming)));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const auto* before = fields.grants(*context.before, naming);
        if (before == nullptr)
            return Undo::because(fmt::format("it is not known who held which privileges on {} before",
                                             to_string(fields.target(naming))));
        std::vector<Statement> result;
        for (const std::string& written : fields.roles) append(result, give_back(*before, written, naming));
        return undo(std::move(result));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        auto* grants = fields.grants(catalog, naming);
        if (grants == nullptr) return;
        for (const std::string& written : fields.roles) take(*grants, written, naming);
    }

  private:
    void take(std::vector<catalog::Grant>& grants, const std::string& written, const Naming& naming) const {
        catalog::Grant gone{stored_role(naming, written), fields.stored_privileges(),
                            naming.stored(fields.columns), true};
        const auto downgraded = held(grants, gone.grantee, gone.columns, true, gone.privileges);
        remove_grant(grants, gone);
        gone.grantable = false;
        if (option_only)
            add_grant(grants, {gone.grantee, downgraded, gone.columns, false});
        else
            remove_grant(grants, gone);
    }

    /// Without any GRANT everybody may run a routine and use a type (manual, 5.8, "Privileges").
    bool held_by_default(const std::string& written) const {
        return stored_role_is_public(written) && fields.kind != "TABLE" && fields.kind != "SEQUENCE" &&
               fields.kind != "SCHEMA";
    }

    static bool stored_role_is_public(const std::string& written) {
        return equal_ignoring_case(written, "PUBLIC");
    }

    std::vector<Statement> give_back(const std::vector<catalog::Grant>& before, const std::string& written,
                                     const Naming& naming) const {
        std::vector<Statement> result;
        const auto grant = [&](const std::vector<std::string>& privileges, std::string_view option) {
            if (privileges.empty()) return;
            PrivilegeFields back = fields;
            back.privileges = privileges;
            result.push_back(
                statement(fmt::format("GRANT {} TO {}{}", back.what(naming), role(naming, written), option)));
        };
        const std::string grantee = stored_role(naming, written);
        const auto columns = naming.stored(fields.columns);
        if (held_by_default(written))
            grant(fields.stored_privileges(), "");
        else if (!option_only)
            grant(held(before, grantee, columns, false, fields.stored_privileges()), "");
        grant(held(before, grantee, columns, true, fields.stored_privileges()), " WITH GRANT OPTION");
        return result;
    }
};

}  // namespace

const OperationType revoke_type = {"revoke", "Takes privileges on an object away.", "privilege",
                                   []() -> std::unique_ptr<Operation> { return std::make_unique<Revoke>(); }};

}  // namespace changelog::operations
