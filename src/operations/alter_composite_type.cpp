// alterCompositeType: adds, retypes and drops attributes in one ALTER TYPE, which PostgreSQL refuses while a
// column has the type. Undone by the opposite steps, with all attributes in the order that they had.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "operations/composite.hpp"
#include "operations/lookup.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

extern const OperationType alter_composite_type_type;

namespace {

struct AlterCompositeType final : Operation {
    std::string schema, name;
    std::vector<AttributeConfig> added, altered, dropped;

    const OperationType& type() const override { return alter_composite_type_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("typeName", "Name of the type."), name);
        visitor.list(optional("addAttributes", "New attributes."),
                     ListOf<AttributeConfig>("typeAttribute", added));
        visitor.list(optional("alterAttributes", "Attributes with their new type."),
                     ListOf<AttributeConfig>("typeAttribute", altered));
        visitor.list(optional("dropAttributes", "Attributes that go."),
                     ListOf<AttributeConfig>("typeAttribute", dropped));
        visitor.text(schema_name(), schema);
    }

    void check(Diagnostics& diagnostics) const override {
        check_types(added, at, diagnostics);
        check_types(altered, at, diagnostics);
        if (added.empty() && altered.empty() && dropped.empty())
            diagnostics.error(codes::missing_key, at,
                              "one of 'addAttributes', 'alterAttributes' and 'dropAttributes' is required");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        for (const AttributeConfig& attribute : added) require_type(attribute.sql_type(), context, out);
        for (const AttributeConfig& attribute : altered) require_type(attribute.sql_type(), context, out);
        out.alter(Naming(context).ref(ObjectKind::type, schema, name));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        std::vector<std::string> steps;
        for (const AttributeConfig& attribute : added)
            steps.push_back("ADD ATTRIBUTE " + attribute.definition(naming));
        for (const AttributeConfig& attribute : altered)
            steps.push_back("ALTER ATTRIBUTE " + attribute.definition(naming, "SET DATA TYPE "));
        for (const AttributeConfig& attribute : dropped)
            steps.push_back("DROP ATTRIBUTE " + naming.name(attribute.name));
        return one(alter(context, steps));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const auto* known = find_in(context.before->types, naming.stored_object(schema, name));
        if (known == nullptr) return not_known(context, naming.ref(ObjectKind::type, schema, name));
        catalog::Catalog after;
        catalog::Type& now = after.types[known->name] = *known;
        apply(after, context);
        // Attributes are added at the end, so all behind the first that was dropped go and come again.
        std::size_t same = 0;
        while (same < known->attributes.size() && same < now.attributes.size() &&
               known->attributes[same].name == now.attributes[same].name)
            ++same;
        std::vector<std::string> gone, back;
        for (std::size_t i = same; i < now.attributes.size(); ++i)
            gone.push_back("DROP ATTRIBUTE " + sql::identifier(now.attributes[i].name));
        for (std::size_t i = 0; i < same; ++i)
            if (known->attributes[i] != now.attributes[i])
                back.push_back("ALTER ATTRIBUTE " + definition(known->attributes[i], "SET DATA TYPE "));
        for (std::size_t i = same; i < known->attributes.size(); ++i)
            back.push_back("ADD ATTRIBUTE " + definition(known->attributes[i]));
        Undo out;
        if (!gone.empty()) out.statements.push_back(statement(alter(context, gone)));
        if (!back.empty()) out.statements.push_back(statement(alter(context, back)));
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        auto* known = find_in(catalog.types, naming.stored_object(schema, name));
        if (known == nullptr) return;
        for (const AttributeConfig& attribute : added) known->attributes.push_back(attribute.stored(naming));
        for (const AttributeConfig& attribute : altered)
            if (auto* old = find_named(known->attributes, naming.stored(attribute.name)))
                *old = attribute.stored(naming);
        for (const AttributeConfig& attribute : dropped)
            std::erase_if(known->attributes,
                          [gone = naming.stored(attribute.name)](const catalog::TypeAttribute& old) {
                              return old.name == gone;
                          });
    }

  private:
    std::string alter(const RenderContext& context, const std::vector<std::string>& steps) const {
        return fmt::format("ALTER TYPE {} {}", Naming(context).object(schema, name), join(steps, ", "));
    }
};

}  // namespace

const OperationType alter_composite_type_type = {
    "alterCompositeType", "Changes the attributes of a composite type.", "type",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AlterCompositeType>(); }};

}  // namespace changelog::operations
