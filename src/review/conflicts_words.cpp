#include "review/conflicts_words.hpp"

#include <fmt/format.h>

namespace changelog::review {

namespace {

/// "create", "creates".
std::string_view verb(Access access, bool renames, bool plural) {
    if (access == Access::drop && renames) return plural ? "drop or rename" : "drops or renames";
    switch (access) {
        case Access::create:
            return plural ? "create" : "creates";
        case Access::require:
            return plural ? "use" : "uses";
        case Access::alter:
            return plural ? "change" : "changes";
        case Access::drop:
            return plural ? "drop" : "drops";
    }
    return "";
}

bool has(const Use& use, Way way) { return (use.ways & bit(way)) != 0; }

std::string rows_words(const std::string& table, const Party& ours, const Party& theirs) {
    if (has(ours.use, Way::set_default) || has(theirs.use, Way::set_default)) {
        const bool first = has(ours.use, Way::set_default);
        return fmt::format("'{}' changes a default of {}, into which '{}' inserts rows",
                           first ? ours.id : theirs.id, table, first ? theirs.id : ours.id);
    }
    const bool ours_first = has(ours.use, Way::write) || !has(theirs.use, Way::write);
    const Party& one = ours_first ? ours : theirs;
    const Party& other = ours_first ? theirs : ours;
    if (has(one.use, Way::write) && has(other.use, Way::write)) return "both change rows of " + table;
    if (has(one.use, Way::write))
        return has(other.use, Way::insert)
                   ? fmt::format("'{}' changes rows of {}, and '{}' inserts some", one.id, table, other.id)
                   : fmt::format("'{}' changes rows of {}, which '{}' goes over", one.id, table, other.id);
    const bool one_inserts = has(one.use, Way::insert);
    return fmt::format("'{}' inserts rows into {}, which '{}' reads", one_inserts ? one.id : other.id, table,
                       one_inserts ? other.id : one.id);
}

}  // namespace

std::string words(const ObjectRef& object, const Party& ours, const Party& theirs) {
    if (object.kind == ObjectKind::rows)
        return rows_words(to_string(ObjectRef{ObjectKind::table, object.name, {}}), ours, theirs);
    const std::string name = to_string(object);
    if (has(ours.use, Way::comment) && has(theirs.use, Way::comment)) return "both comment on " + name;
    if (has(ours.use, Way::rights) && has(theirs.use, Way::rights))
        return fmt::format("both change rights on {}", name);
    const bool theirs_copies = has(theirs.use, Way::copy) && has(ours.use, Way::shape);
    if (ours.use.access == theirs.use.access && ours.use.access == Access::require &&
        (theirs_copies || (has(ours.use, Way::copy) && has(theirs.use, Way::shape))))
        return fmt::format("'{}' changes {}, which '{}' copies", theirs_copies ? ours.id : theirs.id, name,
                           theirs_copies ? theirs.id : ours.id);
    if (ours.use.access == theirs.use.access)
        return fmt::format("both {} {}", verb(ours.use.access, ours.renames || theirs.renames, true), name);
    const bool ours_first = ours.use.access != Access::require &&
                            (theirs.use.access == Access::require || ours.use.access == Access::drop ||
                             theirs.use.access != Access::drop);
    const Party& one = ours_first ? ours : theirs;
    const Party& other = ours_first ? theirs : ours;
    return fmt::format("'{}' {} {}, which '{}' {}", one.id, verb(one.use.access, one.renames, false), name,
                       other.id, verb(other.use.access, other.renames, false));
}

}  // namespace changelog::review
