#include "execute/transactions.hpp"

#include "execute/session_settings.hpp"

#include <algorithm>

namespace changelog::execute {

bool touches_settings(const Footprint& footprint, const RenderedChangeSet& rendered) {
    return footprint.barrier || may_change_settings(rendered.statements);
}

bool observes(const RenderedChangeSet& rendered) {
    return std::any_of(rendered.changes.begin(), rendered.changes.end(),
                       [](const RenderedChange& change) { return change.undo.observe; });
}

bool is_watched(const ChangeSet& changeset, const Footprint& footprint, const RenderedChangeSet& rendered) {
    const auto acts = [](const auto& change) {
        return change->command() != nullptr || change->output().has_value();
    };
    return !changeset.fail_on_error || touches_settings(footprint, rendered) || observes(rendered) ||
           std::any_of(changeset.changes.begin(), changeset.changes.end(), acts);
}

Place place_of(TransactionMode mode, std::size_t size, const RenderedChangeSet& next, bool watched) {
    const bool all = mode == TransactionMode::all;
    Place out;
    out.outside = !next.transactional;
    const bool alone = !all && !out.outside && (!next.only_new_objects || watched);
    out.ends_before = size > 0 && (alone || !may_join(mode, size, false, next));
    out.ends_after = alone || (mode == TransactionMode::changeset && !out.outside);
    return out;
}

std::size_t TransactionsAhead::join(const RenderedChangeSet& next, bool watched) {
    const Place place = place_of(mode_, size_, next, watched);
    if (place.ends_before) size_ = 0;
    if (place.outside) return 0;
    if (size_++ == 0) ++count_;
    if (place.ends_after) size_ = 0;
    return count_;
}

}  // namespace changelog::execute
