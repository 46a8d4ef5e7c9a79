// What PostgreSQL carries along by itself when an object gets another name: whatever refers to it.
#pragma once

#include "changelog/catalog.hpp"

#include <string>

namespace changelog::catalog {

// Each does what the statement does to the whole catalog, the object itself included.
void follow_schema(Catalog& catalog, const std::string& from, const std::string& to);
void follow_table(Catalog& catalog, const ObjectName& from, const ObjectName& to);
void follow_view(Catalog& catalog, const ObjectName& from, const ObjectName& to);
void follow_sequence(Catalog& catalog, const ObjectName& from, const ObjectName& to);
void follow_type(Catalog& catalog, const ObjectName& from, const ObjectName& to);
/// Of the multirange of a range type, which is no object of its own here.
void follow_multirange(Catalog& catalog, const ObjectName& from, const ObjectName& to);
/// Of an attribute of a composite type, and its comment.
void follow_attribute(Catalog& catalog, const ObjectName& type, const std::string& from,
                      const std::string& to);
void follow_function(Catalog& catalog, const Function& function, const ObjectName& to);
void follow_index(Catalog& catalog, const ObjectName& from, const std::string& to);
void follow_column(Catalog& catalog, const ObjectName& table, const std::string& from, const std::string& to);
void follow_label(Catalog& catalog, const ObjectName& type, const std::string& from, const std::string& to);

}  // namespace changelog::catalog
