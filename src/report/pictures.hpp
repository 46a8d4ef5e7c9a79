// Pictures of a review, as SVG within HTML: coloured by the page's style.
#pragma once

#include "report/review.hpp"

#include <string>

namespace changelog::report {

/// The changed changesets and their direct neighbours, with what needs what; a note where some are left out.
/// Empty if nothing changed.
std::string graph_picture(const ReviewView& view);

/// The touched tables, with what is new and what is gone, and those one foreign key away. Empty without any.
std::string tables_picture(const ReviewView& view);

}  // namespace changelog::report
