// grant: catalog only, under no lock that others feel. Undone by revoking what the roles did not hold before,
// as far as the changelog knows the object; a grant on an object that it does not know is revoked as a whole,
// and the undo says so.
#include "core/text.hpp"
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
        out.require(fields.target(Naming(context)));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        return one(fmt::format("GRANT {} TO {}{}", fields.what(naming), fields.role_list(naming),
                               grant_option ? " WITH GRANT OPTION" : ""));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const auto* before = fields.grants(*context.before, naming);
        if (before == nullptr) {
            return undo(one(fmt::format("REVOKE {} FROM {}", fields.what(naming), fields.role_list(naming))),
                        {fmt::format("privileges on {} that these roles held before",
                                     to_string(fields.target(naming)))});
        }
        std::vector<Statement> result;
        for (const std::string& written : fields.roles) append(result, take_back(*before, written, naming));
        return undo(std::move(result));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        auto* grants = fields.grants(catalog, naming);
        if (grants == nullptr) return;
        for (const std::string& written : fields.roles)
            add_grant(*grants, {stored_role(naming, written), fields.stored_privileges(),
                                naming.stored(fields.columns), grant_option});
    }

  private:
    std::vector<Statement> take_back(const std::vector<catalog::Grant>& before, const std::string& written,
                                     const Naming& naming) const {
        const std::string grantee = stored_role(naming, written);
        const auto columns = naming.stored(fields.columns);
        const auto with_option = held(before, grantee, columns, true, fields.stored_privileges());
        const auto without = held(before, grantee, columns, false, fields.stored_privileges());
        PrivilegeFields added = fields, upgraded = fields;
        added.privileges.clear();
        upgraded.privileges = without;
        const auto has = [](const std::vector<std::string>& list, const std::string& each) {
            return std::find(list.begin(), list.end(), each) != list.end();
        };
        for (const std::string& privilege : fields.stored_privileges())
            if (!has(with_option, privilege) && !has(without, privilege))
                added.privileges.push_back(privilege);
        std::vector<Statement> result;
        const std::string from = role(naming, written);
        if (!added.privileges.empty())
            result.push_back(statement(fmt::format("REVOKE {} FROM {}", added.what(naming), from)));
        if (grant_option && !upgraded.privileges.empty())
            result.push_back(
                statement(fmt::format("REVOKE GRANT OPTION FOR {} FROM {}", upgraded.what(naming), from)));
        return result;
    }
};

}  // namespace

const OperationType grant_type = {"grant", "Grants privileges on an object.", "privilege",
                                  []() -> std::unique_ptr<Operation> { return std::make_unique<Grant>(); }};

}  // namespace changelog::operations
