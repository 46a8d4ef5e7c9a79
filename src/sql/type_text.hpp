// A type name taken apart: "timestamp ( 3 ) with time zone [ ]" is a head, parameters, a rest and array
// bounds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace changelog::sql {

struct TypeText {
    std::string head;                     ///< the words before the parameters, single spaces, as written
    std::vector<std::string> parameters;  ///< trimmed, as written
    bool has_parameters = false;
    std::string rest;    ///< what follows the parameters, as written
    std::string bounds;  ///< "[]", "[3][]" without spaces; empty: no array

    /// "(10, 2)", or nothing.
    std::string parameter_list(std::string_view separator) const;
};

TypeText take_apart(std::string_view text);

/// The longest run of whole words at the beginning of `head` that `known` accepts (in lower case), or "".
template <typename Known>
std::string_view longest_known(std::string_view head, const Known& known) {
    while (!known(head)) {
        const std::size_t space = head.rfind(' ');
        if (space == std::string_view::npos) return {};
        head = head.substr(0, space);
    }
    return head;
}

/// Puts all of the head behind its first `length` bytes, with the parameters that then belong to it, into the
/// rest.
void end_head_at(TypeText& type, std::size_t length);

}  // namespace changelog::sql
