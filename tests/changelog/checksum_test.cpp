// The canonical form's versions, and its SQL. The digests were computed by another program from definitions
// that were written by hand after docs/checksums.md.
#include "changelog/checksum.hpp"

#include "core/sha256.hpp"
#include "sql/tokens.hpp"
#include "support/catch.hpp"
#include "support/disk_files.hpp"
#include "support/memory_files.hpp"

#include <regex>

using namespace changelog;

namespace {

/// A changeset with `keys` and `changes` as YAML, indented by four spaces.
struct One {
    tests::Loaded loaded;

    explicit One(const std::string& changes, const std::string& keys = {}, const LoadOptions& options = {})
        : loaded("databaseChangeLog:\n- changeSet:\n    id: 1\n    author: ann\n" + keys + "    changes:\n" +
                     changes,
                 options) {
        REQUIRE(tests::errors_of(loaded.diagnostics) == "");
    }

    const ChangeSet& set() const { return loaded.changelog.changesets.at(0); }
};

std::string block(const std::string& sql) {
    std::string out = "    - sql:\n        splitStatements: false\n        sql: |\n";
    std::string line;
    for (const char c : sql + '\n') {
        if (c != '\n') {
            line += c;
            continue;
        }
        out += "          " + line + '\n';
        line.clear();
    }
    return out;
}

/// A second version of the form, as a later program might have it.
CanonicalForms two_forms() {
    CanonicalForms out = canonical_forms();
    out.push_back({2, [](const ChangeSet& set) { return "{\"id\":\"" + set.key.id + "\"}"; }});
    return out;
}

/// The changeset as a program binds it that knows these forms.
void rebind(ChangeSet& set, const CanonicalForms& forms) {
    set.definition = canonical_definition(set, forms);
    set.checksum = checksum_of(set.definition, forms);
}

const std::string kRename = "    - renameTable: {oldTableName: a, newTableName: b}\n";

}  // namespace

TEST_CASE("checksum: definitions and digests that were made by hand") {
    struct Vector {
        std::string changes, keys, definition, checksum;
    };
    const std::vector<Vector> vectors = {
        {kRename, "", R"j({"changes":[{"renameTable":{"newTableName":"b","oldTableName":"a"}}]})j",
         "1:fceadf54bfd469ca7e87b3b7ab4e5d861d1c6a1c67617a46ff4309c14220ac9a"},
        {"    - sql: {sql: \"SELECT 1 -- one\", comment: x}\n", "",
         R"j({"changes":[{"sql":{"sql":"select 1"}}]})j",
         "1:c4f34aaf6f9915675594552683d2bc9eb67ca6f0fc7adb32de6d99ee6227fd4e"},
        {"    - tagDatabase: {tag: \"1.10\"}\n", "", R"j({"changes":[{"tagDatabase":{"tag":"1.10"}}]})j",
         "1:fb5b2647fd9bc36b72c96f445cb66a0526f07200d0db3e03de52b77d44066e1b"},
        {"    - setTableRemarks: {tableName: ä, remarks: \"a\\t\\\"b\\\\c\\\"\\nd\\x7f\"}\n", "",
         "{\"changes\":[{\"setTableRemarks\":{\"remarks\":\"a\\t\\\"b\\\\c\\\"\\nd\\u007f\",\"tableName\":"
         "\"ä\"}}]}",
         "1:dd32b56cba7c5cf0ebe80b445c3780fe9494534d2973d24b8c2f05d0bef33be7"},
        {"    - dropTable: {tableName: t, cascadeConstraints: true}\n",
         "    objectQuotingStrategy: QUOTE_ALL_OBJECTS\n    provides: [public.z, public.b]\n",
         R"j({"changes":[{"dropTable":{"cascadeConstraints":true,"tableName":"t"}}],"provides":["public.b","public.z"],"quoting":"QUOTE_ALL_OBJECTS"})j",
         "1:fe800cd1b03bc32d529cfbcf6965e0304393575aaa561dfa23cf1b2bd8bb2396"},
        {"    - empty: {}\n", "    dbms: Oracle, mysql\n",
         R"j({"changes":[{"empty":{}}],"dbms":["mysql","oracle"]})j",
         "1:8a3468065b8f26d40d0a6af454d5a8993704ff99cd3746a0d5e4445defc280b3"}};
    for (const Vector& vector : vectors) {
        const One one(vector.changes, vector.keys);
        CHECK(one.set().definition == vector.definition);
        CHECK(one.set().checksum == vector.checksum);
    }
}

