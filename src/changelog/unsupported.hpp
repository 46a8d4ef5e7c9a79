// Change types that Liquibase knows and that have no meaning here.
#pragma once

#include <string_view>

namespace changelog {

struct UnsupportedChange {
    std::string_view name, code, reason, advice;
};

/// Null if the name is not one of them.
const UnsupportedChange* find_unsupported(std::string_view name);

}  // namespace changelog
