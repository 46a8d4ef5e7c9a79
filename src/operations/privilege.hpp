// Privileges as grant and revoke name them, and what they make of an object's list of grants.
#pragma once

#include "operations/common.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace changelog::operations {

/// A role in SQL: PUBLIC, CURRENT_USER and the like are words, all others are names.
std::string role(const Naming& naming, const std::string& written);

/// A role as it is stored in Grant::grantee: empty for PUBLIC.
std::string stored_role(const Naming& naming, const std::string& written);

/// Where an object's privileges are in a catalog; `closed` only of types and routines. Null: not known.
struct Privileges {
    std::vector<catalog::Grant>* grants = nullptr;
    bool* closed = nullptr;
};
struct KnownPrivileges {
    const std::vector<catalog::Grant>* grants = nullptr;
    const bool* closed = nullptr;
};

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

    /// "TABLE public.orders"
    std::string object_words(const Naming& naming) const;
    /// Whether no role is one that only the session knows: CURRENT_USER.
    bool names_every_role() const;

    /// The privileges in upper case, sorted, with ALL written out.
    std::vector<std::string> stored_privileges(int server_version = 0) const;
    Privileges place(catalog::Catalog& catalog, const Naming& naming) const;
    KnownPrivileges place(const catalog::Catalog& catalog, const Naming& naming) const;
};

/// Which of the privileges a grantee holds, with or without the right to grant them.
std::vector<std::string> held(const std::vector<catalog::Grant>& grants, const std::string& grantee,
                              const std::vector<std::string>& columns, bool grantable,
                              const std::vector<std::string>& asked);

/// Each column by itself, so that a later REVOKE may name some of them.
void add_grant(std::vector<catalog::Grant>& grants, const catalog::Grant& grant);
/// Those that may (not) be granted on, as the grant says.
void remove_grant(std::vector<catalog::Grant>& grants, const catalog::Grant& grant);
/// REVOKE [GRANT OPTION FOR]: of a whole table it takes what is held on its columns, too (manual, REVOKE).
void revoke_rights(std::vector<catalog::Grant>& grants, const catalog::Grant& revoked, bool option_only);

/// GRANT and REVOKE that lead from what is held now to what was held before. `object` is "TABLE public.t".
std::vector<Statement> rights_back(const std::string& object, const std::vector<catalog::Grant>& now,
                                   const std::vector<catalog::Grant>& before);

/// The undo of an operation that does this to the privileges of one object.
Undo privileges_back(const PrivilegeFields& fields, const RenderContext& context,
                     const std::function<void(const Privileges&)>& change);

}  // namespace changelog::operations
