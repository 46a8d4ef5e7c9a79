// The options that stand before or after any command.
#include "cli/command.hpp"

namespace changelog::cli {

std::span<const Option> global_options() {
    static const std::vector<Option> options = {
        {"--url", "URL", "Database: a libpq URI or DSN, jdbc:postgresql://..., or scratch:[VERSION] for a throw-away server."},
        {"--changelog-file", "FILE", "The changelog to read (default: changelogs/changelog.yaml).", {}, {"-f", "--changelogFile"}},
        {"--search-path", "FOLDERS", "Where files are looked up, separated by commas (default: the configuration's folder, else the working directory).", {}, {"--searchPath"}},
        {"--contexts", "LIST", "Contexts of this run, separated by commas.", {}, {"--context-filter", "--contextFilter"}},
        {"--labels", "EXPRESSION", "Run only changesets whose labels match, such as \"v2 and !slow\".", {}, {"--label-filter", "--labelFilter"}},
        {"-D", "NAME=VALUE", "Set a changelog parameter, for ${NAME}.", {}, {}, true},
        {"--format", "FORMAT", "Form of the answer on stdout.", {}, {}},
        {"--output-file", "FILE", "Write the answer to this file instead of stdout.", {}, {"-o", "--outputFile"}},
        {"--quiet", "", "Say nothing but results, warnings and errors.", {}, {"-q"}},
        {"--verbose", "", "Say more on stderr; twice: each statement.", {}, {"-v"}, true},
        {"--color", "", "Colour even where the output is no terminal.", {}, {}},
        {"--no-color", "", "No colour; so do NO_COLOR and TERM=dumb.", {}, {}},
        {"--lenient", "", "Unknown keys are warnings: for the first meeting with an old changelog.", {}, {}},
        {"--default-schema", "NAME", "Schema of names that are written without one (default: public).", {}, {"--default-schema-name", "--defaultSchemaName"}},
        {"--history-table", "NAME", "Table that records what was applied (default: changelog_history).", {}, {}},
        {"--history-schema", "NAME", "Schema of that table (default: the default schema).", {}, {"--liquibase-schema-name", "--liquibaseSchemaName"}},
        {"--lock-wait", "SECONDS", "How long to wait for another runner (default: 300).", {}, {}},
        {"--transaction", "MODE", "One transaction per changeset, one for all, or as few commits as is safe (auto).", {"auto", "changeset", "all"}, {}},
        {"--keep-scratch", "", "Leave a scratch: server running and print its URL.", {}, {}},
        {"--confirm", "DATABASE", "Agree to losing data, by naming the database.", {}, {}},
        {"--config", "FILE", "Configuration (default: changelog.config.yaml, looked for up to the repository's root).", {}, {}},
        {"--env", "NAME", "Take this one of the configuration's environments.", {}, {"-e"}},
        {"--max-file-size", "MIB", "Refuse larger files (default: 32).", {}, {}},
        {"--username", "NAME", "User to connect as; better in the URL, PGUSER or a service file.", {}, {}},
        {"--password", "WORD", "Password; others see it in the process list, so prefer PGPASSWORD or ~/.pgpass.", {}, {}},
        {"--help", "", "Print help and exit.", {}, {"-h"}},
        {"--version", "", "Print the version and exit.", {}, {}},
    };
    return options;
}

}  // namespace changelog::cli
