// executeCommand: a program on the machine of the runner.
#pragma once

#include "changelog/operation.hpp"

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

namespace changelog::execute {

class CommandError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Runs the program and waits for it. Throws CommandError if it may not run, cannot be started, takes longer
/// than its timeout or exits with another code than 0. Programs for other operating systems are passed over.
/// `cancelled` is asked all the while; when it holds the program is killed.
void run_command(const Command& command, bool allowed, const std::function<bool()>& cancelled);

/// The first word of a statement, comments passed over.
std::string first_word(const std::string& sql);

/// The index that a CREATE INDEX CONCURRENTLY statement makes, as to_regclass() reads it; nothing for other
/// statements.
std::optional<std::string> concurrent_index_name(const std::string& sql);

/// The one index that a DROP INDEX CONCURRENTLY statement drops, as to_regclass() reads it; nothing for other
/// statements.
std::optional<std::string> concurrently_dropped_index(const std::string& sql);

}  // namespace changelog::execute
