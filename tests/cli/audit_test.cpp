#include "cli/program.hpp"
#include "support/catch.hpp"

using changelog::test::Folder;
using changelog::test::Result;

namespace {

/// Runs it as JSON and what python says of the answer `d`.
Result checked(const Folder& folder, const std::string& arguments, const std::string& python) {
    return folder.run("$changelog audit " + arguments + " --format json > out.json; code=$?; python3 -c '\n" +
                      "import json; d = json.load(open(\"out.json\")); f = d[\"findings\"]\n" +
                      "rules = [x[\"rule\"] for x in f]\n" + python + "\n' && exit $code");
}

constexpr const char* kIndex = "CREATE INDEX orders_user ON orders (user_id);\n";

}  // namespace

TEST_CASE("audit shows each hazard at its place and what it locks") {
    const Folder folder;
    folder.write("m.sql", std::string("SET lock_timeout = '2s';\n\n  ") + kIndex);
    const Result result = folder.run("$changelog audit m.sql");
    CHECK(result.code == 0);
    CHECK_THAT(result.out, ContainsSubstring("m.sql:3:3: warning CL2161: "));
    CHECK_THAT(result.out, ContainsSubstring("    3 |   CREATE INDEX orders_user ON orders (user_id)"));
    CHECK_THAT(result.out, ContainsSubstring("SHARE on orders: writes wait while an index is built."));
    CHECK_THAT(result.out, ContainsSubstring("1 file, 2 statements: 0 errors, 1 warning"));
    CHECK(folder.run("$changelog audit m.sql --fail-on warning").code == 3);
    CHECK(folder.run("$changelog explain CL2161").code == 0);
}

TEST_CASE("what fails or loses data is an error and gives exit code 3") {
    const Folder folder;
    folder.write("m.sql", "DROP TABLE orders;\n");
    CHECK(folder.run("$changelog audit m.sql").code == 3);
    CHECK(folder.run("$changelog audit m.sql --fail-on never").code == 0);
}

TEST_CASE("rows weigh what grows with them, and nothing else") {
    const Folder folder;
    folder.write("m.sql", kIndex);
    const std::string index = "x = [y for y in f if y[\"rule\"] == \"create-index-blocking\"][0]\n";
    CHECK(checked(folder, "m.sql --rows orders=52M",
                  index + "assert x[\"severity\"] == \"warning\" and \"52,000,000 rows\" in x[\"title\"], x")
              .code == 0);
    CHECK(checked(folder, "m.sql --rows public.orders=9.9k",
                  index + "assert x[\"severity\"] == \"note\" and x[\"loweredFrom\"] == \"warning\", x\n"
                          "assert \"missing-lock-timeout\" in rules, rules")
              .code == 0);
    CHECK(checked(folder, "m.sql", index + "assert x[\"severity\"] == \"warning\", x").code == 0);
    CHECK_THAT(folder.run("$changelog audit m.sql --rows order=5").err, ContainsSubstring("public.order"));
    for (const char* wrong : {"orders", "orders=", "orders=x", "a.b.c=1", "orders=-1", "=5", "orders=nan"})
        CHECK(folder.run(std::string("$changelog audit m.sql --rows ") + wrong).code == 2);
}

TEST_CASE("the schema that is there decides") {
    const Folder folder;
    folder.write("base.sql",
                 "\\restrict abc\nSELECT pg_catalog.set_config('search_path', '', false);\n"
                 "CREATE TABLE public.t (id integer NOT NULL, c character varying(10));\n"
                 "COPY public.t (id, c) FROM stdin;\n1\tit's\n\\.\n\n"
                 "CREATE VIEW public.v AS SELECT c FROM public.t;\n\\unrestrict abc\n");
    folder.write("m.sql", "ALTER TABLE t ALTER COLUMN c TYPE varchar(20);\n");
    CHECK(checked(folder, "m.sql --schema base.sql", "assert \"change-type-dependents\" in rules, rules")
              .code == 3);
    CHECK(checked(folder, "m.sql", "assert \"change-type-dependents\" not in rules, rules").code == 0);
    CHECK(folder.run("$changelog audit m.sql --schema base.sql").err.empty());
}

TEST_CASE("SQL that cannot be read is an error at its place") {
    const Folder folder;
    folder.write("m.sql", "SELECT 1;\n/* ä */ SELECT 'ä' FORM t x;\nSELECT 2;\n");
    CHECK(checked(folder, "m.sql",
                  "x = f[0]; w = x[\"where\"]\n"
                  "assert x[\"rule\"] == \"unreadable-sql\" and x[\"code\"] == \"CL2281\" and "
                  "x[\"pg\"][\"sqlstate\"] == \"42601\", x\n"
                  "assert (w[\"line\"], w[\"col\"], x[\"statement\"]) == (2, 27, 2), x\n"
                  "assert len(d[\"statements\"]) == 3 and d[\"statements\"][1][\"known\"] is False, d")
              .code == 3);
    folder.write("open.sql", "SELECT 'never closed;\n");
    CHECK(folder.run("$changelog audit open.sql").code == 3);
}

