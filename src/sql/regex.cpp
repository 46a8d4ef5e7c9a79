#define PCRE2_CODE_UNIT_WIDTH 8
#include "sql/regex.hpp"

#include <fmt/format.h>
#include <pcre2.h>

#include <memory>
#include <stdexcept>
#include <variant>
#include <vector>

namespace changelog::sql {

namespace {

constexpr std::uint32_t kHeapKilobytes = 512 * 1024;

template <auto Free>
struct Freer {
    template <typename T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using Code = std::unique_ptr<pcre2_code, Freer<pcre2_code_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Freer<pcre2_match_data_free>>;
using CompileContext = std::unique_ptr<pcre2_compile_context, Freer<pcre2_compile_context_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Freer<pcre2_match_context_free>>;

PCRE2_SPTR bytes_of(const std::string& text) { return reinterpret_cast<PCRE2_SPTR>(text.c_str()); }

std::string message_of(int error) {
    PCRE2_UCHAR buffer[256] = {};
    pcre2_get_error_message(error, buffer, sizeof buffer);
    return reinterpret_cast<const char*>(buffer);
}

/// Unions and intersections within [...] would mean something else to PCRE2, so they are refused.
std::optional<RegexError> java_only(const std::string& pattern) {
    bool in_class = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\' && i + 1 < pattern.size() && pattern[i + 1] == 'Q') {
            i = std::min(pattern.find("\\E", i), pattern.size() - 1);
        } else if (c == '\\') {
            ++i;
        } else if (!in_class && c == '[') {
            in_class = true;
            if (i + 1 < pattern.size() && pattern[i + 1] == '^') ++i;
            if (i + 1 < pattern.size() && pattern[i + 1] == ']') ++i;
        } else if (in_class && c == ']') {
            in_class = false;
        } else if (in_class && (c == '[' || pattern.compare(i, 2, "&&") == 0)) {
            return RegexError{"'[' and '&&' within [...] are not supported: escape them", false, i};
        }
    }
    return std::nullopt;
}

using Piece = std::variant<std::string, std::uint32_t>;  ///< text, or the number of a group

/// A pattern and its replacement, ready for use, or what is wrong with them.
class Replacer {
  public:
    Replacer(const std::string& pattern, const std::string& replacement) {
        error = java_only(pattern);
        if (error) return;
        const CompileContext context(pcre2_compile_context_create(nullptr));
        pcre2_set_newline(context.get(), PCRE2_NEWLINE_ANYCRLF);
        int number = 0;
        PCRE2_SIZE offset = 0;
        code_.reset(
            pcre2_compile(bytes_of(pattern), pattern.size(), PCRE2_UTF, &number, &offset, context.get()));
        if (!code_) {
            error = RegexError{message_of(number), false, offset};
            return;
        }
        pcre2_pattern_info(code_.get(), PCRE2_INFO_CAPTURECOUNT, &groups_);
        read(replacement);
    }

    std::string replace_all(const std::string& text) const {
        const MatchData data(pcre2_match_data_create_from_pattern(code_.get(), nullptr));
        const MatchContext context(pcre2_match_context_create(nullptr));
        pcre2_set_heap_limit(context.get(), kHeapKilobytes);
        std::string out;
        std::size_t copied = 0, from = 0;
        std::uint32_t options = 0;
        while (from <= text.size()) {
            const int found = pcre2_match(code_.get(), bytes_of(text), text.size(), from, options, data.get(),
                                          context.get());
            if (found == PCRE2_ERROR_NOMATCH) break;
            if (found < 0) throw std::runtime_error("regExpReplace: " + message_of(found));
            options = PCRE2_NO_UTF_CHECK;  // once is enough
            const PCRE2_SIZE* places = pcre2_get_ovector_pointer(data.get());
            if (places[1] < places[0]) throw std::runtime_error("regExpReplace: \\K in a lookahead");
            if (places[0] < copied) break;
            out.append(text, copied, places[0] - copied);
            insert(text, places, out);
            copied = places[1];
            from = places[1] == places[0] ? next_character(text, places[1]) : places[1];
        }
        return out.append(text, std::min(copied, text.size()));
    }

    std::optional<RegexError> error;

  private:
    static std::size_t next_character(const std::string& text, std::size_t at) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
        return at;
    }

    void insert(const std::string& text, const PCRE2_SIZE* places, std::string& out) const {
        for (const Piece& piece : pieces_) {
            if (const auto* literal = std::get_if<std::string>(&piece)) {
                out += *literal;
                continue;
            }
            const std::size_t group = std::get<std::uint32_t>(piece);
            const PCRE2_SIZE begin = places[2 * group], end = places[2 * group + 1];
            if (begin != PCRE2_UNSET) out.append(text, begin, end - begin);
        }
    }

    void read(const std::string& replacement) {
        for (std::size_t i = 0; i < replacement.size() && !error; ++i) {
            if (replacement[i] == '$') {
                group(replacement, i);
                continue;
            }
            if (replacement[i] == '\\' && ++i == replacement.size())
                return fail("a backslash at the end of the replacement", i - 1);
            if (pieces_.empty() || !std::holds_alternative<std::string>(pieces_.back()))
                pieces_.emplace_back(std::string());
            std::get<std::string>(pieces_.back()) += replacement[i];
        }
    }

    /// `$1` or `${name}`; `i` is left on its last character.
    void group(const std::string& replacement, std::size_t& i) {
        const std::size_t begin = i;
        const auto digit = [&](std::size_t at) {
            return at < replacement.size() && replacement[at] >= '0' && replacement[at] <= '9';
        };
        if (replacement.compare(i, 2, "${") == 0) {
            const std::size_t end = replacement.find('}', i);
            if (end == std::string::npos) return fail("'${' without its '}'", begin);
            const std::string name = replacement.substr(i + 2, end - i - 2);
            const int number = pcre2_substring_number_from_name(code_.get(), bytes_of(name));
            if (number < 0) return fail(fmt::format("no group is named '{}'", name), begin);
            pieces_.emplace_back(static_cast<std::uint32_t>(number));
            i = end;
            return;
        }
        if (!digit(i + 1)) return fail("'$' must be written '\\$' unless a group follows it", begin);
        auto number = static_cast<std::uint32_t>(replacement[++i] - '0');
        if (number > groups_) return fail(fmt::format("there is no group {}", number), begin);
        while (digit(i + 1)) {
            const std::uint32_t longer = number * 10 + static_cast<std::uint32_t>(replacement[i + 1] - '0');
            if (longer > groups_) break;
            number = longer;
            ++i;
        }
        pieces_.emplace_back(number);
    }

    void fail(std::string message, std::size_t offset) {
        error = RegexError{std::move(message), true, offset};
    }

    Code code_;
    std::uint32_t groups_ = 0;
    std::vector<Piece> pieces_;
};

}  // namespace

std::optional<RegexError> regex_error(const std::string& pattern, const std::string& replacement) {
    return Replacer(pattern, replacement).error;
}

std::string regex_replace_all(const std::string& text, const std::string& pattern,
                              const std::string& replacement) {
    const Replacer replacer(pattern, replacement);
    if (replacer.error) throw std::runtime_error("regExpReplace: " + replacer.error->message);
    return replacer.replace_all(text);
}

}  // namespace changelog::sql
