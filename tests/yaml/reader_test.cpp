#include "yaml/reader.hpp"

#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::yaml;

namespace {

struct Document {
    SourceFile file;
    Diagnostics diagnostics;
    std::optional<Node> root;

    explicit Document(std::string text) : file{"db.yaml", std::move(text)} { root = read(file, diagnostics); }

    const Node& at(std::string_view key) const { return *root->find(key); }
    std::string code() const { return diagnostics.empty() ? "" : diagnostics.items().front().code; }
    std::string place() const {
        const Location& where = diagnostics.items().front().where;
        return fmt::format("{}:{}", where.line, where.column);
    }
};

std::string place_of(const Node& node) { return fmt::format("{}:{}", node.at.line, node.at.column); }

}  // namespace

TEST_CASE("keys and values have the line and column where they begin") {
    const Document document("a: 1\nlist:\n  - b: 'x'\n    c: |\n      text\n");
    REQUIRE(document.root);
    CHECK(place_of(document.root->entries[0].key) == "1:1");
    CHECK(place_of(document.at("a")) == "1:4");
    const Node& item = document.at("list").items.at(0);
    CHECK(place_of(item) == "3:5");
    CHECK(place_of(item.entries[0].key) == "3:5");
    CHECK(place_of(*item.find("b")) == "3:8");
    CHECK(item.find("b")->quoted);
    CHECK(place_of(item.entries[1].key) == "4:5");
    CHECK(item.find("c")->raw == "text\n");
}

TEST_CASE("an empty document is null") {
    for (const char* text : {"", "\n\n", "# nothing\n", "---\n", "---\n...\n"}) {
        INFO(text);
        const Document document(text);
        REQUIRE(document.root);
        CHECK(document.root->kind == Node::Kind::null);
        CHECK(document.diagnostics.empty());
    }
}

TEST_CASE("Windows line ends and a byte order mark change nothing") {
    const Document document(
        "\xEF\xBB\xBF"
        "a: 1\r\nb: |\r\n  one\r\n  two\r\nc: x\r\n");
    REQUIRE(document.root);
    CHECK(document.at("a").raw == "1");
    CHECK(document.at("b").raw == "one\ntwo\n");
    CHECK(document.at("c").raw == "x");
    CHECK(place_of(document.at("c")) == "5:4");
}

TEST_CASE("aliases copy what they name, and an anchor may be defined again") {
    const Document document("a: &x 1\nb: *x\nc: &x {k: 2}\nd: *x\n");
    REQUIRE(document.root);
    CHECK(document.at("b").raw == "1");
    CHECK(document.at("d").find("k")->raw == "2");
}

TEST_CASE("merge keys give way to explicit keys and to earlier merged maps") {
    const Document document(
        "base: &base {a: 1, b: 1}\nmore: &more {b: 2, c: 2}\n"
        "one:\n  <<: *base\n  b: 9\ntwo:\n  <<: [*more, *base]\n");
    REQUIRE(document.root);
    const Node& one = document.at("one");
    CHECK(one.entries.size() == 2);
    CHECK(one.find("a")->raw == "1");
    CHECK(one.find("b")->raw == "9");
    const Node& two = document.at("two");
    CHECK(two.entries.size() == 3);
    CHECK(two.find("b")->raw == "2");
}

TEST_CASE("a quoted << is a key like any other") {
    const Document document("a: {'<<': 1}\n");
    REQUIRE(document.root);
    CHECK(document.at("a").find("<<")->raw == "1");
}

TEST_CASE("duplicate keys stay in the tree and the last one is found") {
    const Document document("a: 1\na: 2\n");
    REQUIRE(document.root);
    CHECK(document.root->entries.size() == 2);
    CHECK(document.at("a").raw == "2");
}

