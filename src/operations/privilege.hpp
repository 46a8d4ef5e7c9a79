// Privileges as grant and revoke name them, and what they make of an object's list of grants.
#pragma once

#include "operations/common.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::operations {

/// A role in SQL: PUBLIC, CURRENT_USER and the like are words, all others are names.
std::string role(const Naming& naming, const std::string& written);

/// A role as it is stored in Grant::grantee: empty for PUBLIC.
std::string stored_role(const Naming& naming, const std::string& written);

/// What grant and revoke have in common: which privileges on which object for whom.
struct PrivilegeFields {
    std::string kind = "TABLE";  ///< TABLE, SEQUENCE, FUNCTION, PROCEDURE, SCHEMA, TYPE or DOMAIN
    std::string schema, object, arguments;
    std::vector<std::string> privileges, columns, roles;

    void describe(FieldVisitor& visitor, std::string_view roles_name, std::string_view roles_meaning);
    void check(Diagnostics& diagnostics, Position at) const;

    ObjectRef target(const Naming& naming) const;
    /// "SELECT, INSERT ON TABLE public.orders"
    std::string what(const Naming& naming) const;
    std::string role_list(const Naming& naming) const;

    /// The privileges in upper case, sorted, with ALL written out.
    std::vector<std::string> stored_privileges() const;
    /// The grants of the object, or null if the catalog does not know it.
    std::vector<catalog::Grant>* grants(catalog::Catalog& catalog, const Naming& naming) const;
    const std::vector<catalog::Grant>* grants(const catalog::Catalog& catalog, const Naming& naming) const;
};

/// Which of the privileges a grantee holds, with or without the right to grant them.
std::vector<std::string> held(const std::vector<catalog::Grant>& grants, const std::string& grantee,
                              const std::vector<std::string>& columns, bool grantable,
                              const std::vector<std::string>& asked);

void add_grant(std::vector<catalog::Grant>& grants, catalog::Grant grant);
void remove_grant(std::vector<catalog::Grant>& grants, const catalog::Grant& grant);

}  // namespace changelog::operations
