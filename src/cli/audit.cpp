#include "changelog/codes.hpp"

#include "cli/audit_view.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "cli/settings.hpp"
#include "cli/version.hpp"
#include "hazards/follow.hpp"
#include "hazards/parsed.hpp"
#include "hazards/search_path.hpp"

namespace changelog::cli {

namespace {

/// The schema that the files say is there. What cannot be read is not known, which makes findings graver,
/// never milder.
catalog::Catalog schema_of(const std::vector<std::string>& paths, const Settings& settings, Output& output) {
    catalog::Catalog out;
    out.schemas[settings.default_schema].name = settings.default_schema;
    for (const std::string& path : paths) {
        const AuditInput input = read_audit_input(path, settings.load.max_file_bytes);
        hazards::SearchPath search_path(settings.default_schema);
        for (std::size_t i = 0; i < input.statements.size(); ++i) {
            const std::string& sql = input.statements[i].sql;
            hazards::follow(sql, search_path.schema_for(sql, out), out);
            search_path.go_on(sql);
            if (hazards::Parsed(sql).readable()) continue;
            output.warn(fmt::format("warning: {}:{}: statement cannot be read and is passed over", input.name,
                                    input.region_of(i, 0).begin.line));
        }
    }
    return out;
}

int version_of(const Arguments& arguments) {
    constexpr std::size_t kOldest = 13, kNewest = 18, kDefault = 15;
    const std::size_t major = arguments.number("--pg").value_or(kDefault);
    if (major < kOldest || major > kNewest)
        throw UsageError(
            fmt::format("--pg is a major version from {} to {}, not {}", kOldest, kNewest, major));
    return static_cast<int>(major) * 10000;
}

std::optional<Severity> fail_on(const Arguments& arguments) {
    const std::string level = arguments.value("--fail-on").value_or("error");
    if (level == "never") return std::nullopt;
    return level == "warning" ? Severity::warning : Severity::error;
}

/// "-" can be read once only.
void check_stdin(const std::vector<std::string>& files, const std::vector<std::string>& schemas) {
    const auto uses =
        std::count(files.begin(), files.end(), "-") + std::count(schemas.begin(), schemas.end(), "-");
    if (uses > 1) throw UsageError("stdin can be read only once");
}

std::string shown(const report::AuditView& view, const Output& output, bool notes) {
    const std::string& format = output.format_name();
    if (format == "json") return report::audit_json(view);
    if (format == "sarif") return report::audit_sarif(view);
    if (format == "gitlab") return report::audit_gitlab(view);
    if (format == "github") return report::audit_github(view);
    return report::audit_text(view, output.colour_on_stdout(), notes);
}

/// A misspelt name would be a size that nobody looks at.
void report_unknown_tables(const TableSizes& sizes, const report::AuditView& view,
                           const catalog::Catalog& catalog, Output& output) {
    std::set<ObjectName> met;
    for (const report::AuditedStatement& statement : view.statements)
        for (const hazards::RelationFacts& each : statement.facts.relations) met.insert(each.name);
    for (const auto& [table, rows] : sizes.all())
        if (!met.contains(table) && catalog.table(table) == nullptr)
            output.say(fmt::format("--rows names {}.{}, which no statement locks", table.schema, table.name));
}

int run_audit(Call& call) {
    const Arguments& arguments = call.arguments;
    const Settings settings = resolve_settings(arguments);
    const TableSizes sizes(arguments.values("--rows"), settings.default_schema);
    const AuditOptions options{version_of(arguments), settings.default_schema,
                               arguments.has("--single-transaction"), sizes};
    const std::vector<std::string> files = arguments.values("FILE"), schemas = arguments.values("--schema");
    check_stdin(files, schemas);
    report::AuditView view;
    view.version = version();
    view.fail_on = fail_on(arguments);
    catalog::Catalog catalog = schema_of(schemas, settings, call.output);
    for (const std::string& file : files)
        audit(read_audit_input(file, settings.load.max_file_bytes), options, catalog, view);
    report_unknown_tables(sizes, view, catalog, call.output);
    call.output.data(shown(view, call.output, arguments.has("--verbose")));
    return report::fails(view) ? kInvalid : kOk;
}

}  // namespace

const Command audit_command = {
    "audit",
    "Look for what is dangerous in SQL files, without a database.",
    "Tells of each statement what it locks, what work it does under the lock, and what fails or loses data; "
    "the rules are\n"
    "the codes CL2101 to CL2280 of `changelog explain`. Every file is a migration of its own; they run in "
    "the order given.\n"
    "A line `-- changelog:allow RULE reason` before a statement allows what the rule finds there. The exit "
    "code is 3 if\n"
    "findings reach the level of --fail-on or SQL cannot be read. docs/audit.md shows the formats.",
    {{"--schema",
      "FILE",
      "DDL of what is there already, such as pg_dump --schema-only writes it; may be repeated.",
      {},
      {},
      true},
     {"--pg", "VERSION", "Major version of the server, 13 to 18 (default: 15).", {}, {}},
     {"--rows",
      "TABLE=N",
      "Rows of a table, such as orders=52M; may be repeated. Work on less than 10,000 rows is only a note.",
      {},
      {},
      true},
     {"--single-transaction", "", "Each file is run within one transaction, as psql -1 does.", {}, {}},
     {"--fail-on", "LEVEL", "The level that fails (default: error).", {"error", "warning", "never"}, {}}},
    {{"FILE", "SQL to look at; - reads stdin.", true, true, {}}},
    {"changelog audit migrations/0042_orders.sql",
     "changelog audit *.sql --schema schema.sql --rows orders=52M",
     "changelog audit V42__orders.sql --pg 17 --fail-on warning --format github",
     "changelog audit *.sql --format sarif --output-file audit.sarif"},
    {"text", "json", "sarif", "gitlab", "github"},
    run_audit};

}  // namespace changelog::cli
