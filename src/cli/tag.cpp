#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "report/run.hpp"
#include "report/visible.hpp"

namespace changelog::cli {

namespace {

int run_tag(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    for (const std::string& warning : settings.warnings) call.output.warn(warning);
    const auto name =
        call.arguments.value("NAME") ? call.arguments.value("NAME") : call.arguments.value("--tag");
    if (!name || name->empty()) throw UsageError("'tag' needs a NAME");
    Diagnostics diagnostics;
    Session session(settings, call.output, diagnostics);
    const execute::RunReport run = session.engine().tag(*name);
    call.output.report(diagnostics);
    if (call.output.format() == Format::json)
        call.output.data(report::run_json("tag", run, session.target(), diagnostics));
    else if (!diagnostics.has_errors())
        call.output.say(fmt::format("tagged '{0}': `changelog rollback --to {0}` comes back here",
                                    report::visible(*name)));
    return session.exit_code(run, diagnostics);
}

}  // namespace

const Command tag_command = {
    "tag",
    "Name the present state of the database.",
    "The tag is put on the changeset that was applied last; `rollback --to NAME` comes back to it.",
    {{"--tag", "NAME", "The same as the word.", {}, {}}},
    {{"NAME", "Name of the tag.", false, false, {}}},
    {"changelog tag v1.4"},
    {"text", "json"},
    run_tag};

}  // namespace changelog::cli