TEST_CASE("tags of the core schema decide what a scalar is") {
    const Document document("a: !!str 001\nb: ! 002\nc: !!int \"003\"\n");
    REQUIRE(document.root);
    CHECK(scalar_text(document.at("a")) == "001");
    CHECK(scalar_text(document.at("b")) == "002");
    CHECK(scalar_text(document.at("c")) == "3");
    CHECK(Document("a: !java.lang.Runtime x\n").code() == "CL1004");
}

TEST_CASE("JSON is read as YAML") {
    const Document document("{\n\t\"a\": [1, \"two\", null],\n\t\"b\": {\"c\": true}\n}\n");
    REQUIRE(document.root);
    CHECK(document.at("a").items.size() == 3);
    CHECK(document.at("a").items[1].quoted);
    CHECK(document.at("b").find("c")->raw == "true");
}

TEST_CASE("errors of form have a code and a place") {
    const auto check = [](std::string text, std::string code, std::string place) {
        INFO(text);
        const Document document(std::move(text));
        CHECK_FALSE(document.root.has_value());
        REQUIRE(document.diagnostics.items().size() == 1);
        CHECK(document.code() == code);
        CHECK(document.place() == place);
    };
    check("a: b: c\n", "CL1004", "1:5");
    check("a:\n  b: 1\n\tc: 2\n", "CL1005", "3:1");
    check("a:\n\tb: 1\n", "CL1005", "2:1");
    check("a: 1\n---\nb: 2\n", "CL1006", "3:1");
    check("a: *nowhere\n", "CL1010", "1:4");
    check("a: \"open\n", "CL1004", "1:4");
    check("a: &x 'open\nb: 1\n", "CL1004", "1:4");
    check("a: {b: 1\n", "CL1004", "2:1");
    check("ok: 1\nb\xE4r: 2\n", "CL1003", "2:2");
    check("a: \x01\n", "CL1004", "1:4");
    check("a: &x [*x]\n", "CL1007", "1:8");
}

TEST_CASE("a second document without content is no error") {
    for (const char* text : {"a: 1\n---\n", "a: 1\n...\n", "a: 1\n...\n---\n# end\n"}) {
        INFO(text);
        const Document document(text);
        CHECK(document.root.has_value());
        CHECK(document.diagnostics.empty());
    }
}

TEST_CASE("deep nesting is refused before it costs a stack") {
    CHECK(Document(std::string(100'000, '[')).code() == "CL1009");
    CHECK(Document(std::string(100'000, '{')).code() == "CL1009");
    std::string braces;
    for (int i = 0; i < 50'000; ++i) braces += "{a: ";
    CHECK(Document(braces).code() == "CL1009");
    std::string dashes;
    for (int i = 0; i < 50'000; ++i) dashes += "- ";
    CHECK(Document(dashes).code() == "CL1009");
    std::string block;
    for (std::size_t i = 0; i < 300; ++i) block += std::string(i, ' ') + "a:\n";
    CHECK(Document(block).code() == "CL1009");
}

TEST_CASE("a bomb of aliases is refused") {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        text += fmt::format("a{0}: &a{0} [", i);
        for (int k = 0; k < 10; ++k) text += fmt::format("{}*a{}", k == 0 ? "" : ", ", i - 1);
        text += "]\n";
    }
    CHECK(Document(text).code() == "CL1007");
}

TEST_CASE("aliases of a huge scalar are refused") {
    std::string text = "big: &b '" + std::string(5'000'000, 'x') + "'\nlist:\n";
    for (int i = 0; i < 1000; ++i) text += "  - *b\n";
    CHECK(Document(text).code() == "CL1007");
}

TEST_CASE("binary junk is refused") {
    std::string junk;
    std::uint32_t state = 12345;
    for (int i = 0; i < 10'000; ++i) junk += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    const Document document(junk);
    CHECK_FALSE(document.root.has_value());
    CHECK_FALSE(document.diagnostics.empty());
    CHECK(Document("\xFF\xFE"
                   "a\0b\0")
              .code() == "CL1003");
}
