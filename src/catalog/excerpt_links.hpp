// Who points at whom in a catalog, found in one pass over it.
#pragma once

#include "changelog/catalog.hpp"

#include <functional>
#include <map>
#include <vector>

namespace changelog::catalog {

/// References into the catalog, which must outlive it.
class Links {
  public:
    using Names = std::vector<ObjectName>;

    explicit Links(const Catalog& catalog);

    const Names& children(const ObjectName& table) const { return of(children_, table); }
    /// Tables with foreign keys to this one.
    const Names& referencing(const ObjectName& table) const { return of(referencing_, table); }
    /// Sequences that the table or its columns own.
    const Names& sequences(const ObjectName& table) const { return of(sequences_, table); }
    /// Views and functions that use a relation, type or function.
    const Names& users(const ObjectRef& object) const;

  private:
    using Map = std::map<ObjectName, Names>;

    static const Names& of(const Map& map, const ObjectName& name);
    void add_uses(const std::vector<ObjectRef>& depends, const ObjectName& user);

    Map children_, referencing_, sequences_, users_of_relation_, users_of_type_, users_of_function_;
};

/// The tables and materialized views with an index of this name, the index behind a constraint included.
std::vector<ObjectName> relations_with_index(const Catalog& catalog, const ObjectName& index);

}  // namespace changelog::catalog
