#include "cli/commands.hpp"

namespace changelog::cli {

std::span<const Command* const> commands() {
    static const Command* const all[] = {
        &update_command, &plan_command,    &review_command,   &rollback_command, &verify_command,
        &status_command, &history_command, &validate_command, &graph_command,    &tag_command,
        &accept_command, &attic_command,   &stats_command,    &fix_command,      &audit_command,
        &new_command,    &explain_command, &diagnose_command, &schema_command,   &completion_command,
        &version_command};
    return all;
}

const Command* find_command(std::string_view name) {
    for (const Command* command : commands())
        if (command->name == name) return command;
    return nullptr;
}

std::span<const CommandAlias> command_aliases() {
    static const std::vector<CommandAlias> aliases = {
        {"update-count", "update", {}, "--count"},
        {"update-to-tag", "update", {}, "--to"},
        {"update-sql", "update", {"--dry-run"}, ""},
        {"update-count-sql", "update", {"--dry-run"}, "--count"},
        {"update-to-tag-sql", "update", {"--dry-run"}, "--to"},
        {"rollback-count", "rollback", {}, "--count"},
        {"rollback-to-tag", "rollback", {}, "--to"},
        {"rollback-to-date", "rollback", {}, "--date"},
        {"rollback-sql", "rollback", {"--dry-run"}, "--to"},
        {"rollback-count-sql", "rollback", {"--dry-run"}, "--count"},
        {"rollback-to-date-sql", "rollback", {"--dry-run"}, "--date"},
        {"updateSQL", "update", {"--dry-run"}, ""},
        {"updateCount", "update", {}, "--count"},
        {"updateToTag", "update", {}, "--to"},
        {"rollbackCount", "rollback", {}, "--count"},
        {"rollbackToDate", "rollback", {}, "--date"},
        {"rollbackSQL", "rollback", {"--dry-run"}, "--to"},
    };
    return aliases;
}

}  // namespace changelog::cli
