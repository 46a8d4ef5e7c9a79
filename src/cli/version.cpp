#include "cli/version.hpp"

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "report/diagnostics.hpp"

namespace changelog::cli {

namespace {

int run_version(Call& call) {
    if (call.output.format() == Format::json)
        call.output.data(report::version_json(version()));
    else
        call.output.data(fmt::format("changelog {}\n", version()));
    return kOk;
}

}  // namespace

std::string_view version() { return CHANGELOG_VERSION; }

const Command version_command = {
    "version",        "Print the version.", "", {}, {}, {"changelog version", "changelog --version"},
    {"text", "json"}, run_version};

}  // namespace changelog::cli
