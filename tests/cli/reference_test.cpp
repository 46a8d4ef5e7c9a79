// The second half of docs/cli.md is made from the tables of commands and options. CHANGELOG_ACCEPT=1 writes
// it anew.
#include "cli/help.hpp"
#include "support/catch.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

TEST_CASE("docs/cli.md lists every command and option as they are") {
    const std::string path = SOURCE_DIR "/docs/cli.md", mark = "<!-- generated: commands -->\n\n";
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    const std::string text = content.str();
    REQUIRE(text.find(mark) != std::string::npos);
    std::string wanted = text.substr(0, text.find(mark)) + mark + changelog::cli::command_reference();
    wanted.pop_back();  // one line end at the end of the file
    if (std::getenv("CHANGELOG_ACCEPT") != nullptr) {
        std::ofstream(path, std::ios::binary) << wanted;
        return;
    }
    INFO("CHANGELOG_ACCEPT=1 writes it");
    CHECK((text == wanted));
}
