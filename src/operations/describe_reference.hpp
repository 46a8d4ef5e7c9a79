// The reference of the operations, made from their descriptions.
#pragma once

#include <map>
#include <string>

namespace changelog {

/// Markdown pages by file name: "README.md" and one for each group of operations.
std::map<std::string, std::string> reference_pages();

/// One of these pages, "compatibility.md": every operation beside Liquibase's.
std::string compatibility_page();

}  // namespace changelog
