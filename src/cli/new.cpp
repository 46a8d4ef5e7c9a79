#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/file_writer.hpp"
#include "cli/output.hpp"
#include "cli/project.hpp"
#include "cli/scaffold.hpp"
#include "cli/yaml_text.hpp"
#include "core/text.hpp"
#include "operations/describe_schema.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace changelog::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSchemaName = "changelog.schema.json";

/// SOURCE_DATE_EPOCH makes it reproducible.
std::string utc_stamp() {
    const char* fixed = std::getenv("SOURCE_DATE_EPOCH");
    const std::time_t now =
        fixed != nullptr ? static_cast<std::time_t>(std::strtoll(fixed, nullptr, 10)) : std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y%m%d-%H%M", &parts)};
}

std::string git_config(const char* key) {
    const std::string command = fmt::format("git config --get {} 2>/dev/null", key);
    std::FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return {};
    char text[256] = "";
    if (std::fgets(text, sizeof text, pipe) == nullptr) text[0] = '\0';
    ::pclose(pipe);
    return trim(text);
}

std::string author() {
    if (std::string name = git_config("user.name"); !name.empty()) return name;
    const char* user = std::getenv("USER");
    return user != nullptr && *user != '\0' ? user : "unknown";
}

std::string changeset_file(const std::string& id, const Scaffold& scaffold) {
    std::string out = fmt::format(
        "# yaml-language-server: $schema=../{}\ndatabaseChangeLog:\n  - changeSet:\n", kSchemaName);
    out += fmt::format("      id: {}\n      author: {}\n      changes:\n", yaml_scalar(id),
                       yaml_scalar(author()));
    return out + scaffold.changes;
}

std::string root_file() {
    return fmt::format(
        "# yaml-language-server: $schema={}\ndatabaseChangeLog:\n  - includeAll:\n      path: changes\n"
        "      relativeToChangelogFile: true\n",
        kSchemaName);
}

/// Writes a file that is only made once; an existing one is left as it is.
bool ensure_file(const fs::path& path, const std::function<std::string()>& text, Output& output,
                 Diagnostics& diagnostics) {
    std::error_code error;
    if (fs::exists(path, error)) return true;
    if (!write_file(path.string(), text(), IfExists::refuse, diagnostics)) return false;
    output.say("wrote " + path.string());
    return true;
}

bool is_in_changelog(const Settings& settings, const std::string& id, Output& output) {
    Diagnostics diagnostics;
    const Project project = load_project(settings, diagnostics);
    if (diagnostics.has_errors()) {
        output.report(diagnostics);
        return true;  // what is wrong has been said
    }
    const auto& changesets = project.changelog.changesets;
    return std::any_of(changesets.begin(), changesets.end(),
                       [&](const ChangeSet& changeset) { return changeset.key.id == id; });
}

int run_new(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    std::vector<std::string> words = call.arguments.values("WORDS");
    const std::string kind = call.arguments.value("KIND").value_or("");
    const Scaffold scaffold = make_scaffold(kind, words, call.arguments.has("--unique"));
    const std::string id =
        utc_stamp() + "-" + slug_of(call.arguments.value("--name").value_or(scaffold.slug));

    const fs::path root =
        (fs::path(settings.search_path.front()) / settings.changelog_file).lexically_normal();
    const fs::path path = root.parent_path() / "changes" / (id + ".yaml");
    Diagnostics diagnostics;
    const bool written =
        write_file(path.string(), changeset_file(id, scaffold), IfExists::refuse, diagnostics) &&
        ensure_file(root.parent_path() / kSchemaName, json_schema, call.output, diagnostics) &&
        ensure_file(root, root_file, call.output, diagnostics);
    if (!written) {
        call.output.fail("new", diagnostics);
        return exit_code_for(diagnostics);
    }
    for (const std::string& warning : scaffold.warnings) call.output.warn("warning: " + warning);
    if (!is_in_changelog(settings, id, call.output))
        call.output.warn(
            fmt::format("warning: {} does not include the new file; add an include of changes/{}.yaml",
                        root.string(), id));
    call.output.data(path.string() + '\n');
    return kOk;
}

}  // namespace

const Command new_command = {
    "new",
    "Write a new changeset.",
    "Writes changes/TIME-NAME.yaml beside the changelog and prints its path; makes the changelog, with an "
    "includeAll of\n"
    "that folder, and the schema for editors if they are missing. Nothing that exists is overwritten.\n\n"
    "Kinds:\n"
    "  create-table TABLE COLUMN...              add-column TABLE COLUMN...\n"
    "  create-index TABLE COLUMN... [--unique]   add-foreign-key TABLE.COLUMN TABLE.COLUMN\n"
    "  rename-column TABLE OLD NEW               drop-column TABLE COLUMN\n"
    "  create-enum TYPE LABEL...                 sql NAME [SQL]\n"
    "  empty NAME\n\n"
    "A COLUMN is NAME:TYPE. It may not be null; `?` after the type lets it be null, `!` makes it the primary "
    "key (an\n"
    "integer one counts by itself), and `=EXPRESSION` gives a default. Quote what the shell would take for "
    "itself.",
    {{"--name", "NAME", "What the file and the changeset are called after the time.", {}, {}},
     {"--unique", "", "With create-index: a unique one.", {}, {}}},
    {{"KIND",
      "What kind of change.",
      true,
      false,
      {"create-table", "add-column", "create-index", "add-foreign-key", "rename-column", "drop-column",
       "create-enum", "sql", "empty"}},
     {"WORDS", "What it is about.", false, true, {}}},
    {"changelog new create-table users id:bigint! name:text 'email:varchar(255)?'",
     "changelog new add-column orders 'note:text?' 'placed_at:timestamptz=now()'",
     "changelog new create-index orders customer_id,placed_at",
     "changelog new add-foreign-key orders.customer_id customers.id",
     "changelog new rename-column orders note remark",
     "changelog new create-enum order_state new,paid,shipped",
     "changelog new sql close-old-orders \"UPDATE orders SET state = 'closed'\""},
    {},
    run_new};

}  // namespace changelog::cli
