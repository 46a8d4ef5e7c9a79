// Tables and types whose text (column types, defaults, checks, triggers, policies) names a type, a function
// or a sequence. PostgreSQL knows these dependencies; a catalog has only the text.
#pragma once

#include "changelog/catalog.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace changelog::catalog {

/// The names that are looked for. Many at once, since every text of a catalog is read for them.
class Sought {
  public:
    void add(ObjectKind kind, const ObjectName& name);
    bool empty() const { return types_.empty() && functions_.empty() && sequences_.empty(); }

    /// Whether a type's text names a sought type: "public.mood[]". A name without a schema may be in any.
    bool in_type(std::string_view text) const;
    /// Whether an expression or definition calls a sought function, casts to a sought type, or reads a sought
    /// sequence.
    bool in_expression(std::string_view text) const;

  private:
    using Names = std::multimap<std::string, std::string, std::less<>>;  // name -> schema

    static bool has(const Names& names, const std::string& schema, const std::string& name);

    Names types_, functions_, sequences_;
};

/// What names one of them.
struct Mentions {
    std::vector<ObjectName> relations, types;
};
Mentions mentions_of(const Catalog& catalog, const Sought& sought);

/// Whether a reference names an object of an unmodelled kind: by its identity, or by the schema of it.
bool is_named(const Other& other, const ObjectRef& object);

}  // namespace changelog::catalog
