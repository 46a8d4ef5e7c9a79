#include "cli/config.hpp"

#include "changelog/codes.hpp"

#include "cli/os_files.hpp"
#include "core/text.hpp"
#include "operations/attic.hpp"
#include "yaml/reader.hpp"

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace changelog::cli {

namespace {

namespace fs = std::filesystem;
using yaml::Node;

/// Reads the values of one map; everything that does not fit is a CL0002 at its place.
class Reader {
  public:
    Reader(Config& config, Diagnostics& diagnostics) : config_(config), diagnostics_(diagnostics) {}

    void read(const Node& root, bool general) {
        if (root.kind == Node::Kind::null) return;
        if (root.kind != Node::Kind::mapping) return void(error(root, "a map of settings is expected"));
        const auto setters = setters_of(general);
        std::vector<std::string_view> known;
        for (const auto& [name, setter] : setters) known.push_back(name);
        for (const yaml::Entry& entry : root.entries) {
            const auto found = setters.find(entry.key.raw);
            if (found != setters.end())
                found->second(entry.value);
            else
                unknown(entry.key, known);
        }
    }

  private:
    using Setter = std::function<void(const Node&)>;

    std::map<std::string_view, Setter> setters_of(bool general) {
        std::map<std::string_view, Setter> setters = {
            {"url", text_into(config_.url)},
            {"changelog-file", text_into(config_.changelog_file)},
            {"labels", text_into(config_.labels)},
            {"default-schema", text_into(config_.default_schema)},
            {"transaction", [this](const Node& node) { transaction(node); }},
            {"retain", [this](const Node& node) { retain(node); }},
            {"contexts", names_into(config_.contexts)},
            {"search-path", names_into(config_.search_path)},
            {"lenient", [this](const Node& node) { lenient(node); }},
            {"environment-properties", flag_into(config_.environment_properties)},
            {"lock-wait", number_into(config_.lock_wait)},
            {"max-file-size", number_into(config_.max_file_size)},
            {"parameters", [this](const Node& node) { parameters(node); }},
            {"history", [this](const Node& node) { history(node); }},
        };
        if (general) setters["environments"] = [](const Node&) {};
        return setters;
    }

    Setter text_into(std::optional<std::string>& target) {
        return [this, &target](const Node& node) { target = text(node); };
    }

    Setter names_into(std::optional<std::vector<std::string>>& target) {
        return [this, &target](const Node& node) { target = names(node); };
    }

    Setter flag_into(std::optional<bool>& target) {
        return [this, &target](const Node& node) {
            if (yaml::scalar_type(node) == yaml::ScalarType::boolean)
                target = yaml::scalar_text(node) == "true";
            else
                error(node, "true or false is expected");
        };
    }

    Setter number_into(std::optional<std::size_t>& target) {
        return [this, &target](const Node& node) {
            const std::string digits = text(node);
            std::size_t number = 0;
            const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
            if (failed == std::errc() && end == digits.data() + digits.size())
                target = number;
            else
                error(node, "a whole number is expected");
        };
    }

    std::vector<std::string> names(const Node& node) {
        if (node.kind != Node::Kind::sequence) return split(text(node), ',');
        std::vector<std::string> out;
        for (const Node& item : node.items) out.push_back(text(item));
        return out;
    }

    void lenient(const Node& node) {
        if (node.kind == Node::Kind::sequence)
            config_.lenient_paths = names(node);
        else
            flag_into(config_.lenient)(node);
    }

    void transaction(const Node& node) {
        static const std::vector<std::string_view> modes = {"auto", "changeset", "all"};
        const std::string mode = text(node);
        if (std::find(modes.begin(), modes.end(), mode) != modes.end())
            config_.transaction = mode;
        else
            error(node, "auto, changeset or all is expected").did_you_mean = nearest(mode, modes);
    }

    void retain(const Node& node) {
        if (yaml::scalar_type(node) == yaml::ScalarType::null) return;  // as if it were not there
        config_.retain = text(node);
        Diagnostics found;
        operations::check_retain(*config_.retain, node.at, found);
        if (!found.has_errors()) return;
        Diagnostic& item = error(node, found.items()[0].title);
        item.expected = found.items()[0].expected;
        item.did_you_mean = found.items()[0].did_you_mean;
    }

    void parameters(const Node& node) {
        if (node.kind != Node::Kind::mapping)
            return void(error(node, "a map of names and values is expected"));
        for (const yaml::Entry& entry : node.entries) config_.parameters[entry.key.raw] = text(entry.value);
    }

    void history(const Node& node) {
        if (node.kind != Node::Kind::mapping)
            return void(error(node, "a map with schema and table is expected"));
        for (const yaml::Entry& entry : node.entries) {
            if (entry.key.raw == "schema")
                config_.history_schema = text(entry.value);
            else if (entry.key.raw == "table")
                config_.history_table = text(entry.value);
            else
                unknown(entry.key, {"schema", "table"});
        }
    }

    /// The scalar as it stands in the file, with ${env:NAME} replaced: 010 as a password is not 8.
    std::string text(const Node& node) {
        if (node.kind == Node::Kind::null) return {};
        if (node.kind != Node::Kind::scalar) {
            error(node, "one value is expected");
            return {};
        }
        return expand(node);
    }

    std::string expand(const Node& node) {
        std::string out;
        std::string_view rest = node.raw;
        for (std::size_t begin = rest.find("${env:"); begin != std::string_view::npos;
             begin = rest.find("${env:")) {
            const std::size_t end = rest.find('}', begin);
            if (end == std::string_view::npos) break;
            const std::string name(rest.substr(begin + 6, end - begin - 6));
            const char* value = std::getenv(name.c_str());
            if (value == nullptr) error(node, fmt::format("the environment variable {} is not set", name));
            out += rest.substr(0, begin);
            out += value == nullptr ? "" : value;
            rest.remove_prefix(end + 1);
        }
        return out.append(rest);
    }

    Diagnostic& error(const Node& node, std::string title) {
        return diagnostics_.error(codes::bad_config, node.at, std::move(title),
                                  std::max<std::size_t>(1, node.raw.size()));
    }

    void unknown(const Node& key, const std::vector<std::string_view>& known) {
        error(key, fmt::format("unknown key '{}'", key.raw)).did_you_mean = nearest(key.raw, known);
    }

    Config& config_;
    Diagnostics& diagnostics_;
};

void choose_environment(const Node& root, const std::string& name, Config& config, Diagnostics& diagnostics) {
    const Node* all = root.find("environments");
    const Node* chosen = all != nullptr ? all->find(name) : nullptr;
    if (chosen == nullptr) {
        std::vector<std::string_view> known;
        if (all != nullptr)
            for (const yaml::Entry& entry : all->entries) known.push_back(entry.key.raw);
        Diagnostic& item = diagnostics.error(codes::bad_config, all != nullptr ? all->at : root.at,
                                             fmt::format("there is no environment '{}'", name));
        item.did_you_mean = nearest(name, known);
        return;
    }
    const auto general_url = std::exchange(config.url, std::nullopt);
    Reader(config, diagnostics).read(*chosen, false);
    config.url_of_environment = config.url.has_value();
    if (!config.url) config.url = general_url;
}

/// The line of a URL may hold a password.
void hide_url(Diagnostic& item) {
    std::string& line = item.where.excerpt;
    const std::size_t key = line.find("url");
    const bool harmless = line.find("://") == std::string::npos && line.find("password") == std::string::npos;
    if (key == std::string::npos && harmless) return;
    const std::size_t colon = key == std::string::npos ? key : line.find(':', key);
    line = (colon == std::string::npos ? "" : line.substr(0, colon + 1) + " ") + "***";
    item.where.length = 1;
    if (!item.got.empty()) item.got = "***";
    item.fixes.clear();
    const std::size_t quote = item.title.find('\'');
    if (item.title.find_first_of("@/", quote) != std::string::npos)
        item.title.resize(quote), item.title += "'***'";
}

}  // namespace

std::optional<std::string> find_config(const std::optional<std::string>& given) {
    if (given) return given;
    if (const char* named = std::getenv("CHANGELOG_CONFIG"); named != nullptr && *named != '\0') return named;
    std::error_code error;
    const fs::path start = fs::current_path(error);
    fs::path root = start;
    while (!fs::exists(root / ".git", error) && root.has_relative_path()) root = root.parent_path();
    if (!fs::exists(root / ".git", error)) root = start;
    for (fs::path folder = start;; folder = folder.parent_path()) {
        if (fs::is_regular_file(folder / "changelog.config.yaml", error))
            return (folder / "changelog.config.yaml").string();
        if (folder == root) return std::nullopt;
    }
}

Config read_config(const std::string& path, const std::optional<std::string>& environment,
                   Diagnostics& diagnostics) {
    Config config;
    Location where;
    where.file = path;
    std::optional<std::string> text;
    try {
        text = OsFiles({}).read(fs::absolute(path).string());
    } catch (const std::system_error& error) {
        diagnostics.add(Severity::error, codes::bad_config, where,
                        fmt::format("cannot be read: {}", error.code().message()));
        return config;
    }
    if (!text) {
        diagnostics.add(Severity::error, codes::bad_config, where, "there is no such file");
        return config;
    }
    config.folder = fs::absolute(path).parent_path().string();
    const SourceFile file{path, std::move(*text)};
    Diagnostics found;
    if (const auto root = yaml::read(file, found)) {
        Reader(config, found).read(*root, true);
        if (environment) choose_environment(*root, *environment, config, found);
    }
    for (Diagnostic& item : found.items()) hide_url(item);
    diagnostics.append(std::move(found));
    return config;
}

std::vector<std::string> environment_names(const std::string& path) {
    const auto text = OsFiles({}).read(fs::absolute(path).string());
    if (!text) return {};
    const SourceFile file{path, *text};
    Diagnostics ignored;
    const auto root = yaml::read(file, ignored);
    const Node* all = root ? root->find("environments") : nullptr;
    std::vector<std::string> out;
    if (all != nullptr)
        for (const yaml::Entry& entry : all->entries) out.push_back(entry.key.raw);
    return out;
}

}  // namespace changelog::cli
