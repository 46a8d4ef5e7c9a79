// createCompositeType: a row type; catalog only. Undone by dropping it, which PostgreSQL refuses while it is
// in use.
#include "core/text.hpp"
#include "operations/composite.hpp"
#include "operations/lookup.hpp"

namespace changelog::operations {

extern const OperationType create_composite_type_type;

namespace {

struct CreateCompositeType final : Operation {
    std::string schema, name;
    std::vector<AttributeConfig> attributes;
    std::optional<std::string> remarks;

    const OperationType& type() const override { return create_composite_type_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("typeName", "Name of the type."), name);
        visitor.list(required("typeAttributes", "Its attributes."),
                     ListOf<AttributeConfig>("typeAttribute", attributes));
        visitor.text(schema_name(), schema);
        visitor.text(optional("remarks", "Comment of the type.").own(), remarks);
    }

    void check(Diagnostics& diagnostics) const override { check_types(attributes, at, diagnostics); }

    void footprint(Footprint& out, const RenderContext& context) const override {
        for (const AttributeConfig& attribute : attributes) require_type(attribute.sql_type(), context, out);
        out.create(Naming(context).ref(ObjectKind::type, schema, name));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        const std::string written = naming.object(schema, name);
        std::vector<std::string> parts;
        for (const AttributeConfig& attribute : attributes) parts.push_back(attribute.definition(naming));
        std::vector<Statement> result =
            one(fmt::format("CREATE TYPE {} AS ({})", written, join(parts, ", ")));
        append_comment(result, "TYPE " + written, remarks);
        return result;
    }

    Undo inverse(const RenderContext& context) const override {
        return undo("DROP TYPE " + Naming(context).object(schema, name));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        catalog::Type made;
        made.name = naming.stored_object(schema, name);
        made.kind = catalog::TypeKind::composite;
        for (const AttributeConfig& attribute : attributes)
            made.attributes.push_back(attribute.stored(naming));
        if (remarks) made.comment = comment_of(*remarks);
        catalog.types.insert_or_assign(ObjectName(made.name), made);
    }
};

}  // namespace

const OperationType create_composite_type_type = {
    "createCompositeType", "Creates a composite type.", "type",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateCompositeType>(); }};

}  // namespace changelog::operations