TEST_CASE("statements are told with their facts") {
    const Folder folder;
    folder.write("m.sql", "CREATE INDEX CONCURRENTLY i ON t (a);\nALTER TABLE t ADD COLUMN b int;\n");
    CHECK(checked(folder, "m.sql",
                  "a, b = d[\"statements\"]\n"
                  "assert a[\"transactional\"] is False and b[\"transactional\"] is True, d\n"
                  "assert b[\"lock\"] == \"ACCESS EXCLUSIVE\" and b[\"work\"] == \"catalog\", b\n"
                  "assert b[\"locks\"][0][\"object\"] == \"public.t\", b\n"
                  "assert b[\"where\"][\"line\"] == 2 and b[\"where\"][\"endCol\"] == 31, b")
              .code == 0);
    CHECK(
        checked(folder, "m.sql --single-transaction", "assert \"concurrent-in-transaction\" in rules, rules")
            .code == 3);
}

TEST_CASE("a comment with a reason allows a finding") {
    const Folder folder;
    folder.write(
        "m.sql",
        std::string("-- changelog:allow create-index-blocking,CL2272 empty until launch\n") + kIndex);
    CHECK(checked(folder, "m.sql",
                  "assert len(d[\"allowed\"]) == 2 and \"create-index-blocking\" not in rules, d\n"
                  "assert d[\"allowed\"][0][\"allowed\"] == \"empty until launch\", d")
              .code == 0);
    folder.write("m.sql", std::string("-- changelog:allow create-index-blocking\n") + kIndex);
    CHECK(
        checked(
            folder, "m.sql",
            "assert [y[\"code\"] for y in f if y[\"rule\"] == \"allow-without-reason\"] == [\"CL2285\"], f\n"
            "assert \"create-index-blocking\" in rules, rules")
            .code == 0);
    folder.write("m.sql", std::string("-- changelog:allow create-index-blokking why not\n") + kIndex +
                              "-- changelog:allow drop-table why not\nSELECT 1;\n");
    CHECK(checked(folder, "m.sql",
                  "x = [y for y in f if y[\"rule\"] == \"allow-unknown-rule\"][0]\n"
                  "assert x[\"did_you_mean\"] == \"create-index-blocking\", x\n"
                  "assert x[\"code\"] == \"CL2283\", x\n"
                  "assert [y[\"code\"] for y in f if y[\"rule\"] == \"allow-unused\"] == [\"CL2282\"], f")
              .code == 0);
    folder.write("m.sql", std::string("SELECT '-- changelog:allow create-index-blocking x';\n") + kIndex);
    CHECK(checked(folder, "m.sql", "assert \"create-index-blocking\" in rules and not d[\"allowed\"], d")
              .code == 0);
}

TEST_CASE("search_path tells the schema of unqualified names") {
    const Folder folder;
    folder.write("base.sql",
                 "SET search_path = app, public;\nCREATE TABLE t (id int, c varchar(10));\n"
                 "RESET search_path;\nCREATE TABLE u (id int);\n"
                 "SELECT pg_catalog.set_config('search_path', 'other', false);\nCREATE TABLE w (id int);\n");
    folder.write("m.sql",
                 "CREATE INDEX ON t (id);\nSET search_path TO app, other;\nCREATE INDEX ON t (id);\n"
                 "CREATE INDEX ON w (id);\nBEGIN;\nSET LOCAL search_path = other;\nCREATE INDEX ON w (id);\n"
                 "COMMIT;\nCREATE INDEX ON t (id);\nSET search_path = DEFAULT;\nCREATE INDEX ON u (id);\n");
    CHECK(
        checked(folder, "m.sql --schema base.sql --fail-on never",
                "n = [s[\"locks\"][0][\"object\"] for s in d[\"statements\"] if s.get(\"locks\")]\n"
                "assert n == [\"public.t\", \"app.t\", \"other.w\", \"other.w\", \"app.t\", \"public.u\"], n")
            .code == 0);
}

