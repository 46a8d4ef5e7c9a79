#include "yaml/tree_bytes.hpp"

#include "support/catch.hpp"
#include "yaml/reader.hpp"

using namespace changelog;

namespace {

bool same(const yaml::Node& a, const yaml::Node& b) {
    if (a.kind != b.kind || a.quoted != b.quoted || a.raw != b.raw || a.at.line != b.at.line ||
        a.at.column != b.at.column || a.items.size() != b.items.size() ||
        a.entries.size() != b.entries.size())
        return false;
    for (std::size_t i = 0; i < a.items.size(); ++i)
        if (!same(a.items[i], b.items[i])) return false;
    for (std::size_t i = 0; i < a.entries.size(); ++i)
        if (!same(a.entries[i].key, b.entries[i].key) || !same(a.entries[i].value, b.entries[i].value))
            return false;
    return true;
}

const SourceFile kFile{"a.yaml",
                       "a: [1, 'two', null, {b: yes}]\n"
                       "c: |\n  several\n  lines\n"
                       "d:\n"};

}  // namespace

TEST_CASE("a tree survives the way to bytes and back") {
    Diagnostics diagnostics;
    const auto tree = yaml::read(kFile, diagnostics);
    REQUIRE(tree);
    const auto again = yaml::from_bytes(yaml::to_bytes(*tree), kFile);
    REQUIRE(again);
    CHECK(same(*tree, *again));
}

TEST_CASE("damaged bytes give no tree") {
    Diagnostics diagnostics;
    const std::string bytes = yaml::to_bytes(*yaml::read(kFile, diagnostics));
    for (std::size_t length = 0; length < bytes.size(); ++length)
        CHECK_FALSE(yaml::from_bytes(bytes.substr(0, length), kFile));
    CHECK_FALSE(yaml::from_bytes(bytes + "x", kFile));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string broken = bytes;
        broken[i] = static_cast<char>(broken[i] ^ 0x55);
        const auto tree = yaml::from_bytes(broken, kFile);  // may still be a tree, but must not run away
        CHECK((!tree || tree->entries.size() < 100));
    }
}
