// Which changesets of a changelog an error is about.
#pragma once

#include "changelog/plan.hpp"

#include "review/diagnose.hpp"
#include "review/diagnose_lines.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace changelog::review {

/// What the search for an error's changeset found.
struct FoundPlaces {
    std::vector<ErrorPlace> places;
    std::optional<std::size_t> failing;    ///< the changeset that fails, if it is known for certain
    std::optional<std::size_t> change;     ///< and which of its changes
    std::vector<std::size_t> makers;       ///< changesets that make what the message names
    std::vector<std::size_t> droppers;     ///< that drop or rename it
    std::optional<ObjectRef> object;       ///< that
    std::set<ObjectName> owners;           ///< tables that have such a thing, where the message names none
    std::vector<std::string> known_names;  ///< of things of the same kind, for what was probably meant
};

class PlaceSearch {
  public:
    explicit PlaceSearch(const DiagnoseContext& context);

    FoundPlaces find(const PastedError& error);

    /// The changeset's own lines in its file end before this line; 0: with the file.
    std::uint32_t lines_end(Position at) const;

  private:
    static constexpr std::size_t kNoChange = static_cast<std::size_t>(-1);
    struct Rendered {
        std::size_t changeset = 0, change = 0;
        std::string plain;  ///< without differences of white space
    };

    void render();
    void by_name(const PastedError& error, FoundPlaces& out) const;
    void by_statement(const PastedError& error, FoundPlaces& out);
    void by_file(const PastedError& error, FoundPlaces& out) const;
    void by_object(const PastedError& error, FoundPlaces& out) const;
    void add_failing(std::size_t changeset, std::size_t change, const PastedError& error, bool certain,
                     FoundPlaces& out) const;
    Location inside(std::size_t changeset, std::size_t change, const PastedError& error) const;
    std::optional<Location> in_sql_file(Position from, std::uint32_t end, const ErrorLine& wanted) const;
    Location touch_place(std::size_t changeset, const ObjectRef& object) const;
    bool add_touching(const ObjectRef& object, bool users, FoundPlaces& out) const;
    const ChangeSet& changeset(std::size_t index) const { return context_.changelog->changesets[index]; }

    const DiagnoseContext& context_;
    std::optional<std::vector<Rendered>> rendered_;  // made when it is first needed
    catalog::Catalog end_;                           // the schema behind all changesets
};

/// What a message names, the most telling first: without a schema where it names none.
std::vector<ObjectRef> objects_of(const PastedError& error);

}  // namespace changelog::review
