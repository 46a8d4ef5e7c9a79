// What the steps of loading share: the run's inputs and outputs, and what holds in one file.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/properties.hpp"

#include "operations/reader.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace changelog {

/// What removeChangeSetProperty takes out of changes.
struct RemovedKey {
    std::string change, key;
};

/// One file while it is read. Lives on the stack of load_file(), so `parent` is the chain of includes.
struct FileScope {
    const SourceFile* file = nullptr;
    std::string path;                           ///< as the FileSource takes it
    std::string identity;                       ///< the path in the identity of its changesets
    std::vector<std::string> contexts, labels;  ///< of the includes above it and of its root
    std::string quoting;                        ///< its root's objectQuotingStrategy
    bool ignore = false, lenient = false;
    bool expands = true;  ///< plain SQL files are taken as they are
    LocalProperties locals;
    const FileScope* parent = nullptr;
    Position included_at;
};

struct Loading {
    FileSource& files;
    const LoadOptions& options;
    Diagnostics& diagnostics;
    Changelog& changelog;
    Properties properties;
    std::vector<RemovedKey> removed;
    std::size_t ignored = 0;            ///< keys that lenient reading passed over
    std::vector<Position> included_at;  ///< for each changeset, the include that brought its file

    ReadSettings settings(const FileScope& scope, std::string pointer, std::string changeset = {}) {
        return {scope.lenient, std::move(changeset), std::move(pointer), &ignored};
    }
};

/// The content of a file, or nothing; what is wrong is reported at `at`, which may be unknown for the first
/// file. `missing` is the code for a file that is not there; empty: that is no error.
std::optional<std::string> read_file(Loading& loading, const std::string& path, Position at,
                                     std::string_view missing);

/// Reports a file that is not there, with the name in its folder that is nearest.
void report_missing_file(Loading& loading, const std::string& path, Position at, std::size_t length,
                         std::string_view code);

/// Reads a file of any kind and binds what it holds. `scope` has all but the file.
void load_file(Loading& loading, FileScope scope, std::string text);

/// Binds the tree of a file, which is consumed.
void bind_root(Loading& loading, FileScope& scope, yaml::Node& root);

void bind_include(Loading& loading, const FileScope& scope, const Attribute& entry,
                  const ReadSettings& settings);
void bind_include_all(Loading& loading, const FileScope& scope, const Attribute& entry,
                      const ReadSettings& settings);
void bind_property(Loading& loading, FileScope& scope, const Attribute& entry, const ReadSettings& settings);
void bind_changeset(Loading& loading, const FileScope& scope, const Attribute& entry,
                    const std::string& pointer);

/// Changesets of one identity, reported with both places.
void report_duplicates(Loading& loading);

}  // namespace changelog
