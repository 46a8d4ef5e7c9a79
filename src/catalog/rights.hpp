// Rights on one object, taken apart, and the statements that give and take them.
//
// A Grant says what somebody has from the owner. Two things beyond that stand in its fields as well: a
// privilege that another role gave is "SELECT granted by <role>", and the grantee kOwner is whoever owns the
// object, with what it has besides all that an owner has by itself, and as "no SELECT" what it has not.
#pragma once

#include "changelog/catalog.hpp"
#include "changelog/statement.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::catalog {

/// No role can have this name (manual, CREATE ROLE: names that begin with pg_ are reserved).
inline constexpr std::string_view kOwner = "pg_owner";
inline constexpr std::string_view kMissing = "no ";
inline constexpr std::string_view kGrantedBy = " granted by ";

struct Right {
    std::string grantee, column, privilege;  ///< as in a Grant

    std::string plain() const;    ///< the privilege alone
    std::string grantor() const;  ///< as SQL; empty: the owner
    bool is_missing() const { return privilege.starts_with(kMissing); }

    auto operator<=>(const Right&) const = default;
};

using Rights = std::map<Right, bool>;  ///< and whether it may be passed on

Rights rights_of(const std::vector<Grant>& grants);

/// Those that nobody of the others lets their grantor give: they go with what let it.
std::vector<Right> unfounded(const Rights& all);

/// GRANT statements for these of the rights `all`; who gives one has it before. `owner` is the object's,
/// empty for the session's own role.
std::vector<Statement> give_rights(const std::string& what, const Rights& all,
                                   const std::vector<Right>& given, const std::string& owner, bool grantable);

/// REVOKE statements; who gave one has it still. `option` is "GRANT OPTION FOR " or nothing.
std::vector<Statement> take_rights(const std::string& what, const Rights& all,
                                   const std::vector<Right>& taken, const std::string& owner,
                                   const std::string& option);

}  // namespace changelog::catalog
