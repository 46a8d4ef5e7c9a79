// ALTER DEFAULT PRIVILEGES, which the model knows as "default acl" with PostgreSQL's own list of rights.
#pragma once

#include "changelog/catalog.hpp"

#include <string>
#include <vector>

namespace changelog::catalog {

/// The statements that make such an object, or take it back; nothing where it cannot be read.
std::vector<std::string> make_default_rights(const Other& other);
std::vector<std::string> drop_default_rights(const Other& other);

}  // namespace changelog::catalog
