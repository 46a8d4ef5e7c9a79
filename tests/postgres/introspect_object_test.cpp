// What an introspection tells of everything that is not a table.
#include "introspect_database.hpp"
#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::catalog;
using tests::introspected;

namespace {

using Names = std::vector<std::string>;

const View& view(const char* name) { return introspected().views.at({"app", name}); }
const Type& type(const char* name) { return introspected().types.at({"app", name}); }

const Function& function(const char* name, const char* arguments) {
    const auto [first, last] = introspected().functions.equal_range({"app", name});
    for (auto at = first; at != last; ++at)
        if (at->second.arguments == arguments) return at->second;
    FAIL("no function " << name << '(' << arguments << ')');
    return first->second;
}

const Other& other(const char* key) {
    const auto found = introspected().others.find(key);
    if (found == introspected().others.end()) FAIL("no " << key);
    return found->second;
}

bool uses(const std::vector<ObjectRef>& depends, const ObjectRef& object) {
    return std::find(depends.begin(), depends.end(), object) != depends.end();
}

}  // namespace

TEST_CASE("introspection: schemas and extensions") {
    const Schema& app = introspected().schemas.at("app");
    CHECK(app.comment == "the application");
    CHECK(app.grants == std::vector<Grant>{{"reader", {"USAGE"}, {}, false}});
    CHECK(introspected().schemas.contains("public"));
    CHECK(introspected().schemas.size() == 2);
    CHECK(introspected().extensions.at("plpgsql").schema == "pg_catalog");
    CHECK(introspected().uncertain.empty());
}

TEST_CASE("introspection: views") {
    const View& names = view("names");
    CHECK_FALSE(names.materialized);
    CHECK_THAT(names.query, ContainsSubstring("FROM app.customers"));
    CHECK(names.query.starts_with("SELECT"));
    CHECK_FALSE(names.query.ends_with(";"));
    CHECK(names.definition.empty());
    CHECK(names.columns.empty());
    CHECK(names.options ==
          std::map<std::string, std::string>{{"check_option", "local"}, {"security_barrier", "true"}});
    CHECK(names.comment == "shown");
    CHECK(names.column_comments == std::map<std::string, std::string>{{"name", "shown name"}});
    CHECK(names.column_defaults.at("name") == "'y'::character varying");
    REQUIRE(names.triggers.size() == 1);
    CHECK(names.triggers.front().name == "instead");
    CHECK(names.grants == std::vector<Grant>{{"", {"SELECT"}, {}, false}});
    CHECK(names.depends == std::vector<ObjectRef>{{ObjectKind::table, {"app", "customers"}, {}},
                                                  {ObjectKind::column, {"app", "customers"}, "id"},
                                                  {ObjectKind::column, {"app", "customers"}, "name"}});
    CHECK(names.id.value > 0);
}

TEST_CASE("introspection: materialized views") {
    const View& stored = view("stored");
    CHECK(stored.materialized);
    CHECK_FALSE(stored.populated);
    CHECK(stored.options.at("fillfactor") == "80");
    CHECK(stored.access_method.empty());
    CHECK(uses(stored.depends, {ObjectKind::table, {"app", "names"}, {}}));
    CHECK(uses(stored.depends, {ObjectKind::function, {"app", "f"}, {}}));
    REQUIRE(stored.indexes.size() == 1);
    CHECK(stored.indexes.front().name == "stored_one");
    CHECK(stored.indexes.front().unique);
    CHECK(view("names").populated);
}

TEST_CASE("introspection: sequences") {
    const Sequence& down = introspected().sequences.at({"app", "down"});
    CHECK(down.options.type == "smallint");
    CHECK(down.options.increment == "-1");
    CHECK(down.options.cache == "5");
    CHECK(down.options.cycle);
    CHECK_FALSE(down.options.start);
    CHECK_FALSE(down.options.minimum);
    CHECK_FALSE(down.options.maximum);
    CHECK_FALSE(down.owned_by);
    const Sequence& usual = introspected().sequences.at({"app", "usual"});
    CHECK(usual.options == SequenceOptions{});
    CHECK(usual.comment == "counts");
    CHECK(usual.grants == std::vector<Grant>{{"reader", {"USAGE"}, {}, false}});
}

