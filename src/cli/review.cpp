#include "review/review.hpp"

#include "changelog/codes.hpp"

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/review_input.hpp"
#include "cli/review_scratch.hpp"
#include "cli/review_sides.hpp"
#include "cli/session.hpp"
#include "cli/version.hpp"
#include "execute/commands.hpp"
#include "report/review.hpp"
#include "review/pull_statistics.hpp"

#include <csignal>
#include <filesystem>

namespace changelog::cli {

namespace {

std::optional<review::Verdict> fail_on(const Arguments& arguments) {
    const std::string level = arguments.value("--fail-on").value_or("block");
    if (level == "never") return std::nullopt;
    return level == "warn" ? review::Verdict::warn : review::Verdict::block;
}

/// Only a database that was named for it is asked; one that lies about in the environment is not.
void ask_database(Call& call, const Settings& settings, std::vector<review::Statistics>& statistics) {
    const auto url = call.arguments.value("--url");
    if (!url) return;
    if (url->starts_with("scratch:"))
        throw UsageError("a throw-away server has no sizes", "--scratch",
                         "--url names a database to read sizes from; --scratch proves the change.");
    Diagnostics diagnostics;
    Session session(settings, call.output, diagnostics);
    try {
        statistics.push_back(review::pull_statistics(session.connection(), session.engine().ledger(),
                                                     {session.engine().render_context().attic}, diagnostics));
    } catch (const postgres::DatabaseError& error) {
        execute::report_server_error(error.error, {}, "", diagnostics);
    }
    // Sizes are read all the same; then nobody says what is applied.
    for (Diagnostic& each : diagnostics.items())
        if (each.code == codes::no_ledger_rights) each.severity = Severity::warning;
    if (diagnostics.has_errors()) throw UsageError(std::move(diagnostics));
    call.output.report(diagnostics);
    statistics.back().environment = call.arguments.value("--env").value_or("");
}

/// What most of the databases are; else the first that was asked for.
RenderContext context_of(const Settings& settings, const std::vector<review::Statistics>& statistics,
                         std::vector<int>& versions) {
    RenderContext context = offline_context(settings);
    if (versions.empty()) {
        for (const review::Statistics& each : statistics)
            if (each.server_version != 0) versions.push_back(each.server_version);
    }
    if (versions.empty()) return context;
    context.server_version = versions.front();
    versions.erase(versions.begin());
    return context;
}

review::Review make_review(Call& call, const Settings& settings, const ReviewSides& sides,
                           Diagnostics& diagnostics) {
    std::vector<int> versions = versions_of(call.arguments);
    std::vector<review::Statistics> statistics = statistics_of(call.arguments);
    ask_database(call, settings, statistics);
    const RenderContext context = context_of(settings, statistics, versions);
    review::ReviewInput input{
        {sides.head_project.changelog, sides.head_project.graph},
        {sides.base_project.changelog, sides.base_project.graph},
        std::nullopt,
        std::move(statistics),
        environments_of(call.arguments, settings),
        context,
        settings.selection,
        settings.transactions,
        current_time(),
    };
    if (sides.theirs) input.theirs.emplace(review::Side{sides.theirs->changelog, sides.theirs->graph});
    input.server_versions = std::move(versions);
    input.files = sides.head_project.files.get();
    review::Review out = review::review(input, diagnostics);
    if (call.arguments.has("--scratch")) prove(call, settings, input, out);
    return out;
}

std::string shown(const report::ReviewView& view, const Output& output, bool verbose) {
    const std::string& format = output.format_name();
    if (format == "markdown") return report::review_markdown(view);
    if (format == "json") return report::review_json(view);
    if (format == "sarif") return report::review_sarif(view);
    if (format == "gitlab") return report::review_gitlab(view);
    if (format == "github") return report::review_github(view);
    if (format == "html") return report::review_html(view);
    return report::review_text(view, output.width(), output.colour_on_stdout(), verbose);
}

int run_review(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    for (const std::string& warning : settings.warnings) call.output.warn(warning);
    ReviewSides sides = load_sides(settings, call.arguments.value("--base"), call.arguments.value("--head"));
    Diagnostics diagnostics;
    diagnostics.append(sides.notices);
    const bool broken = sides.problems.has_errors();
    review::Review review =
        broken ? review_of_errors(sides.problems) : make_review(call, settings, sides, diagnostics);
    if (const int number = SignalWatch::received(); number != 0)
        return number == SIGINT ? kInterrupted : kTerminated;
    review.changelog_file = settings.changelog_file;
    review.base = sides.base;
    review.head = sides.head;
    review.now = current_time();
    review.version = version();
    review.command = reproduction(call.arguments, sides.base.id, sides.head.id);
    if (!broken) diagnostics.append(sides.problems);
    call.output.report(diagnostics);
    if (broken) diagnostics.append(sides.problems);  // the review itself shows them
    if (call.output.format() != Format::text)
        name_from_repository(sides.repository, settings.search_path, review);

    const report::ReviewView view{
        .review = review,
        .head = sides.head_project.changelog,
        .base = sides.base_project.changelog,
        .theirs = sides.theirs ? &sides.theirs->changelog : nullptr,
        .diagnostics = &diagnostics,
        .project = std::filesystem::path(sides.repository).filename().string(),
        .fail_on = fail_on(call.arguments),
    };
    call.output.data(shown(view, call.output, call.arguments.has("--verbose")));
    return report::fails(view) ? kInvalid : kOk;
}

}  // namespace

const Command review_command = {
    "review",
    "Tell what a branch would do to the databases, before it is merged.",
    "Compares the branch with where it left its base, as git knows it: what would run and whom that stops, "
    "what cannot be\n"
    "undone, what was edited although it is applied, and what does not go with what the base got since. No "
    "database is\n"
    "needed; --stats and --url add sizes, --scratch adds proof. The exit code is 3 if the verdict reaches "
    "the level of\n"
    "--fail-on. docs/review.md tells more.",
    {{"--base",
      "REF",
      "What the branch is compared with (default: the first of origin/HEAD, origin/main, origin/master, "
      "main, "
      "master).",
      {},
      {}},
     {"--head", "REF", "The branch, or a commit of it (default: the working tree).", {}, {}},
     {"--stats",
      "FILE",
      "Sizes and history of a database, as `changelog stats pull` wrote them; may be repeated.",
      {},
      {},
      true},
     {"--scratch",
      "[=VERSION]",
      "Prove on throw-away servers (such as =15,18) that what is new can be undone, and measure its locks.",
      {},
      {}},
     {"--setup", "FILE", "SQL for --scratch to begin with: what the changelog expects to find.", {}, {}},
     {"--pg", "VERSIONS", "Major versions of the servers, such as 14,17 (default: 15).", {}, {}, true},
     {"--fail-on", "LEVEL", "The verdict that fails (default: block).", {"block", "warn", "never"}, {}}},
    {},
    {"changelog review", "changelog review --base origin/main --stats .changelog/production.json",
     "changelog review --format markdown --output-file review.md",
     "changelog review --scratch=17 --fail-on warn --format github"},
    {"text", "markdown", "json", "sarif", "gitlab", "github", "html"},
    run_review};

}  // namespace changelog::cli
