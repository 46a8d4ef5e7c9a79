#include "changelog/names.hpp"

namespace changelog {

std::string_view to_string(ObjectKind kind) {
    switch (kind) {
        case ObjectKind::schema:
            return "schema";
        case ObjectKind::table:
            return "table";
        case ObjectKind::column:
            return "column";
        case ObjectKind::constraint:
            return "constraint";
        case ObjectKind::index:
            return "index";
        case ObjectKind::sequence:
            return "sequence";
        case ObjectKind::type:
            return "type";
        case ObjectKind::function:
            return "function";
        case ObjectKind::trigger:
            return "trigger";
        case ObjectKind::policy:
            return "policy";
        case ObjectKind::extension:
            return "extension";
        case ObjectKind::rows:
            return "rows of";
    }
    return "object";
}

std::string to_string(const ObjectRef& object) {
    std::string out(to_string(object.kind));
    out += ' ';
    if (!object.name.schema.empty()) out += object.name.schema + '.';
    out += object.name.name;
    if (!object.part.empty()) out += '.' + object.part;
    return out;
}

}  // namespace changelog
