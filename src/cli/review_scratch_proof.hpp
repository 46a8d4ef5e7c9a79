// The proof of a branch on one server: what is there before is made once, and copied for all that follows.
#pragma once

#include "changelog/diagnostics.hpp"

#include "execute/trace_update.hpp"
#include "execute/verify.hpp"
#include "execute/verify_database.hpp"
#include "review/review.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

namespace changelog::cli {

struct ScratchTask {
    const review::ReviewInput& input;
    execute::EngineOptions engine;
    std::string setup;  ///< SQL that is run before everything
    execute::Listener listener;
};

/// The schema on the server before and after what is new.
struct ProvenSchema {
    bool known = false;
    bool same_database = false;  ///< what is new was applied to a copy of the one before
    catalog::Catalog before, after;
};

class ScratchProof {
  public:
    ScratchProof(const ScratchTask& task, std::string url);

    /// Applies what the base has; on copies of that what is new: up, down, up, and once more with its locks
    /// measured. Throws DatabaseError if the server cannot be used.
    review::Proof run(review::Review& review);
    const ProvenSchema& schema() const { return schema_; }

    /// Asks the run to end; may be called from another thread.
    void stop() noexcept;

  private:
    using Database = execute::VerifyDatabase;
    class Running;

    bool apply_base();
    bool head_goes_on();
    bool apply_unchanged(const review::Review& review);
    bool update(Database& database, const review::Side& side);
    catalog::Catalog schema_of(Database& database) const;
    void verify(const review::Review& review, review::Proof& out);
    void trace(review::Review& review, review::Proof& out);
    void look_at_the_end(review::Proof& out);
    std::string last_error(const Diagnostics& found) const;

    const ScratchTask& task_;
    std::string url_;
    Diagnostics diagnostics_;               ///< of making what is there before
    execute::VerifyServer first_, copies_;  ///< of the database before what is new, and of those made of it
    std::unique_ptr<Database> base_;
    ProvenSchema schema_;
    std::string not_possible_;
    std::atomic<bool> stopped_ = false;
    std::mutex mutex_;
    execute::Verifier* verifier_ = nullptr;
};

}  // namespace changelog::cli
