// What an introspection tells of tables: every field of the model that a table has.
#include "catalog/ddl.hpp"
#include "introspect_database.hpp"
#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::catalog;
using tests::introspected;

namespace {

using Names = std::vector<std::string>;
using Options = std::map<std::string, std::string>;

const Table& table(const std::string& name) { return introspected().tables.at({"app", name}); }

const Column& column(const std::string& table_name, const std::string& name) {
    const Column* found = table(table_name).column(name);
    REQUIRE(found != nullptr);
    return *found;
}

const Constraint& constraint(const std::string& table_name, const std::string& name) {
    const Constraint* found = table(table_name).constraint(name);
    REQUIRE(found != nullptr);
    return *found;
}

const Index& index(const std::string& table_name, const std::string& name) {
    const Index* found = table(table_name).index(name);
    REQUIRE(found != nullptr);
    return *found;
}

}  // namespace

TEST_CASE("introspection: what a table is") {
    const Table& customers = table("customers");
    CHECK(customers.id.value > 16383);
    CHECK(customers.persistence.empty());
    CHECK(customers.access_method.empty());
    CHECK(customers.tablespace.empty());
    CHECK(customers.options == Options{{"fillfactor", "70"}, {"toast.autovacuum_enabled", "false"}});
    CHECK(customers.comment == "who buys");
    CHECK(customers.replica_identity.empty());
    CHECK(table("plain").persistence == "UNLOGGED");
    CHECK(table("plain").replica_identity == "FULL");
    CHECK(table("plain").row_security);
    CHECK(table("plain").force_row_security);
    CHECK_FALSE(customers.row_security);
    CHECK(table("child").inherits == std::vector<ObjectName>{{"app", "plain"}});
    CHECK(table("child").persistence.empty());
    CHECK(introspected().tables.size() == 8);
}

TEST_CASE("introspection: partitions") {
    CHECK(table("parts").partition_by == "RANGE (day)");
    CHECK(table("parts").partition_bound.empty());
    const Table& part = table("parts_1");
    CHECK(part.partition_of == ObjectName{"app", "parts"});
    CHECK(part.partition_bound == "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')");
    CHECK(part.inherits.empty());
    CHECK(table("parts_rest").partition_bound == "DEFAULT");
    CHECK(part.columns.at(0).inherited);
    CHECK(column("child", "a").inherited);
    CHECK_FALSE(column("child", "b").inherited);
    CHECK(constraint("parts_1", "parts_1_pkey").inherited);
    CHECK_FALSE(constraint("parts", "parts_pkey").inherited);
    // A foreign key to a partitioned table has a row in pg_constraint for each partition.
    CHECK(table("refers").constraints.size() == 1);
    CHECK(index("parts_1", "parts_1_n_idx").attached_to == ObjectName{"app", "parts_n"});
    CHECK_FALSE(index("parts", "parts_n").on_only);
    CHECK(index("parts", "parts_alone").on_only);
    CHECK(index("parts", "parts_alone").valid);
    REQUIRE(part.triggers.size() == 1);
    CHECK(part.triggers.front().inherited);
    CHECK_FALSE(table("parts").triggers.at(0).inherited);
}

TEST_CASE("introspection: columns") {
    const Column& name = column("customers", "name");
    CHECK(name.id.value == 2);
    CHECK(name.type == "character varying(50)");
    CHECK(name.collation == "\"C\"");
    CHECK(name.not_null);
    const bool has_names = postgres::Connection(tests::server_url()).target().server_version >= 180000;
    CHECK(name.not_null_name == (has_names ? "customers_name_not_null" : ""));
    CHECK(name.expression == "'x'::character varying");
    CHECK(name.generated == Generated::no);
    CHECK(name.storage == "EXTERNAL");
    CHECK(name.compression.empty());
    CHECK(name.statistics == 500);
    CHECK(name.options.empty());
    CHECK(name.comment == "full name");
    const Column& mood = column("customers", "mood");
    CHECK(mood.type == "app.mood");
    CHECK(mood.options == Options{{"n_distinct", "3"}});
    CHECK_FALSE(mood.expression);
    CHECK_FALSE(mood.statistics);
    CHECK(mood.storage.empty());
    CHECK(mood.collation.empty());
    const Column& lower_name = column("customers", "lower_name");
    CHECK(lower_name.generated == Generated::stored);
    CHECK(lower_name.expression == "lower((name)::text)");
    // A dropped column leaves a gap in the numbers.
    CHECK(column("orders", "note").id.value == 6);
    CHECK(table("orders").columns.size() == 5);
}

