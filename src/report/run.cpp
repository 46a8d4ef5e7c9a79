#include "report/run.hpp"

#include "report/diagnostics.hpp"
#include "report/json.hpp"
#include "report/time.hpp"
#include "report/visible.hpp"

namespace changelog::report {

using execute::Event;
using execute::Outcome;

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::done:
            return "done";
        case Outcome::history_mismatch:
            return "history_mismatch";
        case Outcome::failed_unchanged:
            return "failed_unchanged";
        case Outcome::failed_partly:
            return "failed_partly";
        case Outcome::lock_not_obtained:
            return "lock_not_obtained";
        case Outcome::cancelled:
            return "cancelled";
        case Outcome::refused:
            return "refused";
    }
    return "refused";
}

std::string run_summary(std::string_view command, const execute::RunReport& run) {
    if (command == "rollback")
        return fmt::format("{} rolled back in {}", counted(run.rolled_back, "changeset"),
                           duration(run.seconds));
    std::string out =
        run.applied == 0 && run.marked_ran == 0 && run.outcome == Outcome::done
            ? "nothing to apply: the database is up to date"
            : fmt::format("{} applied in {}", counted(run.applied, "changeset"), duration(run.seconds));
    if (run.marked_ran != 0) out += fmt::format(", {} marked as run", run.marked_ran);
    if (run.skipped != 0) out += fmt::format("; {} skipped", run.skipped);
    if (run.pending_left != 0) out += fmt::format("; {} still pending", run.pending_left);
    return out;
}

std::string run_json(std::string_view command, const execute::RunReport& run, const postgres::Target& target,
                     const Diagnostics& diagnostics) {
    Json out = answer(command, diagnostics);
    out["ok"] = run.outcome == Outcome::done && !diagnostics.has_errors();
    out["outcome"] = std::string(name_of(run.outcome));
    out["target"] = {{"host", target.host},
                     {"port", target.port},
                     {"database", target.database},
                     {"user", target.user},
                     {"server_version", target.server_version_text}};
    put(out, "deployment", run.deployment);
    out["applied"] = run.applied;
    out["marked_ran"] = run.marked_ran;
    out["skipped"] = run.skipped;
    out["rolled_back"] = run.rolled_back;
    out["pending"] = run.pending_left;
    out["seconds"] = run.seconds;
    out["diagnostics"] = to_json(diagnostics);
    return dump(out);
}

std::string event_line(const Event& event) {
    switch (event.kind) {
        case Event::Kind::changeset_done:
            return fmt::format("[{}/{}] {}: {} ({})", event.position, event.total, visible(event.changeset),
                               event.text, duration(event.seconds));
        case Event::Kind::changeset_skipped:
            return fmt::format("skipped {}: {}", visible(event.changeset), visible(event.text));
        case Event::Kind::changeset_started:
            return fmt::format("running {}", visible(event.changeset));
        case Event::Kind::waiting_for_lock:
            return "waiting: " + visible(event.text);
        case Event::Kind::message:
            return event.text;
        case Event::Kind::warning:
            return event.changeset.empty() ? "warning: " + visible(event.text, Lines::many)
                                           : fmt::format("warning: {}: {}", visible(event.changeset),
                                                         visible(event.text, Lines::many));
        case Event::Kind::run_started:
            return {};
        case Event::Kind::run_finished:
            return {};
    }
    return {};
}

std::string target_line(const postgres::Target& target) {
    const std::string port = target.port.empty() || target.host.starts_with('/') ? "" : ":" + target.port;
    const std::string host = target.host.empty() ? "" : " on " + target.host + port;
    return visible(fmt::format("{}{} as {}, PostgreSQL {}", target.database, host, target.user,
                               target.server_version_text));
}

}  // namespace changelog::report
