// dropExtension: drops the extension's objects, which PostgreSQL refuses while something uses them. Undone by
// creating it again, except with `cascade`, where what went along is not known.
#include "catalog/ddl.hpp"
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

extern const OperationType drop_extension_type;

namespace {

struct DropExtension final : Operation {
    std::string name;
    bool if_exists = false, cascade = false;

    const OperationType& type() const override { return drop_extension_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("extensionName", "Name of the extension.").own().short_form(), name);
        visitor.flag(optional("ifExists", "No error if it is not there.").own(), if_exists);
        visitor.flag(optional("cascade", "Drop what uses it, too.").own(), cascade);
    }

    void footprint(Footprint& out, const RenderContext& /*context*/) const override {
        out.touches.push_back({Access::drop, {ObjectKind::extension, {{}, name}, {}}, if_exists});
        if (cascade) out.block(fmt::format("drops everything that uses extension {}", name));
    }

    std::vector<Statement> statements(const RenderContext& /*context*/) const override {
        return one(fmt::format("DROP EXTENSION {}{}{}", if_exists ? "IF EXISTS " : "", sql::identifier(name),
                               cascade ? " CASCADE" : ""));
    }

    Undo inverse(const RenderContext& context) const override {
        if (cascade) return Undo::unless_observed("CASCADE drops everything that uses the extension");
        const auto* known = find_in(context.before->extensions, name);
        if (known == nullptr) return not_known(context, {ObjectKind::extension, {{}, name}, {}});
        std::string text = fmt::format("CREATE EXTENSION {}", sql::identifier(name));
        if (!known->schema.empty()) text += " SCHEMA " + sql::identifier(known->schema);
        if (!known->version.empty()) text += " VERSION " + sql::literal(known->version);
        Undo out = undo(std::move(text));
        if (known->comment)
            out.statements.push_back(
                statement(catalog::comment_on("EXTENSION " + sql::identifier(name), known->comment)));
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& /*context*/) const override {
        catalog.extensions.erase(name);
        if (cascade)
            mark_uncertain(catalog, fmt::format("everything that uses extension {} is dropped", name));
    }
};

}  // namespace

const OperationType drop_extension_type = {
    "dropExtension", "Drops an extension.", "schema",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropExtension>(); }};

}  // namespace changelog::operations
