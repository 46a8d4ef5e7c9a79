// What `new KIND WORDS...` writes for each kind of change.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::cli {

struct Scaffold {
    std::string slug;     ///< "add-orders-note"
    std::string changes;  ///< the items below `changes:`
    std::vector<std::string> warnings;
};

struct ScaffoldKind {
    std::string_view name;   ///< "add-column"
    std::string_view words;  ///< "TABLE COLUMN:TYPE..."
    std::string_view example;
    std::size_t least, most;  ///< how many words
    Scaffold (*make)(const std::vector<std::string>& words, bool unique);
};

std::span<const ScaffoldKind> scaffold_kinds();

/// Throws UsageError if the words do not fit the kind.
Scaffold make_scaffold(std::string_view kind, const std::vector<std::string>& words, bool unique);

/// Lower case, with '-' between what are words.
std::string slug_of(std::string_view text);

}  // namespace changelog::cli
