// Which aspects of its objects a changeset changes, as far as its SQL tells: what changes a default commutes
// with what reads the column, and a comment with nearly everything.
#pragma once

#include "changelog/changelog.hpp"

#include <set>
#include <string>

namespace changelog::review {

struct ChangedAspects {
    /// Nothing but such statements; `false` for all where something else is there, or is not known.
    bool defaults = false;   ///< ALTER COLUMN ... SET or DROP DEFAULT
    bool not_nulls = false;  ///< ALTER COLUMN ... SET or DROP NOT NULL
    bool comments = false;   ///< COMMENT ON
    bool rights = false;     ///< GRANT, REVOKE
    /// Nothing but settings of tables that matter to no other statement: which ones.
    std::set<std::string> settings = {};
    bool takes_rights = false;         ///< REVOKE is among them
    std::set<std::string> roles = {};  ///< who gets or loses rights; "" is PUBLIC
    bool copies = false;               ///< CREATE TABLE ... (LIKE ...); beside anything else
    bool shapes = false;               ///< something that LIKE copies; beside anything else

    /// Uses tables without looking at their columns.
    bool aside() const { return comments || rights || !settings.empty(); }
};

ChangedAspects changed_aspects(const ChangeSet& changeset);

}  // namespace changelog::review
