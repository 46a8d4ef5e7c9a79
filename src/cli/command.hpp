// The table of commands and options. Parsing, --help, completion and docs/cli.md are all made from it.
#pragma once

#include "cli/arguments.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace changelog::cli {

class Output;

struct Option {
    std::string_view name;     ///< "--count"
    std::string_view value;    ///< what stands for its value in help: "N"; empty: a switch
    std::string_view meaning;  ///< one line
    std::vector<std::string_view> choices = {};
    std::vector<std::string_view> aliases = {};  ///< further spellings: "-q", Liquibase's names
    bool repeatable = false;
};

struct Positional {
    std::string_view name;  ///< "TAG"
    std::string_view meaning;
    bool required = false;
    bool many = false;
    std::vector<std::string_view> choices = {};
};

struct Call {
    const Arguments& arguments;
    Output& output;
};

struct Command {
    std::string_view name;
    std::string_view summary;  ///< one line
    std::string_view details;  ///< paragraphs for --help and docs/cli.md
    std::vector<Option> options;
    std::vector<Positional> positionals;
    std::vector<std::string_view> examples;
    std::vector<std::string_view> formats;  ///< of --format; the first is the default
    int (*run)(Call& call);
};

/// A name of Liquibase's for one of our commands.
struct CommandAlias {
    std::string_view name;                   ///< "update-count"
    std::string_view command;                ///< "update"
    std::vector<std::string_view> switches;  ///< set as if they had been given: "--dry-run"
    std::string_view word_goes_to;           ///< the option that a positional word is: "--count"
};

std::span<const Option> global_options();
std::span<const Command* const> commands();
std::span<const CommandAlias> command_aliases();
const Command* find_command(std::string_view name);

}  // namespace changelog::cli
