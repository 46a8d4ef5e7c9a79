#include "cli/parser.hpp"

#include "core/text.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <deque>

namespace changelog::cli {

namespace {

/// Where CLI11 puts what it finds; addresses must not move while it parses.
struct Slot {
    std::string name;
    std::vector<std::string> values;
    CLI::Option* option = nullptr;
    const Option* table = nullptr;
};

struct Parser {
    CLI::App app;
    std::deque<Slot> slots;

    void add_option(CLI::App& place, const Option& option) {
        Slot& slot = slots.emplace_back();
        slot.name = option.name;
        slot.table = &option;
        std::string names(option.name);
        for (const std::string_view alias : option.aliases) names += "," + std::string(alias);
        if (option.value.empty()) {
            slot.option = place.add_flag_function(
                names,
                [&slot](std::int64_t times) {
                    slot.values.assign(static_cast<std::size_t>(std::max<std::int64_t>(times, 0)), "true");
                },
                "");
            return;
        }
        slot.option = place.add_option(names, slot.values);
        // "[=VALUE]": it may stand without one.
        slot.option->expected(option.value.starts_with('[') ? 0 : 1, 1)
            ->allow_extra_args(false)
            ->multi_option_policy(option.repeatable ? CLI::MultiOptionPolicy::TakeAll
                                                    : CLI::MultiOptionPolicy::TakeLast);
    }

    void add_positional(CLI::App& place, const Positional& positional) {
        Slot& slot = slots.emplace_back();
        slot.name = positional.name;
        slot.option = place.add_option(std::string(positional.name), slot.values);
        if (positional.many)
            slot.option->expected(0, 1 << 20);
        else
            slot.option->expected(1)->allow_extra_args(false);
    }

