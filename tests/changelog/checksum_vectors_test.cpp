// Checksums that histories hold: of every changeset of every golden case, as committed in
// checksum_vectors.txt. See docs/development.md before you change a line of that file.
#include "changelog/checksum.hpp"
#include "changelog/operation.hpp"

#include "core/text.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"

#include <map>
#include <sstream>

using namespace changelog;

namespace {

struct Vector {
    std::string checksum, definition;

    bool operator==(const Vector&) const = default;
};

/// By "case.yaml id".
using Vectors = std::map<std::string, Vector>;

const std::filesystem::path kFolder = std::filesystem::path(SOURCE_DIR) / "tests" / "changelog";
const std::filesystem::path kFile = kFolder / "checksum_vectors.txt";

bool is_set(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && std::string(value) == "1";
}

/// Three lines each: the name, the checksum, the definition.
Vectors committed() {
    std::istringstream in(tests::read_text(kFile));
    Vectors out;
    for (std::string name; std::getline(in, name);) {
        Vector vector;
        std::getline(in, vector.checksum);
        std::getline(in, vector.definition);
        out[name] = {trim(vector.checksum), trim(vector.definition)};
    }
    return out;
}

void commit(const Vectors& vectors) {
    std::ofstream out(kFile, std::ios::binary);
    for (const auto& [name, vector] : vectors)
        out << name << "\n  " << vector.checksum << "\n  " << vector.definition << '\n';
}

/// A definition has no line end: JSON escapes it.
void compute(const std::filesystem::path& file, const std::string& name, Vectors& out) {
    tests::DiskFiles files(file.parent_path());
    Diagnostics diagnostics;
    const Changelog changelog = load_changelog(file.filename().string(), files, {}, diagnostics);
    REQUIRE(tests::errors_of(diagnostics) == "");
    for (const ChangeSet& changeset : changelog.changesets)
        out[name + ' ' + changeset.key.id] = {changeset.checksum, changeset.definition};
}

Vectors computed() {
    Vectors out;
    compute(kFolder / "checksum_vectors.yaml", "checksum_vectors.yaml", out);
    for (const std::string& name : tests::golden_cases()) compute(tests::golden_root() / name, name, out);
    return out;
}

/// Changes that are errors on PostgreSQL are in no history.
bool is_refused(const OperationType& type) { return std::string_view(type.summary).starts_with("Refused:"); }

}  // namespace

TEST_CASE("checksum vectors: what histories hold stays what it is") {
    Vectors fixed = committed();
    const Vectors now = computed();
    const bool change = is_set("CHANGELOG_NEW_CHECKSUMS");
    bool has_new = false;
    for (const auto& [name, vector] : now)
        if (!fixed.contains(name) && (change || tests::accepts_golden())) {
            fixed[name] = vector;
            has_new = true;
        }
    if (change) fixed = now;
    if (change || has_new) commit(fixed);
    for (const auto& [name, vector] : fixed) {
        INFO(name << ": a changed checksum makes databases refuse changesets that they have applied; see "
                     "docs/development.md, Checksums");
        REQUIRE(now.contains(name));
        CHECK(now.at(name).definition == vector.definition);
        CHECK(now.at(name).checksum == vector.checksum);
    }
    for (const auto& [name, vector] : now) {
        INFO(name << ": no committed checksum yet; CHANGELOG_ACCEPT=1 adds it");
        CHECK(fixed.contains(name));
    }
}

TEST_CASE("checksum vectors: the file agrees with itself") {
    for (const auto& [name, vector] : committed()) {
        INFO(name);
        CHECK(checksum_version(vector.checksum) == 1);
        CHECK(checksum_of(vector.definition) == vector.checksum);
    }
}

TEST_CASE("checksum vectors: every operation is among them") {
    std::string all;
    for (const auto& [name, vector] : committed()) all += vector.definition;
    for (const OperationType* type : operation_types()) {
        INFO(type->name);
        const bool is_there = all.find("{\"" + std::string(type->name) + "\":{") != std::string::npos;
        CHECK(is_there != is_refused(*type));
    }
}
