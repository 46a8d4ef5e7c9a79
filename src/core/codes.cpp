#include "changelog/codes.hpp"

namespace changelog {

std::span<const CodeEntry> all_codes() {
    static constexpr CodeEntry entries[] = {
#define CODE(number, name, title) {#number, title},
#include "changelog/codes.def"
#undef CODE
    };
    return entries;
}

}  // namespace changelog
