// The list of codes, and one of them as JSON.
#pragma once

#include <string>
#include <string_view>

namespace changelog::report {

std::string code_list_text();
std::string code_list_json();
/// Of a code that has a page.
std::string explanation_json(std::string_view code);

}  // namespace changelog::report
