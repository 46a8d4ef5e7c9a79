// Which transaction each changeset of an update gets, as Updater::join_batch decides it.
#pragma once

#include "changelog/plan.hpp"

#include <cstddef>

namespace changelog::execute {

class TransactionsAhead {
  public:
    explicit TransactionsAhead(TransactionMode mode) : mode_(mode) {}

    /// The database is asked for something, and must have seen all that came before.
    void look() {
        if (!all()) end();
    }
    /// The number of the changeset's transaction, from 1; 0 if it runs outside of any. `watched`: it must be
    /// the only one.
    std::size_t join(const RenderedChangeSet& next, bool watched) {
        if (size_ > 0 && !may_join(mode_, size_, alone_, next)) end();
        if (!next.transactional) return 0;
        const bool alone = !all() && (!next.only_new_objects || watched);
        if (alone) end();
        if (size_++ == 0) ++count_;
        alone_ = alone;
        const std::size_t number = count_;
        if (alone || mode_ == TransactionMode::changeset) end();
        return number;
    }
    std::size_t count() const { return count_; }

  private:
    bool all() const { return mode_ == TransactionMode::all; }
    void end() {
        size_ = 0;
        alone_ = false;
    }

    TransactionMode mode_;
    std::size_t count_ = 0, size_ = 0;
    bool alone_ = false;
};

}  // namespace changelog::execute