TEST_CASE("checksum: SQL is its tokens") {
    struct Vector {
        std::string sql, stream;
    };
    const std::vector<Vector> vectors = {
        {"SELECT a/* x /* nested -- */ y */FROM  t", "select a from t"},
        {"SELECT 1 /* outer /* inner */ still a comment */ + 2", "select 1 + 2"},
        {"SELECT 'It''s -- no comment' -- but this", "select 'It''s -- no comment'"},
        {"SELECT E'a\\'B /* c */', e'\\\\'", "select E'a\\'B /* c */' , e'\\\\'"},
        {"DO $Body$ BEGIN -- Kept\n  NULL; END $Body$", "do $Body$ BEGIN -- Kept\n  NULL; END $Body$"},
        {"SELECT $$ a $x$ b $$, $x$ $$ $x$", "select $$ a $x$ b $$ , $x$ $$ $x$"},
        {"SELECT \"MiXed\", \"a \"\"b\", Plain", "select \"MiXed\" , \"a \"\"b\" , plain"},
        {"SELECT U&'\\0441' , B'01', X'fF', N'x'", "select U&'\\0441' , B'01' , X'fF' , N'x'"},
        {"UPDATE Größe SET ÄRGER = 'Ä'", "update größe set Ärger = 'Ä'"},
        {"SELECT a::TEXT||'x'  ->>  'b'", "select a :: text || 'x' ->> 'b'"},
        {"SELECT 1.5E3, .5, $1 ;", "select 1.5E3 , .5 , $1 ;"},
        {"SELECT 'open\r\n  TEXT", "SELECT 'open\n  TEXT"},
    };
    for (const Vector& vector : vectors) {
        INFO(vector.sql);
        CHECK(sql::token_stream(vector.sql) == vector.stream);
    }
}

TEST_CASE("checksum: fixed values for SQL with comments, dollar quotes, escapes and other scripts") {
    const std::vector<std::pair<std::string, std::string>> vectors = {
        {"SELECT a/* x /* nested -- */ y */FROM  t",
         "1:721b958a57772c3d83c8323d83cc14eae8fc0527b132682ef179691196b81d1e"},
        {"SELECT E'a\\'B /* c */'", "1:9b7c6c86392a2c5df792186ec83df5d043500d24d02fb1ee4c467f40a509b912"},
        {"DO $Body$ BEGIN -- Kept\n  NULL; END $Body$",
         "1:8656c946bb6b4d6456df7b7255f35a88256660a275f1ec1c452a3bbf426cfd14"},
        {"UPDATE \"Größe\" SET a = 'Ä 漢字 🙂'",
         "1:96d9a82478e6ad6ef5223fa452d9c96229a66e7686f76d65ce746a82d5ecfeaf"}};
    for (const auto& [sql, checksum] : vectors) {
        INFO(sql);
        const One one(block(sql));
        INFO(one.set().definition);
        CHECK(one.set().checksum == checksum);
    }
}

TEST_CASE("checksum: a version to come keeps what the first one gave") {
    One one(kRename);
    ChangeSet& set = one.loaded.changelog.changesets[0];
    const std::string first = set.checksum;
    const CanonicalForms forms = two_forms();
    rebind(set, forms);
    CHECK(set.checksum == "2:" + sha256("{\"id\":\"1\"}"));
    CHECK(checksum_of(set, 1, forms) == first);
    CHECK(checksum_of(set, 2, forms) == set.checksum);
    CHECK_FALSE(checksum_of(set, 3, forms).has_value());
    CHECK(definition_of(set, 1, forms) == canonical_definition(set));
}

TEST_CASE("checksum: rows of older versions are compared in their own version") {
    One one(kRename);
    ChangeSet& set = one.loaded.changelog.changesets[0];
    const std::string first = set.checksum;
    const CanonicalForms forms = two_forms();
    rebind(set, forms);
    CHECK(match_checksum(set, first, forms) == ChecksumMatch::same);
    CHECK(match_checksum(set, set.checksum, forms) == ChecksumMatch::same);
    CHECK(match_checksum(set, "1:" + std::string(64, '0'), forms) == ChecksumMatch::edited);
    CHECK(match_checksum(set, "2:" + std::string(64, '0'), forms) == ChecksumMatch::edited);
    CHECK(match_checksum(set, "3:" + std::string(64, '0'), forms) == ChecksumMatch::newer);

    One edited("    - renameTable: {oldTableName: a, newTableName: c}\n");
    ChangeSet& other = edited.loaded.changelog.changesets[0];
    rebind(other, forms);  // this second version does not even see the change: the first one does
    CHECK(other.checksum == set.checksum);
    CHECK(match_checksum(other, first, forms) == ChecksumMatch::edited);
}

