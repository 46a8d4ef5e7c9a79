// changeCompositeTypeOwner: catalog only. Undone by giving it back to the owner that the changelog set before
// or, for a type that the changelog made, to the role that rolls back: the one that ran the changelog.
#include "operations/lookup.hpp"
#include "operations/privilege.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

extern const OperationType change_composite_type_owner_type;

namespace {

struct ChangeCompositeTypeOwner final : Operation {
    std::string schema, name, owner;

    const OperationType& type() const override { return change_composite_type_owner_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("typeName", "Name of the type."), name);
        visitor.text(required("newOwner", "The role that owns it afterwards."), owner);
        visitor.text(schema_name(), schema);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.alter(Naming(context).ref(ObjectKind::type, schema, name));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(alter(context, role(Naming(context), owner)));
    }

    Undo inverse(const RenderContext& context) const override {
        const auto* known = find_in(context.before->types, Naming(context).stored_object(schema, name));
        if (known != nullptr && !known->owner.empty())
            return undo(alter(context, sql::identifier(known->owner)));
        // A type that this changelog made belongs to the role that ran it: the one that rolls it back.
        if (known != nullptr) return undo(alter(context, "CURRENT_USER"));
        return Undo::unless_observed("the former owner of the type is not known");
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        auto* known = find_in(catalog.types, naming.stored_object(schema, name));
        if (known == nullptr) return;
        // CURRENT_USER and the like are the role that runs the changelog: the owner of what it makes.
        const bool is_word = role(naming, owner) != naming.name(owner);
        known->owner = is_word ? std::string() : naming.stored(owner);
    }

  private:
    std::string alter(const RenderContext& context, const std::string& new_owner) const {
        return fmt::format("ALTER TYPE {} OWNER TO {}", Naming(context).object(schema, name), new_owner);
    }
};

}  // namespace

const OperationType change_composite_type_owner_type = {
    "changeCompositeTypeOwner", "Gives a composite type another owner.", "type",
    []() -> std::unique_ptr<Operation> { return std::make_unique<ChangeCompositeTypeOwner>(); }};

}  // namespace changelog::operations
