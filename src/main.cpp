#include "cli/app.hpp"

int main(int argc, char** argv) { return changelog::cli::run(argc, argv); }
