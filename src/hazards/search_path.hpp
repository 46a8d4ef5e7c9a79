// In which schema a statement's unqualified names are, while search_path changes from one to the next.
#pragma once

#include "changelog/catalog.hpp"

#include "hazards/settings.hpp"

#include <map>
#include <string>
#include <vector>

namespace changelog::hazards {

class SearchPath {
  public:
    /// `default_schema`: what counts while nothing is set, and where the path is empty.
    explicit SearchPath(std::string default_schema) : default_(std::move(default_schema)) {}

    /// The first schema of the path; of several, the first that has what the statement needs to be there.
    std::string schema_for(const std::string& sql, const catalog::Catalog& catalog) const;
    /// To the state behind a statement.
    void go_on(const std::vector<Step>& steps);
    /// The same, of a text that is not taken apart yet.
    void go_on(const std::string& sql);

  private:
    std::vector<std::string> path() const;

    std::string default_;
    Settings settings_;
    bool in_transaction_ = false;
};

}  // namespace changelog::hazards