TEST_CASE("checksum: what is not ours is not compared") {
    const One one(kRename);
    CHECK(match_checksum(one.set(), one.set().checksum) == ChecksumMatch::same);
    CHECK(match_checksum(one.set(), "2:" + std::string(64, 'f')) == ChecksumMatch::newer);
    for (const char* foreign :
         {"", "9:d41d8cd98f00b204e9800998ecf8427e", "8:d41d8cd98f00b204e9800998ecf8427e",
          "d41d8cd98f00b204e9800998ecf8427e", "x:1", ":", "0:1", "-1:1"})
        CHECK(match_checksum(one.set(), foreign) == ChecksumMatch::foreign);
}

TEST_CASE("checksum: the number before the colon") {
    CHECK(checksum_version("1:ab") == 1);
    CHECK(checksum_version("12:") == 12);
    for (const char* none : {"", "1", ":1", "a:1", "0:1", "-1:1", "99999999999999:1"})
        CHECK_FALSE(checksum_version(none).has_value());
}

TEST_CASE("checksum: the ways of writing a changeset give one value") {
    const std::string plain = One(kRename).set().checksum;
    CHECK(
        One("    - renameTable:\n        newTableName: \"b\"\n        oldTableName: 'a'\n").set().checksum ==
        plain);
    CHECK(One(kRename,
              "    comment: c\n    context: x\n    labels: y\n    runOnChange: true\n    rollback: empty\n"
              "    failOnError: false\n    validCheckSum: any\n    strategy: direct\n    retain: 7d\n"
              "    preConditions:\n    - tableExists: {tableName: a}\n")
              .set()
              .checksum == plain);
    CHECK(One(kRename, "    modifySql:\n    - append: {value: x}\n").set().checksum != plain);
}

TEST_CASE("checksum: edits for other contexts count, whatever the run is for") {
    const std::string keys = "    modifySql:\n        context: prod\n        append: {value: x}\n";
    LoadOptions options;
    options.contexts = {"test"};
    const One elsewhere(kRename, keys, options);
    const One everywhere(kRename, keys);
    CHECK(elsewhere.set().checksum == everywhere.set().checksum);
    CHECK_THAT(elsewhere.set().definition, ContainsSubstring(R"j("context":"prod")j"));
}

TEST_CASE("checksum: nothing that a library parsed is described") {
    const std::filesystem::path folder = std::filesystem::path(SOURCE_DIR) / "src" / "operations";
    static const std::regex parsing(R"(sql::(footprint|parse|syntax|function_signature|statement|query))");
    std::size_t found = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        const std::string text = tests::read_text(file.path());
        for (const std::string_view signature : {"describe(FieldVisitor& ", "attach(FileLoader& "}) {
            for (std::size_t at = text.find(signature); at != std::string::npos;
                 at = text.find(signature, at + 1)) {
                const std::size_t brace = text.find_first_of("{;", at), line = text.find('\n', at);
                if (brace == std::string::npos || text[brace] == ';') continue;
                const std::size_t start = text.rfind('\n', at) + 1;  // the body ends at the same indentation
                const std::string indent(text.find_first_not_of(' ', start) - start, ' ');
                const bool one_line = text.find('}', brace) < line;
                const std::size_t end = one_line ? line : text.find("\n" + indent + "}", brace);
                ++found;
                const std::string inside = text.substr(at, end - at);
                INFO(file.path().filename() << ": " << inside);
                CHECK_FALSE(std::regex_search(inside, parsing));
            }
        }
    }
    CHECK(found > 60);
    for (const char* file : {"src/operations/canonical.cpp", "src/changelog/checksum.cpp",
                             "src/sql/tokens.cpp", "src/sql/lexer.cpp"})
        CHECK(tests::read_text(std::filesystem::path(SOURCE_DIR) / file).find("parse") == std::string::npos);
}
