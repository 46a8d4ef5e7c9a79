// dropSchema: PostgreSQL refuses it while something is in the schema, unless `cascade` drops all of that too,
// with its data. Undone by making it again, empty, except with `cascade`.
#include "catalog/ddl.hpp"
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_ddl.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

extern const OperationType drop_schema_type;

namespace {

struct DropSchema final : Operation {
    std::string name;
    bool if_exists = false, cascade = false;

    const OperationType& type() const override { return drop_schema_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("schemaName", "Name of the schema.").own().short_form(), name);
        visitor.flag(optional("ifExists", "No error if it is not there.").own(), if_exists);
        visitor.flag(optional("cascade", "Drop everything in it, too.").own(), cascade);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.touches.push_back({Access::drop, object(context), if_exists});
        if (cascade) out.block(fmt::format("drops everything in schema {}", name));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("DROP SCHEMA {}{}{}", if_exists ? "IF EXISTS " : "",
                               Naming(context).name(name), cascade ? " CASCADE" : ""));
    }

    Undo inverse(const RenderContext& context) const override {
        if (cascade) return Undo::unless_observed("CASCADE drops everything in the schema, with its data");
        const auto* known = find_in(context.before->schemas, object(context).name.name);
        if (known == nullptr) return not_known(context, object(context));
        const std::string what = "SCHEMA " + sql::identifier(known->name);
        std::vector<Statement> back = one("CREATE " + what);
        if (known->comment) back.push_back(statement(catalog::comment_on(what, known->comment)));
        append(back, catalog::grant_statements(what, known->grants, known->owner));
        return undo(std::move(back));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        forget(object(context), catalog);
    }

  private:
    ObjectRef object(const RenderContext& context) const {
        return {ObjectKind::schema, {{}, Naming(context).stored(name)}, {}};
    }
};

}  // namespace

const OperationType drop_schema_type = {
    "dropSchema", "Drops a schema.", "schema",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropSchema>(); }};

}  // namespace changelog::operations
