// createDomain: a type made of another with a default and a condition; catalog only. Undone by dropping it,
// which PostgreSQL refuses while a column has it.
#include "changelog/codes.hpp"

#include "operations/lookup.hpp"
#include "operations/user_type.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"
#include "sql/type.hpp"

namespace changelog::operations {

extern const OperationType create_domain_type;

namespace {

struct CreateDomain final : Operation {
    std::string schema, name, base, collation, check_body, check_name;
    std::optional<std::string> remarks, default_value, default_computed;
    bool nullable = true;

    const OperationType& type() const override { return create_domain_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("domainName", "Name of the domain.").own(), name);
        visitor.text(required("dataType", "The type that it is made of.").own(), base);
        visitor.text(optional("collation", "Collation of its values.").own(), collation);
        visitor.text(optional("defaultValue", "Default of columns that have the domain, as text.").own(),
                     default_value);
        visitor.text(optional("defaultValueComputed", "Default as an expression.").own().sql(),
                     default_computed);
        visitor.flag(optional("nullable", "Whether NULL is a value of it.").own(), nullable);
        visitor.text(optional("checkConstraint", "Condition that every VALUE must meet.").own().sql(),
                     check_body);
        visitor.text(optional("constraintName", "Name of that condition.").own(), check_name);
        visitor.text(optional("remarks", "Comment of the domain.").own(), remarks);
        visitor.text(schema_name().own(), schema);
    }

    void check(Diagnostics& diagnostics) const override {
        if (default_value && default_computed)
            diagnostics.error(codes::conflicting_keys, at,
                              "'defaultValue' and 'defaultValueComputed' exclude each other");
        if (!check_name.empty() && check_body.empty())
            diagnostics.error(codes::missing_key, at,
                              "'constraintName' names no condition: 'checkConstraint' is missing");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        require_type(sql::column_type(base, sql::TypeUse::elsewhere).sql, context, out);
        out.create(Naming(context).ref(ObjectKind::type, schema, name));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        const std::string written = naming.object(schema, name);
        std::string text = fmt::format("CREATE DOMAIN {} AS {}", written, base_type());
        if (!collation.empty()) text += " COLLATE " + sql::identifier(collation);
        if (const auto value = default_expression()) text += " DEFAULT " + *value;
        if (!nullable) text += " NOT NULL";
        if (!check_name.empty()) text += " CONSTRAINT " + naming.name(check_name);
        if (!check_body.empty()) text += fmt::format(" CHECK ({})", check_body);
        std::vector<Statement> result = one(std::move(text));
        append_comment(result, "DOMAIN " + written, remarks);
        return result;
    }

    Undo inverse(const RenderContext& context) const override {
        return undo("DROP DOMAIN " + Naming(context).object(schema, name));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        catalog::Type made;
        made.name = naming.stored_object(schema, name);
        made.kind = catalog::TypeKind::domain;
        made.base_type = sql::canonical_type(base_type());
        made.collation = collation;
        made.not_null = !nullable;
        made.expression = default_expression();
        if (!check_body.empty()) made.constraints.push_back(condition(naming));
        if (remarks) made.comment = comment_of(*remarks);
        catalog.types.insert_or_assign(ObjectName(made.name), made);
    }

  private:
    std::string base_type() const { return sql::column_type(base, sql::TypeUse::elsewhere).sql; }

    std::optional<std::string> default_expression() const {
        return default_value ? std::optional(sql::literal(*default_value)) : default_computed;
    }

    catalog::Constraint condition(const Naming& naming) const {
        catalog::Constraint constraint;
        constraint.kind = catalog::ConstraintKind::check;
        constraint.expression = check_body;
        constraint.name = check_name.empty() ? sql::make_object_name(naming.stored(name), "", "check")
                                             : naming.stored(check_name);
        return constraint;
    }
};

}  // namespace

const OperationType create_domain_type = {
    "createDomain", "Creates a domain.", "type",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateDomain>(); }};

}  // namespace changelog::operations