TEST_CASE("names that are made to break out are only text") {
    const Folder folder;
    folder.write("m.sql",
                 "CREATE INDEX ON \"a`|<script>\n::error::x%,:\" (a);\nDROP TABLE \"b\n::error::y\";\n");
    const Result github = folder.run("$changelog audit m.sql --format github");
    CHECK(github.code == 3);
    CHECK_THAT(github.out, !ContainsSubstring("\n::error::"));
    CHECK_THAT(folder.run("$changelog audit m.sql").out, !ContainsSubstring("\n  ::error::"));
    CHECK_THAT(github.out,
               ContainsSubstring("::error file=m.sql,line=3,endLine=4,title=CL2221 drop-table::"));
    for (const char* format : {"json", "sarif", "gitlab"})
        CHECK(folder
                  .run(fmt::format("$changelog audit m.sql --fail-on never --format {} | "
                                   "python3 -c 'import json, sys; json.load(sys.stdin)'",
                                   format))
                  .code == 0);
}

TEST_CASE("several files and stdin are read, and a missing file is wrong use") {
    const Folder folder;
    folder.write("a.sql", "CREATE TABLE t (id bigint PRIMARY KEY);\nCREATE INDEX i ON t (id);\n");
    folder.write("b.sql", "CREATE INDEX j ON t (id);\n");
    CHECK(checked(folder, "a.sql b.sql",
                  "x = [y[\"where\"][\"file\"] for y in f if y[\"rule\"] == \"create-index-blocking\"]\n"
                  "assert x == [\"b.sql\"], x\n"
                  "assert d[\"summary\"][\"files\"] == 2, d")
              .code == 0);
    CHECK_THAT(folder.run("$changelog audit - < b.sql").out,
               ContainsSubstring("<stdin>:1:1: warning CL2161"));
    CHECK_THAT(folder.run("$changelog audit \"$PWD/b.sql\"").out, Catch::Matchers::StartsWith("b.sql:1:1: "));
    CHECK(folder.run("$changelog audit").code == 2);
    CHECK(folder.run("$changelog audit none.sql").code == 2);
    CHECK(folder.run("$changelog audit . ").code == 2);
    CHECK(folder.run("$changelog audit b.sql --pg 12").code == 2);
    CHECK(folder.run("$changelog audit - --schema - < b.sql").code == 2);
    CHECK(folder.run("printf 'SELECT \\377;' > x.sql; $changelog audit x.sql").code == 2);
    CHECK(folder.run("printf '\\357\\273\\277SELECT 1;\\r\\n' > x.sql; $changelog audit x.sql").code == 0);
    CHECK(folder.run(": > x.sql; $changelog audit x.sql").out ==
          "1 file, 0 statements: 0 errors, 0 warnings, 0 notes\n");
}

TEST_CASE("commands and variables of psql are read as psql reads them") {
    const Folder folder;
    folder.write(
        "m.sql",
        "\\set ON_ERROR_STOP on\nSELECT count(*) AS n FROM t \\gset\n"
        "SELECT 'x' AS y; \\echo done\nSELECT 1 \\; SELECT 2;\n\\if :n\n"
        "ALTER TABLE :\"tab\" ADD COLUMN c text DEFAULT :'value';\n\\endif\n\\copy t FROM stdin\n1\t;x\n\\.\n"
        "SELECT 'DROP TABLE z' \\gexec\nUPDATE t SET a = :v;\n"
        "SELECT a[1:2], 'x'::text, ':no' FROM t WHERE b = :v;\n");
    const Result audited = folder.run("$changelog audit m.sql --fail-on never");
    CHECK(audited.code == 0);
    CHECK_THAT(audited.out, !ContainsSubstring("CL2281"));
    CHECK_THAT(audited.out, ContainsSubstring("8 statements"));
    CHECK_THAT(audited.out, ContainsSubstring("m.sql:12:1: warning CL2280"));
    CHECK_THAT(audited.out, ContainsSubstring("UPDATE t SET a = :v;"));
}

TEST_CASE("comments within comments take no time") {
    const Folder folder;
    folder.write(
        "m.sql", std::string(40'000, ' ') + "SELECT 1 " + [] {
            std::string out;
            for (int i = 0; i < 40'000; ++i) out += "/*";
            return out;
        }());
    const Result audited = folder.run("timeout 20 $changelog audit m.sql");
    CHECK(audited.code == 3);
    CHECK_THAT(audited.out, ContainsSubstring("nested too deeply"));
}

TEST_CASE("an open quote does not repeat the rest of the file") {
    const Folder folder;
    folder.write("m.sql", "SELECT '\n" + std::string(50'000, 'a'));
    const Result audited = folder.run("$changelog audit m.sql --format json");
    CHECK(audited.code == 3);
    CHECK_THAT(audited.out, ContainsSubstring("unterminated quoted string"));
    CHECK(audited.out.size() < 5'000);
}
