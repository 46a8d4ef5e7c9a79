#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/file_writer.hpp"
#include "cli/output.hpp"
#include "operations/describe_schema.hpp"

namespace changelog::cli {

namespace {

int run_schema(Call& call) {
    const auto path = call.arguments.value("--output");
    if (!path) {
        call.output.data(json_schema());
        return kOk;
    }
    Diagnostics diagnostics;
    if (write_file(*path, json_schema(), IfExists::replace, diagnostics)) call.output.say("wrote " + *path);
    call.output.report(diagnostics);
    return exit_code_for(diagnostics);
}

}  // namespace

const Command schema_command = {
    "schema",
    "Print the JSON Schema of changelog files, for editors.",
    "Draft 2020-12, made from the same description of each operation that the reader uses. An editor with a "
    "YAML language\n"
    "server completes and checks a file that begins with `# yaml-language-server: $schema=PATH`.",
    {{"--output", "FILE", "Write it to this file.", {}, {}}},
    {},
    {"changelog schema > changelog.schema.json",
     "changelog schema --output changelogs/changelog.schema.json"},
    {"json"},
    run_schema};

}  // namespace changelog::cli
