// Shell completion, generated from the tables of commands and options.
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"

namespace changelog::cli {

namespace {

std::vector<std::string_view> command_names() {
    std::vector<std::string_view> names;
    for (const Command* command : commands()) names.push_back(command->name);
    return names;
}

std::vector<std::string_view> option_names(std::span<const Option> options) {
    std::vector<std::string_view> names;
    for (const Option& option : options)
        if (option.name.starts_with("--")) names.push_back(option.name);
    return names;
}

/// Options whose value is a path, for which the shell's own completion is right.
bool takes_a_path(const Option& option) { return option.value == "FILE" || option.value == "FOLDERS"; }

std::vector<std::string_view> path_options() {
    std::vector<std::string_view> names;
    const auto take = [&](std::span<const Option> options) {
        for (const Option& option : options)
            if (takes_a_path(option)) names.push_back(option.name);
    };
    take(global_options());
    for (const Command* command : commands()) take(command->options);
    return names;
}

std::vector<std::string_view> words_of(const Command& command) {
    std::vector<std::string_view> words = option_names(command.options);
    if (!command.positionals.empty())
        for (const std::string_view choice : command.positionals.front().choices) words.push_back(choice);
    return words;
}

std::string bash() {
    std::string out =
        "# bash completion for changelog: source <(changelog completion bash)\n_changelog() {\n";
    out +=
        "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= word "
        "own=\n";
    out += fmt::format("    local commands=\"{}\"\n    local options=\"{}\"\n",
                       fmt::join(command_names(), " "), fmt::join(option_names(global_options()), " "));
    out += fmt::format(
        "    case $previous in\n        {}) COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n",
        fmt::join(path_options(), "|"));
    out +=
        "        --transaction) COMPREPLY=($(compgen -W \"auto changeset all\" -- \"$current\")); return "
        ";;\n    esac\n";
    out +=
        "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
        "        case \" $commands \" in *\" $word \"*) command=$word; break ;; esac\n    done\n    case "
        "$command in\n";
    for (const Command* command : commands())
        out += fmt::format("        {}) own=\"{}\" ;;\n", command->name, fmt::join(words_of(*command), " "));
    out +=
        "        *) own=$commands ;;\n    esac\n"
        "    COMPREPLY=($(compgen -W \"$own $options\" -- \"$current\"))\n}\ncomplete -F _changelog "
        "changelog\n";
    return out;
}

/// Within single quotes of zsh and fish; brackets and colons end a description in zsh.
std::string plain(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != '\'' && c != '[' && c != ']' && c != '"' && c != '\\' && c != '$' && c != '`')
            out += c == ':' ? ',' : c;
    return out;
}

std::string zsh_option(const Option& option) {
    const std::string name(option.name);
    if (option.value.empty()) return fmt::format("'{}[{}]'", name, plain(option.meaning));
    const std::string values = takes_a_path(option)     ? "_files"
                               : option.choices.empty() ? ""
                                                        : fmt::format("({})", fmt::join(option.choices, " "));
    return fmt::format("'{}[{}]:{}:{}'", name, plain(option.meaning), option.value, values);
}

std::string zsh() {
    std::string out =
        "#compdef changelog\n# zsh completion for changelog: put this into a folder of $fpath as "
        "_changelog\n_changelog() {\n";
    out += "    local -a commands options\n    commands=(\n";
    for (const Command* command : commands())
        out += fmt::format("        '{}:{}'\n", command->name, plain(command->summary));
    out += "    )\n    options=(\n";
    for (const Option& option : global_options())
        if (option.name.starts_with("--")) out += fmt::format("        {}\n", zsh_option(option));
    out +=
        "    )\n    local word command=\n    for word in ${words[2,CURRENT-1]}; do\n"
        "        if (( ${commands[(I)${word}:*]} )); then command=$word; break; fi\n    done\n    case "
        "$command in\n";
    for (const Command* command : commands()) {
        out += fmt::format("        {}) options+=(", command->name);
        for (const Option& option : command->options) out += zsh_option(option) + " ";
        out += ")";
        if (!command->positionals.empty() && !command->positionals.front().choices.empty())
            out += fmt::format("; options+=(':{}:({})')", command->positionals.front().name,
                               fmt::join(command->positionals.front().choices, " "));
        out += " ;;\n";
    }
    out +=
        "        *) _describe command commands ;;\n    esac\n    _arguments -s '*: :->rest' "
        "$options\n}\n_changelog \"$@\"\n";
    return out;
}

std::string fish_option(const Option& option, std::string_view condition) {
    std::string out = fmt::format("complete -c changelog{} -l {} -d '{}'", condition, option.name.substr(2),
                                  plain(option.meaning));
    if (option.value.empty()) return out + '\n';
    out += takes_a_path(option) ? " -r -F" : " -x";
    if (!option.choices.empty()) out += fmt::format(" -a '{}'", fmt::join(option.choices, " "));
    return out + '\n';
}

std::string fish() {
    std::string out =
        "# fish completion for changelog: changelog completion fish | source\ncomplete -c changelog -f\n";
    for (const Command* command : commands())
        out += fmt::format("complete -c changelog -n __fish_use_subcommand -a {} -d '{}'\n", command->name,
                           plain(command->summary));
    for (const Option& option : global_options())
        if (option.name.starts_with("--")) out += fish_option(option, "");
    for (const Command* command : commands()) {
        const std::string condition = fmt::format(" -n '__fish_seen_subcommand_from {}'", command->name);
        for (const Option& option : command->options) out += fish_option(option, condition);
        if (!command->positionals.empty() && !command->positionals.front().choices.empty())
            out += fmt::format("complete -c changelog{} -a '{}'\n", condition,
                               fmt::join(command->positionals.front().choices, " "));
    }
    return out;
}

int run_completion(Call& call) {
    const std::string shell = call.arguments.value("SHELL").value_or("");
    call.output.data(shell == "zsh" ? zsh() : shell == "fish" ? fish() : bash());
    return kOk;
}

}  // namespace

const Command completion_command = {"completion",
                                    "Print the completion script of a shell.",
                                    "",
                                    {},
                                    {{"SHELL", "bash, zsh or fish", true, false, {"bash", "zsh", "fish"}}},
                                    {"source <(changelog completion bash)",
                                     "changelog completion fish > ~/.config/fish/completions/changelog.fish"},
                                    {},
                                    run_completion};

}  // namespace changelog::cli
