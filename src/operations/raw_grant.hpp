// GRANT, REVOKE and COMMENT ON in raw SQL: small statements that change nothing but an object's privileges or
// comment.
#pragma once

#include "changelog/catalog.hpp"
#include "changelog/footprint.hpp"

#include <string>

namespace changelog::operations {

/// What became of a statement: it is none of these, the catalog followed it, or it could not be followed.
enum class Followed : std::uint8_t { other, exactly, not_known };

/// `touched` is the statement's footprint.
Followed follow_grant(const std::string& sql, const Footprint& touched, catalog::Catalog& catalog);
Followed follow_comment(const std::string& sql, const Footprint& touched, catalog::Catalog& catalog);

}  // namespace changelog::operations
