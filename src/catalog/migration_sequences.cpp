#include "catalog/migration_sequences.hpp"

#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>

namespace changelog::catalog {

namespace {

bool falls(const SequenceOptions& options) {
    return options.increment && options.increment->starts_with('-');
}

/// Where it starts, which ALTER SEQUENCE leaves as it was when the bounds change.
std::string start_of(const SequenceOptions& options) {
    if (options.start) return *options.start;
    return falls(options) ? options.maximum.value_or("-1") : options.minimum.value_or("1");
}

}  // namespace

bool turns(const SequenceOptions& now, const SequenceOptions& to) { return falls(now) != falls(to); }

std::string option_changes(const SequenceOptions& now, const SequenceOptions& to, std::string_view set) {
    std::string out;
    const auto add = [&](std::string_view keyword, std::string_view value) {
        out += fmt::format("{} {} {}", set, keyword, value);
    };
    const auto option = [&](std::string_view keyword, const auto& before, const auto& after) {
        if (before != after) add(keyword, after ? *after : "1");
    };
    const bool turned = turns(now, to);  // the bounds that nobody gave are others then
    const auto bound = [&](std::string_view keyword, const auto& before, const auto& after) {
        if (before == after && !turned) return;
        if (after)
            add(keyword, *after);
        else
            out += fmt::format("{} NO {}", set, keyword);
    };
    option("INCREMENT BY", now.increment, to.increment);
    bound("MINVALUE", now.minimum, to.minimum);
    bound("MAXVALUE", now.maximum, to.maximum);
    if (start_of(now) != start_of(to)) add("START WITH", start_of(to));
    option("CACHE", now.cache, to.cache);
    if (now.cycle != to.cycle) out += fmt::format("{} {}", set, to.cycle ? "CYCLE" : "NO CYCLE");
    if (turned) out += " RESTART";
    return out;
}

void continue_sequence(Migration& migration, const ObjectName& sequence, const ObjectRef& column,
                       const SequenceOptions& options) {
    const bool down = falls(options);
    migration.run(fmt::format(
        "SELECT pg_catalog.setval({0}, pg_catalog.{1}({2})) FROM {3} HAVING pg_catalog.{1}({2}) {4} {5}",
        sql::literal(sql::qualified(sequence)), down ? "min" : "max", sql::identifier(column.part),
        sql::qualified(column.name),
        down ? "<=" : ">=", down ? options.maximum.value_or("-1") : options.minimum.value_or("1")));
}

}  // namespace changelog::catalog
