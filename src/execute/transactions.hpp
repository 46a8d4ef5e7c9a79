// Which changesets of an update share a transaction: the same rules for the run and for its plan.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/footprint.hpp"
#include "changelog/plan.hpp"

#include <cstddef>

namespace changelog::execute {

/// Whether settings of the session or its role may be others after the changeset, so that they are brought
/// back.
bool touches_settings(const Footprint& footprint, const RenderedChangeSet& rendered);

/// Whether the database has to be looked at before and after to know how the changeset is undone.
bool observes(const RenderedChangeSet& rendered);

/// Whether it has to be run statement by statement, with no other changeset beside it: it may fail without
/// ending the run, acts outside of the database, is looked at, or touches settings.
bool is_watched(const ChangeSet& changeset, const Footprint& footprint, const RenderedChangeSet& rendered);

/// Where the next changeset of a run goes.
struct Place {
    bool ends_before = false;  ///< the transaction that is open ends first
    bool outside = false;      ///< it runs outside of any
    bool ends_after = false;   ///< it is the last of its transaction
};

/// `size`: changesets that the open transaction holds already.
Place place_of(TransactionMode mode, std::size_t size, const RenderedChangeSet& next, bool watched);

/// Numbers the transactions of a run that is only planned.
class TransactionsAhead {
  public:
    explicit TransactionsAhead(TransactionMode mode) : mode_(mode) {}

    /// The database is asked for something, and must have seen all that came before.
    void look() {
        if (mode_ != TransactionMode::all) size_ = 0;
    }
    /// The number of the changeset's transaction, from 1; 0 if it runs outside of any.
    std::size_t join(const RenderedChangeSet& next, bool watched);
    std::size_t count() const { return count_; }

  private:
    TransactionMode mode_;
    std::size_t count_ = 0, size_ = 0;
};

}  // namespace changelog::execute
