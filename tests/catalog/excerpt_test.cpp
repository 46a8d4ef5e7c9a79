#include "catalog/difference.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <set>

using namespace changelog;
using namespace changelog::catalog;

namespace {

ObjectName name(const std::string& text) { return {"public", text}; }

ObjectRef ref(const std::string& text, ObjectKind kind = ObjectKind::table, const std::string& part = {}) {
    return {kind, name(text), part};
}

Table& table(Catalog& catalog, const ObjectName& table_name) {
    Table& out = catalog.tables[table_name];
    out.name = table_name;
    return out;
}
Table& table(Catalog& catalog, const std::string& text) { return table(catalog, name(text)); }

void column(Table& table, const std::string& column_name, const std::string& type,
            const std::optional<std::string>& expression = {}) {
    Column out;
    out.name = column_name;
    out.type = type;
    out.expression = expression;
    table.columns.push_back(out);
}

void foreign_key(Catalog& catalog, const std::string& from, const std::string& to) {
    Constraint out;
    out.name = from + "_" + to + "_fkey";
    out.kind = ConstraintKind::foreign_key;
    out.referenced_table = name(to);
    table(catalog, from).constraints.push_back(out);
}

void view(Catalog& catalog, const std::string& text, const std::vector<ObjectRef>& depends) {
    View& out = catalog.views[name(text)];
    out.name = name(text);
    out.depends = depends;
}

void sequence(Catalog& catalog, const std::string& text, const std::string& owner = {}) {
    Sequence& out = catalog.sequences[name(text)];
    out.name = name(text);
    if (!owner.empty()) out.owned_by = ref(owner, ObjectKind::column, "id");
}

void function(Catalog& catalog, const std::string& text, const std::string& arguments) {
    Function out;
    out.name = name(text);
    out.arguments = arguments;
    catalog.functions.emplace(out.name, out);
}

Type& type(Catalog& catalog, const std::string& text, TypeKind kind) {
    Type& out = catalog.types[name(text)];
    out.name = name(text);
    out.kind = kind;
    return out;
}

/// The names of all that is in it, but schemas and extensions.
std::set<std::string> names(const Catalog& catalog) {
    std::set<std::string> out;
    const auto add = [&](const auto& map) {
        for (const auto& [key, item] : map)
            out.insert(key.schema == "public" ? key.name : key.schema + '.' + key.name);
    };
    add(catalog.tables);
    add(catalog.sequences);
    add(catalog.views);
    add(catalog.types);
    add(catalog.functions);
    for (const auto& [key, item] : catalog.others) out.insert(key);
    return out;
}

using Names = std::set<std::string>;

}  // namespace

TEST_CASE("an excerpt has the schemas, extensions and doubts, and nothing that was not reached") {
    Catalog all;
    all.schemas["public"].name = "public";
    all.extensions["pgcrypto"].name = "pgcrypto";
    all.uncertain = {"a DO block"};
    table(all, "orders");
    table(all, "other");
    const Catalog found = excerpt(all, {ref("orders"), ref("unknown")});
    CHECK(names(found) == Names{"orders"});
    CHECK(found.schemas == all.schemas);
    CHECK(found.extensions == all.extensions);
    CHECK(found.uncertain == all.uncertain);
    CHECK(found.tables.at(name("orders")) == all.tables.at(name("orders")));
    CHECK(names(excerpt(all, {})).empty());
}

TEST_CASE("both ends of foreign keys are there, and no more of that kind") {
    Catalog all;
    foreign_key(all, "lines", "orders");
    foreign_key(all, "orders", "customers");
    foreign_key(all, "customers", "countries");
    foreign_key(all, "notes", "lines");
    table(all, "countries");
    CHECK(names(excerpt(all, {ref("orders")})) == Names{"lines", "orders", "customers"});
}

TEST_CASE("partitions at all depths with what hangs on them, and the parents") {
    Catalog all;
    table(all, "log").partition_by = "RANGE (day)";
    table(all, "log_1").partition_of = name("log");
    table(all, "log_1a").partition_of = name("log_1");
    table(all, "log_1b").partition_of = name("log_1");
    table(all, "log_2").partition_of = name("log");
    view(all, "latest", {ref("log_1a")});
    CHECK(names(excerpt(all, {ref("log")})) == Names{"log", "log_1", "log_1a", "log_1b", "log_2", "latest"});
    CHECK(names(excerpt(all, {ref("log_1b")})) == Names{"log", "log_1", "log_1b"});
    CHECK(names(excerpt(all, {ref("log_1"), ref("log_1b")})) ==
          Names{"log", "log_1", "log_1a", "log_1b", "latest"});
}

TEST_CASE("inheritance children, also of several parents") {
    Catalog all;
    table(all, "a");
    table(all, "b").inherits = {name("root")};
    table(all, "root");
    table(all, "c").inherits = {name("a"), name("b")};
    CHECK(names(excerpt(all, {ref("a")})) == Names{"a", "b", "c", "root"});
}

