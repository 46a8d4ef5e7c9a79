#include "core/text.hpp"
#include "report/pages.hpp"

namespace changelog::report {

std::optional<std::string_view> explanation(std::string_view code) {
    for (const Page& page : pages())
        if (equal_ignoring_case(page.code, code)) return page.text;
    return std::nullopt;
}

}  // namespace changelog::report
