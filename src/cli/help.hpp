// --help, and the reference of the command line in Markdown, both made from the tables.
#pragma once

#include "cli/command.hpp"

#include <string>

namespace changelog::cli {

std::string help();
std::string help_for(const Command& command);

/// The generated part of docs/cli.md: every command with its options.
std::string command_reference();

}  // namespace changelog::cli
