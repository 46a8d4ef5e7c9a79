#include "changelog/catalog.hpp"

#include "catalog/dependents.hpp"
#include "catalog/naming.hpp"
#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::catalog;

namespace {

Column column(std::string name, std::string type) {
    Column out;
    out.name = std::move(name);
    out.type = std::move(type);
    return out;
}

Constraint constraint(std::string name, ConstraintKind kind, std::vector<std::string> columns) {
    Constraint out;
    out.name = std::move(name);
    out.kind = kind;
    out.columns = std::move(columns);
    return out;
}

Index index(std::string name, std::string key) {
    Index out;
    out.name = std::move(name);
    IndexKey first;
    first.text = std::move(key);
    out.keys = {first};
    return out;
}

/// orders(id, customer, note) with a key, an index and a sequence; lines(order_id) points at it; a view reads
/// it.
Catalog shop() {
    Catalog out;
    Table& orders = out.tables[{"public", "orders"}];
    orders.name = {"public", "orders"};
    orders.columns = {column("id", "bigint"), column("customer", "text"), column("note", "text")};
    orders.constraints = {constraint("orders_pkey", ConstraintKind::primary_key, {"id"})};
    orders.indexes = {index("orders_note_idx", "note")};
    Table& lines = out.tables[{"public", "lines"}];
    lines.name = {"public", "lines"};
    lines.columns = {column("order_id", "bigint")};
    Constraint key = constraint("lines_order_fk", ConstraintKind::foreign_key, {"order_id"});
    key.referenced_table = {"public", "orders"};
    key.referenced_columns = {"id"};
    lines.constraints = {key};
    Sequence& numbers = out.sequences[{"public", "orders_id_seq"}];
    numbers.name = {"public", "orders_id_seq"};
    numbers.owned_by = ObjectRef{ObjectKind::column, {"public", "orders"}, "id"};
    View& view = out.views[{"public", "open_orders"}];
    view.name = {"public", "open_orders"};
    view.query = "SELECT id FROM public.orders";
    view.depends = {{ObjectKind::table, {"public", "orders"}, {}},
                    {ObjectKind::column, {"public", "orders"}, "id"}};
    return out;
}

}  // namespace

TEST_CASE("a renamed table takes foreign keys, sequences and views along") {
    Catalog catalog = shop();
    catalog.rename_table({"public", "orders"}, "sales");
    CHECK(catalog.table({"public", "orders"}) == nullptr);
    REQUIRE(catalog.table({"public", "sales"}) != nullptr);
    CHECK(catalog.table({"public", "sales"})->name.name == "sales");
    CHECK(catalog.table({"public", "lines"})->constraints[0].referenced_table.name == "sales");
    CHECK(catalog.sequences.begin()->second.owned_by->name.name == "sales");
    CHECK(catalog.views.begin()->second.query == "SELECT id FROM public.sales");
    CHECK(catalog.views.begin()->second.depends[1].name.name == "sales");
}

TEST_CASE("an identity column keeps its sequence when its table is renamed") {
    Catalog catalog = shop();
    catalog.table({"public", "orders"})->columns[0].identity = Identity{};
    catalog.rename_table({"public", "orders"}, "sales");
    CHECK(catalog.table({"public", "sales"})->columns[0].identity->sequence == "orders_id_seq");
}

TEST_CASE("a renamed column takes keys, indexes, checks and references along") {
    Catalog catalog = shop();
    Table& orders = *catalog.table({"public", "orders"});
    orders.indexes[0].predicate = "note <> 'note'";
    Constraint check = constraint("long_note", ConstraintKind::check, {"note"});
    check.expression = "length(note) > 3";
    orders.constraints.push_back(check);
    catalog.rename_column({"public", "orders"}, "note", "Remark");
    catalog.rename_column({"public", "orders"}, "id", "number");
    CHECK(orders.column("Remark") != nullptr);
    CHECK(orders.indexes[0].keys[0].text == "Remark");
    CHECK(orders.indexes[0].predicate == "\"Remark\" <> 'note'");
    CHECK(orders.constraints[1].expression == "length(\"Remark\") > 3");
    CHECK(orders.constraints[0].columns == std::vector<std::string>{"number"});
    CHECK(catalog.table({"public", "lines"})->constraints[0].referenced_columns ==
          std::vector<std::string>{"number"});
    CHECK(catalog.sequences.begin()->second.owned_by->part == "number");
}

