// Codes, their pages and their uses in the sources are the same set.
#include "changelog/codes.hpp"

#include "report/pages.hpp"
#include "support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

using namespace changelog;

namespace {

namespace fs = std::filesystem;

/// Codes that are kept for what is not built yet, with the reason.
const std::map<std::string, std::string> kReserved = {};

std::string content(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

std::string all_sources() {
    std::string out;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(SOURCE_DIR) / "src"))
        if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp")
            out += content(entry.path());
    return out;
}

/// Name in the sources by code: CL1203 -> unknown_key.
std::map<std::string, std::string> names() {
    const std::string definitions = content(fs::path(SOURCE_DIR) / "include/changelog/codes.def");
    static const std::regex line(R"(CODE\((CL\d{4}), (\w+), )");
    std::map<std::string, std::string> out;
    for (std::sregex_iterator match(definitions.begin(), definitions.end(), line), end; match != end; ++match)
        out[(*match)[1]] = (*match)[2];
    return out;
}

}  // namespace

TEST_CASE("every code has a page and every page a code") {
    std::set<std::string_view> codes, with_page;
    for (const CodeEntry& entry : all_codes()) codes.insert(entry.code);
    for (const report::Page& page : report::pages()) with_page.insert(page.code);
    CHECK(codes == with_page);
}

TEST_CASE("a page begins with its code and title and is short") {
    for (const CodeEntry& entry : all_codes()) {
        const std::string page(report::explanation(entry.code).value_or(""));
        INFO(entry.code);
        CHECK(page.starts_with(fmt::format("# {}: {}\n", entry.code, entry.title)));
        CHECK(std::count(page.begin(), page.end(), '\n') >= 10);
        CHECK(std::count(page.begin(), page.end(), '\n') <= 30);
    }
}

TEST_CASE("pages are found in any case of letters") {
    CHECK(report::explanation("cl1203").has_value());
    CHECK_FALSE(report::explanation("CL120").has_value());
}

TEST_CASE("every code that the sources name is defined") {
    const auto defined = names();
    const std::string sources = all_sources();
    static const std::regex literal(R"(\bCL\d{4}\b)");
    for (std::sregex_iterator match(sources.begin(), sources.end(), literal), end; match != end; ++match) {
        INFO(match->str());
        CHECK(defined.contains(match->str()));
    }
}

TEST_CASE("every code is used in the sources or reserved") {
    const std::string sources = all_sources();
    for (const auto& [code, name] : names()) {
        INFO(code << " " << name);
        const bool used = std::regex_search(sources, std::regex("codes::" + name + "\\b"));
        CHECK(used != kReserved.contains(code));
    }
}
