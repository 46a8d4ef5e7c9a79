// A finding of the hazard rules at its place in a file, with what is known of its tables' sizes.
#pragma once

#include "changelog/diagnostics.hpp"
#include "changelog/names.hpp"

#include "hazards/facts.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace changelog::review {

/// A statement's place, or that of a part of it, from its first to behind its last character.
struct Region {
    Location begin;
    std::uint32_t end_line = 0, end_column = 0;      ///< in bytes, as everywhere
    std::uint32_t character = 0, end_character = 0;  ///< the columns in characters
};

struct LocatedStatement {
    Region region;
    std::size_t ordinal = 0;  ///< in its file, from 1
    hazards::StatementFacts facts;
};

struct LocatedFinding {
    Diagnostic item;
    std::string rule;  ///< "create-index-blocking"
    Region region;
    std::size_t ordinal = 0;  ///< of the statement in its file or, in a review, in the plan; 0: of none
    std::vector<ObjectRef> objects;
    std::vector<hazards::RelationFacts> relations;  ///< what the statement locks
    std::optional<Severity> weighed_from;           ///< what it would be without knowing the table's size
    std::string allowed;                            ///< the reason for which the file allows it
    std::string allowed_until;                      ///< the date up to which it does; empty: for good
};

}  // namespace changelog::review
