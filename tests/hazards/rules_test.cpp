// Each rule by a statement of its own and by one beside it, over a small shop.
#include "hazards/findings.hpp"
#include "hazards/schemas.hpp"
#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::hazards;

namespace {

const catalog::Catalog& shop() {
    static const catalog::Catalog schema = folded(R"(
        CREATE TYPE state AS ENUM ('new', 'paid');
        CREATE DOMAIN amount AS int CHECK (VALUE > 0);
        CREATE DOMAIN code AS text;
        CREATE FUNCTION pick() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
        CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE TABLE customers (id bigint PRIMARY KEY, mail text, name varchar(20), born timestamp,
            vip boolean);
        CREATE UNIQUE INDEX customers_mail ON customers (mail);
        CREATE INDEX customers_born ON customers (born);
        CREATE INDEX customers_vip ON customers (name) WHERE vip;
        CREATE INDEX customers_like ON customers (mail text_pattern_ops, vip);
        CREATE TABLE orders (id serial PRIMARY KEY,
            customer bigint CONSTRAINT orders_customer REFERENCES customers,
            total numeric(8,2) CONSTRAINT positive CHECK (total > 0), state state DEFAULT 'new', placed date);
        CREATE INDEX orders_customer_placed ON orders (customer, placed);
        CREATE VIEW paid AS SELECT id, total FROM orders WHERE state = 'paid';
        CREATE TRIGGER stamp BEFORE UPDATE OF placed ON orders FOR EACH ROW EXECUTE FUNCTION stamp();
        CREATE MATERIALIZED VIEW sums AS SELECT customer, sum(total) AS s FROM orders GROUP BY customer;
        CREATE TABLE visits (at date NOT NULL, page text) PARTITION BY RANGE (at);
        CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        CREATE TABLE rest PARTITION OF visits DEFAULT;
        CREATE TABLE loose (at date, page text);
        CREATE TABLE prices (tag code, cents amount);
    )",
                                                  "public");
    return schema;
}

std::set<std::string> fired(const std::string& sql, int version = 150000,
                            const catalog::Catalog& schema = shop()) {
    std::set<std::string> out;
    for (const Finding& finding : findings_of({{sql, 0}}, FactContext{schema, version}))
        out.emplace(finding.rule);
    return out;
}

/// SQL for which the rule must speak, and SQL for which it must not.
struct Pair {
    std::string rule, bad, good;
    int version = 150000;
};

