// The program: everything between main() and the commands.
#pragma once

namespace changelog::cli {

/// Runs one command and returns the exit code (exit_code.hpp). Nothing gets past it.
int run(int argc, char** argv);

}  // namespace changelog::cli
