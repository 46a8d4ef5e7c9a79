// The committed schema and reference are what the program makes now. CHANGELOG_ACCEPT=1 writes them anew.
#include "changelog/operation.hpp"

#include "operations/describe_reference.hpp"
#include "operations/describe_schema.hpp"
#include "support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace changelog;

namespace {

namespace fs = std::filesystem;

bool accepting() { return std::getenv("CHANGELOG_ACCEPT") != nullptr; }

void check_file(const fs::path& path, const std::string& wanted) {
    if (accepting()) {
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << wanted;
    }
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    INFO(path << " is not current; CHANGELOG_ACCEPT=1 writes it");
    CHECK((text.str() == wanted));
}

}  // namespace

TEST_CASE("the committed JSON Schema is current") {
    check_file(fs::path(SOURCE_DIR) / "schemas/changelog.schema.json", json_schema());
}

TEST_CASE("the committed reference is current and holds nothing else") {
    const fs::path folder = fs::path(SOURCE_DIR) / "docs/reference";
    const auto pages = reference_pages();
    for (const auto& [name, text] : pages) check_file(folder / name, text);
    for (const auto& entry : fs::directory_iterator(folder)) {
        const bool wanted = pages.contains(entry.path().filename().string());
        if (!wanted && accepting())
            fs::remove(entry.path());
        else
            CHECK(wanted);
    }
}

TEST_CASE("every operation has a definition in the schema and a section in the reference") {
    const std::string schema = json_schema();
    std::string reference;
    for (const auto& [name, text] : reference_pages()) reference += text;
    for (const OperationType* type : operation_types()) {
        INFO(type->name);
        CHECK(schema.find(fmt::format("\"change.{}\": {{", type->name)) != std::string::npos);
        CHECK(reference.find(fmt::format("\n## {}\n", type->name)) != std::string::npos);
        CHECK_FALSE(type->summary.empty());
        CHECK_FALSE(type->group.empty());
    }
}
