// Findings as SARIF 2.1.0 (OASIS standard; sections are named where a rule of it is not obvious).
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "report/findings.hpp"
#include "report/json.hpp"
#include "report/pages.hpp"
#include "report/table.hpp"
#include "report/visible.hpp"

#include <algorithm>
#include <map>

namespace changelog::report {

namespace {

const char* level_of(Severity severity) {
    return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

/// A relative reference of RFC 3986: everything but unreserved characters and slashes is encoded.
std::string uri(std::string_view path) {
    std::string out;
    for (const char c : path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("-._~/").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

/// Braces would be placeholders (3.11.5) and [text](target) a link (3.11.6).
std::string message(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '{' || c == '}') out += c;
        if (c == '[' || c == ']' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

/// Markdown of ours, from docs/codes; its heading is the short description.
Json rule_json(const AuditedFinding& finding) {
    const std::string code = finding.item.code;
    const std::string page(explanation(code).value_or(""));
    const std::size_t line = std::min(page.find('\n'), page.size());
    std::string heading = page.substr(0, line);
    if (const std::size_t colon = heading.find(": "); colon != std::string::npos) heading.erase(0, colon + 2);
    const std::string body = trim(std::string_view(page).substr(line));
    Json out = {{"id", code}, {"name", finding.rule}};
    if (!heading.empty()) out["shortDescription"] = {{"text", message(heading)}};
    const std::size_t paragraph = std::min(body.find("\n\n"), body.size());
    if (!body.empty()) {
        out["fullDescription"] = {{"text", message(body.substr(0, paragraph))}};
        out["help"] = {{"text", message(body)}, {"markdown", body}};
    }
    out["defaultConfiguration"] = {{"level", level_of(finding.weighed_from.value_or(finding.item.severity))}};
    out["properties"] = {{"tags", {"postgresql", "migration"}}};
    return out;
}

Json region_json(const Region& region) {
    return {{"startLine", region.begin.line},
            {"startColumn", region.character},
            {"endLine", region.end_line},
            {"endColumn", region.end_character}};
}

/// An edit's column in characters, as far as the finding knows the line.
std::size_t character(const Region& region, std::uint32_t line, std::uint32_t column) {
    if (line != region.begin.line || column == 0) return column;
    return characters(std::string_view(region.begin.excerpt).substr(0, column - 1)) + 1;
}

Json replacement_json(const Edit& edit, const Region& region) {
    return {{"deletedRegion",
             {{"startLine", edit.start_line},
              {"startColumn", character(region, edit.start_line, edit.start_column)},
              {"endLine", edit.end_line},
              {"endColumn", character(region, edit.end_line, edit.end_column)}}},
            {"insertedContent", {{"text", edit.text}}}};
}

Json fix_json(const Fix& fix, const Region& region) {
    std::vector<std::string> files;
    for (const Edit& edit : fix.edits)
        if (std::find(files.begin(), files.end(), edit.file) == files.end()) files.push_back(edit.file);
    Json changes = Json::array();
    for (const std::string& file : files) {
        Json replacements = Json::array();
        for (const Edit& edit : fix.edits)
            if (edit.file == file) replacements.push_back(replacement_json(edit, region));
        changes.push_back(
            {{"artifactLocation", {{"uri", uri(file)}}}, {"replacements", std::move(replacements)}});
    }
    return {{"description", {{"text", message(visible(fix.title))}}},
            {"artifactChanges", std::move(changes)}};
}

class Run {
  public:
    explicit Run(std::string_view version) : version_(version) {}

    Json take(const std::vector<AuditedFinding>& shown, const std::vector<AuditedFinding>& allowed) {
        Json results = Json::array();
        for (const auto* findings : {&shown, &allowed}) {
            const std::vector<std::string> prints = fingerprints(*findings);
            for (std::size_t i = 0; i < findings->size(); ++i)
                results.push_back(result((*findings)[i], prints[i]));
        }
        Json driver = {{"name", "changelog"}, {"version", std::string(version_)}};
        driver["rules"] = std::move(rules_);
        return {{"tool", {{"driver", std::move(driver)}}},
                {"columnKind", "unicodeCodePoints"},
                {"results", std::move(results)}};
    }

  private:
    std::size_t rule_index(const AuditedFinding& finding) {
        const auto [found, is_new] = indexes_.try_emplace(finding.item.code, rules_.size());
        if (is_new) rules_.push_back(rule_json(finding));
        return found->second;
    }

    /// Of the line's text, and which of the equal ones it is.
    std::string line_hash(const Region& region) {
        const std::string hash = sha256(trim(region.begin.excerpt)).substr(0, 16);
        return fmt::format("{}:{}", hash, ++lines_[hash]);
    }

    Json result(const AuditedFinding& finding, const std::string& print) {
        std::string text = visible(finding.item.title);
        if (!finding.item.why.empty()) text += '\n' + visible(finding.item.why, Lines::many);
        for (const std::string& step : finding.item.next) text += "\nSafe: " + visible(step);
        Json physical = {{"artifactLocation", {{"uri", uri(finding.region.begin.file)}}}};
        if (finding.region.begin.line != 0) physical["region"] = region_json(finding.region);
        Json out = {
            {"ruleId", finding.item.code},
            {"ruleIndex", rule_index(finding)},
            {"level", level_of(finding.item.severity)},
            {"message", {{"text", message(text)}}},
            {"locations", {{{"physicalLocation", std::move(physical)}}}},
            {"partialFingerprints",
             {{"primaryLocationLineHash", line_hash(finding.region)}, {"changelogFinding/v1", print}}}};
        Json fixes = Json::array();
        for (const Fix& fix : finding.item.fixes)
            if (!fix.edits.empty()) fixes.push_back(fix_json(fix, finding.region));
        put(out, "fixes", fixes);
        if (!finding.allowed.empty())
            out["suppressions"] = {{{"kind", "inSource"}, {"justification", finding.allowed}}};
        return out;
    }

    std::string_view version_;
    Json rules_ = Json::array();
    std::map<std::string, std::size_t> indexes_;
    std::map<std::string, int> lines_;
};

}  // namespace

std::string findings_sarif(std::string_view version, const std::vector<AuditedFinding>& findings,
                           const std::vector<AuditedFinding>& allowed) {
    Json runs = Json::array();
    runs.push_back(Run(version).take(findings, allowed));
    return dump({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                 {"version", "2.1.0"},
                 {"runs", std::move(runs)}});
}

std::string audit_sarif(const AuditView& view) {
    return findings_sarif(view.version, view.findings, view.allowed);
}

}  // namespace changelog::report
