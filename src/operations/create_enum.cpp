// createEnum: a new type with its values in order; catalog only, no lock on anything that is in use. Undone
// by dropping the type, which PostgreSQL refuses while a column has it.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "operations/lookup.hpp"
#include "operations/user_type.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

extern const OperationType create_enum_type;

namespace {

struct CreateEnum final : Operation {
    std::string schema, name;
    std::vector<std::string> values;
    std::optional<std::string> remarks;

    const OperationType& type() const override { return create_enum_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("typeName", "Name of the type.").own(), name);
        visitor.names(required("values", "The values, in the order in which they compare.").own(), values);
        visitor.text(optional("remarks", "Comment of the type.").own(), remarks);
        visitor.text(schema_name().own(), schema);
    }

    void check(Diagnostics& diagnostics) const override {
        for (std::size_t i = 0; i < values.size(); ++i)
            if (std::find(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(i), values[i]) !=
                values.begin() + static_cast<std::ptrdiff_t>(i))
                diagnostics.error(codes::bad_value, at,
                                  fmt::format("the value '{}' is given twice", values[i]));
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.create(Naming(context).ref(ObjectKind::type, schema, name));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const std::string written = Naming(context).object(schema, name);
        std::vector<std::string> labels;
        for (const std::string& value : values) labels.push_back(sql::literal(value));
        std::vector<Statement> result =
            one(fmt::format("CREATE TYPE {} AS ENUM ({})", written, join(labels, ", ")));
        append_comment(result, "TYPE " + written, remarks);
        return result;
    }

    Undo inverse(const RenderContext& context) const override {
        return undo("DROP TYPE " + Naming(context).object(schema, name));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        catalog::Type made;
        made.name = Naming(context).stored_object(schema, name);
        made.kind = catalog::TypeKind::enumeration;
        made.labels = values;
        if (remarks) made.comment = comment_of(*remarks);
        catalog.types.insert_or_assign(ObjectName(made.name), made);
    }
};

}  // namespace

const OperationType create_enum_type = {
    "createEnum", "Creates an enumeration type.", "type",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateEnum>(); }};

}  // namespace changelog::operations
