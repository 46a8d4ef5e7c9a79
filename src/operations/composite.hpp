// Attributes of composite types.
#pragma once

#include "operations/user_type.hpp"

#include <string>
#include <vector>

namespace changelog::operations {

struct AttributeConfig final : Described {
    std::string name, type, collation;

    void describe(FieldVisitor& visitor) override;

    std::string sql_type() const;
    /// "a INTEGER COLLATE \"C\""; with `between` in front of the type.
    std::string definition(const Naming& naming, std::string_view between = "") const;
    catalog::TypeAttribute stored(const Naming& naming) const;
};

/// As `definition`, of an attribute that the catalog has.
std::string definition(const catalog::TypeAttribute& attribute, std::string_view between = "");

/// Reports attributes without a type.
void check_types(const std::vector<AttributeConfig>& attributes, Position at, Diagnostics& diagnostics);

}  // namespace changelog::operations
