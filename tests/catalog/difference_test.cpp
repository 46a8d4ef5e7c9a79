#include "catalog/difference.hpp"

#include "support/catch.hpp"

#include <algorithm>

using namespace changelog;
using namespace changelog::catalog;

namespace {

const ObjectName kTable = {"public", "orders"};

Column column(std::string name, std::string type = "text") {
    Column out;
    out.name = std::move(name);
    out.type = std::move(type);
    return out;
}

Index index(std::string name, std::string key) {
    Index out;
    out.name = std::move(name);
    out.keys.resize(1);
    out.keys[0].text = std::move(key);
    return out;
}

Constraint constraint(std::string name) {
    Constraint out;
    out.name = std::move(name);
    out.expression = "id > 0";
    return out;
}

Trigger trigger(std::string name) {
    Trigger out;
    out.name = std::move(name);
    return out;
}

Policy policy(std::string name) {
    Policy out;
    out.name = std::move(name);
    return out;
}

Catalog shop() {
    Catalog out;
    Table& table = out.tables[kTable];
    table.name = kTable;
    table.columns = {column("id", "bigint"), column("note"), column("at", "date")};
    table.constraints = {constraint("a"), constraint("b")};
    table.indexes = {index("i", "id"), index("j", "note")};
    table.triggers = {trigger("t"), trigger("u")};
    table.policies = {policy("p"), policy("q")};
    table.grants = {{"app", {"SELECT", "UPDATE"}, {}, false}, {"", {"SELECT"}, {"id", "note"}, true}};
    return out;
}

Function function(std::string name, std::string arguments, bool known = true) {
    Function out;
    out.name = {"public", std::move(name)};
    out.arguments = std::move(arguments);
    out.arguments_known = known;
    return out;
}

void add(Catalog& catalog, const Function& item) { catalog.functions.emplace(item.name, item); }

std::vector<std::string> texts(const Catalog& a, const Catalog& b, DifferenceOptions options = {}) {
    std::vector<std::string> out;
    for (const Difference& item : difference(a, b, options)) out.push_back(to_string(item));
    return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("equal catalogs have no difference") {
    CHECK(texts(shop(), shop()).empty());
    CHECK(texts({}, {}).empty());
}

TEST_CASE("the order of parts does not count, that of columns when asked for") {
    const Catalog a = shop();
    Catalog b = a;
    Table& table = b.tables.at(kTable);
    std::reverse(table.constraints.begin(), table.constraints.end());
    std::reverse(table.indexes.begin(), table.indexes.end());
    std::reverse(table.triggers.begin(), table.triggers.end());
    std::reverse(table.policies.begin(), table.policies.end());
    std::reverse(table.grants.begin(), table.grants.end());
    CHECK(texts(a, b, {true}).empty());
    std::swap(table.columns[0], table.columns[1]);
    CHECK(texts(a, b).empty());
    CHECK(texts(a, b, {true}) == Texts{"table public.orders: column order: id, note, at -> note, id, at"});
}

TEST_CASE("a missing column does not count as another order") {
    const Catalog a = shop();
    Catalog b = a;
    b.tables.at(kTable).columns.erase(b.tables.at(kTable).columns.begin());
    CHECK(texts(a, b, {true}) == Texts{"- column public.orders.id"});
}

TEST_CASE("rights count, not the grants that gave them") {
    const Catalog a = shop();
    Catalog b = a;
    b.tables.at(kTable).grants = {{"", {"SELECT"}, {"note"}, true},
                                  {"app", {"UPDATE"}, {}, false},
                                  {"", {"SELECT"}, {"id"}, true},
                                  {"app", {"SELECT"}, {}, false},
                                  {"app", {"SELECT"}, {}, false}};
    CHECK(texts(a, b).empty());
    b.tables.at(kTable).grants[1].privileges = {"DELETE"};
    const std::vector<Difference> found = difference(a, b);
    REQUIRE(found.size() == 1);
    CHECK(found[0].before ==
          "SELECT (id) to PUBLIC with grant option, SELECT (note) to PUBLIC with grant option, "
          "SELECT to app, UPDATE to app");
    CHECK_THAT(found[0].after, ContainsSubstring("DELETE to app"));
}

TEST_CASE("the order of labels, attributes and index keys counts") {
    Catalog a;
    Type& mood = a.types[{"public", "mood"}];
    mood.name = {"public", "mood"};
    mood.labels = {"sad", "glad"};
    Catalog b = a;
    std::swap(b.types.begin()->second.labels[0], b.types.begin()->second.labels[1]);
    CHECK(texts(a, b) == Texts{"type public.mood: labels: sad, glad -> glad, sad"});
}

TEST_CASE("ids and doubts are no difference") {
    const Catalog a = shop();
    Catalog b = a;
    number_objects(b);
    b.uncertain = {"a DO block"};
    CHECK(texts(a, b).empty());
}

TEST_CASE("a missing object is one difference, whatever it has") {
    const Catalog a = shop();
    const Catalog b;
    CHECK(texts(a, b) == Texts{"- table public.orders"});
    CHECK(texts(b, a) == Texts{"+ table public.orders"});
    const std::vector<Difference> found = difference(a, b);
    CHECK(found[0].kind == Difference::Kind::missing);
    CHECK(found[0].before == "(id, note, at)");
    CHECK(difference(b, a)[0].kind == Difference::Kind::extra);
    CHECK(difference(b, a)[0].after == "(id, note, at)");
}

TEST_CASE("missing and extra parts are named with their table") {
    const Catalog a = shop();
    Catalog b = a;
    Table& table = b.tables.at(kTable);
    table.columns.push_back(column("more"));
    table.constraints.erase(table.constraints.begin());
    table.indexes[0].name = "k";
    table.triggers.clear();
    table.policies[1].name = "r";
    CHECK(texts(a, b) == Texts{"+ column public.orders.more", "- constraint public.orders.a",
                               "- index public.i", "+ index public.k", "- trigger public.orders.t",
                               "- trigger public.orders.u", "- policy public.orders.q",
                               "+ policy public.orders.r"});
    CHECK(difference(a, b)[2].before == "CREATE INDEX i ON public.orders (id)");
    CHECK(difference(a, b)[1].before == "CONSTRAINT a CHECK (id > 0)");
}

TEST_CASE("objects that only one side has are found among others, in order") {
    Catalog a, b;
    for (const char* name : {"a", "b", "d"}) a.tables[{"s", name}].name = {"s", name};
    for (const char* name : {"b", "c", "e"}) b.tables[{"s", name}].name = {"s", name};
    b.tables[{"s", "b"}].comment = "x";
    CHECK(texts(a, b) == Texts{"- table s.a", "table s.b: comment: (none) -> x", "+ table s.c", "- table s.d",
                               "+ table s.e"});
}

TEST_CASE("overloads are told apart by their arguments") {
    Catalog a, b;
    add(a, function("f", "integer"));
    add(a, function("f", "text"));
    add(a, function("g", ""));
    add(b, function("f", "text"));
    add(b, function("f", "date"));
    add(b, function("h", ""));
    CHECK(texts(a, b) == Texts{"- function public.f(integer)", "+ function public.f(date)",
                               "- function public.g()", "+ function public.h()"});
}

TEST_CASE("a function whose arguments the fold does not know is paired with what is left") {
    Catalog a, b;
    add(a, function("f", "", false));
    add(a, function("f", "text"));
    add(b, function("f", "text"));
    add(b, function("f", "integer"));
    CHECK(texts(a, b) == Texts{"function public.f(integer): arguments: (none) -> integer",
                               "function public.f(integer): arguments known: no -> yes"});
}

TEST_CASE("long texts are shown where they differ") {
    Catalog a;
    View& view = a.views[{"public", "v"}];
    view.name = {"public", "v"};
    view.query = "SELECT " + std::string(300, 'x') + ",\n price FROM public.t WHERE " + std::string(300, 'y');
    Catalog b = a;
    std::string& query = b.views.begin()->second.query;
    query.replace(query.find("price"), 5, "total");
    const Texts found = texts(a, b);
    REQUIRE(found.size() == 1);
    CHECK(found[0].size() < 260);
    CHECK_THAT(found[0], ContainsSubstring(",  price FROM public.t") && ContainsSubstring("-> ...") &&
                             ContainsSubstring(",  total FROM public.t"));
    CHECK(difference(a, b)[0].after == query);
}

TEST_CASE("clipping does not cut characters") {
    Catalog a;
    Table& table = a.tables[kTable];
    table.name = kTable;
    for (int i = 0; i < 200; ++i) table.comment = table.comment.value_or("") + "ä";
    Catalog b = a;
    *b.tables.at(kTable).comment += "!";
    const std::string text = texts(a, b).at(0);
    std::string without;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text.compare(i, 2, "ä") == 0)
            ++i;
        else
            without += text[i];
    CHECK(without == "table public.orders: comment: ...  -> ... !");
}
