// How the statements of the attic are put together: one DO block each, a fixed body with its constants
// before.
#pragma once

#include "operations/attic.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace changelog::operations {

/// Declarations of a DO block: name, type and value as SQL.
class BlockConstants {
  public:
    BlockConstants& text(std::string_view name, std::string_view value);
    BlockConstants& optional_text(std::string_view name, const std::string& value);  ///< NULL if empty
    BlockConstants& names(std::string_view name, const std::vector<std::string>& values);
    /// Those that every block about a kept thing begins with: attic, item_kind, item_object, item_tag.
    BlockConstants& identity(const Kept& kept);
    /// And those for making it: wanted, period.
    BlockConstants& making(const Kept& kept);

    const std::string& sql() const { return sql_; }

  private:
    std::string sql_;
};

/// "DO $attic$ DECLARE <constants> <body> $attic$", with a delimiter that does not occur in it.
std::string block(const BlockConstants& constants, std::string_view body, std::string_view stem = "attic");

// Pieces of bodies.
extern const std::string_view kFreeName;  ///< sets `kept`: `wanted`, with a number if that is taken
extern const std::string_view kAddItem;   ///< writes the row of `items`, from kept, kept_oid and steps

}  // namespace changelog::operations
