// createExtension: runs the extension's own script, as long as that takes. Undone by dropping it, which
// PostgreSQL refuses while something uses it. With ifNotExists or cascade only the database can tell what
// was there before.
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

extern const OperationType create_extension_type;

namespace {

struct CreateExtension final : Operation {
    std::string name, schema, version;
    bool if_not_exists = false, cascade = false;

    const OperationType& type() const override { return create_extension_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("extensionName", "Name of the extension.").own().short_form(), name);
        visitor.flag(optional("ifNotExists", "No error if it is there.").own(), if_not_exists);
        visitor.text(optional("schemaName", "Schema for its objects.").own(), schema);
        visitor.text(optional("version", "Version; the newest that is installed if not given.").own(),
                     version);
        visitor.flag(optional("cascade", "Create the extensions that it needs, too.").own(), cascade);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        if (!schema.empty()) out.require({ObjectKind::schema, {{}, Naming(context).stored(schema)}, {}});
        out.touches.push_back({Access::create, {ObjectKind::extension, {{}, name}, {}}, if_not_exists});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        std::string text = "CREATE EXTENSION ";
        if (if_not_exists) text += "IF NOT EXISTS ";
        text += sql::identifier(name);
        if (!schema.empty()) text += " SCHEMA " + Naming(context).name(schema);
        if (!version.empty()) text += " VERSION " + sql::literal(version);
        if (cascade) text += " CASCADE";
        return one(std::move(text));
    }

    Undo inverse(const RenderContext& context) const override {
        if (if_not_exists && context.before->extensions.contains(name)) return {};
        const ObjectRef object{ObjectKind::extension, {{}, name}, {}};
        if (if_not_exists && !context.complete) return Undo::unless_observed(may_be_there(object));
        // The extensions that CASCADE makes are not named anywhere.
        if (cascade)
            return Undo::unless_observed(one_line(
                fmt::format("which extensions were made along with extension {} is not known", name)));
        return undo("DROP EXTENSION " + sql::identifier(name));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        const std::string place = schema.empty() ? context.default_schema : naming.stored(schema);
        catalog.extensions.emplace(name, catalog::Extension{name, place, version});
    }
};

}  // namespace

const OperationType create_extension_type = {
    "createExtension", "Creates an extension.", "schema",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateExtension>(); }};

}  // namespace changelog::operations
