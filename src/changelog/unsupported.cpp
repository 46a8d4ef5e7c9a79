#include "changelog/unsupported.hpp"

#include "changelog/codes.hpp"

namespace changelog {

namespace {

constexpr std::string_view kNoPackages = "is not possible: PostgreSQL has no packages";
constexpr std::string_view kNoSynonyms = "is not possible: PostgreSQL has no synonyms";
constexpr std::string_view kUsePackage = "Put the functions into a schema of their own.";
constexpr std::string_view kUseView = "A view, or search_path, does the same.";
constexpr std::string_view kChecks = "is not possible: PostgreSQL cannot switch CHECK constraints off";

constexpr UnsupportedChange kUnsupported[] = {
    {"customChange", codes::external_code, "runs a Java class",
     "Write what it does as 'sql', or run it outside and record it with an 'empty' changeset."},
    {"createPackage", codes::unsupported_change, kNoPackages, kUsePackage},
    {"createPackageBody", codes::unsupported_change, kNoPackages, kUsePackage},
    {"dropPackage", codes::unsupported_change, kNoPackages, kUsePackage},
    {"dropPackageBody", codes::unsupported_change, kNoPackages, kUsePackage},
    {"createSynonym", codes::unsupported_change, kNoSynonyms, kUseView},
    {"dropSynonym", codes::unsupported_change, kNoSynonyms, kUseView},
    {"renameSynonym", codes::unsupported_change, kNoSynonyms, kUseView},
    {"markUnused", codes::unsupported_change, "is not possible: PostgreSQL has no unused columns",
     "Drop the column."},
    {"enableCheckConstraint", codes::unsupported_change, kChecks,
     "Add the constraint; it may be NOT VALID at first."},
    {"disableCheckConstraint", codes::unsupported_change, kChecks, "Drop the constraint."},
    {"createDatabaseLink", codes::unsupported_change, "is not possible: PostgreSQL has no database links",
     "Use the extension postgres_fdw."},
    {"dropDatabaseLink", codes::unsupported_change, "is not possible: PostgreSQL has no database links",
     "Use the extension postgres_fdw."},
};

}  // namespace

const UnsupportedChange* find_unsupported(std::string_view name) {
    for (const UnsupportedChange& change : kUnsupported)
        if (change.name == name) return &change;
    return nullptr;
}

}  // namespace changelog