const std::vector<Pair> kPairs = {
    {"add-column-volatile-default", "ALTER TABLE orders ADD n int DEFAULT pick()",
     "ALTER TABLE orders ADD n int DEFAULT one()"},
    {"add-column-volatile-default", "ALTER TABLE orders ADD n text DEFAULT md5(random()::text)",
     "ALTER TABLE orders ADD n daterange DEFAULT daterange(current_date, NULL)"},
    {"add-column-identity", "ALTER TABLE visits ADD n bigserial", "ALTER TABLE visits ADD n bigint"},
    {"add-column-inline-unique", "ALTER TABLE orders ADD n int PRIMARY KEY", "ALTER TABLE orders ADD n int"},
    {"add-column-not-null-no-default", "ALTER TABLE orders ADD n int NOT NULL DEFAULT NULL",
     "ALTER TABLE orders ADD n serial NOT NULL"},
    {"set-not-null-scan",
     "ALTER TABLE orders ADD CONSTRAINT c CHECK (placed IS NOT NULL OR total > 0); ALTER TABLE orders ALTER "
     "placed SET NOT NULL",
     "ALTER TABLE orders ADD CONSTRAINT c CHECK (NOT (placed IS NULL)); ALTER TABLE orders ALTER placed SET "
     "NOT NULL"},
    {"set-not-null-drops-proof",
     "ALTER TABLE orders ADD CONSTRAINT c CHECK (placed IS NOT NULL); ALTER TABLE orders DROP CONSTRAINT c, "
     "ALTER placed SET NOT NULL",
     "ALTER TABLE orders ADD CONSTRAINT c CHECK (placed IS NOT NULL); ALTER TABLE orders ALTER placed SET "
     "NOT NULL; ALTER TABLE orders DROP CONSTRAINT c"},
    {"validate-in-same-transaction",
     "BEGIN; ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers NOT VALID; ALTER TABLE "
     "orders VALIDATE CONSTRAINT orders_customer_fkey; COMMIT",
     "BEGIN; ALTER TABLE customers ADD n int; ALTER TABLE orders VALIDATE CONSTRAINT orders_customer; "
     "COMMIT"},
    {"fk-drop-locks-both", "DROP TABLE orders CASCADE", "DROP TABLE loose"},
    {"fk-drop-locks-both", "DROP TABLE customers CASCADE", "ALTER TABLE orders DROP CONSTRAINT positive"},
    {"fk-without-index", "CREATE TABLE n (id bigint PRIMARY KEY, c bigint REFERENCES customers)",
     "CREATE TABLE n (id bigint PRIMARY KEY, c bigint REFERENCES customers); CREATE INDEX ON n (c)"},
    {"fk-type-mismatch", "CREATE TABLE n (c int REFERENCES customers (id))",
     "CREATE TABLE n (c bigint REFERENCES customers)"},
    {"unique-using-index-refused", "ALTER TABLE customers ADD UNIQUE USING INDEX customers_vip",
     "ALTER TABLE customers ADD UNIQUE USING INDEX customers_mail"},
    {"add-pk-nullable-scan", "ALTER TABLE loose ADD CONSTRAINT k PRIMARY KEY USING INDEX i",
     "ALTER TABLE loose ADD PRIMARY KEY (at)"},
    {"drop-primary-key", "ALTER TABLE orders DROP CONSTRAINT orders_pkey",
     "ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (id)"},
    {"check-volatile-expression", "CREATE TABLE n (d date CHECK (d < now()))",
     "CREATE TABLE n (d date CHECK (d < '2100-01-01'))"},
    {"create-index-blocking", "CREATE INDEX ON sums (customer)",
     "CREATE TABLE n (a int); CREATE INDEX ON n (a)"},
    {"concurrent-in-transaction", "BEGIN; ALTER TABLE visits DETACH PARTITION visits_1 CONCURRENTLY; COMMIT",
     "BEGIN; REFRESH MATERIALIZED VIEW CONCURRENTLY sums; COMMIT"},
    {"concurrent-index-lock-timeout",
     "SELECT set_config('lock_timeout', '1s', false); DROP INDEX CONCURRENTLY customers_born",
     "SET lock_timeout = '1s'; RESET lock_timeout; DROP INDEX CONCURRENTLY customers_born"},
    {"replace-index-gap",
     "DROP INDEX CONCURRENTLY customers_born; CREATE INDEX CONCURRENTLY n ON customers (born, name)",
     "CREATE INDEX CONCURRENTLY n ON customers (born, name); DROP INDEX CONCURRENTLY customers_born"},
    {"redundant-index", "CREATE INDEX CONCURRENTLY n ON orders (customer)",
     "CREATE INDEX CONCURRENTLY n ON orders (placed)"},
    {"redundant-index", "CREATE INDEX CONCURRENTLY n ON customers (id)",
     "CREATE INDEX CONCURRENTLY n ON customers (name)"},
    {"redundant-index", "CREATE INDEX CONCURRENTLY n ON orders (customer, placed)",
     "CREATE INDEX CONCURRENTLY n ON customers (mail, vip)"},
    {"drop-constraint-index", "DROP INDEX unknown_pkey", "DROP INDEX unknown_mail_key"},
    {"lock-timeout-per-lock", "SET lock_timeout = '1s'; DROP TABLE loose, prices, visits",
     "SET lock_timeout = '1s'; ALTER TABLE customers DROP COLUMN born"},
    {"change-type-using-truncates", "ALTER TABLE customers ALTER mail TYPE varchar(9) USING mail::varchar(9)",
     "ALTER TABLE orders ALTER state TYPE varchar(9) USING state::text::varchar(9)"},
    {"change-type-using-truncates",
     "ALTER TABLE orders ALTER state TYPE varchar(3) USING state::text::varchar(3)",
     "ALTER TABLE orders ALTER id TYPE varchar(11) USING id::varchar(11)"},
    {"change-type-using-truncates", "ALTER TABLE customers ALTER id TYPE varchar(11) USING id::varchar(11)",
     "ALTER TABLE customers ALTER name TYPE varchar(30) USING name::varchar(20)::varchar(30)"},
    {"change-type-using-truncates",
     "ALTER TABLE customers ALTER name TYPE varchar(30) USING name::varchar(9)::varchar(30)",
     "ALTER TABLE customers ALTER vip TYPE varchar(5) USING vip::varchar(5)"},
    {"attach-partition-scan",
     "ALTER TABLE visits ATTACH PARTITION loose FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')",
     "ALTER TABLE loose ADD CONSTRAINT b CHECK (at IS NOT NULL AND at BETWEEN '2021-02-01' AND "
     "'2021-12-31'); ALTER TABLE visits ATTACH PARTITION loose FOR VALUES FROM ('2021-01-01') TO "
     "('2022-01-01')"},
    {"default-partition-scan",
     "CREATE TABLE n PARTITION OF visits FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')",
     "ALTER TABLE rest ADD CHECK (at < '2021-01-01' OR at >= '2023-01-01'); CREATE TABLE n PARTITION OF "
     "visits FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')"},
    {"create-partition-locks-parent", "DROP TABLE visits_1", "DROP TABLE loose"},
    {"attach-missing-index",
     "CREATE INDEX ON ONLY visits (page); ALTER TABLE visits ATTACH PARTITION loose FOR VALUES FROM "
     "('2021-01-01') TO ('2022-01-01')",
     "ALTER TABLE visits ATTACH PARTITION loose FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')"},
    {"view-replace-incompatible", "CREATE OR REPLACE VIEW paid AS SELECT id, placed FROM orders",
     "CREATE OR REPLACE VIEW paid AS SELECT id, total, placed FROM orders WHERE state = 'paid'"},
    {"drop-trigger-exclusive", "DROP FUNCTION stamp() CASCADE", "DROP FUNCTION pick() CASCADE"},
    {"rls-without-policy", "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
     "BEGIN; ALTER TABLE orders ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON orders USING (true); COMMIT"},
    {"rename-table", "ALTER VIEW paid RENAME TO done", "ALTER INDEX customers_born RENAME TO n"},
    {"enum-value-used-same-transaction",
     "BEGIN; ALTER TYPE state ADD VALUE 'sent'; ALTER TABLE orders ALTER state SET DEFAULT 'sent'; COMMIT",
     "ALTER TYPE state ADD VALUE 'sent'; ALTER TABLE orders ALTER state SET DEFAULT 'sent'"},
    {"change-type-rewrite", "ALTER TABLE orders ALTER total TYPE numeric(8,3)",
     "ALTER TABLE orders ALTER total TYPE numeric(9,2)"},
    {"change-type-rewrite", "ALTER TABLE customers ALTER mail TYPE amount USING 1",
     "ALTER TABLE customers ALTER mail TYPE code"},
    {"change-type-index-rebuild", "ALTER TABLE customers ALTER name TYPE varchar(30)",
     "ALTER TABLE customers ALTER mail TYPE varchar"},
    {"change-type-index-rebuild", "ALTER TABLE customers ALTER mail TYPE text COLLATE \"C\"",
     "ALTER TABLE customers ALTER mail TYPE text"},
    {"change-type-recheck", "ALTER TABLE orders ALTER total TYPE numeric(9,2)",
     "ALTER TABLE customers ALTER mail TYPE varchar"},
    {"change-type-dependents", "ALTER TABLE orders ALTER placed TYPE text",
     "ALTER TABLE customers ALTER vip TYPE text"},
    {"change-type-dependents", "ALTER TABLE visits ALTER at TYPE timestamptz",
     "ALTER TABLE visits ALTER page TYPE varchar"},
    {"change-type-narrowing", "ALTER TABLE customers ALTER born TYPE date",
     "ALTER TABLE customers ALTER born TYPE timestamptz"},
    {"change-type-timezone-dependent", "ALTER TABLE customers ALTER born TYPE timestamptz",
     "SET timezone = 'UTC'; ALTER TABLE customers ALTER born TYPE timestamptz"},
    {"serial-sequence-not-widened", "ALTER TABLE orders ALTER id TYPE bigint",
     "ALTER TABLE orders ALTER id TYPE bigint; ALTER SEQUENCE orders_id_seq AS bigint"},
    {"stats-lost-after-type-change", "ALTER TABLE customers ALTER mail TYPE varchar",
     "ALTER TABLE customers ALTER mail TYPE varchar; ANALYZE customers"},
    {"domain-constraint-scan", "ALTER DOMAIN code SET NOT NULL", "ALTER DOMAIN code DROP NOT NULL"},
    {"set-expression-rewrite",
     "ALTER TABLE loose ADD n text GENERATED ALWAYS AS (page) STORED; ALTER TABLE loose ALTER n SET "
     "EXPRESSION AS (upper(page))",
     "ALTER TABLE loose ADD n text GENERATED ALWAYS AS (page) VIRTUAL; ALTER TABLE loose ALTER n SET "
     "EXPRESSION AS (upper(page))",
     180000},
    {"missing-lock-timeout", "SET LOCAL lock_timeout = '1s'; ALTER TABLE orders ADD n int",
     "BEGIN; SET LOCAL lock_timeout = '1s'; ALTER TABLE orders ADD n int; COMMIT"},
    {"missing-lock-timeout", "BEGIN; SET LOCAL lock_timeout = '1s'; COMMIT; ALTER TABLE orders ADD n int",
     "CREATE INDEX CONCURRENTLY n ON orders (placed)"},
    {"statement-after-exclusive-lock",
     "BEGIN; ALTER TABLE orders ADD n int; CREATE INDEX ON orders (n); COMMIT",
     "BEGIN; ALTER TABLE orders ADD n int; ALTER TABLE orders ADD m int; COMMIT"},
    {"statement-after-exclusive-lock",
     "BEGIN; ALTER TABLE orders ADD n int; UPDATE orders SET n = 1 WHERE id > 5 AND id < 500000; COMMIT",
     "BEGIN; ALTER TABLE orders ADD n int; UPDATE tool_version SET number = 'b' WHERE tool_version.number = "
     "'a'; COMMIT"},
    {"statement-after-exclusive-lock",
     "BEGIN; ALTER TABLE orders ADD n int; INSERT INTO loose SELECT placed, state FROM orders; COMMIT",
     "BEGIN; ALTER TABLE orders ADD n int; DELETE FROM customers WHERE id IN (1, 2); COMMIT"},
    {"multiple-tables-exclusive", "BEGIN; DROP TABLE loose; ALTER TABLE prices ADD n int; COMMIT",
     "BEGIN; ALTER TABLE visits ADD n int; ALTER TABLE visits_1 ALTER page SET DEFAULT 'a'; COMMIT"},
    {"multiple-tables-exclusive",
     "BEGIN; ALTER TABLE customers ADD n int; ALTER TABLE orders DROP CONSTRAINT orders_customer; COMMIT",
     "BEGIN; DROP VIEW paid; ALTER TABLE orders ADD n int; COMMIT"},
    {"merge-alter-table",
     "ALTER TABLE orders DROP COLUMN placed; ALTER TABLE orders ALTER state DROP DEFAULT",
     "ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 1) NOT VALID; ALTER TABLE orders VALIDATE "
     "CONSTRAINT c"},
    {"unbatched-backfill", "UPDATE orders SET placed = now() WHERE state = 'new'",
     "UPDATE orders SET placed = now() WHERE id = 7"},
    {"unbatched-backfill", "DELETE FROM orders WHERE id > 5",
     "DELETE FROM orders WHERE id IN (SELECT id FROM orders WHERE placed IS NULL LIMIT 100)"},
    {"unbatched-backfill", "DELETE FROM orders WHERE id IS DISTINCT FROM 5",
     "DELETE FROM orders WHERE 5 = id"},
    {"unbatched-backfill", "DELETE FROM orders WHERE 5 < id", "DELETE FROM orders WHERE 5 < id AND 9 >= id"},
    {"transaction-nesting", "START TRANSACTION; BEGIN; COMMIT", "BEGIN; SAVEPOINT a; ROLLBACK TO a; COMMIT"},
    {"statement-fails", "ALTER TABLE customers ALTER mail TYPE int",
     "ALTER TABLE customers ALTER mail TYPE int USING mail::int"},
    {"statement-fails", "CREATE INDEX CONCURRENTLY ON visits (page)", "CREATE INDEX ON visits (page)"},
    {"statement-fails", "ALTER TABLE loose ALTER page SET COMPRESSION pglz",
     "ALTER TABLE loose ALTER page SET STORAGE external", 130000},
    {"concurrent-advisory-deadlock", "SELECT pg_advisory_lock(1)", "SELECT pg_try_advisory_lock(1)"},
    {"drop-table", "DROP MATERIALIZED VIEW sums", "CREATE TEMP TABLE loose (a int); DROP TABLE loose"},
    {"drop-cascade", "TRUNCATE customers CASCADE", "TRUNCATE loose"},
    {"int4-primary-key", "CREATE TABLE n (id smallserial, PRIMARY KEY (id))",
     "CREATE TABLE n (a int, b int, PRIMARY KEY (a, b))"},
    {"table-without-primary-key", "CREATE TABLE n (a int)",
     "CREATE TABLE n (a int); ALTER TABLE n ADD PRIMARY KEY (a)"},
};

}  // namespace