TEST_CASE("introspection: types") {
    CHECK(introspected().types.size() == 4);
    CHECK(type("mood").kind == TypeKind::enumeration);
    CHECK(type("mood").labels == Names{"sad", "so, so", "hap\"py"});
    CHECK(type("mood").closed);
    CHECK(type("mood").grants.empty());
    CHECK(type("pair").kind == TypeKind::composite);
    CHECK(type("pair").attributes ==
          std::vector<TypeAttribute>{{"a", "integer", ""}, {"b", "text", "\"C\""}});
    CHECK_FALSE(type("pair").closed);
    const Type& positive = type("positive");
    CHECK(positive.kind == TypeKind::domain);
    CHECK(positive.base_type == "integer");
    CHECK(positive.not_null);
    CHECK(positive.expression == "1");
    REQUIRE(positive.constraints.size() == 1);
    CHECK(positive.constraints.front().name == "is_positive");
    CHECK(positive.constraints.front().expression == "(VALUE > 0)");
    CHECK(positive.constraints.front().validated);
    CHECK(type("span").kind == TypeKind::range);
    CHECK(type("span").definition.starts_with("subtype = double precision, subtype_diff = float8mi"));
}

TEST_CASE("introspection: functions") {
    CHECK(introspected().functions.count({"app", "f"}) == 2);
    // A range's constructors are a part of the type.
    CHECK(introspected().functions.size() == 6);
    const Function& variadic = function("f", "app.mood, VARIADIC text[]");
    CHECK(variadic.kind == "FUNCTION");
    CHECK(variadic.definition.starts_with("CREATE OR REPLACE FUNCTION app.f(a app.mood, VARIADIC b text[])"));
    CHECK(uses(variadic.depends, {ObjectKind::type, {"app", "mood"}, {}}));
    CHECK(uses(function("f", "app.customers").depends, {ObjectKind::table, {"app", "customers"}, {}}));
    CHECK_FALSE(variadic.closed);
    CHECK(function("fire", "").closed);
    CHECK(function("fire", "").comment == "fires");
    CHECK(function("fire", "").grants.empty());
    CHECK_FALSE(function("notice", "").closed);
    CHECK(function("notice", "").grants == std::vector<Grant>{{"reader", {"EXECUTE"}, {}, false}});
    CHECK(function("run", "integer").kind == "PROCEDURE");
}

TEST_CASE("introspection: what the model has no type for") {
    const Other& rule = other("rule quiet on app.plain");
    CHECK_THAT(rule.create, ContainsSubstring("CREATE RULE quiet AS"));
    CHECK(rule.drop == "DROP RULE quiet on app.plain");
    CHECK(rule.on == ObjectRef{ObjectKind::table, {"app", "plain"}, {}});
    CHECK(rule.comment == "shh");
    CHECK(other("statistics object app.correlated").create ==
          "CREATE STATISTICS app.correlated (dependencies) ON amount, customer FROM app.orders");
    CHECK(other("statistics object app.correlated").drop == "DROP STATISTICS app.correlated");
    CHECK(other("event trigger watch").create ==
          "CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE') "
          "EXECUTE FUNCTION app.notice()");
    CHECK(other("cast (app.mood AS integer)").create ==
          "CREATE CAST (app.mood AS integer) WITH INOUT AS ASSIGNMENT");
    CHECK(other("aggregate app.total(integer)").drop == "DROP AGGREGATE app.total(integer)");
    CHECK(other("user mapping reader on server far").drop == "DROP USER MAPPING FOR reader SERVER far");
    CHECK_THAT(other("user mapping reader on server far").state, !ContainsSubstring("secret"));
    CHECK_THAT(other("publication news").state, ContainsSubstring("app.orders"));
    CHECK_THAT(other("foreign table app.distant").state, ContainsSubstring("a integer t"));
    for (const std::string key :
         {"operator app.===(app.pair,app.pair)", "operator class app.pair_ops USING hash",
          "operator family app.pair_ops USING hash", "collation app.plain_order",
          "text search dictionary app.words", "text search configuration app.search",
          "foreign-data wrapper wrapper", "server far", "comment column app.pair.a"})
        CHECK(introspected().others.contains(key));
    const auto starts = [](const std::string& text) {
        return std::any_of(introspected().others.begin(), introspected().others.end(),
                           [&](const auto& entry) { return entry.first.starts_with(text); });
    };
    CHECK(starts("default acl "));
    CHECK(starts("constraint trigger "));  // disabled ones of foreign keys
    // The cast and the constructors that come with a range type are a part of it.
    CHECK_FALSE(starts("cast (app.span"));
    for (const auto& [key, one] : introspected().others) {
        INFO(key << ": " << one.state);
        CHECK_THAT(one.state, !ContainsSubstring("not known here"));
    }
}

TEST_CASE("introspection: what drops another object does drop it") {
    const tests::TestDatabase database;
    postgres::Connection connection = database.connect();
    tests::make_introspected(connection);
    for (const auto& [key, one] : introspected().others) {
        if (one.drop.empty()) continue;
        INFO(one.drop);
        const bool alone = one.kind == "user mapping" || one.drop.starts_with("COMMENT");
        connection.execute("BEGIN; " + one.drop + (alone ? "" : " CASCADE"));
        CHECK_FALSE(postgres::introspect(connection).others.contains(key));
        connection.execute("ROLLBACK");
    }
}
