// createSchema: catalog only. Undone by dropping it, which PostgreSQL refuses while something is in it. With
// ifNotExists nobody can tell afterwards whether it was there before; the undo says so.
#include "operations/lookup.hpp"
#include "operations/privilege.hpp"
#include "operations/user_type.hpp"

namespace changelog::operations {

extern const OperationType create_schema_type;

namespace {

struct CreateSchema final : Operation {
    std::string name, owner;
    std::optional<std::string> remarks;
    bool if_not_exists = false;

    const OperationType& type() const override { return create_schema_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("schemaName", "Name of the schema.").own().short_form(), name);
        visitor.flag(optional("ifNotExists", "No error if it is there.").own(), if_not_exists);
        visitor.text(
            optional("authorization", "Role that owns it; the one that runs this if not given.").own(),
            owner);
        visitor.text(optional("remarks", "Comment of the schema.").own(), remarks);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.touches.push_back(
            {Access::create, {ObjectKind::schema, {{}, Naming(context).stored(name)}, {}}, if_not_exists});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        std::vector<Statement> result =
            one(fmt::format("CREATE SCHEMA {}{}{}", if_not_exists ? "IF NOT EXISTS " : "", naming.name(name),
                            owner.empty() ? "" : " AUTHORIZATION " + role(naming, owner)));
        append_comment(result, "SCHEMA " + naming.name(name), remarks);
        return result;
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        if (if_not_exists && context.before->schemas.contains(naming.stored(name))) return {};
        Undo result = undo("DROP SCHEMA " + naming.name(name));
        if (if_not_exists)
            result.losses.push_back(
                one_line(fmt::format("schema {}, if it was there before and is empty", name)));
        return result;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        catalog::Schema made;
        made.name = Naming(context).stored(name);
        if (remarks) made.comment = comment_of(*remarks);
        catalog.schemas.emplace(made.name, made);
    }
};

}  // namespace

const OperationType create_schema_type = {
    "createSchema", "Creates a schema.", "schema",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateSchema>(); }};

}  // namespace changelog::operations
