// What `fix` did, for programs.
#pragma once

#include "changelog/diagnostics.hpp"

#include <string>
#include <vector>

namespace changelog::report {

/// One edit of files that mends one thing.
struct MadeFix {
    Location where;
    std::string code, title;
};

struct FixView {
    bool dry_run = false;
    const std::vector<MadeFix>& made;
    std::vector<std::string> files;  ///< that are written, or would be
    std::string diff;                ///< of a dry run
    std::size_t unsafe = 0;          ///< more that --unsafe would make
    const Diagnostics& left;         ///< what is wrong still
};

std::string fix_json(const FixView& view);

}  // namespace changelog::report
