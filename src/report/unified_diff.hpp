// What edits do to a text, as people read it.
#pragma once

#include "changelog/diagnostics.hpp"

#include "report/visible.hpp"

#include <string>
#include <vector>

namespace changelog::report {

/// The edits (of one file, in bytes) as hunks of a unified diff, with `context` lines around, without the
/// lines that name the file. Control characters are written out. Empty if the edits do not fit the text.
/// `masked`: lines around that may hold data are only hinted at.
std::string unified_diff(const std::string& text, std::vector<Edit> edits, std::size_t context = 2,
                         bool masked = false);

/// The hunks of a fix, each file's behind its name; the texts are those of `sources`. Empty where a text is
/// not known or does not fit. Lines around it show no data.
std::string fix_diff(const Fix& fix, const Sources& sources);

}  // namespace changelog::report
