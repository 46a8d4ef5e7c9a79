// Text of others within Markdown, as GitHub and GitLab read it: nothing of it becomes markup, a mention or a
// link.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace changelog::report {

/// Within a paragraph, a table cell or a heading; one line of at most `most` characters.
std::string markdown_text(std::string_view text, std::size_t most = 400);

/// A piece of code within a line; `most` as above.
std::string markdown_code(std::string_view text, std::size_t most = 120);

/// A block of code, whose fence is longer than any within it.
std::string markdown_block(std::string_view language, std::string_view text);

/// Within an HTML comment.
std::string markdown_marker(std::string_view text);

/// A label of a mermaid diagram, in quotes.
std::string mermaid_label(std::string_view text, std::size_t most = 60);

}  // namespace changelog::report
