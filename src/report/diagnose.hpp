// A pasted error explained, for people and for programs.
#pragma once

#include "review/diagnose.hpp"

#include <string>
#include <vector>

namespace changelog::report {

/// Code and message, cause, remedy, the places in the changelog and the edits, for each error.
std::string diagnose_text(const std::vector<review::Diagnosis>& diagnoses, bool colour);

/// `looked_at`: whether there was a changelog to look for places in; else why not.
std::string diagnose_json(const std::vector<review::Diagnosis>& diagnoses, bool looked_at,
                          const std::string& why_not);

}  // namespace changelog::report
