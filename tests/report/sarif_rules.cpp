#include "report/sarif_rules.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <regex>
#include <set>

namespace changelog::tests {

namespace {

using Json = nlohmann::json;

// A property is "type", with "!" behind it if it is required. Types: string, uri, integer>=N, enum a|b,
// strings (an object of strings), bag, another object's name, or [] behind any of them for an array,
// [1] for one that is not empty, [u] for one without equal entries.
const Json& objects() {
    static const Json all = Json::parse(R"({
        "log": {"$schema": "uri", "version": "enum 2.1.0!", "runs": "run[]!"},
        "run": {"tool": "tool!", "columnKind": "enum utf16CodeUnits|unicodeCodePoints", "results": "result[]",
                "artifacts": "artifact[u]", "properties": "bag"},
        "tool": {"driver": "toolComponent!", "properties": "bag"},
        "toolComponent": {"name": "string!", "version": "string", "semanticVersion": "string",
                          "informationUri": "uri", "fullName": "string",
                          "rules": "reportingDescriptor[u]", "properties": "bag"},
        "reportingDescriptor": {"id": "string!", "name": "string", "shortDescription": "text",
                                "fullDescription": "text", "help": "text", "helpUri": "uri",
                                "defaultConfiguration": "reportingConfiguration", "properties": "bag"},
        "reportingConfiguration": {"enabled": "boolean", "level": "enum none|note|warning|error"},
        "text": {"text": "string!", "markdown": "string"},
        "result": {"ruleId": "string", "ruleIndex": "integer>=-1", "message": "message!",
                   "kind": "enum notApplicable|pass|fail|review|open|informational",
                   "level": "enum none|note|warning|error", "locations": "location[]",
                   "partialFingerprints": "strings", "fingerprints": "strings", "fixes": "fix[u]",
                   "suppressions": "suppression[u]", "properties": "bag",
                   "baselineState": "enum new|unchanged|updated|absent"},
        "message": {"text": "string", "markdown": "string", "id": "string"},
        "location": {"physicalLocation": "physicalLocation", "message": "message"},
        "physicalLocation": {"artifactLocation": "artifactLocation", "region": "region"},
        "artifact": {"location": "artifactLocation"},
        "artifactLocation": {"uri": "reference", "uriBaseId": "string", "index": "integer>=-1"},
        "region": {"startLine": "integer>=1", "startColumn": "integer>=1", "endLine": "integer>=1",
                   "endColumn": "integer>=1", "snippet": "content"},
        "fix": {"description": "message", "artifactChanges": "artifactChange[1]!"},
        "artifactChange": {"artifactLocation": "artifactLocation!", "replacements": "replacement[1]!"},
        "replacement": {"deletedRegion": "region!", "insertedContent": "content"},
        "content": {"text": "string"},
        "suppression": {"kind": "enum inSource|external!", "justification": "string",
                        "status": "enum accepted|underReview|rejected"}
    })");
    return all;
}

class Checker {
  public:
    std::vector<std::string> take(const Json& log) {
        object(log, "log", "");
        for (std::size_t i = 0; log.is_object() && log.contains("runs") && i < log["runs"].size(); ++i)
            references(log["runs"][i], "runs/" + std::to_string(i));
        return std::move(out_);
    }

  private:
    void wrong(const std::string& place, const std::string& what) { out_.push_back(place + ": " + what); }

    void object(const Json& value, const std::string& type, const std::string& place) {
        if (!value.is_object()) return wrong(place, "is no object");
        const Json& properties = objects().at(type);
        for (const auto& [key, rule] : properties.items())
            if (rule.get<std::string>().ends_with('!') && !value.contains(key)) wrong(place, "lacks " + key);
        for (const auto& [key, content] : value.items()) {
            const std::string at = place + (place.empty() ? "" : "/") + key;
            if (!properties.contains(key)) {
                wrong(at, "is unknown in " + type);
                continue;
            }
            std::string rule = properties[key];
            if (rule.ends_with('!')) rule.pop_back();
            property(content, rule, at);
        }
        if (type == "message" && !value.contains("text") && !value.contains("id"))
            wrong(place, "has neither text nor id");
        if (type == "physicalLocation" && !value.contains("artifactLocation"))
            wrong(place, "has no artifactLocation");
        if (type == "region") region(value, place);
    }

