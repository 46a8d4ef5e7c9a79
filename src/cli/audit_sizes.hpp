// How many rows tables have, as --rows says: what takes long on a large table is nothing on a small one.
#pragma once

#include "changelog/names.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::cli {

class TableSizes {
  public:
    /// Each is TABLE=N, N with k, M or G behind it. Throws UsageError if one is not.
    TableSizes(const std::vector<std::string>& given, const std::string& default_schema);

    std::optional<std::uint64_t> rows(const ObjectName& table) const;
    const std::map<ObjectName, std::uint64_t>& all() const { return rows_; }

  private:
    std::map<ObjectName, std::uint64_t> rows_;
};

}  // namespace changelog::cli
