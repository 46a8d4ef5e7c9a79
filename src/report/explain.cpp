#include "report/explain.hpp"

#include "changelog/codes.hpp"

#include "report/json.hpp"
#include "report/pages.hpp"

namespace changelog::report {

std::string code_list_text() {
    std::string out;
    for (const CodeEntry& entry : all_codes()) out += fmt::format("{}  {}\n", entry.code, entry.title);
    return out;
}

std::string code_list_json() {
    Json list = Json::array();
    for (const CodeEntry& entry : all_codes()) list.push_back({{"code", entry.code}, {"title", entry.title}});
    Json out = answer("explain", {});
    out["codes"] = std::move(list);
    out["diagnostics"] = Json::array();
    return dump(out);
}

std::string explanation_json(std::string_view code) {
    Json out = answer("explain", {});
    out["code"] = code;
    for (const CodeEntry& entry : all_codes())
        if (entry.code == code) out["title"] = entry.title;
    out["page"] = explanation(code).value_or("");
    out["diagnostics"] = Json::array();
    return dump(out);
}

}  // namespace changelog::report
