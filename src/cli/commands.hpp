// What each command does. Each returns an exit code; the table of commands names these functions.
#pragma once

#include "cli/command.hpp"

namespace changelog::cli {

extern const Command update_command, plan_command, review_command, rollback_command, status_command,
    history_command, validate_command, tag_command, graph_command, accept_command, new_command,
    explain_command, diagnose_command, schema_command, completion_command, attic_command, audit_command,
    stats_command, fix_command, verify_command, version_command;

}  // namespace changelog::cli
