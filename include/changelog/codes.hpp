// Every code that can be emitted. Codes are permanent: never reused, never renumbered. `changelog explain
// CODE` prints docs/codes/CODE.md, which a test requires to be there.
#pragma once

#include <span>
#include <string_view>

namespace changelog {

struct CodeEntry {
    std::string_view code;
    std::string_view title;
};

namespace codes {
#define CODE(number, name, title) inline constexpr std::string_view name = #number;
#include "changelog/codes.def"
#undef CODE
}  // namespace codes

std::span<const CodeEntry> all_codes();

}  // namespace changelog
