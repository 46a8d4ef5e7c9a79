// The pages of docs/codes, which are built into the program.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace changelog::report {

struct Page {
    std::string_view code;  ///< "CL1203"
    std::string_view text;  ///< Markdown
};

/// Sorted by code. Written at build time from docs/codes/*.md (cmake/EmbedPages.cmake).
std::span<const Page> pages();

/// The page of a code, in any case of letters; nothing if there is none.
std::optional<std::string_view> explanation(std::string_view code);

}  // namespace changelog::report
