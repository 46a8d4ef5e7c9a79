#include "execute/verify_losses.hpp"

#include "sql/identifier.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace changelog::execute {

namespace {

constexpr std::string_view kTakenByDelete = " that the DELETE took";

bool is_part_of_name(char c) {
    return c == '_' || c == '.' || c == '"' || c == '$' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

/// The name stands in the text, and is no part of a longer one.
bool mentions(std::string_view text, std::string_view name) {
    for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        if ((at == 0 || !is_part_of_name(text[at - 1])) &&
            (end == text.size() || !is_part_of_name(text[end])))
            return true;
    }
    return false;
}

bool skip(std::string_view& text, std::string_view beginning) {
    if (!text.starts_with(beginning)) return false;
    text.remove_prefix(beginning.size());
    return true;
}

std::optional<long long> take_number(std::string_view& text) {
    long long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    skip(text, " ");
    return number;
}

/// What a loss says of one table.
struct Loss {
    bool everything = false;  ///< nobody can tell what
    bool rows_missing = false, rows_more = false;
    bool by_delete = false;
    std::optional<long long> rows;  ///< so many are missing
    bool all_values = false;        ///< of rows that were updated
};

Loss read(std::string_view text, const std::string& table) {
    Loss out;
    if (!mentions(text, table)) return out;
    const std::string_view whole = text;
    out.everything = whole.starts_with("what triggers of ");
    if (skip(text, "which ")) {
        take_number(text);
        out.rows_more = skip(text, "rows of " + table + " are new");
        return out;
    }
    if (skip(text, "what ")) {
        skip(text, "the ");
        take_number(text);
        out.all_values = text == "updated rows of " + table + " held before";
        return out;
    }
    if (skip(text, "values that rows of " + table + " had before")) {
        out.all_values = true;
        return out;
    }
    out.rows = take_number(text);
    if (out.rows) skip(text, "deleted ");
    out.rows_missing = skip(text, "rows of " + table) && (text.empty() || text.front() == ' ');
    out.by_delete = text == kTakenByDelete;
    return out;
}

/// "what public.t.a, b held where it pointed at rows of public.u (ON DELETE SET NULL)"
bool names_column(std::string_view text, const std::string& table, const std::string& column) {
    if (mentions(text, table + "." + column) || mentions(text, table + "." + sql::identifier(column)))
        return true;
    if (!skip(text, "what " + table + ".")) return false;
    const std::size_t end = text.find(" held where it pointed at ");
    return end != std::string_view::npos && mentions(text.substr(0, end), column);
}

bool forgives_count(const RowDifference& found, const Loss& loss, bool written) {
    if (found.now > found.before) return loss.rows_more;
    if (!loss.rows_missing) return false;
    if (!written) return true;
    if (loss.rows) return found.before - found.now <= *loss.rows;
    return !loss.by_delete || found.now >= std::min(found.before, found.left);
}

bool forgives(const RowDifference& found, const std::string& text, const std::string& table, bool written) {
    const Loss loss = read(text, table);
    if (loss.everything) return true;
    if (found.before != found.now) return forgives_count(found, loss, written);
    // A generated undo that says that rows are lost may put others in their place.
    if (loss.all_values || (!written && (loss.rows_missing || loss.rows_more))) return true;
    if (!found.column.empty()) return names_column(text, table, found.column);
    return std::any_of(found.columns.begin(), found.columns.end(),  // values of one stand in other rows
                       [&](const std::string& column) { return names_column(text, table, column); });
}

}  // namespace

bool is_announced(const RowDifference& difference, const std::vector<std::string>& losses, bool written) {
    const std::string plain = difference.table.schema + "." + difference.table.name;
    const std::string quoted = sql::qualified(difference.table);
    return std::any_of(losses.begin(), losses.end(), [&](const std::string& loss) {
        return forgives(difference, loss, plain, written) || forgives(difference, loss, quoted, written);
    });
}

bool depends_on_rows_left(const std::vector<std::string>& losses) {
    return std::any_of(losses.begin(), losses.end(),
                       [](const std::string& loss) { return loss.ends_with(kTakenByDelete); });
}

bool follows_from_loss(const std::string& difference, const std::vector<std::string>& losses) {
    constexpr std::string_view begin = "column ", mark = ": not null: ", name = ": not null's name: ";
    std::size_t end = difference.find(mark);
    if (end != std::string::npos && !difference.ends_with("yes -> no")) return false;
    if (end == std::string::npos && difference.ends_with(" -> (none)")) end = difference.find(name);
    if (!difference.starts_with(begin) || end == std::string::npos) return false;
    const std::string column = difference.substr(begin.size(), end - begin.size());
    return std::any_of(losses.begin(), losses.end(),
                       [&](const std::string& loss) { return mentions(loss, column); });
}

}  // namespace changelog::execute
