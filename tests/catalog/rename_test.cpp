// What follows a rename, and what is given up where the text does not say what it means.
#include "catalog/rename.hpp"

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

void add_view(Catalog& catalog, const std::string& name, const std::string& query) {
    View& view = catalog.views[{"public", name}];
    view.name = {"public", name};
    view.query = query;
    view.depends = {{ObjectKind::table, {"public", "orders"}, {}},
                    {ObjectKind::table, {"public", "people"}, {}}};
}

/// orders(id, person, status) and people(id, name), which views are made of.
Catalog shop() {
    Catalog out;
    Table& orders = out.tables[{"public", "orders"}];
    orders.name = {"public", "orders"};
    orders.columns = {column("id", "bigint"), column("person", "bigint"), column("status", "mood")};
    Table& people = out.tables[{"public", "people"}];
    people.name = {"public", "people"};
    people.columns = {column("id", "bigint"), column("name", "text")};
    Type& mood = out.types[{"public", "mood"}];
    mood.name = {"public", "mood"};
    mood.labels = {"new", "old"};
    return out;
}

/// The view's text after the rename, or "unknown".
template <typename Rename>
std::string after(const std::string& query, const Rename& rename) {
    Catalog catalog = shop();
    add_view(catalog, "v", query);
    rename(catalog);
    const auto found = catalog.views.find({"public", "v"});
    if (found != catalog.views.end()) return found->second.query;
    REQUIRE_FALSE(catalog.uncertain.empty());
    return "unknown";
}

std::string with_table(const std::string& query) {
    return after(query, [](Catalog& catalog) { catalog.rename_table({"public", "orders"}, "Bills"); });
}

std::string with_column(const std::string& query) {
    return after(query, [](Catalog& catalog) {
        catalog.rename_column({"public", "orders"}, "status", "state");
    });
}

std::string with_check(const std::string& expression, std::string type = "mood") {
    Catalog catalog = shop();
    Table& orders = *catalog.table({"public", "orders"});
    orders.column("status")->type = std::move(type);
    Constraint check;
    check.name = "c";
    check.expression = expression;
    orders.constraints = {check};
    rename_label(catalog, {"public", "mood"}, "new", "fresh");
    const Table* known = catalog.table({"public", "orders"});
    return known == nullptr ? "unknown" : known->constraint("c")->expression;
}

}  // namespace

TEST_CASE("a view follows a renamed table wherever it names it") {
    CHECK(with_table("SELECT orders.id FROM orders") == "SELECT \"Bills\".id FROM \"Bills\"");
    CHECK(with_table("SELECT public.orders.id FROM public.orders") ==
          "SELECT public.\"Bills\".id FROM public.\"Bills\"");
    CHECK(with_table("SELECT o.id FROM orders o") == "SELECT o.id FROM \"Bills\" o");
    CHECK(with_table("SELECT 'orders' AS what, o.id FROM orders o") ==
          "SELECT 'orders' AS what, o.id FROM \"Bills\" o");
    CHECK(with_table("SELECT 'orders'::regclass, 1 FROM orders o") ==
          "SELECT '\"Bills\"'::regclass, 1 FROM \"Bills\" o");
    CHECK(with_table("SELECT id FROM other.orders") == "SELECT id FROM other.orders");
}

TEST_CASE("a view is given up where a renamed table's name may mean something else") {
    CHECK(with_table("SELECT orders FROM orders") == "unknown");
    CHECK(with_table("WITH orders AS (SELECT 1 AS id) SELECT id FROM orders") == "unknown");
    CHECK(with_table("SELECT orders.id FROM people orders, public.orders o") == "unknown");
}

