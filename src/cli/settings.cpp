#include "cli/settings.hpp"

#include "cli/config.hpp"
#include "core/text.hpp"
#include "postgres/connection.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace changelog::cli {

namespace {

namespace fs = std::filesystem;

std::optional<std::string> variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

Config config_for(const Arguments& arguments) {
    const auto environment = arguments.value("--env");
    const auto path = find_config(arguments.value("--config"));
    if (!path && environment) throw UsageError("--env needs a changelog.config.yaml with environments");
    if (!path) return {};
    Diagnostics diagnostics;
    Config config = read_config(*path, environment, diagnostics);
    if (diagnostics.has_errors()) throw UsageError(std::move(diagnostics));
    return config;
}

/// What was asked for by name on the command line wins over what lies about in the environment.
std::optional<std::string> url_of(const Arguments& arguments, const Config& config) {
    if (auto given = arguments.value("--url")) return given;
    if (config.url_of_environment) return config.url;
    if (auto own = variable("CHANGELOG_URL")) return own;
    if (config.url) return config.url;
    return variable("DATABASE_URL");
}

bool libpq_knows_a_database() {
    for (const char* name : {"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE", "PGPORT"})
        if (variable(name)) return true;
    return false;
}

void settle_connection(const Arguments& arguments, const Config& config, Settings& settings) {
    const auto url = url_of(arguments, config);
    const auto user = arguments.value("--username"), password = arguments.value("--password");
    if (url && url->empty()) throw UsageError("the URL of the database is empty");
    if (const auto given = arguments.value("--url"); given && postgres::redact(*given) != *given)
        settings.warnings.emplace_back(
            "warning: a password in --url shows in the process list; PGPASSWORD, ~/.pgpass or CHANGELOG_URL "
            "do not");
    settings.url_known = url.has_value() || libpq_knows_a_database();
    settings.url = with_credentials(url.value_or(""), user, password);
    if (password)
        settings.warnings.emplace_back(
            "warning: --password shows in the process list; PGPASSWORD, ~/.pgpass or CHANGELOG_URL do not");
}

/// A path that the user typed is relative to the working directory, but a changeset's identity has to be the
/// same from wherever the program is started: so it is made relative to the root of the search path it lies
/// under.
std::string below_root(const std::string& typed, const std::vector<std::string>& roots) {
    std::error_code error;
    const fs::path absolute = fs::absolute(typed, error).lexically_normal();
    for (const std::string& root : roots) {
        const fs::path relative = absolute.lexically_relative(fs::absolute(root, error).lexically_normal());
        if (!relative.empty() && *relative.begin() != ".." && fs::exists(absolute, error))
            return relative.generic_string();
    }
    return typed;
}

void settle_files(const Arguments& arguments, const Config& config, Settings& settings) {
    if (const auto given = arguments.value("--search-path"))
        settings.search_path = split(*given, ',');
    else if (config.search_path)
        for (const std::string& folder : *config.search_path)
            settings.search_path.push_back((fs::path(config.folder) / folder).string());
    else
        settings.search_path = {config.folder.empty() ? "." : config.folder};

    if (settings.search_path.empty()) settings.search_path = {"."};

    auto typed = arguments.value("--changelog-file");
    if (!typed) typed = variable("CHANGELOG_FILE");
    settings.changelog_file = typed ? *typed : config.changelog_file.value_or("changelogs/changelog.yaml");
    if (!typed) return;
    settings.changelog_file = below_root(*typed, settings.search_path);
    const fs::path path(settings.changelog_file);
    if (!path.is_absolute() && *path.lexically_normal().begin() == "..")
        throw UsageError(
            "the changelog '" + *typed + "' stands outside of the search path", {},
            "Its path is a part of each changeset's identity, and must be the same from wherever the "
            "program is started. Run it from the root of the project, or give --search-path.");
    if (path.is_absolute() &&
        !arguments.has("--search-path")) {  // outside of the root: its own folder is the root
        settings.search_path = {path.parent_path().string()};
        settings.changelog_file = path.filename().string();
    }
}

std::map<std::string, std::string> environment_variables() {
    std::map<std::string, std::string> out;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (const std::size_t equals = text.find('='); equals != std::string_view::npos)
            out.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return out;
}

void settle_parameters(const Arguments& arguments, const Config& config, LoadOptions& load) {
    load.parameters = config.parameters;
    for (const std::string& definition : arguments.values("-D")) {
        const std::size_t equals = definition.find('=');
        if (equals == std::string::npos || equals == 0)
            throw UsageError("-D takes NAME=VALUE, not '" + definition + "'");
        load.parameters[definition.substr(0, equals)] = definition.substr(equals + 1);
    }
    if (config.environment_properties.value_or(true)) load.environment = environment_variables();
}

TransactionMode transaction_mode(const std::string& name) {
    if (name == "changeset") return TransactionMode::changeset;
    return name == "all" ? TransactionMode::all : TransactionMode::automatic;
}

void settle_history(const Arguments& arguments, const Config& config, Settings& settings) {
    settings.history_schema =
        arguments.value("--history-schema").value_or(config.history_schema.value_or(""));
    settings.history_table =
        arguments.value("--history-table").value_or(config.history_table.value_or("changelog_history"));
    const std::string& table = settings.history_table;
    if (table.empty()) throw UsageError("--history-table needs a name");
    if (table.find('.') != std::string::npos || table.size() > 63 || settings.history_schema.size() > 63)
        throw UsageError(
            fmt::format("--history-table takes a name of at most 63 bytes without a schema, not '{}'", table),
            {}, "--history-schema says where the table is.");
}

/// `name='it''s'` of a connection string: quotes and backslashes take a backslash.
std::string dsn_value(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= 'a' && byte <= 'z') || c == '-' || c == '_';
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return out;
}

}  // namespace