TEST_CASE("views over views, and functions that use them") {
    Catalog all;
    table(all, "orders");
    table(all, "other");
    view(all, "open", {ref("orders"), ref("orders", ObjectKind::column, "id"), ref("other")});
    view(all, "open_today", {ref("open")});
    view(all, "elsewhere", {ref("other")});
    function(all, "first_open", "");
    all.functions.begin()->second.depends = {ref("open_today")};
    CHECK(names(excerpt(all, {ref("orders", ObjectKind::column, "id")})) ==
          Names{"orders", "open", "open_today", "first_open"});
    CHECK(names(excerpt(all, {ref("open")})) == Names{"open", "open_today", "first_open"});
}

TEST_CASE("parts and indexes lead to their relation") {
    Catalog all;
    Index item;
    item.name = "orders_idx";
    table(all, "orders").indexes = {item};
    Constraint key;
    key.name = "lines_pkey";
    key.kind = ConstraintKind::primary_key;
    table(all, "lines").constraints = {key};
    view(all, "totals", {});
    item.name = "totals_idx";
    all.views.begin()->second.materialized = true;
    all.views.begin()->second.indexes = {item};
    CHECK(names(excerpt(all, {ref("orders_idx", ObjectKind::index)})) == Names{"orders"});
    CHECK(names(excerpt(all, {ref("lines_pkey", ObjectKind::index)})) == Names{"lines"});
    CHECK(names(excerpt(all, {ref("totals_idx", ObjectKind::index)})) == Names{"totals"});
    for (const ObjectKind kind : {ObjectKind::column, ObjectKind::constraint, ObjectKind::trigger,
                                  ObjectKind::policy, ObjectKind::rows})
        CHECK(names(excerpt(all, {ref("orders", kind, "x")})) == Names{"orders"});
}

TEST_CASE("sequences go with their owner and with whoever reads them") {
    Catalog all;
    table(all, "orders");
    sequence(all, "orders_id_seq", "orders");
    sequence(all, "numbers");
    column(table(all, "lines"), "no", "bigint", "nextval('public.numbers'::regclass)");
    column(table(all, "lines2"), "no", "bigint", "nextval('numbers'::regclass)");
    column(table(all, "lines3"), "no", "bigint", "nextval('other.numbers'::regclass)");
    CHECK(names(excerpt(all, {ref("orders")})) == Names{"orders", "orders_id_seq"});
    CHECK(names(excerpt(all, {ref("orders_id_seq", ObjectKind::sequence)})) ==
          Names{"orders", "orders_id_seq"});
    CHECK(names(excerpt(all, {ref("numbers", ObjectKind::sequence)})) == Names{"lines", "lines2", "numbers"});
}

TEST_CASE("a type reaches columns, domains, composites and arrays of it, and through domains further") {
    Catalog all;
    type(all, "mood", TypeKind::enumeration);
    type(all, "good_mood", TypeKind::domain).base_type = "public.mood";
    type(all, "pair", TypeKind::composite).attributes = {{"left", "mood[]", ""}};
    type(all, "moody", TypeKind::enumeration);
    column(table(all, "by_type"), "m", "mood");
    column(table(all, "by_array"), "m", "public.mood[]");
    column(table(all, "by_domain"), "m", "good_mood");
    column(table(all, "by_pair"), "m", "public.pair");
    column(table(all, "by_cast"), "m", "text", "'x'::public.mood::text");
    column(table(all, "not_by_name"), "mood", "text", "moody");
    column(table(all, "not_by_schema"), "m", "other.mood");
    view(all, "v", {ref("by_domain")});
    CHECK(names(excerpt(all, {ref("mood", ObjectKind::type)})) ==
          Names{"mood", "good_mood", "pair", "by_type", "by_array", "by_domain", "by_pair", "by_cast", "v"});
    CHECK(names(excerpt(all, {ref("pair", ObjectKind::type)})) == Names{"pair", "by_pair"});
}

TEST_CASE("names that need quotes are found, too") {
    Catalog all;
    all.types[{"My Schema", "My\"Type"}].name = {"My Schema", "My\"Type"};
    column(table(all, "a"), "m", "\"My Schema\".\"My\"\"Type\"");
    column(table(all, "b"), "m", "\"My Schema\".\"My\"");
    CHECK(names(excerpt(all, {{ObjectKind::type, {"My Schema", "My\"Type"}, {}}})) ==
          Names{"a", "My Schema.My\"Type"});
}

TEST_CASE("a function comes with all overloads, its triggers, and those that use it") {
    Catalog all;
    function(all, "touch", "");
    function(all, "touch", "integer");
    function(all, "other", "");
    Trigger trigger;
    trigger.name = "t";
    trigger.definition =
        "CREATE TRIGGER t BEFORE UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.touch()";
    table(all, "orders").triggers = {trigger};
    trigger.definition =
        "CREATE TRIGGER touch BEFORE UPDATE ON public.lines FOR EACH ROW EXECUTE FUNCTION other()";
    table(all, "lines").triggers = {trigger};
    column(table(all, "defaults"), "c", "integer", "touch (1)");
    view(all, "v", {ref("touch", ObjectKind::function)});
    const Catalog found = excerpt(all, {ref("touch", ObjectKind::function)});
    CHECK(names(found) == Names{"touch", "orders", "defaults", "v"});
    CHECK(found.functions.size() == 2);
}

