// Whatever the bytes are, reading ends in a tree or in errors: never in a crash, a hang or endless memory.
// With -DCHANGELOG_FUZZ=ON this is a libFuzzer target; otherwise it replays the files that are named on its
// command line.
#include "changelog/changelog.hpp"

#include "support/memory_files.hpp"
#include "yaml/reader.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace changelog;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const SourceFile file{"db.yaml", text};
    Diagnostics of_reader;
    const std::optional<yaml::Node> root = yaml::read(file, of_reader);
    if (!root && !of_reader.has_errors()) std::abort();

    for (const char* name : {"db.yaml", "db.xml", "db.sql"}) {
        tests::MemoryFiles files{{name, text}};
        for (const bool lenient : {false, true}) {
            LoadOptions options;
            options.lenient = lenient;
            Diagnostics diagnostics;
            const Changelog changelog = load_changelog(name, files, options, diagnostics);
            for (const Diagnostic& item : diagnostics.items())
                if (to_text(item).empty()) std::abort();
        }
    }
    return 0;
}

#ifndef CHANGELOG_FUZZ
int main(int argc, char** argv) {
    int replayed = 0;
    for (int i = 1; i < argc; ++i) {
        for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
            std::ifstream in(entry.path(), std::ios::binary);
            std::ostringstream text;
            text << in.rdbuf();
            const std::string bytes = text.str();
            LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
            ++replayed;
        }
    }
    std::cout << replayed << " inputs replayed\n";
    return replayed > 0 ? 0 : 1;
}
#endif
