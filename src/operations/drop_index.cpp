// dropIndex: DROP INDEX, under a short ACCESS EXCLUSIVE lock on the table; with `concurrently` it only waits
// for the transactions that use the index, but cannot run in a transaction. Undone by building the index
// again as it was, concurrently likewise.
#include "catalog/ddl.hpp"
#include "core/text.hpp"
#include "operations/partition_tree.hpp"

namespace changelog::operations {

extern const OperationType drop_index_type;

namespace {

struct DropIndex final : Operation {
    std::string schema, table, name, associated_with;
    bool concurrently = false, if_exists = false;

    const OperationType& type() const override { return drop_index_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("indexName", "Name of the index."), name);
        visitor.text(optional("tableName", "Its table; not needed on PostgreSQL.").cosmetic(), table);
        visitor.text(schema_name(), schema);
        visitor.text(
            optional("associatedWith", "primaryKey, foreignKey or uniqueConstraint: nothing is dropped."),
            associated_with);
        visitor.flag(optional("concurrently", "DROP INDEX CONCURRENTLY.").own(), concurrently);
        visitor.flag(optional("ifExists", "No error if there is no such index.").own(), if_exists);
        ignore_catalog_name(visitor);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        if (drops_nothing()) return;
        const Naming naming(context);
        const ObjectRef index = naming.ref(ObjectKind::index, schema, name);
        const auto place = context.before->find_index(index.name);
        if (place.table != nullptr)
            out.require({ObjectKind::table, place.table->name, {}});
        else if (place.view != nullptr)
            out.require({ObjectKind::table, place.view->name, {}});
        else if (!table.empty())
            out.require(naming.table_ref(schema, table));
        out.touches.push_back({Access::drop, index, if_exists});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        if (drops_nothing()) return {};
        std::vector<Statement> out;
        out.push_back({fmt::format("DROP INDEX {}{}{}", concurrently ? "CONCURRENTLY " : "",
                                   if_exists ? "IF EXISTS " : "", Naming(context).object(schema, name)),
                       !concurrently,
                       {}});
        return out;
    }

    Undo inverse(const RenderContext& context) const override {
        if (drops_nothing()) return {};
        const Naming naming(context);
        const ObjectRef index = naming.ref(ObjectKind::index, schema, name);
        const auto place = context.before->find_index(index.name);
        if (place.index == nullptr) return not_known(context, index);
        if (place.table != nullptr)
            return undo(create_index_tree(context, *place.table, *place.index, concurrently));
        return undo(
            catalog::create_index_statements(naming.shown(place.view->name), *place.index, concurrently));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        if (drops_nothing()) return;
        const ObjectName index = Naming(context).stored_object(schema, name);
        const auto place = catalog.find_index(index);
        if (place.index == nullptr) return;
        auto& indexes = place.table != nullptr ? place.table->indexes : place.view->indexes;
        std::erase_if(indexes, [&](const catalog::Index& item) { return item.name == index.name; });
        drop_index_parts(catalog, index);
    }

  private:
    bool drops_nothing() const {
        return !trim(associated_with).empty() && !equal_ignoring_case(trim(associated_with), "none");
    }
};

}  // namespace

const OperationType drop_index_type = {
    "dropIndex", "Drops an index.", "index",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropIndex>(); }};

}  // namespace changelog::operations
