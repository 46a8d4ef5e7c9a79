// The schema of a database as the statements of a plan would leave it, one after the other.
#pragma once

#include "changelog/catalog.hpp"

#include "hazards/facts.hpp"

#include <map>
#include <set>
#include <string>

namespace changelog::execute {

class SchemaAhead {
  public:
    SchemaAhead(catalog::Catalog live, const std::string& default_schema, int server_version);
    SchemaAhead(const SchemaAhead&) = delete;
    SchemaAhead& operator=(const SchemaAhead&) = delete;

    /// What the statement does to what is there; then goes on to the schema behind it.
    hazards::StatementFacts read(const std::string& sql, bool in_transaction);
    void end_transaction() { context_.new_labels.clear(); }
    /// The name that a relation has in the database now, before statements of the plan rename it.
    ObjectName live_name(const ObjectName& name) const;

  private:
    void go_on(const std::string& sql);

    catalog::Catalog catalog_;
    hazards::FactContext context_;
    std::map<ObjectName, ObjectName> live_names_;
};

}  // namespace changelog::execute
