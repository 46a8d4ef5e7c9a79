#include "hazards/settings.hpp"

#include "core/text.hpp"

namespace changelog::hazards {

namespace {

std::string text_of_constant(const Node& node) {
    if (const auto text = sql::constant_of(node)) return *text;
    const Node& value = child(child(inside(node), "ival"), "ival");
    return std::to_string(value.is_number_integer() ? value.get<long long>() : 0);
}

}  // namespace

void Settings::read(const Step& step, bool in_transaction) {
    if (step.kind == "SELECT") return set_by_function(*step.node, in_transaction);
    if (step.kind != "SET") return;
    const std::string kind = text_of(*step.node, "kind");
    const bool local = flag_of(*step.node, "is_local");
    if (local && !in_transaction) return;  // it is a warning and nothing else
    if (kind == "VAR_RESET_ALL") session_.clear();
    const Node& arguments = child(*step.node, "args");
    std::vector<std::string> values;  // search_path has several
    if (kind == "VAR_SET_VALUE")
        for (const Node& argument : arguments) values.push_back(text_of_constant(argument));
    (local ? local_ : session_)[lower(step.name)] = join(values, ", ");
}

void Settings::set_by_function(const Node& select, bool in_transaction) {
    for (const Node& item : child(select, "targetList")) {
        const Node& call = inside(child(inside(item), "val"));
        const auto name = strings_of(child(call, "funcname"));
        const Node& arguments = child(call, "args");
        if (name.empty() || name.back() != "set_config" || arguments.size() != 3) continue;
        const bool local = flag_of(child(inside(arguments[2]), "boolval"), "boolval");
        if (local && !in_transaction) continue;
        (local ? local_ : session_)[lower(text_of_constant(arguments[0]))] = text_of_constant(arguments[1]);
    }
}

std::map<std::string, std::string> Settings::all() const {
    auto out = session_;
    for (const auto& [name, value] : local_) out[name] = value;
    return out;
}

bool is_utc(const std::string& zone) {
    const std::string name = lower(zone);
    return name == "utc" || name == "gmt" || name == "etc/utc";
}

}  // namespace changelog::hazards