TEST_CASE("rules speak where they should and are silent beside it") {
    for (const Pair& pair : kPairs) {
        INFO(pair.rule);
        {
            INFO(pair.bad);
            CHECK(fired(pair.bad, pair.version).contains(pair.rule));
        }
        INFO(pair.good);
        CHECK_FALSE(fired(pair.good, pair.version).contains(pair.rule));
    }
}

TEST_CASE("a table that the migration made may be changed at will") {
    const std::string made = "CREATE TABLE n (id bigint PRIMARY KEY, a int); ";
    for (const char* change : {"ALTER TABLE n ADD b uuid DEFAULT gen_random_uuid()", "CREATE INDEX ON n (a)",
                               "ALTER TABLE n ALTER a TYPE bigint",
                               "ALTER TABLE n RENAME TO m; ALTER TABLE m ALTER a SET NOT NULL",
                               "ALTER TABLE n DROP COLUMN a", "DROP TABLE n", "UPDATE n SET a = 1",
                               "CREATE TRIGGER t BEFORE INSERT ON n FOR EACH ROW EXECUTE FUNCTION stamp()"}) {
        INFO(change);
        CHECK(fired(made + change).empty());
    }
}

TEST_CASE("what concerns every table says so") {
    for (const char* sql : {"VACUUM FULL", "CLUSTER", "REINDEX DATABASE shop"}) {
        INFO(sql);
        const auto all = findings_of({{sql, 0}}, FactContext{shop()});
        REQUIRE_FALSE(all.empty());
        CHECK(all.front().message.find(" every table") != std::string::npos);
    }
}

