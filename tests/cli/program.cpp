#include "cli/program.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace changelog::test {

namespace fs = std::filesystem;

Folder::Folder() {
    std::string name = (fs::temp_directory_path() / "changelog-cli-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

Folder::~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

void Folder::write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
}

std::string Folder::read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path_ / name, std::ios::binary).rdbuf();
    return text.str();
}

bool Folder::has(const std::string& name) const { return fs::exists(path_ / name); }

std::vector<std::string> Folder::files(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_ / folder))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

Result Folder::run(const std::string& command) const {
    const std::string out = path_.string() + ".out", err = path_.string() + ".err";
    const std::string line = fmt::format(
        "cd '{0}' && unset CHANGELOG_URL DATABASE_URL CHANGELOG_FILE CHANGELOG_CONFIG NO_COLOR PGHOST "
        "PGHOSTADDR PGSERVICE "
        "PGDATABASE PGPORT PGUSER PGPASSWORD; export XDG_CACHE_HOME='{0}/.cache'; changelog='{1}'; ( {2} ) "
        ">'{3}' 2>'{4}' </dev/null",
        path_.string(), CHANGELOG_BINARY, command, out, err);
    const int status = std::system(line.c_str());
    const auto content = [](const std::string& name) {
        std::ostringstream text;
        text << std::ifstream(name, std::ios::binary).rdbuf();
        fs::remove(name);
        return text.str();
    };
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), content(out), content(err)};
}

}  // namespace changelog::test
