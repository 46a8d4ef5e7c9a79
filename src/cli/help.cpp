#include "cli/help.hpp"

#include "cli/commands.hpp"

namespace changelog::cli {

namespace {

std::string spelled(const Option& option) {
    std::string out(option.name);
    for (const std::string_view alias : option.aliases)
        if (alias.size() == 2) out = fmt::format("{}, {}", alias, out);
    if (option.name == "-D") return "-DNAME=VALUE";
    if (option.value.starts_with('[')) return out + std::string(option.value);
    return option.value.empty() ? out : fmt::format("{} {}", out, option.value);
}

std::string with_choices(const Option& option) {
    std::string out(option.meaning);
    if (!option.choices.empty()) out += fmt::format(" One of {}.", fmt::join(option.choices, ", "));
    return out;
}

/// Breaks at spaces, so that help reads well on 100 columns.
std::string wrapped(std::string_view text, std::size_t indent) {
    constexpr std::size_t kWidth = 100;
    std::string out;
    std::size_t column = indent;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (column > indent && column + 1 + end > kWidth) {
            out += '\n' + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            out += ' ';
            ++column;
        }
        out += text.substr(0, end);
        column += end;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string line(const std::string& left, const std::string& right) {
    constexpr std::size_t kLeft = 28;
    if (left.size() + 4 > kLeft)
        return fmt::format("  {}\n{}{}\n", left, std::string(kLeft, ' '), wrapped(right, kLeft));
    return fmt::format("  {:<26}{}\n", left, wrapped(right, kLeft));
}

std::string option_lines(std::span<const Option> options) {
    std::string out;
    for (const Option& option : options) out += line(spelled(option), with_choices(option));
    return out;
}

std::string usage(const Command& command) {
    std::string out = fmt::format("changelog {}", command.name);
    for (const Positional& word : command.positionals) {
        const std::string shown = fmt::format("{}{}", word.name, word.many ? "..." : "");
        out += word.required ? " " + shown : " [" + shown + "]";
    }
    return out + " [options]";
}

/// Options to which something is added per command do not show in the general list.
std::string formats_line(const Command& command) {
    if (command.formats.size() < 2) return {};
    return line("--format FORMAT", fmt::format("One of {}.", fmt::join(command.formats, ", ")));
}

std::string names_of_aliases(const Command& command) {
    std::string out;
    for (const CommandAlias& alias : command_aliases())
        if (alias.command == command.name && alias.name.find('-') != std::string_view::npos)
            out += fmt::format("{}{}", out.empty() ? "" : ", ", alias.name);
    return out;
}

}  // namespace

std::string help() {
    std::string out =
        "changelog: schema migrations for PostgreSQL\n\nUsage: changelog [options] COMMAND "
        "[options]\n\nCommands:\n";
    for (const Command* command : commands())
        out += line(std::string(command->name), std::string(command->summary));
    out += "\nOptions, before or after the command:\n" + option_lines(global_options());
    out +=
        "\nExamples:\n"
        "  changelog new create-table users id:bigint! name:text\n"
        "  changelog validate\n"
        "  changelog update --url scratch:\n"
        "  changelog update --url postgresql://localhost/app --dry-run\n"
        "\n`changelog COMMAND --help` tells more about a command.\n";
    return out;
}

std::string help_for(const Command& command) {
    std::string out = fmt::format("{}\n\nUsage: {}\n", command.summary, usage(command));
    if (!command.details.empty()) out += fmt::format("\n{}\n", command.details);
    if (!command.positionals.empty()) out += "\nWords:\n";
    for (const Positional& word : command.positionals)
        out += line(std::string(word.name), std::string(word.meaning));
    const std::string formats = formats_line(command);
    if (!command.options.empty() || !formats.empty())
        out += "\nOptions:\n" + option_lines(command.options) + formats;
    out += "\nExamples:\n";
    for (const std::string_view example : command.examples) out += fmt::format("  {}\n", example);
    if (const std::string aliases = names_of_aliases(command); !aliases.empty())
        out += "\nLiquibase's names for it: " + aliases + "\n";
    out += "\n`changelog --help` lists the options that every command takes.\n";
    return out;
}

std::string command_reference() {
    std::string out;
    const auto table = [&](std::span<const Option> options) {
        out += "| option | meaning |\n|---|---|\n";
        for (const Option& option : options)
            out += fmt::format("| `{}` | {} |\n", spelled(option), with_choices(option));
        out += '\n';
    };
    out += "## Options of every command\n\nThey may stand before or after the command.\n\n";
    table(global_options());
    for (const Command* command : commands()) {
        out += fmt::format("## {}\n\n`{}`\n\n{}\n\n", command->name, usage(*command), command->summary);
        if (!command->details.empty()) out += fmt::format("{}\n\n", command->details);
        if (!command->positionals.empty()) {
            out += "| word | meaning |\n|---|---|\n";
            for (const Positional& word : command->positionals)
                out += fmt::format("| `{}` | {} |\n", word.name, word.meaning);
            out += '\n';
        }
        if (!command->options.empty()) table(command->options);
        if (command->formats.size() > 1)
            out += fmt::format("`--format`: {}.\n\n", fmt::join(command->formats, ", "));
        if (const std::string aliases = names_of_aliases(*command); !aliases.empty())
            out += fmt::format("Liquibase's names for it: {}.\n\n", aliases);
        out += "```sh\n";
        for (const std::string_view example : command->examples) out += fmt::format("{}\n", example);
        out += "```\n\n";
    }
    return out;
}

}  // namespace changelog::cli
