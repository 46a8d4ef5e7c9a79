// renameCompositeType and renameCompositeTypeAttribute: catalog only; columns of the type follow, bodies of
// functions do not. Undone exactly by the opposite rename.
#include "catalog/naming.hpp"
#include "catalog/rename.hpp"
#include "operations/common.hpp"

namespace changelog::operations {

extern const OperationType rename_composite_type_type;
extern const OperationType rename_composite_type_attribute_type;

namespace {

struct RenameCompositeType final : Operation {
    std::string schema, from, to;

    const OperationType& type() const override { return rename_composite_type_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("oldTypeName", "Name of the type now."), from);
        visitor.text(required("newTypeName", "Name that it gets."), to);
        visitor.text(schema_name(), schema);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.drop(naming.ref(ObjectKind::type, schema, from));
        out.create(naming.ref(ObjectKind::type, schema, to));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(rename(context, from, to));
    }

    Undo inverse(const RenderContext& context) const override { return undo(rename(context, to, from)); }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName before = naming.stored_object(schema, from);
        if (const auto found = catalog.types.find(before); found != catalog.types.end())
            catalog::keep_not_null_name(found->second, context.server_version);
        catalog::rename_type(catalog, before, naming.stored(to));
    }

  private:
    std::string rename(const RenderContext& context, const std::string& a, const std::string& b) const {
        const Naming naming(context);
        return fmt::format("ALTER TYPE {} RENAME TO {}", naming.object(schema, a), naming.name(b));
    }
};

struct RenameCompositeTypeAttribute final : Operation {
    std::string schema, name, from, to;

    const OperationType& type() const override { return rename_composite_type_attribute_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("typeName", "Name of the type."), name);
        visitor.text(required("oldAttributeName", "Name of the attribute now."), from);
        visitor.text(required("newAttributeName", "Name that it gets."), to);
        visitor.text(schema_name(), schema);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.alter(Naming(context).ref(ObjectKind::type, schema, name));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(rename(context, from, to));
    }

    Undo inverse(const RenderContext& context) const override { return undo(rename(context, to, from)); }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        catalog::rename_attribute(catalog, naming.stored_object(schema, name), naming.stored(from),
                                  naming.stored(to));
    }

  private:
    std::string rename(const RenderContext& context, const std::string& a, const std::string& b) const {
        const Naming naming(context);
        return fmt::format("ALTER TYPE {} RENAME ATTRIBUTE {} TO {} CASCADE", naming.object(schema, name),
                           naming.name(a), naming.name(b));
    }
};

}  // namespace

const OperationType rename_composite_type_type = {
    "renameCompositeType", "Renames a composite type.", "type",
    []() -> std::unique_ptr<Operation> { return std::make_unique<RenameCompositeType>(); }};

const OperationType rename_composite_type_attribute_type = {
    "renameCompositeTypeAttribute", "Renames an attribute of a composite type.", "type",
    []() -> std::unique_ptr<Operation> { return std::make_unique<RenameCompositeTypeAttribute>(); }};

}  // namespace changelog::operations
