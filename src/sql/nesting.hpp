// How deeply SQL nests, read off its tokens: parsers and walkers are recursive, and their stack is not
// endless.
#pragma once

#include <cstddef>
#include <string_view>

namespace changelog::sql {

/// Whether parentheses, chained operators, CASE and set operations may nest more than `most` levels deep.
bool nests_deeply(std::string_view text, std::size_t most);

}  // namespace changelog::sql
