#include "changelog/expressions.hpp"
#include "changelog/paths.hpp"

#include "support/catch.hpp"
#include "support/memory_files.hpp"

using namespace changelog;

TEST_CASE("context expressions hold as in Liquibase") {
    CHECK(context_holds("", {"a"}));
    CHECK(context_holds("a", {}));
    CHECK(context_holds("!prod", {}));
    CHECK(context_holds("not (prod)", {}));
    CHECK_FALSE(context_holds("@a", {}));
    CHECK(context_holds("!@a", {}));
    CHECK_FALSE(context_holds("!b and @a", {}));
    CHECK(context_holds("@a", {"a"}));
    CHECK(context_holds("A", {"a"}));
    CHECK(context_holds("a and b", {"a", "b"}));
    CHECK_FALSE(context_holds("a AND b", {"a"}));
    CHECK(context_holds("a or b and c", {"a"}));
    CHECK_FALSE(context_holds("(a or b) and c", {"a"}));
    CHECK(context_holds("a, b", {"b"}));
    CHECK_FALSE(context_holds("!a", {"a"}));
    CHECK(context_holds("not b", {"a"}));
    CHECK(context_holds("android", {"android"}));
    CHECK(context_holds("north", {"north"}));
}

TEST_CASE("labels of a changeset are matched by the run's expression") {
    CHECK(labels_match("", "a"));
    CHECK(labels_match("a", ""));
    CHECK(labels_match("a, b", "a and b"));
    CHECK_FALSE(labels_match("a", "a and b"));
    CHECK(labels_match("a", "!b"));
    CHECK_FALSE(labels_match("a", "b, c"));
}

TEST_CASE("lists of databases allow or exclude PostgreSQL") {
    for (const char* dbms : {"", "postgresql", "PostgreSQL", "h2, postgresql", "all", "!mysql", "!mysql,!h2"})
        CHECK(dbms_allows_postgresql(dbms));
    for (const char* dbms : {"mysql", "none", "postgres", "!postgresql", "mysql,h2"})
        CHECK_FALSE(dbms_allows_postgresql(dbms));
}

TEST_CASE("why a changeset does not run") {
    ChangeSet set;
    set.contexts = {"in", "prod and x"};
    set.labels = {"a,b"};
    CHECK(why_not_selected(set, {}) == std::nullopt);
    CHECK(why_not_selected(set, {{"in"}, ""}) == "context 'prod and x'");
    CHECK(why_not_selected(set, {{"in", "prod", "x"}, "c"}) == "labels 'a,b'");
    CHECK(why_not_selected(set, {{"in", "prod", "x"}, "a"}) == std::nullopt);
    set.dbms = "h2";
    CHECK(why_not_selected(set, {}) == "dbms 'h2'");
    set.ignore = true;
    CHECK(why_not_selected(set, {}) == "ignore: true");
}

TEST_CASE("paths are normal in identities") {
    CHECK(identity_path("./a/../b.yaml") == "b.yaml");
    CHECK(identity_path("C:\\db\\a.yaml") == "db/a.yaml");
    CHECK(identity_path("/db/a.yaml") == "db/a.yaml");
    CHECK(identity_path("classpath:/db/a.yaml") == "db/a.yaml");
    CHECK(normal_path("/a//b/./c") == "/a/b/c");
    CHECK(normal_path("../a") == "../a");
    CHECK(joined("x/y", "../z.sql") == "x/z.sql");
    CHECK(folder_of("a/b.yaml") == "a");
    CHECK(folder_of("b.yaml").empty());
    CHECK(extension_of("a.b/c.YAML") == "yaml");
    CHECK(extension_of("a.b/c").empty());
}
