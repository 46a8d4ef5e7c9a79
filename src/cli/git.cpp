#include "cli/git.hpp"

#include "changelog/codes.hpp"

#include "cli/arguments.hpp"
#include "cli/git_process.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace changelog::cli {

namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// "fatal: not a git repository (or any of the parent directories): .git" without the first word.
std::string said(const GitResult& result) {
    const std::string line = first_line(result.err);
    return line.starts_with("fatal: ") ? line.substr(7) : line;
}

[[noreturn]] void fail(std::string_view code, std::string title, std::string why,
                       std::vector<std::string> next, std::string did_you_mean = {}) {
    Diagnostics diagnostics;
    Diagnostic& item = diagnostics.add(Severity::error, code, {}, std::move(title));
    item.why = std::move(why);
    item.next = std::move(next);
    item.did_you_mean = std::move(did_you_mean);
    throw UsageError(std::move(diagnostics));
}

[[noreturn]] void no_repository(const GitResult& result, const std::string& folder) {
    if (result.err.find("dubious ownership") != std::string::npos) {
        const std::size_t advice = result.err.find("git config");
        fail(codes::no_repository, "git refuses this repository: its folder belongs to another user", "",
             {advice == std::string::npos ? "git config --global --add safe.directory " + folder
                                          : first_line(result.err.substr(advice))});
    }
    if (result.err.find("work tree") != std::string::npos)
        fail(codes::no_repository, "this repository has no working tree",
             "The changelog of the branch is read from its files.", {"git worktree add ../review BRANCH"});
    fail(codes::no_repository, "this is no git repository", said(result),
         {"run it in a clone of the project", "changelog plan needs no repository"});
}

}  // namespace

GitRepository::GitRepository(const std::string& folder) {
    const GitResult result = run_git(folder, {"rev-parse", "--show-toplevel"});
    if (!result.good() || result.out.size() < 2) no_repository(result, folder);
    root_ = result.out.substr(0, result.out.size() - 1);
}

/// No branch, tag or hash begins with a hyphen, so none is taken for an option.
std::optional<std::string> GitRepository::find_commit(const std::string& revision) const {
    if (revision.empty() || revision.front() == '-') return std::nullopt;
    const GitResult result =
        run_git(root_, {"rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"});
    if (!result.good()) return std::nullopt;
    return first_line(result.out);
}

std::string GitRepository::commit(const std::string& revision) const {
    if (auto found = find_commit(revision)) return *found;
    if (revision == "HEAD")
        fail(codes::unknown_revision, "this repository has no commits yet", "", {"git commit"});
    const GitResult names = run_git(
        root_, {"for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags"});
    const std::vector<std::string> known = split(names.out, '\n');
    const std::string near = nearest(revision, {known.begin(), known.end()});
    std::vector<std::string> next;
    if (revision.starts_with("origin/"))
        next.push_back("git fetch origin " + revision.substr(7));
    else
        next.emplace_back("git fetch origin");
    fail(codes::unknown_revision, "there is no commit '" + revision + "' in this repository",
         is_shallow() ? "It is a shallow clone, which has but a part of the history." : "", std::move(next),
         near);
}

std::string GitRepository::default_base() const {
    for (const char* name : {"origin/HEAD", "origin/main", "origin/master", "main", "master"})
        if (find_commit(name)) return name;
    fail(codes::unknown_revision, "nothing says what the branch is compared with",
         "There is no origin/HEAD, origin/main, origin/master, main or master here.",
         {"changelog review --base BRANCH", "git fetch origin"});
}

bool GitRepository::is_shallow() const {
    return first_line(run_git(root_, {"rev-parse", "--is-shallow-repository"}).out) == "true";
}

std::string GitRepository::merge_base(const std::string& base, const std::string& base_commit,
                                      const std::string& head_commit) const {
    const GitResult result = run_git(root_, {"merge-base", base_commit, head_commit});
    if (result.good()) return first_line(result.out);
    if (is_shallow())
        fail(codes::no_merge_base,
             "this shallow clone does not reach back to where the branch left '" + base + "'",
             "CI fetches only the newest commits unless it is told otherwise.",
             {"git fetch --unshallow", "GitHub: fetch-depth: 0 of actions/checkout",
              "GitLab: GIT_DEPTH: 0 among the variables of the job"});
    fail(codes::no_merge_base, "the branch and '" + base + "' have no common commit", said(result),
         {"changelog review --base COMMIT, with one that the branch was made from"});
}

std::string GitRepository::abbreviated(const std::string& commit) const {
    const GitResult result = run_git(root_, {"rev-parse", "--short", commit});
    return result.good() ? first_line(result.out) : commit.substr(0, 10);
}

}  // namespace changelog::cli
