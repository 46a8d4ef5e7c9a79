#include "report/diagnose.hpp"

#include "cli/audit_input.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/os_files.hpp"
#include "cli/output.hpp"
#include "cli/project.hpp"
#include "core/text.hpp"

#include <filesystem>

namespace changelog::cli {

namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20;  // of a pasted text

/// PowerShell writes what is sent to a file in UTF-16. Characters beyond the basic ones become "?".
std::string as_utf8(std::string text) {
    if (!text.starts_with("\xFF\xFE")) return text;
    std::string out;
    for (std::size_t at = 2; at + 1 < text.size(); at += 2) {
        const unsigned unit = static_cast<unsigned char>(text[at]) |
                              static_cast<unsigned>(static_cast<unsigned char>(text[at + 1])) << 8;
        const bool surrogate = unit >= 0xD800 && unit < 0xE000;
        if (unit < 0x80 || surrogate) {
            out += surrogate ? '?' : static_cast<char>(unit);
        } else if (unit < 0x800) {
            out += static_cast<char>(0xC0 | unit >> 6);
            out += static_cast<char>(0x80 | (unit & 0x3F));
        } else {
            out += static_cast<char>(0xE0 | unit >> 12);
            out += static_cast<char>(0x80 | (unit >> 6 & 0x3F));
            out += static_cast<char>(0x80 | (unit & 0x3F));
        }
    }
    return out;
}

/// A file, stdin, or the error itself where it stands on the command line.
std::string pasted_text(const std::vector<std::string>& words) {
    if (words.empty()) return read_input("-", kMostBytes);
    std::error_code error;
    const bool one_word = words.size() == 1 && words.front().find_first_of(" \n") == std::string::npos;
    const bool is_code = one_word && words.front().size() == 5;
    if (one_word && (words.front() == "-" || !is_code || std::filesystem::exists(words.front(), error)))
        return read_input(words.front(), kMostBytes);
    if (words.size() == 1 && std::filesystem::is_regular_file(words.front(), error))
        return read_input(words.front(), kMostBytes);
    return join(words, " ");
}

/// The changelog, if there is one that can be read; the error is explained without it, too.
std::optional<Project> project_here(const Settings& settings, std::string& why_not) {
    OsFiles files(settings.search_path, settings.load.max_file_bytes);
    try {
        if (!files.read(settings.changelog_file)) {
            why_not = fmt::format("there is no {}", settings.changelog_file);
            return std::nullopt;
        }
        Diagnostics diagnostics;
        Project project = load_project(settings, diagnostics);
        if (!diagnostics.has_errors()) return project;
        why_not = "the changelog has errors: changelog validate";
    } catch (const std::system_error& error) {
        why_not = fmt::format("{} cannot be read: {}", settings.changelog_file, error.code().message());
    }
    return std::nullopt;
}

int run_diagnose(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    for (const std::string& warning : settings.warnings) call.output.warn(warning);
    const std::string text = pasted_text(call.arguments.values("FILE"));
    if (text.size() > kMostBytes)
        throw UsageError("the text is too large: paste the error, not the whole log");
    std::string why_not;
    const std::optional<Project> project = project_here(settings, why_not);
    review::DiagnoseContext context;
    context.render = offline_context(settings);
    if (project) {
        context.changelog = &project->changelog;
        context.graph = &project->graph;
        context.files = project->files.get();
    } else {
        call.output.say("no changesets are looked for: " + why_not);
    }
    const std::vector<review::Diagnosis> found = review::diagnose(as_utf8(text), context);
    if (found.empty())
        throw UsageError(
            "there is no error of PostgreSQL in this text that is known", {},
            "A SQLSTATE such as 42P07, or the English message with its ERROR, is what is looked for.");
    call.output.data(call.output.format() == Format::json
                         ? report::diagnose_json(found, project.has_value(), why_not)
                         : report::diagnose_text(found, call.output.colour_on_stdout()));
    return kOk;
}

}  // namespace

const Command diagnose_command = {
    "diagnose",
    "Explain a pasted PostgreSQL error, and point at its changeset.",
    "Reads what psql, a driver, another migration tool or the server's log says, in part or whole, and needs "
    "no\n"
    "database. Tells the cause and a remedy, and which changeset runs the failing statement or makes the "
    "object "
    "that the\n"
    "message names. Values and passwords in the text are not repeated. What is a guess is called one. "
    "docs/diagnose.md\n"
    "shows examples.",
    {},
    {{"FILE",
      "A file with the error; - or nothing reads stdin. Behind --, the error itself.",
      false,
      true,
      {}}},
    {"changelog update 2>&1 | changelog diagnose", "changelog diagnose error.txt --format json",
     "changelog diagnose -- 'relation \"orders\" already exists'"},
    {"text", "json"},
    run_diagnose};

}  // namespace changelog::cli
