// Findings mended in the file that they come from.
#pragma once

#include "review/file_edits.hpp"
#include "review/findings.hpp"
#include "review/review.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::review {

struct FixRequest {
    std::string_view code;
    const ChangeSet& changeset;
    std::size_t change = 0;               ///< of the changeset
    const std::string& sql;               ///< the statement that the finding is about
    const std::optional<Region>& in_sql;  ///< where that stands, if it was written as SQL
    bool partitioned = false;             ///< it is about a partitioned table
};

class Fixes {
  public:
    explicit Fixes(const ReviewInput& input) : input_(input) {}

    /// The edits that mend it; none where it is not certain that they would be right. Safe are those after
    /// which the same schema comes about, by the same changesets.
    std::vector<Fix> of(const FixRequest& request);

  private:
    FileEdits& file(const SourceFile& source);
    std::vector<Fix> concurrently(const FixRequest& request);
    std::vector<Fix> concurrently_in_sql(const FixRequest& request);
    std::vector<Fix> retain(const FixRequest& request);
    std::vector<Fix> validate_later(const FixRequest& request);
    std::vector<Fix> prove_not_null(const FixRequest& request);
    bool is_taken(const ChangeSetKey& key) const;

    const ReviewInput& input_;
    std::map<const SourceFile*, std::unique_ptr<FileEdits>> files_;
};

}  // namespace changelog::review