    CLI::App* add_command(std::string_view name, const Command& command) {
        CLI::App* place = app.add_subcommand(std::string(name));
        place->set_help_flag();
        place->fallthrough();
        place->allow_extras();
        for (const Option& option : command.options) add_option(*place, option);
        return place;
    }
};

std::vector<std::string_view> names_of(std::span<const Option> options) {
    std::vector<std::string_view> names;
    for (const Option& option : options) {
        names.push_back(option.name);
        for (const std::string_view alias : option.aliases) names.push_back(alias);
    }
    return names;
}

[[noreturn]] void refuse_unknown_option(const std::string& word, const Command* command) {
    const std::string name = word.substr(0, word.find('='));
    std::vector<std::string_view> known = names_of(global_options());
    if (command != nullptr)
        for (const std::string_view own : names_of(command->options)) known.push_back(own);
    throw UsageError("unknown option '" + name + "'", nearest(name, known));
}

[[noreturn]] void refuse_unknown_command(const std::string& word) {
    std::vector<std::string_view> known;
    for (const Command* command : commands()) known.push_back(command->name);
    for (const CommandAlias& alias : command_aliases()) known.push_back(alias.name);
    throw UsageError("unknown command '" + word + "'", nearest(word, known),
                     "`changelog --help` lists the commands.");
}

void refuse_extras(const std::vector<std::string>& extras, const Command* command) {
    for (const std::string& word : extras)
        if (word.size() > 1 && word.front() == '-' && word != "--") refuse_unknown_option(word, command);
    for (const std::string& word : extras) {
        if (word == "--") continue;
        if (command == nullptr) refuse_unknown_command(word);
        throw UsageError(fmt::format("'{}' takes no word '{}' here", command->name, word));
    }
}

void check_choice(std::string_view what, const std::string& value,
                  const std::vector<std::string_view>& choices) {
    if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) return;
    std::vector<std::string> listed(choices.begin(), choices.end());
    throw UsageError(fmt::format("{} is one of {}, not '{}'", what, join(listed, ", "), value),
                     nearest(value, choices));
}

void check_values(const CommandLine& line) {
    const auto check = [&](const Option& option) {
        for (const std::string& value : line.arguments.values(std::string(option.name)))
            if (!option.value.empty()) check_choice(option.name, value, option.choices);
    };
    for (const Option& option : global_options()) check(option);
    if (line.command == nullptr) return;
    for (const Option& option : line.command->options) check(option);
    if (const auto format = line.arguments.value("--format")) {
        if (line.command->formats.empty())
            throw UsageError(fmt::format("'{}' has no --format", line.command->name));
        check_choice("--format", *format, line.command->formats);
    }
    if (line.arguments.has("--help") || line.arguments.has("--version")) return;
    for (const Positional& positional : line.command->positionals) {
        const auto words = line.arguments.values(std::string(positional.name));
        if (positional.required && words.empty())
            throw UsageError(fmt::format("'{}' needs {}", line.command->name, positional.name), {},
                             std::string(positional.meaning));
        for (const std::string& word : words) check_choice(positional.name, word, positional.choices);
    }
}

/// `update-count 3` is `update --count 3`.
void apply_alias(const CommandAlias& alias, Arguments& arguments) {
    for (const std::string_view name : alias.switches) arguments.set(std::string(name), {"true"});
    const std::string goes_to(alias.word_goes_to);
    if (const auto word = arguments.value("VALUE")) arguments.set(goes_to, {*word});
    if (goes_to.empty() || arguments.has(goes_to) || arguments.has("--help")) return;
    throw UsageError(fmt::format("'{}' needs a value", alias.name), {},
                     fmt::format("It is `{} {} VALUE`.", alias.command, goes_to));
}

/// Where nothing is something to say: no contexts, no password.
bool may_be_empty(const Option& option) {
    static const std::vector<std::string_view> names = {"--contexts", "--labels", "--password",
                                                        "--confirm",  "--reason", "-D"};
    return option.value.empty() || option.value.starts_with('[') ||
           std::find(names.begin(), names.end(), option.name) != names.end();
}

/// An unset variable of a script must not widen what a command does.
void refuse_empty(const CommandLine& line) {
    const auto check = [&](const Option& option) {
        const auto values = line.arguments.values(std::string(option.name));
        if (!may_be_empty(option) && std::find(values.begin(), values.end(), "") != values.end())
            throw UsageError(fmt::format("{} needs a value that is not empty", option.name));
    };
    for (const Option& option : global_options()) check(option);
    if (line.command == nullptr) return;
    for (const Option& option : line.command->options) check(option);
    for (const Positional& positional : line.command->positionals)
        if (!positional.many && line.arguments.value(std::string(positional.name)) == "")
            throw UsageError(fmt::format("{} needs a value that is not empty", positional.name));
}

/// `help update` is `update --help`.
std::vector<const char*> without_help_command(int argc, const char* const* argv) {
    std::vector<const char*> words(argv, argv + argc);
    if (words.size() < 2 || std::string_view(words[1]) != "help") return words;
    words.erase(words.begin() + 1);
    words.push_back("--help");
    return words;
}

/// What stands behind `--`: words, whatever they begin with. They are taken off.
std::vector<std::string> words_behind_dashes(std::vector<const char*>& words) {
    const auto dashes = std::find_if(words.begin(), words.end(),
                                     [](const char* word) { return std::string_view(word) == "--"; });
    if (dashes == words.end()) return {};
    std::vector<std::string> out(dashes + 1, words.end());
    words.erase(dashes, words.end());
    return out;
}

/// They go to the command's list of words.
void add_words(const std::vector<std::string>& words, CommandLine& line) {
    if (words.empty()) return;
    if (line.command == nullptr) refuse_extras(words, nullptr);
    for (const Positional& positional : line.command->positionals) {
        if (!positional.many) continue;
        std::vector<std::string> all = line.arguments.values(std::string(positional.name));
        all.insert(all.end(), words.begin(), words.end());
        return line.arguments.set(std::string(positional.name), std::move(all));
    }
    refuse_extras(words, line.command);
}

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
    Parser parser;
    parser.app.set_help_flag();
    parser.app.allow_extras();
    parser.app.require_subcommand(0, 1);
    for (const Option& option : global_options()) parser.add_option(parser.app, option);
    std::map<const CLI::App*, const Command*> places;
    std::map<const CLI::App*, const CommandAlias*> alias_places;
    for (const Command* command : commands()) {
        CLI::App* place = parser.add_command(command->name, *command);
        for (const Positional& positional : command->positionals) parser.add_positional(*place, positional);
        places[place] = command;
    }
    for (const CommandAlias& alias : command_aliases()) {
        const Command* command = find_command(alias.command);
        CLI::App* place = parser.add_command(alias.name, *command);
        static const Positional word = {"VALUE", "", false, false, {}};
        if (!alias.word_goes_to.empty()) parser.add_positional(*place, word);
        places[place] = command;
        alias_places[place] = &alias;
    }
    std::vector<const char*> words = without_help_command(argc, argv);
    const std::vector<std::string> behind = words_behind_dashes(words);
    try {
        parser.app.parse(static_cast<int>(words.size()), words.data());
    } catch (const CLI::ParseError& error) {
        throw UsageError(error.what());
    }
    CommandLine line;
    const auto chosen = parser.app.get_subcommands();
    if (!chosen.empty()) line.command = places.at(chosen.front());
    refuse_extras(parser.app.remaining(true), line.command);
    for (Slot& slot : parser.slots)
        if (slot.option->count() > 0) line.arguments.set(slot.name, std::move(slot.values));
    add_words(behind, line);
    if (!chosen.empty())
        if (const auto alias = alias_places.find(chosen.front()); alias != alias_places.end())
            apply_alias(*alias->second, line.arguments);
    check_values(line);
    refuse_empty(line);
    return line;
}

}  // namespace changelog::cli