    void property(const Json& value, const std::string& rule, const std::string& place) {
        if (const std::size_t bracket = rule.find('['); bracket != std::string::npos)
            return array(value, rule.substr(0, bracket), rule[bracket + 1], place);
        if (rule == "bag") return bag(value, place);
        if (rule == "strings") return strings(value, place);
        if (objects().contains(rule)) return object(value, rule, place);
        if (rule == "boolean") {
            if (!value.is_boolean()) wrong(place, "is no boolean");
        } else if (rule.starts_with("integer>=")) {
            const bool fits =
                value.is_number_integer() && value.get<long long>() >= std::stoll(rule.substr(9));
            if (!fits) wrong(place, "is not " + rule);
        } else if (!value.is_string()) {
            wrong(place, "is no string");
        } else {
            text(value.get<std::string>(), rule, place);
        }
    }

    void text(const std::string& value, const std::string& rule, const std::string& place) {
        if (rule.starts_with("enum ")) {
            const std::string choices = '|' + rule.substr(5) + '|';
            if (choices.find('|' + value + '|') == std::string::npos) wrong(place, value + " is not " + rule);
        } else if (rule == "uri") {
            static const std::regex uri("[a-z][a-z0-9+.-]*:[!-~]+");
            if (!std::regex_match(value, uri)) wrong(place, value + " is no URI");
        } else if (rule == "reference") {  // RFC 3986: and a first segment with a colon would be a scheme
            static const std::regex reference("([A-Za-z0-9._~!$&'()*+,;=@/?:#-]|%[0-9A-Fa-f]{2})+");
            const std::string first = value.substr(0, value.find('/'));
            if (!std::regex_match(value, reference) || first.find(':') != std::string::npos)
                wrong(place, value + " is no relative reference");
        }
    }

    void array(const Json& value, const std::string& rule, char kind, const std::string& place) {
        if (!value.is_array()) return wrong(place, "is no array");
        if (kind == '1' && value.empty()) wrong(place, "is empty");
        std::set<std::string> seen;
        for (std::size_t i = 0; i < value.size(); ++i) {
            property(value[i], rule, place + '/' + std::to_string(i));
            if (kind != ']' && !seen.insert(value[i].dump()).second) wrong(place, "has equal entries");
        }
    }

    void strings(const Json& value, const std::string& place) {
        if (!value.is_object()) return wrong(place, "is no object");
        for (const auto& [key, content] : value.items())
            if (!content.is_string()) wrong(place + '/' + key, "is no string");
    }

    void bag(const Json& value, const std::string& place) {
        if (!value.is_object()) return wrong(place, "is no object");
        if (value.contains("tags")) array(value["tags"], "string", 'u', place + "/tags");
    }

    /// 3.30: an end lies behind its beginning.
    void region(const Json& value, const std::string& place) {
        const auto number = [&](const char* key, long long otherwise) {
            return value.contains(key) && value[key].is_number_integer() ? value[key].get<long long>()
                                                                         : otherwise;
        };
        const long long line = number("startLine", 0), last = number("endLine", line);
        if (last < line) wrong(place, "ends before its first line");
        if (last == line && number("endColumn", 1 << 20) < number("startColumn", 1))
            wrong(place, "ends before its first column");
    }

    /// 3.27.5 and 3.27.6: both name the same rule.
    void references(const Json& run, const std::string& place) {
        if (!run.contains("results") || !run.contains("tool")) return;
        const Json rules = run["tool"].value("/driver/rules"_json_pointer, Json::array());
        std::set<std::string> ids;
        for (const Json& rule : rules)
            if (!ids.insert(rule.value("id", "")).second) wrong(place, "has two rules of one id");
        for (std::size_t i = 0; i < run["results"].size(); ++i) {
            const Json& result = run["results"][i];
            const auto index = result.value("ruleIndex", -1);
            const bool known = index >= 0 && static_cast<std::size_t>(index) < rules.size();
            if (!known ||
                rules[static_cast<std::size_t>(index)].value("id", "") != result.value("ruleId", ""))
                wrong(place + "/results/" + std::to_string(i), "has a ruleIndex of another rule");
        }
    }

    std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> sarif_violations(const std::string& log) { return Checker().take(Json::parse(log)); }

}  // namespace changelog::tests
