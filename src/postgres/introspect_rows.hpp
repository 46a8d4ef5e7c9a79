// Reading what the catalog queries of an introspection give back: oids, flags and arrays out of text.
#pragma once

#include "changelog/names.hpp"

#include "postgres/connection.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::postgres {

using Oid = std::uint64_t;

/// The first oid that PostgreSQL gives to an object of a user (FirstNormalObjectId).
inline constexpr Oid first_user_oid = 16384;

/// One row, read cell by cell in the order of the SELECT list.
class Cells {
  public:
    explicit Cells(std::vector<std::optional<std::string>>& cells) : cells_(cells) {}

    bool is_null() const { return !cells_.at(next_).has_value(); }
    std::optional<std::string> optional() { return std::move(cells_.at(next_++)); }
    std::string text();  ///< "" for NULL
    bool flag() { return text() == "t"; }
    char letter();      ///< ' ' for NULL and ""
    Oid oid();          ///< 0 for NULL
    int number();       ///< 0 for NULL
    ObjectName name();  ///< two cells: schema and name
    void skip() { ++next_; }

  private:
    std::vector<std::optional<std::string>>& cells_;
    std::size_t next_ = 0;
};

/// The items of an array of text ("{a,\"b c\"}"); a NULL item is "".
std::vector<std::string> array_items(std::string_view array);
/// The numbers of an array ("{1,2}") or a vector ("1 2").
std::vector<Oid> numbers_of(std::string_view array);
/// Options as PostgreSQL stores them ("{fillfactor=70}"), each name with `prefix`.
void add_options(std::string_view array, std::map<std::string, std::string>& out,
                 std::string_view prefix = {});
std::map<std::string, std::string> options_of(std::string_view array);

/// "'{1,2}'::oid[]"
std::string array_of(const std::vector<Oid>& oids);

/// "unnest('{1,2}'::oid[])": the planner knows how many these are, so it chooses well for one and for
/// thousands.
std::string unnest(const std::vector<Oid>& oids);

}  // namespace changelog::postgres
