// Turns argv into a command and its arguments. The only file pair that knows CLI11.
#pragma once

#include "cli/command.hpp"

namespace changelog::cli {

struct CommandLine {
    const Command* command = nullptr;  ///< null: none was given
    Arguments arguments;
};

/// Throws UsageError. Required words are not asked for when help is wanted.
CommandLine parse_command_line(int argc, const char* const* argv);

}  // namespace changelog::cli