TEST_CASE("introspection: identity columns and serial ones") {
    const Column& id = column("customers", "id");
    REQUIRE(id.identity);
    CHECK(id.identity->always);
    CHECK(id.identity->options.type == "integer");
    CHECK(id.identity->options.start == "10");
    CHECK(id.identity->options.increment == "2");
    CHECK_FALSE(id.identity->options.maximum);
    CHECK(id.identity->sequence.empty());
    const Column& other = column("customers", "other");
    REQUIRE(other.identity);
    CHECK_FALSE(other.identity->always);
    CHECK(other.identity->options.type == "smallint");
    CHECK(other.identity->sequence == "counts");
    CHECK(introspected().sequences.size() == 3);
    CHECK(column("orders", "id").expression == "nextval('app.orders_id_seq'::regclass)");
    CHECK(introspected().sequences.at({"app", "orders_id_seq"}).owned_by ==
          ObjectRef{ObjectKind::column, {"app", "orders"}, "id"});
}

TEST_CASE("introspection: constraints") {
    const Constraint& unique = constraint("customers", "one_name");
    CHECK(unique.kind == ConstraintKind::unique);
    CHECK(unique.columns == Names{"name"});
    CHECK(unique.include == Names{"mood"});
    CHECK(unique.options == Options{{"fillfactor", "50"}});
    CHECK(unique.comment == "no twins");
    CHECK(constraint("customers", "customers_pkey").kind == ConstraintKind::primary_key);
    CHECK_FALSE(constraint("customers", "customers_pkey").no_inherit);
    const Constraint& buyer = constraint("orders", "orders_buyer");
    CHECK(buyer.kind == ConstraintKind::foreign_key);
    CHECK(buyer.columns == Names{"customer"});
    CHECK(buyer.referenced_table == ObjectName{"app", "customers"});
    CHECK(buyer.referenced_columns == Names{"id"});
    CHECK(buyer.match == "FULL");
    CHECK(buyer.on_delete == "SET NULL");
    CHECK(buyer.on_update == "CASCADE");
    CHECK(buyer.deferrable);
    CHECK(buyer.initially_deferred);
    CHECK(buyer.validated);
    CHECK(buyer.enforced);
    const Constraint& large = constraint("orders", "large");
    CHECK(large.kind == ConstraintKind::check);
    CHECK(large.expression == "((amount)::integer > 7)");
    CHECK_FALSE(large.validated);
    CHECK(large.no_inherit);
    CHECK(large.columns == Names{"amount"});
    const Constraint& overlap = constraint("orders", "no_overlap");
    CHECK(overlap.kind == ConstraintKind::exclusion);
    CHECK(overlap.expression ==
          "EXCLUDE USING gist (during WITH &&) WITH (fillfactor='60') WHERE ((customer > 0))");
    CHECK(overlap.deferrable);
    CHECK_FALSE(overlap.initially_deferred);
    CHECK(overlap.columns == Names{"during"});
}

TEST_CASE("introspection: indexes") {
    CHECK(table("orders").indexes.size() == 2);  // those behind constraints are not listed
    const Index& keys = index("orders", "orders_keys");
    CHECK(keys.unique);
    CHECK(keys.method == "btree");
    CHECK(keys.include == Names{"amount"});
    CHECK(keys.predicate == "((amount)::integer > 3)");
    CHECK(keys.options == Options{{"fillfactor", "90"}});
    CHECK(keys.comment == "quick");
    CHECK(keys.statistics == std::map<int, int>{{3, 77}});
    CHECK(keys.attached_to.name.empty());
    REQUIRE(keys.keys.size() == 3);
    CHECK(keys.keys[0] == IndexKey{"customer", false, true, false, {}, {}});
    CHECK(keys.keys[1] == IndexKey{"lower(note)", true, false, std::nullopt, "\"C\"", "text_pattern_ops"});
    CHECK(keys.keys[2].text == "customer + 1");
    CHECK(keys.keys[2].operator_class.empty());
    CHECK(keys.keys[2] == IndexKey{"customer + 1", true, false, std::nullopt, {}, {}});
    const Index& names = index("customers", "customers_names");
    CHECK(names.clustered);
    CHECK_FALSE(names.replica_identity);
    REQUIRE(names.keys.size() == 3);
    CHECK(names.keys[0] == IndexKey{"name", false, false, std::nullopt, "\"POSIX\"", {}});
    CHECK(names.keys[1] == IndexKey{"lower_name", false, false, std::nullopt, {}, "text_pattern_ops"});
    CHECK(names.keys[2] == IndexKey{"name", false, false, std::nullopt, {}, "varchar_ops"});
    CHECK(index("customers", "customers_mark").replica_identity);
    CHECK(index("orders", "orders_brin").method == "brin");
}