std::string with_credentials(const std::string& url, const std::optional<std::string>& user,
                             const std::optional<std::string>& password) {
    if (url.starts_with("scratch:")) return url;
    std::string out = url;
    const bool uri = url.find("://") != std::string::npos;
    const auto add = [&](std::string_view name, const std::string& value) {
        if (uri)
            out += fmt::format("{}{}={}", out.find('?') == std::string::npos ? '?' : '&', name,
                               percent_encoded(value));
        else
            out += fmt::format("{}{}={}", out.empty() ? "" : " ", name, dsn_value(value));
    };
    if (user) add("user", *user);
    if (password) add("password", *password);
    return out;
}

Settings resolve_settings(const Arguments& arguments) {
    const Config config = config_for(arguments);
    Settings settings;
    settle_connection(arguments, config, settings);
    settle_files(arguments, config, settings);
    settings.selection.contexts = config.contexts.value_or(std::vector<std::string>());
    if (const auto given = arguments.value("--contexts")) settings.selection.contexts = split(*given, ',');
    settings.selection.labels = arguments.value("--labels").value_or(config.labels.value_or(""));
    settings.default_schema =
        arguments.value("--default-schema").value_or(config.default_schema.value_or("public"));
    settings.default_schema_given = arguments.has("--default-schema") || config.default_schema.has_value();
    settle_history(arguments, config, settings);
    settings.lock_wait =
        std::chrono::seconds(arguments.number("--lock-wait").value_or(config.lock_wait.value_or(300)));
    settings.transactions =
        transaction_mode(arguments.value("--transaction").value_or(config.transaction.value_or("auto")));
    settings.keep_scratch = arguments.has("--keep-scratch");
    settings.retain = config.retain.value_or("");
    settings.confirm = arguments.value("--confirm").value_or("");
    settle_parameters(arguments, config, settings.load);
    settings.load.contexts = settings.selection.contexts;
    settings.load.labels = settings.selection.labels;
    settings.load.lenient = arguments.has("--lenient") || config.lenient.value_or(false);
    settings.load.lenient_paths = config.lenient_paths;
    settings.load.default_schema = settings.default_schema;
    settings.load.max_file_bytes =
        arguments.number("--max-file-size", 1).value_or(config.max_file_size.value_or(32)) << 20;
    return settings;
}

}  // namespace changelog::cli
