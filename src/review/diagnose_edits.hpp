// Edits of changelog files that mend what an error complains about.
#pragma once

#include "review/diagnose_places.hpp"

namespace changelog::review {

/// What can be changed by a program; empty where only a person can decide. None is safe unless it says so.
std::vector<Fix> edits_for(const PastedError& error, const FoundPlaces& found,
                           const DiagnoseContext& context);

/// The name that was probably meant: by PostgreSQL's own hint, else the nearest that the changelog knows;
/// empty if none is near.
std::string meant_name(const PastedError& error, const FoundPlaces& found);

}  // namespace changelog::review