TEST_CASE("a view keeps its own columns when one of a table is renamed") {
    CHECK(with_column("SELECT status FROM orders") == "SELECT state AS status FROM orders");
    CHECK(with_column("SELECT status AS s, o.status FROM orders o WHERE o.status IS NOT NULL") ==
          "SELECT state AS s, o.state AS status FROM orders o WHERE o.state IS NOT NULL");
    CHECK(with_column("SELECT status, name FROM orders JOIN people p ON p.id = person") ==
          "SELECT state AS status, name FROM orders JOIN people p ON p.id = person");
    CHECK(with_column("SELECT * FROM orders") == "SELECT id, person, state AS status FROM orders");
    CHECK(with_column("SELECT o.*, p.name FROM orders o, people p") ==
          "SELECT o.id, o.person, o.state AS status, p.name FROM orders o, people p");
}

TEST_CASE("a view is given up where it is not clear whose column is meant") {
    CHECK(with_column("SELECT status FROM orders, elsewhere") == "unknown");
    CHECK(with_column("SELECT 1 FROM orders WHERE EXISTS (SELECT status)") == "unknown");
    CHECK(with_column("SELECT 1 FROM orders JOIN people USING (status)") == "unknown");
    CHECK(with_column("SELECT lower(name) AS status FROM people, orders ORDER BY status") == "unknown");
    CHECK(with_column("SELECT (orders).status FROM orders") == "unknown");
}

TEST_CASE("words that only look like the column stay") {
    Catalog catalog = shop();
    Table& orders = *catalog.table({"public", "orders"});
    orders.columns.push_back(column("year", "integer"));
    Constraint check;
    check.name = "c";
    check.expression = "EXTRACT(year FROM now()) > year AND 'year' <> ''";
    orders.constraints = {check};
    catalog.rename_column({"public", "orders"}, "year", "since");
    CHECK(orders.constraint("c")->expression == "EXTRACT(year FROM now()) > since AND 'year' <> ''");
}

TEST_CASE("a constant follows a renamed value only if it is of the type") {
    CHECK(with_check("status = 'new' OR status IN ('old', 'new')") ==
          "status = 'fresh' OR status IN ('old', 'fresh')");
    CHECK(with_check("status = 'new'", "text") == "status = 'new'");
    CHECK(with_check("'new'::mood <> 'old' AND 'new'::text <> ''") ==
          "'fresh'::mood <> 'old' AND 'new'::text <> ''");
    CHECK(with_check("status <> 'new' AND person > 0") == "unknown");
    CHECK(with_check("status <> 'new'::mood AND person > 0") == "status <> 'fresh'::mood AND person > 0");
}

TEST_CASE("a renamed type is followed in columns, casts and signatures") {
    Catalog catalog = shop();
    Table& orders = *catalog.table({"public", "orders"});
    orders.columns.push_back(column("past", "public.mood[]"));
    orders.column("status")->expression = "'new'::mood";
    Function function;
    function.name = {"public", "f"};
    function.definition = "CREATE FUNCTION f(m public.mood) RETURNS int LANGUAGE sql AS 'SELECT 1'";
    function.arguments = "public.mood";
    catalog.functions.emplace(function.name, function);
    rename_type(catalog, {"public", "mood"}, "feeling");
    CHECK(orders.column("status")->type == "feeling");
    CHECK(orders.column("past")->type == "public.feeling[]");
    CHECK(orders.column("status")->expression == "'new'::feeling");
    CHECK(catalog.functions.begin()->second.arguments == "public.feeling");
    CHECK(catalog.types.contains({"public", "feeling"}));
}

TEST_CASE("a renamed sequence is followed in whatever calls it") {
    Catalog catalog = shop();
    catalog.sequences[{"public", "q"}].name = {"public", "q"};
    Column& id = *catalog.table({"public", "orders"})->column("id");
    id.expression = "100 + nextval('public.q'::regclass)";
    rename_sequence(catalog, {"public", "q"}, "Numbers");
    CHECK(id.expression == "100 + nextval('public.\"Numbers\"'::regclass)");
    CHECK(catalog.sequences.contains({"public", "Numbers"}));
}
