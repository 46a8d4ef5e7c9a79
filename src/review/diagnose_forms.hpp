// The forms of PostgreSQL's messages: which error a message is, and what it names.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace changelog::review {

/// `message` is a text with places like {relation} in it. {value} and {any} match what may be data and is
/// never shown. Cause and remedy may name the other places; empty: those of the condition.
struct MessageForm {
    std::string_view sqlstate, message, cause, remedy;
};

std::span<const MessageForm> message_forms();

/// Where a form was found in a text.
struct FormMatch {
    const MessageForm* form = nullptr;
    std::size_t offset = 0, end = 0;
    std::vector<std::pair<std::string_view, std::string>> names;  ///< place -> what stands there

    /// Empty where the form has no such place.
    std::string name(std::string_view place) const;
    /// The message as it was, with what may be data as "***".
    std::string message() const;
};

/// All messages of a known form, by offset; of several that overlap, the one with more fixed text.
std::vector<FormMatch> find_forms(std::string_view text);

/// The text with the names put into its places; "the object" for what is not known.
std::string with_names(std::string_view text, const FormMatch& match);

}  // namespace changelog::review
