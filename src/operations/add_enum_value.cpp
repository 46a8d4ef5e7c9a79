// addEnumValue: catalog only, no rewrite. It may run in a transaction, but the value cannot be used before
// the commit. PostgreSQL cannot take a value out again, so undoing it makes the type anew without the value
// and rewrites each column that has the type under ACCESS EXCLUSIVE; that fails, changing nothing, while a
// row holds the value.
#include "changelog/codes.hpp"

#include "operations/enum_rebuild.hpp"
#include "operations/lookup.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

extern const OperationType add_enum_value_type;

namespace {

struct AddEnumValue final : Operation {
    std::string schema, name, value;
    std::optional<std::string> before, after;
    bool if_not_exists = false;

    const OperationType& type() const override { return add_enum_value_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("typeName", "Name of the type.").own(), name);
        visitor.text(required("value", "The new value.").own(), value);
        visitor.text(optional("before", "The value in front of which it stands.").own(), before);
        visitor.text(
            optional("after", "The value behind which it stands; the end if neither is given.").own(), after);
        visitor.flag(optional("ifNotExists", "No error if the type has the value already.").own(),
                     if_not_exists);
        visitor.text(schema_name().own(), schema);
    }

    void check(Diagnostics& diagnostics) const override {
        if (before && after)
            diagnostics.error(codes::conflicting_keys, at, "'before' and 'after' exclude each other");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.alter(Naming(context).ref(ObjectKind::type, schema, name));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        std::string text = fmt::format("ALTER TYPE {} ADD VALUE {}{}", Naming(context).object(schema, name),
                                       if_not_exists ? "IF NOT EXISTS " : "", sql::literal(value));
        if (before) text += " BEFORE " + sql::literal(*before);
        if (after) text += " AFTER " + sql::literal(*after);
        std::vector<Statement> result = one(std::move(text));
        result.front().transactional = context.server_version >= 120000;
        return result;
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const auto* known = find_in(context.before->types, naming.stored_object(schema, name));
        if (known == nullptr) return not_known(context, naming.ref(ObjectKind::type, schema, name));
        if (has(*known)) return {};
        return rebuild_enum(*context.before, *known, context.default_schema);
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        auto* known = find_in(catalog.types, Naming(context).stored_object(schema, name));
        if (known == nullptr || has(*known)) return;
        auto& labels = known->labels;
        auto place = labels.end();
        if (before) place = std::find(labels.begin(), labels.end(), *before);
        if (after) place = std::find(labels.begin(), labels.end(), *after);
        if (after && place != labels.end()) ++place;
        labels.insert(place, value);
    }

  private:
    bool has(const catalog::Type& known) const {
        return std::find(known.labels.begin(), known.labels.end(), value) != known.labels.end();
    }
};

}  // namespace

const OperationType add_enum_value_type = {
    "addEnumValue", "Adds a value to an enumeration type.", "type",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AddEnumValue>(); }};

}  // namespace changelog::operations
