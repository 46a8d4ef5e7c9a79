// A pasted error explained: what it means, and which changeset it is about.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/graph.hpp"

#include "review/diagnose_read.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace changelog::review {

/// A changeset, or a place in a file, that has to do with the error.
struct ErrorPlace {
    std::string what;     ///< "runs the statement that failed", "makes table public.orders"
    bool certain = true;  ///< false: a guess, and said to be one
    Location where;       ///< without excerpt where that might repeat data
    std::string changeset;
};

struct Diagnosis {
    std::string sqlstate, name;  ///< "42P07", "duplicate_table"; the name may not be known
    CodeSource source = CodeSource::message;
    std::string cause, remedy;
    std::vector<ErrorPlace> places;  ///< the most telling first
    /// The error in the envelope of all findings; `server` has what was pasted, masked.
    Diagnostic item;
};

/// Where to look; all of it may be missing.
struct DiagnoseContext {
    const Changelog* changelog = nullptr;  ///< without errors
    const Graph* graph = nullptr;
    RenderContext render = {};
    FileSource* files = nullptr;  ///< for SQL files that changesets name
};

/// Of a log only the first errors are explained: those behind them mostly follow from them.
inline constexpr std::size_t kMostErrors = 20;

/// One for each error in the text, in its order; empty if nothing in it is known. What is data or a secret
/// in the text is in no field of the result.
std::vector<Diagnosis> diagnose(std::string_view pasted, const DiagnoseContext& context);

}  // namespace changelog::review
