// A type in the catalog's spelling, taken apart, and how two types relate.
#pragma once

#include <string>
#include <vector>

namespace changelog::hazards {

struct TypeForm {
    std::string base;       ///< "character varying", "timestamp with time zone", "interval"
    std::vector<int> mods;  ///< of "(10,2)"
    std::string fields;     ///< of an interval: "day to second"
    bool array = false;

    bool operator==(const TypeForm&) const = default;
};

TypeForm type_form(const std::string& type);

/// Whether values are stored alike, so that a cast only changes their label; without regard to lengths.
bool is_relabelled(const std::string& from, const std::string& to);
/// Whether every value of the one length (precision) is one of the other as it is.
bool is_wider(const TypeForm& from, const TypeForm& to);
/// Which types are sorted by the same operator class.
std::string sort_family(const std::string& base);
/// Whether the cast is used in an assignment, without USING.
bool is_assignable(const TypeForm& from, const TypeForm& to);
/// Whether a foreign key of the one type may point at a key of the other.
bool can_reference(const TypeForm& from, const TypeForm& to);
/// Whether the cast may lose digits or a part of the value without an error.
bool rounds(const TypeForm& from, const TypeForm& to);
/// Whether a value may be too large or too long.
bool may_overflow(const TypeForm& from, const TypeForm& to);
/// char(n), varchar, text, name
bool is_character(const std::string& base);

}  // namespace changelog::hazards
