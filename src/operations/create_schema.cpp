// createSchema: catalog only. Undone by dropping it, which PostgreSQL refuses while something is in it. With
// ifNotExists only the database can tell whether it was there before.
#include "catalog/ddl.hpp"
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
        const ObjectRef object{ObjectKind::schema, {{}, naming.stored(name)}, {}};
        const auto* known = find_in(context.before->schemas, object.name.name);
        if (if_not_exists && known != nullptr) {
            if (!remarks || comment_of(*remarks) == known->comment) return {};
            return undo(catalog::comment_on("SCHEMA " + naming.name(name), known->comment));
        }
        if (if_not_exists && !context.complete) return Undo::unless_observed(may_be_there(object));
        return undo("DROP SCHEMA " + naming.name(name));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        catalog::Schema made;
        made.name = Naming(context).stored(name);
        if (remarks) made.comment = comment_of(*remarks);
        const auto [place, is_new] = catalog.schemas.emplace(made.name, made);
        if (!is_new && remarks) place->second.comment = made.comment;
    }
};

}  // namespace

const OperationType create_schema_type = {
    "createSchema", "Creates a schema.", "schema",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateSchema>(); }};

}  // namespace changelog::operations
