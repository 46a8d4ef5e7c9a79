#include "review/diagnose_conditions.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace changelog::review {

namespace {

constexpr SqlCondition kConditions[] = {
#define CONDITION(sqlstate, name, cause, remedy) {#sqlstate, #name, cause, remedy},
#include "review/diagnose_conditions.def"
#undef CONDITION
};

constexpr std::pair<std::string_view, std::string_view> kClasses[] = {
    {"08", "connection exception"},
    {"0A", "feature not supported"},
    {"21", "cardinality violation"},
    {"22", "data exception"},
    {"23", "integrity constraint violation"},
    {"25", "invalid transaction state"},
    {"28", "invalid authorization"},
    {"2B", "dependent objects still exist"},
    {"38", "external routine exception"},
    {"39", "external routine invocation exception"},
    {"3D", "invalid database name"},
    {"3F", "invalid schema name"},
    {"40", "transaction rollback"},
    {"42", "syntax error or access rule violation"},
    {"44", "WITH CHECK OPTION violation"},
    {"53", "insufficient resources"},
    {"54", "program limit exceeded"},
    {"55", "object not in prerequisite state"},
    {"57", "operator intervention"},
    {"58", "system error outside of PostgreSQL"},
    {"72", "snapshot failure"},
    {"F0", "configuration file error"},
    {"HV", "foreign data wrapper error"},
    {"P0", "PL/pgSQL error"},
    {"XX", "internal error"},
};

/// Without underscores and case, so that all spellings are one.
std::string folded(std::string_view name) {
    std::string out = lower(name);
    std::erase(out, '_');
    return out;
}

}  // namespace

std::span<const SqlCondition> sql_conditions() { return kConditions; }

const SqlCondition* condition_of(std::string_view sqlstate) {
    const auto* found =
        std::find_if(std::begin(kConditions), std::end(kConditions),
                     [&](const SqlCondition& each) { return equal_ignoring_case(each.sqlstate, sqlstate); });
    return found == std::end(kConditions) ? nullptr : found;
}

const SqlCondition* condition_named(std::string_view name) {
    std::string wanted = folded(name);
    for (int attempt = 0; attempt < 2; ++attempt) {
        for (const SqlCondition& each : kConditions)
            if (folded(each.name) == wanted) return &each;
        if (!wanted.ends_with("error")) break;
        wanted.resize(wanted.size() - 5);
    }
    return nullptr;
}

std::string_view class_of(std::string_view sqlstate) {
    for (const auto& [prefix, meaning] : kClasses)
        if (sqlstate.starts_with(prefix)) return meaning;
    return {};
}

}  // namespace changelog::review