TEST_CASE("a schema is all that is in it, and what that reaches") {
    Catalog all;
    table(all, ObjectName{"sales", "orders"});
    all.types[{"sales", "mood"}].name = {"sales", "mood"};
    all.sequences[{"sales", "q"}].name = {"sales", "q"};
    view(all, "report", {{ObjectKind::table, {"sales", "orders"}, {}}});
    table(all, ObjectName{"salesman", "x"});
    table(all, "y");
    CHECK(names(excerpt(all, {{ObjectKind::schema, {"", "sales"}, {}}})) ==
          Names{"sales.orders", "sales.mood", "sales.q", "report"});
}

TEST_CASE("unmodelled objects go with their relation, or are named") {
    Catalog all;
    table(all, "orders");
    const auto other = [&](const std::string& kind, const std::string& identity, const ObjectRef& on) {
        Other& out = all.others[kind + ' ' + identity];
        out.kind = kind;
        out.identity = identity;
        out.on = on;
    };
    other("rule", "r on public.orders", ref("orders"));
    other("rule", "r on public.lines", ref("lines"));
    other("event trigger", "e", {});
    other("aggregate", "public.total(integer)", {});
    other("foreign table", "public.orders_far", {});
    CHECK(names(excerpt(all, {ref("orders")})) == Names{"orders", "rule r on public.orders"});
    CHECK(names(excerpt(all, {ref("total", ObjectKind::function)})) ==
          Names{"aggregate public.total(integer)"});
    CHECK(names(excerpt(all, {ref("orders_far")})) == Names{"foreign table public.orders_far"});
    CHECK(names(excerpt(all, {{ObjectKind::schema, {"", "public"}, {}}})).size() == 5);
}

TEST_CASE("an excerpt of a large catalog is fast") {
    Catalog all;
    for (int i = 0; i < 10000; ++i) {
        const std::string text = "t" + std::to_string(i);
        for (int j = 0; j < 10; ++j)
            column(table(all, text), "c" + std::to_string(j), "character varying(50)");
        sequence(all, text + "_id_seq", text);
        if (i > 0) foreign_key(all, text, "t" + std::to_string(i / 2));
        view(all, "v" + std::to_string(i), {ref(text)});
    }
    const auto begin = std::chrono::steady_clock::now();
    const Catalog found = excerpt(all, {ref("t5000")});
    const auto took = std::chrono::steady_clock::now() - begin;
    CHECK(names(found) == Names{"t5000", "t2500", "t5000_id_seq", "v5000"});
    CHECK(took < std::chrono::seconds(1));  // some 20 ms where nothing else runs
}

TEST_CASE("numbers are given to what has none, and are unique") {
    Catalog all;
    all.schemas["public"].id = {7};
    Table& orders = table(all, "orders");
    column(orders, "id", "bigint");
    column(orders, "note", "text");
    column(orders, "at", "date");
    orders.columns[1].id = {5};
    orders.constraints.resize(1);
    orders.indexes.resize(1);
    orders.triggers.resize(1);
    orders.policies.resize(1);
    column(table(all, "lines"), "id", "bigint");
    sequence(all, "q");
    view(all, "v", {});
    all.views.begin()->second.indexes.resize(1);
    all.views.begin()->second.triggers.resize(1);
    type(all, "mood", TypeKind::domain).constraints.resize(1);
    function(all, "f", "integer");
    function(all, "f", "text");
    all.others["rule r"].id = {100};
    number_objects(all);
    CHECK(all.schemas["public"].id.value == 7);
    CHECK(all.others["rule r"].id.value == 100);
    CHECK(orders.columns[0].id.value == 6);
    CHECK(orders.columns[1].id.value == 5);
    CHECK(orders.columns[2].id.value == 7);
    CHECK(all.tables.at(name("lines")).columns[0].id.value == 1);
    std::set<std::uint64_t> fresh = {orders.id.value,
                                     orders.constraints[0].id.value,
                                     orders.indexes[0].id.value,
                                     orders.triggers[0].id.value,
                                     orders.policies[0].id.value,
                                     all.tables.at(name("lines")).id.value,
                                     all.sequences.begin()->second.id.value};
    const View& v = all.views.begin()->second;
    fresh.insert({v.id.value, v.indexes[0].id.value, v.triggers[0].id.value});
    const Type& t = all.types.begin()->second;
    fresh.insert({t.id.value, t.constraints[0].id.value});
    for (const auto& [key, item] : all.functions) fresh.insert(item.id.value);
    CHECK(fresh.size() == 14);
    CHECK(*fresh.begin() == 101);
    const Catalog before = all;
    number_objects(all);
    CHECK(all.tables.at(name("orders")).id.value == before.tables.at(name("orders")).id.value);
}
