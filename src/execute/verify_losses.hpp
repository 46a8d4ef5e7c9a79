// What an undo says that it loses, held against what a proof finds changed.
#pragma once

#include "execute/verify_state.hpp"

#include <string>
#include <vector>

namespace changelog::execute {

/// Whether one of an undo's losses speaks of it: one about the values of a column forgives that column's, one
/// about rows forgives that some are missing. Of a `written` block the losses are those of the change alone,
/// so it may fail to bring back what the change destroyed, and no more: rows that the change left have to
/// stay, and the values in them.
bool is_announced(const RowDifference& difference, const std::vector<std::string>& losses, bool written);

/// Whether the judgement needs to know how many rows the change left.
bool depends_on_rows_left(const std::vector<std::string>& losses);

/// "column public.t.a: not null: yes -> no", where the undo announces that the values of that column are
/// lost: rows without them cannot have it.
bool follows_from_loss(const std::string& difference, const std::vector<std::string>& losses);

}  // namespace changelog::execute
