#include "execute/commands.hpp"

#include "core/text.hpp"
#include "sql/tokens.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

extern char** environ;

namespace changelog::execute {

namespace {

using Clock = std::chrono::steady_clock;

int wait_for(pid_t pid, std::optional<std::chrono::milliseconds> timeout, const std::string& name,
             const std::function<bool()>& cancelled) {
    const Clock::time_point deadline = Clock::now() + timeout.value_or(std::chrono::hours(24 * 365));
    int status = 0;
    while (true) {
        const pid_t ended = waitpid(pid, &status, WNOHANG);
        if (ended == pid) return status;
        if (ended < 0 && errno != EINTR)
            throw CommandError(fmt::format("{}: {}", name, std::strerror(errno)));
        const bool stopped = cancelled && cancelled();
        if (stopped || Clock::now() > deadline) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            if (stopped) throw CommandError(fmt::format("{} was stopped", name));
            throw CommandError(fmt::format("{} did not end within {} ms", name, timeout->count()));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

}  // namespace

void run_command(const Command& command, bool allowed, const std::function<bool()>& cancelled) {
    const auto is_linux = [](const std::string& system) { return equal_ignoring_case(system, "linux"); };
    if (!command.systems.empty() && std::none_of(command.systems.begin(), command.systems.end(), is_linux))
        return;
    if (!allowed)
        throw CommandError(fmt::format(
            "executeCommand wants to run '{}': programs run only with --allow-commands", command.executable));
    std::vector<std::string> words = {command.executable};
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t pid = 0;
    const int failure = posix_spawnp(&pid, argv[0], nullptr, nullptr, argv.data(), environ);
    if (failure != 0) throw CommandError(fmt::format("{}: {}", command.executable, std::strerror(failure)));
    const int status = wait_for(pid, command.timeout, command.executable, cancelled);
    if (WIFSIGNALED(status))
        throw CommandError(fmt::format("{} was ended by signal {}", command.executable, WTERMSIG(status)));
    if (WEXITSTATUS(status) != 0)
        throw CommandError(
            fmt::format("{} ended with exit code {}", command.executable, WEXITSTATUS(status)));
}

std::string first_word(const std::string& sql) {
    const auto tokens = sql::tokenize(sql);
    if (!tokens) return {};
    for (const sql::Token& token : *tokens)
        if (token.kind != sql::TokenKind::space && token.kind != sql::TokenKind::comment)
            return std::string(token.text);
    return {};
}

namespace {

/// The words and other signs of a statement, comments passed over.
std::vector<std::string> words_of(const std::string& sql) {
    std::vector<std::string> words;
    const auto tokens = sql::tokenize(sql);
    if (!tokens) return words;
    for (const sql::Token& token : *tokens)
        if (token.kind != sql::TokenKind::space && token.kind != sql::TokenKind::comment)
            words.emplace_back(token.text);
    return words;
}

}  // namespace

std::optional<std::string> concurrent_index_name(const std::string& sql) {
    const std::vector<std::string> words = words_of(sql);
    const auto is = [&](std::size_t i, std::string_view word) {
        return i < words.size() && equal_ignoring_case(words[i], word);
    };
    std::size_t i = 0;
    if (!is(i++, "create")) return std::nullopt;
    if (is(i, "unique")) ++i;
    if (!is(i++, "index") || !is(i++, "concurrently")) return std::nullopt;
    if (is(i, "if")) i += 3;  // IF NOT EXISTS
    if (i >= words.size() || is(i, "on")) return std::nullopt;
    const std::string name(words[i]);
    // The index is made in the schema of its table, whatever its own name says.
    while (i < words.size() && !is(i, "on")) ++i;
    ++i;
    if (is(i, "only")) ++i;
    if (i + 2 < words.size() && words[i + 1] == ".") return std::string(words[i]) + "." + name;
    return name;
}

std::optional<std::string> concurrently_dropped_index(const std::string& sql) {
    const std::vector<std::string> words = words_of(sql);
    const auto is = [&](std::size_t i, std::string_view word) {
        return i < words.size() && equal_ignoring_case(words[i], word);
    };
    if (!is(0, "drop") || !is(1, "index") || !is(2, "concurrently")) return std::nullopt;
    std::size_t i = is(3, "if") ? 5 : 3;  // IF EXISTS
    if (i >= words.size()) return std::nullopt;
    std::string name = words[i];
    for (; i + 2 < words.size() && words[i + 1] == "."; i += 2) name += "." + words[i + 2];
    if (is(i + 1, ",")) return std::nullopt;
    return name;
}

}  // namespace changelog::execute
