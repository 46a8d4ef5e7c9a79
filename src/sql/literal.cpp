// String literals (manual, 4.1.2.1).
#include "sql/literal.hpp"

namespace changelog::sql {

std::string literal(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') out += '\'';
        out += c;
    }
    return out + '\'';
}

}  // namespace changelog::sql
