#include "cli/arguments.hpp"

#include "changelog/codes.hpp"

#include <charconv>

namespace changelog::cli {

UsageError::UsageError(std::string title, std::string did_you_mean, std::string why)
    : std::runtime_error(title) {
    Diagnostic& item = diagnostics.add(Severity::error, codes::usage, {}, std::move(title));
    item.did_you_mean = std::move(did_you_mean);
    item.why = std::move(why);
}

std::optional<std::string> Arguments::value(const std::string& name) const {
    const auto found = values_.find(name);
    if (found == values_.end() || found->second.empty()) return std::nullopt;
    return found->second.back();
}

std::vector<std::string> Arguments::values(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::optional<std::size_t> Arguments::number(const std::string& name, std::size_t minimum) const {
    const auto text = value(name);
    if (!text) return std::nullopt;
    std::size_t number = 0;
    const char* end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, number);
    if (error != std::errc() || stop != end || number < minimum)
        throw UsageError(fmt::format("{} takes a whole number from {}, not '{}'", name, minimum, *text));
    return number;
}

}  // namespace changelog::cli
