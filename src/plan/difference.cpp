// The difference of meaning between two canonical forms, for people.
#include "changelog/plan.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace changelog {

namespace {

using nlohmann::json;

std::string shown(const json& value) {
    if (value.is_string()) {
        const std::string& text = value.get_ref<const std::string&>();
        return text.empty() ? "''" : text;
    }
    return value.dump();
}

/// What a reader would call an item of a list: its name, or the kind of change with the table.
std::string label_of(const json& item, std::size_t position) {
    if (item.is_object() && item.size() == 1 && item.begin()->is_object()) {
        const json& fields = *item.begin();
        for (const char* key :
             {"tableName", "baseTableName", "viewName", "sequenceName", "indexName", "oldTableName"})
            if (fields.contains(key)) return fmt::format("{} {}", item.begin().key(), shown(fields[key]));
        return item.begin().key();
    }
    if (item.is_object() && item.contains("name")) return shown(item["name"]);
    return fmt::format("#{}", position + 1);
}

void compare(const json& before, const json& after, const std::string& where, std::vector<std::string>& out);

void compare_lists(const json& before, const json& after, const std::string& where,
                   std::vector<std::string>& out) {
    const std::size_t common = std::min(before.size(), after.size());
    for (std::size_t i = 0; i < common; ++i)
        compare(before[i], after[i], where + label_of(before[i], i) + ": ", out);
    for (std::size_t i = common; i < before.size(); ++i)
        out.push_back(fmt::format("{}removed: {}", where, label_of(before[i], i)));
    for (std::size_t i = common; i < after.size(); ++i)
        out.push_back(fmt::format("{}added: {}", where, label_of(after[i], i)));
}

void compare_objects(const json& before, const json& after, const std::string& where,
                     std::vector<std::string>& out) {
    const bool wraps_change = before.size() == 1 && after.size() == 1 && before.begin()->is_object() &&
                              after.begin()->is_object() && before.begin().key() == after.begin().key();
    if (wraps_change) return compare(*before.begin(), *after.begin(), where, out);
    for (const auto& [key, value] : before.items()) {
        if (!after.contains(key))
            out.push_back(fmt::format("{}{}: {} -> (none)", where, key, shown(value)));
        else if (key == "changes" || key == "columns")
            compare(value, after[key], where, out);
        else
            compare(value, after[key], fmt::format("{}{}: ", where, key), out);
    }
    for (const auto& [key, value] : after.items())
        if (!before.contains(key)) out.push_back(fmt::format("{}{}: (none) -> {}", where, key, shown(value)));
}

void compare(const json& before, const json& after, const std::string& where, std::vector<std::string>& out) {
    if (before == after) return;
    if (before.is_array() && after.is_array()) return compare_lists(before, after, where, out);
    if (before.is_object() && after.is_object()) return compare_objects(before, after, where, out);
    out.push_back(fmt::format("{}{} -> {}", where, shown(before), shown(after)));
}

}  // namespace

std::vector<std::string> definition_difference(const std::string& before, const std::string& after) {
    std::vector<std::string> out;
    const json a = json::parse(before, nullptr, false);
    const json b = json::parse(after, nullptr, false);
    if (a.is_discarded() || b.is_discarded()) return out;
    compare(a, b, "", out);
    return out;
}

}  // namespace changelog
