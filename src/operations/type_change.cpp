#include "operations/type_change.hpp"

#include "sql/type.hpp"
#include "sql/type_text.hpp"

#include <charconv>

namespace changelog::operations {

namespace {

struct Shape {
    std::string name;         ///< without parameters: "timestamp without time zone"
    std::vector<int> limits;  ///< its parameters
    std::string bounds;       ///< of an array
};

Shape shape_of(const std::string& type) {
    const sql::TypeText text = sql::take_apart(sql::canonical_type(type));
    Shape shape{text.head, {}, text.bounds};
    if (!text.rest.empty()) shape.name += ' ' + text.rest;
    for (const std::string& parameter : text.parameters) {
        int value = 0;
        std::from_chars(parameter.data(), parameter.data() + parameter.size(), value);
        shape.limits.push_back(value);
    }
    return shape;
}

int limit(const Shape& shape, std::size_t index, int otherwise) {
    return index < shape.limits.size() ? shape.limits[index] : otherwise;
}

/// Whole numbers by how much they hold; 0: not one of them.
int width(const std::string& name) {
    if (name == "smallint") return 1;
    if (name == "integer") return 2;
    if (name == "bigint") return 3;
    return 0;
}

int digits(const std::string& name) { return name == "smallint" ? 5 : name == "integer" ? 10 : 19; }

bool is_text(const std::string& name) { return name == "text" || name == "character varying"; }

bool fits_numeric(const Shape& from, const Shape& to) {
    if (to.limits.empty()) return true;
    const int whole = limit(to, 0, 0) - limit(to, 1, 0);
    if (width(from.name) > 0) return whole >= digits(from.name);
    if (from.name != "numeric" || from.limits.empty()) return false;
    return whole >= limit(from, 0, 0) - limit(from, 1, 0) && limit(to, 1, 0) >= limit(from, 1, 0);
}

bool fits_text(const Shape& from, const Shape& to) {
    constexpr int kUnlimited = 1 << 30;
    const int room = limit(to, 0, kUnlimited);
    if (room == kUnlimited) return from.name != "bytea";
    return (is_text(from.name) || from.name == "character") && limit(from, 0, kUnlimited) <= room;
}

bool fits_same_name(const Shape& from, const Shape& to) {
    constexpr int kMicroseconds = 6;
    if (from.limits == to.limits || to.limits.empty()) return true;
    return from.name.starts_with("time") && limit(from, 0, kMicroseconds) <= limit(to, 0, kMicroseconds);
}

}  // namespace

bool may_lose(const std::string& from_type, const std::string& to_type) {
    const Shape from = shape_of(from_type), to = shape_of(to_type);
    if (from.bounds != to.bounds) return to.name != "text" || !to.bounds.empty();
    if (is_text(to.name)) return !fits_text(from, to);
    if (to.name == "numeric") return !fits_numeric(from, to);
    if (width(from.name) > 0 && width(to.name) > 0) return width(from.name) > width(to.name);
    if (to.name == "double precision")
        return from.name != "real" && from.name != to.name && !(width(from.name) > 0 && width(from.name) < 3);
    if (from.name == "date" && to.name.starts_with("timestamp")) return false;
    if (from.name == "json" && to.name == "jsonb") return false;
    return from.name != to.name || !fits_same_name(from, to);
}

}  // namespace changelog::operations
