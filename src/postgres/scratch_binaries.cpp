#include "postgres/scratch_binaries.hpp"

#include "core/text.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

namespace changelog::postgres {
namespace {

namespace fs = std::filesystem;

/// What a shell command prints; "" if it cannot be run.
std::string output_of(const std::string& command) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen((command + " 2>/dev/null").c_str(), "r"),
                                                               &pclose);
    std::string out;
    std::array<char, 256> buffer{};
    while (pipe && std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe.get()))
        out += buffer.data();
    return trim(out);
}

std::string shell_quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

/// The first run of digits: 15 in "/usr/lib/postgresql/15/bin" and in "postgres (PostgreSQL) 15.20".
int first_number(const std::string& text) {
    const auto start = text.find_first_of("0123456789");
    return start == text.npos ? 0 : std::atoi(text.c_str() + start);
}

bool has_programs(const fs::path& folder) {
    return access((folder / "initdb").c_str(), X_OK) == 0 && access((folder / "postgres").c_str(), X_OK) == 0;
}

int version_of(const fs::path& folder) {
    return first_number(output_of(shell_quoted(folder / "postgres") + " --version"));
}

void add(std::vector<ServerBinaries>& out, const fs::path& folder, int version) {
    std::error_code ignored;
    const fs::path real = fs::canonical(folder, ignored);
    if (ignored || !has_programs(real)) return;
    const auto same = [&](const ServerBinaries& known) { return known.folder == real.string(); };
    if (std::any_of(out.begin(), out.end(), same)) return;
    if (version == 0) version = version_of(real);
    if (version > 0) out.push_back({real, version});
}

/// <base>/<version>/bin (Debian), <base>/pgsql-<version>/bin (Red Hat).
void add_versioned(std::vector<ServerBinaries>& out, const fs::path& base, const std::string& prefix) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(base, none)) {
        const std::string name = entry.path().filename();
        if (name.starts_with(prefix)) add(out, entry.path() / "bin", first_number(name));
    }
}

}  // namespace

std::vector<ServerBinaries> find_server_binaries() {
    std::vector<ServerBinaries> out;
    if (const char* given = std::getenv("CHANGELOG_PG_BIN"); given && *given) {
        for (const std::string& folder : split(given, ':')) add(out, folder, 0);
        return out;
    }
    add_versioned(out, "/usr/lib/postgresql", "");
    add_versioned(out, "/usr", "pgsql-");
    if (out.empty()) {  // the rest starts programs, so it is only tried when it is needed
        add(out, output_of("pg_config --bindir"), 0);
        const char* path = std::getenv("PATH");
        for (const std::string& folder : split(path ? path : "", ':')) add(out, folder, 0);
    }
    const auto newer = [](const ServerBinaries& a, const ServerBinaries& b) { return a.version > b.version; };
    std::stable_sort(out.begin(), out.end(), newer);
    return out;
}

}  // namespace changelog::postgres