TEST_CASE("introspection: triggers and policies") {
    REQUIRE(table("orders").triggers.size() == 1);
    const Trigger& firing = table("orders").triggers.front();
    CHECK(firing.name == "firing");
    CHECK(firing.definition ==
          "CREATE TRIGGER firing BEFORE INSERT ON app.orders FOR EACH ROW WHEN (((new.amount)::integer > 1)) "
          "EXECUTE FUNCTION app.fire()");
    CHECK(firing.enabled == "D");
    CHECK(firing.comment == "when");
    REQUIRE(table("plain").policies.size() == 1);
    const Policy& mine = table("plain").policies.front();
    CHECK(mine.definition ==
          "CREATE POLICY mine ON app.plain AS RESTRICTIVE FOR UPDATE TO \"Big Writer\", reader "
          "USING (a > 0) WITH CHECK (a > 1)");
    CHECK(mine.comment == "only mine");
}

TEST_CASE("introspection: privileges of tables") {
    const std::vector<Grant> expected = {
        {"Big Writer", {"SELECT"}, {"id"}, false},
        {"Big Writer", {"REFERENCES", "UPDATE"}, {"customer", "note"}, false},
        {"reader", {"DELETE"}, {}, false},
        {"reader", {"INSERT", "SELECT"}, {}, true}};
    const std::vector<Grant>& found = table("orders").grants;
    CHECK(found.size() == expected.size());
    for (const Grant& grant : expected) CHECK(std::find(found.begin(), found.end(), grant) != found.end());
    CHECK(table("plain").grants.empty());
}

TEST_CASE("introspection: what PostgreSQL 15 added to constraints") {
    const tests::TestDatabase database;
    postgres::Connection connection = database.connect();
    if (connection.target().server_version < 150000) return;
    connection.execute(
        "CREATE TABLE a (id int PRIMARY KEY, b int UNIQUE NULLS NOT DISTINCT); CREATE TABLE c (id int, d "
        "int, "
        "CONSTRAINT k FOREIGN KEY (id) REFERENCES a ON DELETE SET NULL (id)); "
        "CREATE INDEX i ON a (b) ; CREATE UNIQUE INDEX u ON a (b) NULLS NOT DISTINCT");
    const Catalog found = postgres::introspect(connection);
    const Table& a = found.tables.at({"public", "a"});
    CHECK(a.constraint("a_b_key")->nulls_not_distinct);
    CHECK_FALSE(a.constraint("a_pkey")->nulls_not_distinct);
    CHECK(a.index("u")->nulls_not_distinct);
    CHECK_FALSE(a.index("i")->nulls_not_distinct);
    CHECK(found.tables.at({"public", "c"}).constraint("k")->set_columns == Names{"id"});
}

TEST_CASE("introspection: what PostgreSQL 18 added to tables") {
    const tests::TestDatabase database;
    postgres::Connection connection = database.connect();
    if (connection.target().server_version < 180000) {
        WARN("SKIP: needs PostgreSQL 18");
        return;
    }
    connection.execute(
        "CREATE TABLE t (a int CONSTRAINT a_set NOT NULL, b int NOT NULL, c int GENERATED ALWAYS AS (a + 1) "
        "VIRTUAL, d int, r int4range, s int4range, CONSTRAINT idle CHECK (a > 0) NOT ENFORCED, "
        "CONSTRAINT apart UNIQUE (r, s WITHOUT OVERLAPS)); ALTER TABLE t ADD CONSTRAINT d_set NOT NULL d NOT "
        "VALID; CREATE TABLE whole (id int GENERATED ALWAYS AS IDENTITY (START WITH 5), k int) PARTITION BY "
        "LIST (k); CREATE TABLE part PARTITION OF whole DEFAULT");
    const Catalog found = postgres::introspect(connection);
    const Table& made = found.tables.at({"public", "t"});
    CHECK(made.column("a")->not_null_name == "a_set");
    CHECK(made.column("b")->not_null);
    CHECK(made.column("b")->not_null_name == "t_b_not_null");
    CHECK(made.column("c")->generated == Generated::on_read);
    CHECK_FALSE(made.column("d")->not_null);  // not for the rows that are there
    CHECK(catalog::constraint_definition(*made.constraint("d_set")) ==
          "CONSTRAINT d_set NOT NULL d NOT VALID");
    CHECK_FALSE(made.constraint("idle")->enforced);
    CHECK(made.indexes.empty());
    CHECK(catalog::constraint_definition(*made.constraint("apart")) ==
          "CONSTRAINT apart UNIQUE (r, s WITHOUT OVERLAPS)");
    CHECK(found.others.empty());
    // The partition counts with the sequence of the whole.
    CHECK(found.tables.at({"public", "whole"}).column("id")->identity->options.start == "5");
    CHECK_FALSE(found.tables.at({"public", "part"}).column("id")->identity);
}
