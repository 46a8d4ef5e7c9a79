#include "report/attic.hpp"

#include "changelog/codes.hpp"

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "operations/attic.hpp"
#include "postgres/attic.hpp"
#include "postgres/runner_lock.hpp"
#include "report/visible.hpp"

#include <unistd.h>

#include <iostream>

namespace changelog::cli {

namespace {

using postgres::AtticItem;

/// Changesets by the tag that is made of their names.
void name_changesets(postgres::Ledger& ledger, Diagnostics& diagnostics, std::vector<AtticItem>& items) {
    if (items.empty() || !ledger.exists() || !ledger.check_shape(diagnostics)) return;
    std::map<std::string, std::string> by_tag;
    for (const AppliedChangeSet& applied : ledger.applied())
        by_tag[sha256(to_string(applied.key)).substr(0, 8)] = to_string(applied.key);
    for (AtticItem& item : items)
        if (const auto found = by_tag.find(item.tag); item.changeset.empty() && found != by_tag.end())
            item.changeset = found->second;
}

void answer(Call& call, const std::string& command, const std::vector<AtticItem>& items,
            const std::string& text, const Diagnostics& diagnostics) {
    if (call.output.format() == Format::json) {
        call.output.data(report::attic_json(command, items, diagnostics));
        return;
    }
    call.output.report(diagnostics);
    if (!diagnostics.has_errors() && !text.empty()) call.output.say(text);
}

/// Nobody else changes the attic meanwhile.
std::unique_ptr<postgres::RunnerLock> lock(const Settings& settings, Session& session, Output& output,
                                           Diagnostics& diagnostics) {
    execute::Engine& engine = session.engine();
    auto held = std::make_unique<postgres::RunnerLock>(
        session.connection(), engine.ledger().qualified_table(), settings.lock_wait,
        [&](const std::string& who) { output.warn("waiting for " + report::visible(who)); }, diagnostics,
        [&] { return engine.cancellation().requested(); });
    return held;
}

int list_items(Call& call, Session& session, postgres::Attic& attic, Diagnostics& diagnostics) {
    std::vector<AtticItem> items = attic.list();
    name_changesets(session.engine().ledger(), diagnostics, items);
    if (call.output.format() == Format::json) {
        call.output.data(report::attic_json("attic list", items, diagnostics));
    } else {
        call.output.data(report::attic_text(items, call.output.width()));
        call.output.report(diagnostics);
    }
    return exit_code_for(diagnostics);
}

void report_choice(const std::string& name, const std::vector<AtticItem>& found, Diagnostics& diagnostics) {
    Diagnostic& item = diagnostics.add(
        Severity::error, codes::no_such_item, {},
        found.empty() ? fmt::format("nothing in the attic is called '{}'", name)
                      : fmt::format("{} items of the attic are called '{}'", found.size(), name));
    for (const AtticItem& one : found)
        item.expected.push_back(
            fmt::format("{} ({})", one.id, postgres::describe_kept(one.kind, one.object)));
    item.next = {"`changelog attic list` shows the numbers of the items"};
}

int restore_one(Call& call, const Settings& settings, Session& session, postgres::Attic& attic,
                Diagnostics& diagnostics) {
    const std::string name = call.arguments.value("ITEM").value_or("");
    if (name.empty()) throw UsageError("'attic restore' needs an ITEM: a number from `changelog attic list`");
    const std::optional<std::string> as = call.arguments.value("--as");
    const bool dry = call.arguments.has("--dry-run");
    std::unique_ptr<postgres::RunnerLock> held;
    if (!dry) held = lock(settings, session, call.output, diagnostics);
    std::vector<AtticItem> found;
    if (dry || held->held()) {
        found = attic.find(name);
        if (found.size() != 1) report_choice(name, found, diagnostics);
    }
    if (as && found.size() == 1 && found[0].kind != "table" && found[0].kind != "column")
        throw UsageError("--as is for tables and columns; rows go back to where they were");
    if (dry) {
        const std::string script =
            found.size() == 1 ? execute::script_of({{attic.restore_sql(found[0], as)}}) : "";
        call.output.script("attic restore", script, diagnostics);
        return exit_code_for(diagnostics);
    }
    std::string text;
    if (!diagnostics.has_errors() && attic.restore(found[0], as, diagnostics))
        text =
            fmt::format("restored{}: {}{}", attic.find(std::to_string(found[0].id)).empty() ? "" : " in part",
                        postgres::describe_kept(found[0].kind, report::visible(found[0].object)),
                        as ? " as " + report::visible(*as) : "");
    answer(call, "attic restore", found, text, diagnostics);
    return exit_code_for(diagnostics);
}

postgres::PurgeChoice purge_choice(const Arguments& arguments) {
    postgres::PurgeChoice out;
    out.expired = arguments.has("--expired");
    if (const auto item = arguments.number("--item", 1)) out.item = static_cast<long long>(*item);
    const auto age = arguments.value("--older-than");
    if ((out.expired ? 1 : 0) + (out.item ? 1 : 0) + (age ? 1 : 0) != 1)
        throw UsageError("say what is to go: one of --item, --older-than and --expired");
    if (!age) return out;
    std::string near;
    const auto period = operations::read_retain(*age, &near);
    if (!period || !period->keep || period->keep->period.empty())
        throw UsageError(fmt::format("--older-than is a period such as 30d, not '{}'", *age), near);
    out.older_than = period->keep->period;
    return out;
}

bool asked_and_agreed(const std::string& database, const std::vector<AtticItem>& items, Output& output) {
    if (isatty(STDIN_FILENO) == 0 || !output.stderr_is_terminal()) return false;
    output.warn(report::attic_text(items, output.width()));
    output.warn("these go for good; type the database's name to agree: ");
    std::string typed;
    std::getline(std::cin, typed);
    return trim(typed) == database;
}

bool has_consent(const Settings& settings, const Session& session, const std::vector<AtticItem>& items,
                 Output& output, Diagnostics& diagnostics) {
    const std::string& database = session.target().database;
    if (items.empty() || session.is_scratch() || settings.confirm == database) return true;
    if (settings.confirm.empty() && asked_and_agreed(database, items, output)) return true;
    Diagnostic& found = diagnostics.add(Severity::error, codes::purge_needs_consent, {},
                                        "this purge removes data for good, and nobody agreed to it");
    for (const AtticItem& item : items)
        found.why += (found.why.empty() ? "" : "\n") + postgres::describe_kept(item.kind, item.object);
    found.got = settings.confirm;
    found.next = {"to agree, add --confirm " + database};
    return false;
}

int purge_items(Call& call, const Settings& settings, Session& session, postgres::Attic& attic,
                Diagnostics& diagnostics) {
    const postgres::PurgeChoice choice = purge_choice(call.arguments);
    if (call.arguments.has("--dry-run")) {
        const std::string script = execute::script_of(attic.purge_statements(attic.to_purge(choice)));
        call.output.script("attic purge", script, diagnostics);
        return exit_code_for(diagnostics);
    }
    const auto held = lock(settings, session, call.output, diagnostics);
    std::vector<AtticItem> items;
    if (held->held()) items = attic.to_purge(choice);
    if (held->held() && choice.item && items.empty())
        report_choice(std::to_string(*choice.item), {}, diagnostics);
    if (!diagnostics.has_errors() && has_consent(settings, session, items, call.output, diagnostics))
        attic.purge(items);
    answer(call, "attic purge", items,
           fmt::format("{} item{} purged", items.size(), items.size() == 1 ? "" : "s"), diagnostics);
    return exit_code_for(diagnostics);
}

/// Each action takes its own options and words; the others would have no effect.
void check_use(const Arguments& arguments, const std::string& action) {
    struct Use {
        std::string_view option;
        std::vector<std::string_view> actions;
    };
    static const Use kUses[] = {{"--as", {"restore"}},       {"--item", {"purge"}},
                                {"--older-than", {"purge"}}, {"--expired", {"purge"}},
                                {"--confirm", {"purge"}},    {"--dry-run", {"restore", "purge"}}};
    for (const Use& use : kUses)
        if (arguments.has(std::string(use.option)) &&
            std::find(use.actions.begin(), use.actions.end(), action) == use.actions.end())
            throw UsageError(fmt::format("'attic {}' does not take {}", action, use.option), {},
                             fmt::format("It belongs to {}.", fmt::join(use.actions, " and ")));
    const auto item = arguments.value("ITEM");
    if (item && action != "restore")
        throw UsageError(fmt::format("'attic {}' takes no item: '{}'", action, *item), {},
                         action == "purge" ? "One item is purged by --item." : "");
}

/// The attic may be another role's.
void report_refusal(const postgres::DatabaseError& error, Diagnostics& diagnostics) {
    Diagnostic& found = execute::report_server_error(error.error, {}, "", diagnostics);
    if (error.error.sqlstate == "42501") found.next = {"run as a member of the role that owns the attic"};
}

int run_attic(Call& call) {
    const std::string action = call.arguments.value("ACTION").value_or("list");
    check_use(call.arguments, action);
    const Settings settings = resolve_settings(call.arguments);
    for (const std::string& warning : settings.warnings) call.output.warn(warning);
    Diagnostics diagnostics;
    Session session(settings, call.output, diagnostics);
    postgres::Attic attic(session.connection(), session.engine().render_context().attic);
    try {
        if (action == "restore") return restore_one(call, settings, session, attic, diagnostics);
        if (action == "purge") return purge_items(call, settings, session, attic, diagnostics);
        return list_items(call, session, attic, diagnostics);
    } catch (const postgres::DatabaseError& error) {
        report_refusal(error, diagnostics);
        call.output.fail("attic " + action, diagnostics);
        return exit_code_for(diagnostics);
    }
}

}  // namespace

const Command attic_command = {
    "attic",
    "Show, bring back or remove what `retain` kept.",
    "`retain` in a changelog keeps what a change destroys: dropped tables and columns, deleted rows, former "
    "values.\n"
    "`rollback` brings it back; so does `attic restore`, without undoing the changeset. `attic purge` "
    "removes "
    "it for\n"
    "good: changesets that need it cannot be rolled back any more. That needs consent, as in `rollback`.",
    {{"--as", "NAME", "With restore: bring it back under another name.", {}, {}},
     {"--item", "ID", "With purge: this item.", {}, {}},
     {"--older-than", "PERIOD", "With purge: what was kept longer ago than this, such as 30d.", {}, {}},
     {"--expired", "", "With purge: what its own `retain` does not keep any longer.", {}, {}},
     {"--dry-run", "", "With restore or purge: print the SQL on stdout and run nothing.", {}, {}}},
    {{"ACTION", "What to do.", false, false, {"list", "restore", "purge"}},
     {"ITEM", "With restore: an item's number, its name in the attic, or what it was.", false, false, {}}},
    {"changelog attic list", "changelog attic restore 3 --as orders_before",
     "changelog attic purge --expired --dry-run", "changelog attic purge --older-than 90d --confirm app"},
    {"text", "json"},
    run_attic};

}  // namespace changelog::cli
