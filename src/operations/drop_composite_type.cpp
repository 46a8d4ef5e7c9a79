// dropCompositeType: PostgreSQL refuses it while the type is in use, unless `onDelete: CASCADE` takes along
// the columns that have it. Undone by making it again, except with CASCADE, where what went along is not
// known.
#include "core/text.hpp"
#include "operations/user_type.hpp"

namespace changelog::operations {

extern const OperationType drop_composite_type_type;

namespace {

struct DropCompositeType final : Operation {
    std::string schema, name, on_delete;
    bool if_exists = false;

    const OperationType& type() const override { return drop_composite_type_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("typeName", "Name of the type."), name);
        visitor.flag(optional("ifExists", "No error if there is no such type."), if_exists);
        visitor.text(
            optional("onDelete", "CASCADE takes along what uses the type; RESTRICT refuses then (default).")
                .one_of({"CASCADE", "RESTRICT"}),
            on_delete);
        visitor.text(schema_name(), schema);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.touches.push_back({Access::drop, Naming(context).ref(ObjectKind::type, schema, name), if_exists});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("DROP TYPE {}{}{}", if_exists ? "IF EXISTS " : "",
                               Naming(context).object(schema, name), cascades() ? " CASCADE" : ""));
    }

    Undo inverse(const RenderContext& context) const override {
        const ObjectName stored = Naming(context).stored_object(schema, name);
        if (cascades() && used(*context.before, stored, context.default_schema))
            return Undo::unless_observed("CASCADE drops the columns that have the type, with their data");
        return recreate_type(context, stored);
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const ObjectName stored = Naming(context).stored_object(schema, name);
        catalog.types.erase(stored);
        if (!cascades()) return;
        for (auto& [table_name, table] : catalog.tables) {
            std::vector<std::string> gone;
            for (const catalog::Column& column : table.columns)
                if (is_type(column.type, stored, context.default_schema)) gone.push_back(column.name);
            for (const std::string& column : gone) catalog.drop_column(table_name, column);
        }
    }

  private:
    bool cascades() const { return equal_ignoring_case(on_delete, "CASCADE"); }

    static bool used(const catalog::Catalog& catalog, const ObjectName& type,
                     const std::string& default_schema) {
        for (const auto& [table_name, table] : catalog.tables)
            for (const catalog::Column& column : table.columns)
                if (is_type(column.type, type, default_schema)) return true;
        return false;
    }
};

}  // namespace

const OperationType drop_composite_type_type = {
    "dropCompositeType", "Drops a composite type.", "type",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropCompositeType>(); }};

}  // namespace changelog::operations
