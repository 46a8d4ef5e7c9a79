// To whom things belong that earlier runs made.
#pragma once

#include "changelog/catalog.hpp"

#include "postgres/connection.hpp"

#include <string>
#include <vector>

namespace changelog::execute {

/// The fold takes what a changelog made for the runner's own; earlier runs may have been other roles'. Notes
/// the owner of everything in the model that belongs to another role than the session's. Throws
/// DatabaseError.
void take_owners(catalog::Catalog& model, postgres::Connection& connection);

/// Who may have rights that no changeset gave.
struct Grantors {
    std::vector<std::string> owners;  ///< the session's role, and who owns something; in lower case
    bool by_default = false;          ///< ALTER DEFAULT PRIVILEGES: new objects come with rights

    /// Whether the fold cannot tell what a GRANT or REVOKE changes: who owns an object has its rights anyway,
    /// and what was there before may have got others in the meantime.
    bool may_surprise(const std::string& sql, bool only_new_objects) const;
};
Grantors grantors_of(postgres::Connection& connection);

}  // namespace changelog::execute
