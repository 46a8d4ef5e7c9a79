#include "sql/ddl_type.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/type.hpp"
#include "sql/type_names.hpp"

#include <map>

namespace changelog::sql {

namespace {

bool is_builtin(const std::vector<std::string>& parts) {
    if (parts.size() == 2) return parts.front() == "pg_catalog";
    return parts.size() == 1 && (is_postgresql_type(parts.front()) || parts.front() == "char");
}

std::string serial_type(const std::vector<std::string>& parts) {
    static const std::map<std::string, std::string> kTypes = {
        {"serial", "integer"}, {"serial4", "integer"},      {"bigserial", "bigint"},
        {"serial8", "bigint"}, {"smallserial", "smallint"}, {"serial2", "smallint"}};
    const auto found = parts.size() == 1 ? kTypes.find(parts.front()) : kTypes.end();
    return found == kTypes.end() ? std::string() : found->second;
}

/// "(10, 2)" as it stands behind the words of the type, or nothing.
std::string parameters(const Node& type_name, const DdlText& text) {
    if (child(type_name, "typmods").empty()) return {};
    for (std::size_t i = text.at(type_name); i < text.size(); ++i) {
        if (text.is(i, "(")) return '(' + text.within(i) + ')';
        if (!text.is_name(i) && !text.is(i, ".")) break;
    }
    return {};  // char and bit, whose length is 1
}

/// The fields of an interval: INTERVAL_MASK() of the server, the bits by their numbers in datetime.h.
std::string interval_fields(const Node& typmods) {
    constexpr int kMonth = 1 << 1, kYear = 1 << 2, kDay = 1 << 3, kHour = 1 << 10, kMinute = 1 << 11,
                  kSecond = 1 << 12;
    static const std::map<int, std::string> kFields = {{kYear, " year"},
                                                       {kMonth, " month"},
                                                       {kDay, " day"},
                                                       {kHour, " hour"},
                                                       {kMinute, " minute"},
                                                       {kSecond, " second"},
                                                       {kYear | kMonth, " year to month"},
                                                       {kDay | kHour, " day to hour"},
                                                       {kDay | kHour | kMinute, " day to minute"},
                                                       {kDay | kHour | kMinute | kSecond, " day to second"},
                                                       {kHour | kMinute, " hour to minute"},
                                                       {kHour | kMinute | kSecond, " hour to second"},
                                                       {kMinute | kSecond, " minute to second"}};
    if (typmods.empty()) return {};
    const Node& mask = child(child(inside(typmods[0]), "ival"), "ival");
    const auto found = kFields.find(mask.is_number_integer() ? mask.get<int>() : 0);
    return found == kFields.end() ? std::string() : found->second;
}

std::string interval(const Node& type_name, const DdlText& text) {
    const Node& typmods = child(type_name, "typmods");
    std::string out = "interval" + interval_fields(typmods);
    return typmods.size() > 1 ? out + parameters(type_name, text) : out;
}

std::string builtin(const std::vector<std::string>& parts, const Node& type_name, const DdlText& text) {
    const std::string& name = parts.back();
    const bool by_keyword = parts.size() == 2;
    if (name == "char") return "\"char\"";
    if (name == "interval") return interval(type_name, text);
    // The keyword CHAR gives bpchar with a length; the type named bpchar has none.
    if (name == "bpchar" && (by_keyword || !child(type_name, "typmods").empty()))
        return canonical_type("character" + parameters(type_name, text));
    return canonical_type(name + parameters(type_name, text));
}

}  // namespace

DdlType ddl_type(const Node& type_name, const DdlText& text) {
    DdlType out;
    const std::vector<std::string> parts = strings_of(child(type_name, "names"));
    if (parts.empty() || flag_of(type_name, "pct_type")) return out;
    const std::string bounds = child(type_name, "arrayBounds").empty() ? "" : "[]";
    if (out.serial = serial_type(parts); !out.serial.empty()) {
        out.text = out.serial;
    } else if (is_builtin(parts)) {
        out.text = builtin(parts, type_name, text) + bounds;
    } else {
        out.user = parts;
        const std::string written = parameters(type_name, text);
        out.suffix = written.empty() ? bounds : canonical_type("x" + written).substr(1) + bounds;
        out.text = identifiers(parts, ".") + out.suffix;
    }
    return out;
}

std::string argument_type(const Node& type_name) {
    const std::vector<std::string> parts = strings_of(child(type_name, "names"));
    if (parts.empty()) return {};
    const bool own = parts.size() == 2 && parts.front() == "pg_catalog";
    const std::string& last = parts.back();
    std::string out;
    // Lengths are no part of a signature, and the type "char" is not the keyword.
    if (own && last == "bpchar")
        out = "character";
    else if (last == "char" && (own || parts.size() == 1))
        out = "\"char\"";
    else if (own && last == "bit")
        out = last;
    else
        out = canonical_type(own ? identifier(last) : identifiers(parts, "."));
    return out + (child(type_name, "arrayBounds").empty() ? "" : "[]");
}

std::string identity_arguments(const Node& parameters) {
    std::string out;
    for (const Node& parameter : parameters) {
        const std::string mode = text_of(inside(parameter), "mode");
        if (mode == "FUNC_PARAM_OUT" || mode == "FUNC_PARAM_TABLE") continue;
        out += out.empty() ? "" : ", ";
        out += (mode == "FUNC_PARAM_VARIADIC" ? "VARIADIC " : "") +
               argument_type(child(inside(parameter), "argType"));
    }
    return out;
}

std::optional<std::string> written_arguments(const Node& object) {
    if (flag_of(object, "args_unspecified")) return std::nullopt;
    if (const Node& parameters = child(object, "objfuncargs"); !parameters.is_null())
        return identity_arguments(parameters);
    std::string out;
    for (const Node& type : child(object, "objargs"))
        out += (out.empty() ? "" : ", ") + argument_type(inside(type));
    return out;
}

}  // namespace changelog::sql
