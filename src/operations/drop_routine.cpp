// dropProcedure and dropFunction: catalog only; PostgreSQL refuses while a trigger or default uses it, and
// where several have the name, unless `arguments` says which. Undone by making it again as the changelog made
// it.
#include "operations/routine.hpp"

namespace changelog::operations {

extern const OperationType drop_procedure_type;
extern const OperationType drop_function_type;

namespace {

struct DropRoutine : Operation {
    std::string schema, name, arguments, ignored_catalog;

    virtual std::string_view kind() const = 0;
    virtual std::string_view key() const = 0;

    void describe(FieldVisitor& visitor) override {
        visitor.text(required(key(), "Its name."), name);
        visitor.text(optional("arguments", "Its argument types, where several have the name.").own(),
                     arguments);
        visitor.text(schema_name(), schema);
        visitor.text(catalog_name(), ignored_catalog);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.drop(Naming(context).ref(ObjectKind::function, schema, name));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(fmt::format("DROP {} {}{}", kind(), Naming(context).object(schema, name),
                               arguments.empty() ? "" : fmt::format("({})", arguments)));
    }

    Undo inverse(const RenderContext& context) const override {
        return recreate_routine(context, Naming(context).stored_object(schema, name), arguments);
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        erase_routine(catalog, Naming(context).stored_object(schema, name), arguments);
    }
};

struct DropProcedure final : DropRoutine {
    const OperationType& type() const override { return drop_procedure_type; }
    std::string_view kind() const override { return "PROCEDURE"; }
    std::string_view key() const override { return "procedureName"; }
};

struct DropFunction final : DropRoutine {
    const OperationType& type() const override { return drop_function_type; }
    std::string_view kind() const override { return "FUNCTION"; }
    std::string_view key() const override { return "functionName"; }
};

}  // namespace

const OperationType drop_procedure_type = {
    "dropProcedure", "Drops a procedure.", "routine",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropProcedure>(); }};

const OperationType drop_function_type = {
    "dropFunction", "Drops a function.", "routine",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropFunction>(); }};

}  // namespace changelog::operations
