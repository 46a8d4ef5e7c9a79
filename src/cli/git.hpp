// What a review asks of git: which commits are compared.
#pragma once

#include <optional>
#include <string>

namespace changelog::cli {

/// The repository that a folder belongs to.
class GitRepository {
  public:
    /// Throws UsageError: CL0015 without git, CL0016 without a repository.
    explicit GitRepository(const std::string& folder = ".");

    const std::string& root() const { return root_; }  ///< of the working tree, absolute, without links

    /// The commit of a branch, tag or hash, in full. Throws UsageError with CL0017, which names the nearest
    /// there is.
    std::string commit(const std::string& revision) const;
    /// The first that exists of origin/HEAD, origin/main, origin/master, main, master. Throws UsageError with
    /// CL0017 if none does.
    std::string default_base() const;
    /// The last commit that both have. Throws UsageError with CL0018, which tells what to fetch.
    std::string merge_base(const std::string& base, const std::string& base_commit,
                           const std::string& head_commit) const;
    std::string abbreviated(const std::string& commit) const;

  private:
    std::optional<std::string> find_commit(const std::string& revision) const;
    bool is_shallow() const;

    std::string root_;
};

}  // namespace changelog::cli
