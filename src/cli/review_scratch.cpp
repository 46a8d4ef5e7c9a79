#include "cli/review_scratch.hpp"

#include "cli/logging.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "report/run.hpp"

namespace changelog::cli {

namespace {

execute::VerifyOptions options_of(const Settings& settings, const Project& head,
                                  const review::Review& review) {
    execute::VerifyOptions options;
    options.engine = engine_options(settings, false);
    options.selection = settings.selection;
    options.transactions = settings.transactions;
    for (const execute::PlannedChangeSet& planned : review.plan.changesets)
        options.only.push_back(to_string(head.changelog.changesets[planned.index].key));
    return options;
}

}  // namespace

std::optional<review::Proof> prove(Call& call, const Settings& settings, const Project& head,
                                   const review::Review& review, Diagnostics& diagnostics) {
    const execute::VerifyOptions options = options_of(settings, head, review);
    if (options.only.empty()) return std::nullopt;
    const std::string url = "scratch:" + call.arguments.value("--scratch").value_or("");
    const auto server = start_scratch(url, settings.keep_scratch, call.output);
    review::Proof out;
    out.server = "PostgreSQL " + connect(server->url())->target().server_version_text;
    const auto listen = [](const execute::Event& event) {
        if (const std::string line = report::event_line(event); !line.empty()) log_detail(line);
    };
    execute::Verifier verifier(server->url(), options, listen, diagnostics);
    const SignalWatch watch([&verifier] { verifier.stop(); });
    out.verified = verifier.run(head.changelog, head.graph);
    return out;
}

}  // namespace changelog::cli
