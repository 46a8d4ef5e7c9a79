// What ALTER COLUMN ... TYPE has to do to the stored values: nothing, a new index, or a new table.
#pragma once

#include "hazards/step.hpp"

#include <string>
#include <vector>

namespace changelog::hazards {

struct TypeChange {
    bool known = false;      ///< the old type is in the catalog
    bool rewrite = false;    ///< the stored form changes
    bool reindex = false;    ///< it does not, but an index sorts the new type by other rules
    bool rounds = false;     ///< values may lose digits or a part without an error
    bool may_fail = false;   ///< values may not fit
    bool cuts = false;       ///< USING casts to a shorter character type, which cuts silently
    bool assignable = true;  ///< a cast that is used without USING
    std::string from, to;    ///< as format_type() spells them
};

/// Of an ALTER TYPE step. Where the old type is not known, a rewrite unless the new type is the widest of its
/// kind.
TypeChange type_change_of(const Step& step);

/// The type of a column definition in the catalog's spelling.
std::string type_of(const Node& definition, const Step& step);

/// A type of the catalog by the name that a column has; null if it is none.
const catalog::Type* user_type(const std::string& type, const FactContext& context);
/// Whether the type is a domain with a CHECK or NOT NULL, at whatever depth.
bool is_constrained_domain(const std::string& type, const FactContext& context);
/// Columns of tables whose type is this domain, or one over it.
std::vector<ObjectName> tables_with_type(const ObjectName& type, const FactContext& context);

}  // namespace changelog::hazards