TEST_CASE("a dropped column takes its key, sequence and grants, and foreign keys that point at it") {
    Catalog catalog = shop();
    Table& orders = *catalog.table({"public", "orders"});
    orders.grants = {{"reader", {"SELECT"}, {"id", "note"}, false}, {"clerk", {"UPDATE"}, {"id"}, false}};
    catalog.drop_column({"public", "orders"}, "id");
    CHECK(orders.column("id") == nullptr);
    CHECK(orders.constraints.empty());
    CHECK(orders.indexes.size() == 1);
    REQUIRE(orders.grants.size() == 1);
    CHECK(orders.grants[0].columns == std::vector<std::string>{"note"});
    CHECK(catalog.sequences.empty());
    CHECK(catalog.table({"public", "lines"})->constraints.empty());
}

TEST_CASE("a partition follows its parent") {
    Catalog catalog = shop();
    Table& child = catalog.tables[{"public", "orders_2026"}];
    child.name = {"public", "orders_2026"};
    child.columns = catalog.table({"public", "orders"})->columns;
    child.partition_of = {"public", "orders"};
    child.partition_bound = "DEFAULT";
    catalog.rename_column({"public", "orders"}, "note", "remark");
    CHECK(child.column("remark") != nullptr);
    catalog.drop_column({"public", "orders"}, "remark");
    CHECK(child.column("remark") == nullptr);
    catalog.drop_table({"public", "orders"}, false);
    CHECK(catalog.tables.size() == 1);
}

TEST_CASE("cascade takes views and foreign keys, restrict leaves them") {
    Catalog kept = shop();
    kept.drop_table({"public", "orders"}, false);
    CHECK(kept.views.size() == 1);
    CHECK(kept.table({"public", "lines"})->constraints.size() == 1);
    Catalog gone = shop();
    gone.drop_table({"public", "orders"}, true);
    CHECK(gone.views.empty());
    CHECK(gone.table({"public", "lines"})->constraints.empty());
    CHECK(gone.sequences.empty());
}

TEST_CASE("operations on unknown objects do nothing") {
    Catalog catalog;
    catalog.rename_table({"public", "a"}, "b");
    catalog.rename_column({"public", "a"}, "b", "c");
    catalog.drop_column({"public", "a"}, "b");
    catalog.drop_table({"public", "a"}, true);
    catalog.drop_constraint({"public", "a"}, "b");
    CHECK(catalog == Catalog{});
}

TEST_CASE("views come in an order in which they can be created") {
    Catalog catalog = shop();
    View& upper = catalog.views[{"public", "all_open"}];
    upper.name = {"public", "all_open"};
    upper.depends = {{ObjectKind::table, {"public", "open_orders"}, {}},
                     {ObjectKind::table, {"public", "orders"}, {}}};
    const auto views = views_on(catalog, {"public", "orders"});
    REQUIRE(views.size() == 2);
    CHECK(views[0].name == "open_orders");
    CHECK(views[1].name == "all_open");
}

TEST_CASE("names are chosen as PostgreSQL chooses them") {
    Catalog catalog = shop();
    const ObjectName orders{"public", "orders"};
    CHECK(chosen_name(catalog, orders, NameOf::unique, {"customer", "note"}) == "orders_customer_note_key");
    CHECK(chosen_name(catalog, orders, NameOf::primary_key, {"id"}) == "orders_pkey1");
    CHECK(chosen_name(catalog, orders, NameOf::index, {"note"}) == "orders_note_idx1");
    CHECK(chosen_name(catalog, orders, NameOf::foreign_key, {"customer"}) == "orders_customer_fkey");
    CHECK(chosen_name(catalog, orders, NameOf::check, {}) == "orders_check");
}
