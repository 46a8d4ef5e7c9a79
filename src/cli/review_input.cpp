#include "cli/review_input.hpp"

#include "changelog/codes.hpp"

#include "cli/config.hpp"
#include "cli/os_files.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>

namespace changelog::cli {

namespace {

namespace fs = std::filesystem;

std::string content_of(const std::string& name) {
    try {
        if (auto text = OsFiles({}).read(fs::absolute(name).string())) return std::move(*text);
    } catch (const std::system_error& error) {
        throw UsageError(fmt::format("cannot read '{}': {}", name, error.code().message()));
    }
    throw UsageError(fmt::format("there is no file '{}'", name), {},
                     "`changelog stats pull` writes one, where a database can be reached.");
}

/// A word of a shell command.
std::string quoted(const std::string& word) {
    static constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:+,@%=";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
    std::string out = "'";
    for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + '\'';
}

/// "unknown key" of CL1203 as "unknown-key".
std::string rule_of(std::string_view code) {
    const auto all = all_codes();
    const auto entry =
        std::find_if(all.begin(), all.end(), [&](const CodeEntry& each) { return each.code == code; });
    std::string out;
    for (const char c : entry == all.end() ? std::string() : lower(entry->title)) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
        if (plain)
            out += c;
        else if (!out.empty() && out.back() != '-')
            out += '-';
    }
    return out;
}

/// Columns in characters, from those in bytes.
std::uint32_t characters(std::string_view line, std::uint32_t column) {
    std::uint32_t out = 1;
    for (std::size_t i = 0; i + 1 < column && i < line.size(); ++i)
        if ((static_cast<unsigned char>(line[i]) & 0xC0U) != 0x80U) ++out;
    return out;
}

review::LocatedFinding finding_of(const Diagnostic& item) {
    review::LocatedFinding out;
    out.item = item;
    out.rule = rule_of(item.code);
    out.region.begin = item.where;
    if (item.where.line == 0) return out;
    out.region.character = characters(item.where.excerpt, item.where.column);
    out.region.end_line = item.where.line;
    out.region.end_column = item.where.column + item.where.length;
    out.region.end_character = out.region.character + item.where.length;
    return out;
}

}  // namespace

std::vector<review::Statistics> statistics_of(const Arguments& arguments) {
    std::vector<review::Statistics> out;
    Diagnostics diagnostics;
    for (const std::string& name : arguments.values("--stats"))
        if (auto read = review::read_statistics(name, content_of(name), diagnostics))
            out.push_back(std::move(*read));
    if (diagnostics.has_errors()) throw UsageError(std::move(diagnostics));
    return out;
}

std::vector<review::EnvironmentInput> environments_of(const Arguments& arguments, const Settings& settings) {
    const auto chosen = arguments.value("--env");
    const bool told = chosen || arguments.has("--contexts") || arguments.has("--labels");
    const auto path = find_config(arguments.value("--config"));
    const std::vector<std::string> names =
        told || !path ? std::vector<std::string>() : environment_names(*path);
    if (names.empty()) return {{chosen.value_or(""), settings.selection}};
    std::vector<review::EnvironmentInput> out;
    for (const std::string& name : names) {
        Diagnostics ignored;  // a URL may need a variable that is not set here, and nobody connects
        const Config config = read_config(*path, name, ignored);
        out.push_back(
            {name, {config.contexts.value_or(std::vector<std::string>()), config.labels.value_or("")}});
    }
    return out;
}

std::vector<int> versions_of(const Arguments& arguments) {
    constexpr int kOldest = 13, kNewest = 18;
    std::vector<int> out;
    for (const std::string& given : arguments.values("--pg"))
        for (const std::string& word : split(given, ',')) {
            int major = 0;
            const char* const end = word.data() + word.size();
            if (std::from_chars(word.data(), end, major).ptr != end || major < kOldest || major > kNewest)
                throw UsageError(
                    fmt::format("--pg is major versions from {} to {}, separated by commas, not '{}'",
                                kOldest, kNewest, word));
            out.push_back(major * 10000);
        }
    return out;
}

std::string current_time() {
    std::time_t now = std::time(nullptr);
    if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH"); fixed != nullptr) {
        const std::string_view text = fixed;
        long long seconds = 0;
        if (std::from_chars(text.data(), text.data() + text.size(), seconds).ec == std::errc()) now = seconds;
    }
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                       parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string reproduction(const Arguments& arguments, const std::string& base, const std::string& head) {
    std::string out = "changelog review --base " + quoted(base);
    if (!head.empty()) out += " --head " + quoted(head);
    for (const char* name : {"--changelog-file", "--search-path", "--config", "--env", "--contexts",
                             "--labels", "--default-schema", "--transaction", "--stats", "--pg", "--setup"})
        for (const std::string& value : arguments.values(name))
            out += fmt::format(" {} {}", name, quoted(value));
    for (const std::string& value : arguments.values("-D")) out += " -D " + quoted(value);
    if (arguments.has("--lenient")) out += " --lenient";
    if (const auto version = arguments.value("--scratch"))
        out += version->empty() ? std::string(" --scratch") : " --scratch=" + quoted(*version);
    return out;
}

review::Review review_of_errors(const Diagnostics& problems) {
    review::Review out;
    for (const Severity severity : {Severity::error, Severity::warning})
        for (const Diagnostic& item : problems.items())
            if (item.severity == severity) out.findings.push_back(finding_of(item));
    return out;
}

void name_from_repository(const std::string& repository, const std::vector<std::string>& search_path,
                          review::Review& review) {
    std::map<std::string, std::string> known;
    const auto rename = [&](std::string& file) {
        if (file.empty()) return;
        const auto [entry, is_new] = known.try_emplace(file, file);
        for (const std::string& root : search_path) {
            if (!is_new) break;
            std::error_code error;
            const fs::path place = fs::weakly_canonical(fs::absolute(root, error), error) / file;
            if (!fs::exists(place, error)) continue;
            const std::string relative =
                place.lexically_normal().lexically_relative(repository).generic_string();
            if (!relative.empty() && !relative.starts_with("..")) entry->second = relative;
            break;
        }
        file = entry->second;
    };
    for (auto* findings : {&review.findings, &review.suppressed})
        for (review::LocatedFinding& each : *findings) {
            rename(each.item.where.file);
            rename(each.region.begin.file);
            for (Fix& fix : each.item.fixes)
                for (Edit& edit : fix.edits) rename(edit.file);
        }
}

}  // namespace changelog::cli