TEST_CASE("statements about transactions are called by their own words") {
    const FactContext context{shop()};
    CHECK(facts_of("BEGIN", context).summary == "BEGIN");
    CHECK(facts_of("COMMIT", context).summary == "COMMIT");
    CHECK(facts_of("ROLLBACK TO SAVEPOINT a", context).summary == "ROLLBACK TO");
}

TEST_CASE("findings say where and about what") {
    const std::string text =
        "SET lock_timeout = '1s';\nALTER TABLE orders ADD a int, ALTER placed SET NOT NULL;";
    const auto all = findings_of({{"SELECT 1", 0}, {text, 100}}, FactContext{shop()});
    const auto found = std::find_if(all.begin(), all.end(),
                                    [](const Finding& each) { return each.rule == "set-not-null-scan"; });
    REQUIRE(found != all.end());
    CHECK(found->statement == 1);
    CHECK(found->offset == 100 + text.find("ALTER placed"));
    CHECK(found->objects == std::vector<ObjectRef>{{ObjectKind::column, {"public", "orders"}, "placed"}});
    CHECK(found->message.find("orders.placed") != std::string::npos);
    CHECK_FALSE(found->safe.empty());
}

TEST_CASE("every rule has a name and a code of its own") {
    std::set<std::string_view> ids, codes;
    for (const RuleEntry& rule : all_rules()) {
        INFO(rule.id);
        CHECK(ids.insert(rule.id).second);
        CHECK(codes.insert(rule.code).second);
        CHECK(rule.code.starts_with("CL2"));
    }
    CHECK(ids.size() >= 100);
}

TEST_CASE("text that nobody can read gives no findings and no error") {
    CHECK(fired("ALTER TABEL x; ((((").empty());
    CHECK(fired("").empty());
    CHECK(findings_of({}, FactContext{shop()}).empty());
}
