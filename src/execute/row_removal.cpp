#include "execute/row_removal.hpp"

#include "core/text.hpp"
#include "execute/row_deletes.hpp"
#include "sql/literal.hpp"
#include "sql/tokens.hpp"

#include <fmt/format.h>

#include <charconv>
#include <vector>

namespace changelog::execute {

namespace {

struct Word {
    std::string_view text;
    std::size_t end = 0;  ///< offset behind it
    int depth = 0;        ///< parentheses around it

    bool is(std::string_view other) const { return equal_ignoring_case(text, other); }
};

std::vector<Word> words_of(const std::string& sql) {
    std::vector<Word> out;
    const auto tokens = sql::tokenize(sql);
    if (!tokens) return out;
    std::size_t at = 0;
    int depth = 0;
    for (const sql::Token& token : *tokens) {
        at += token.text.size();
        if (token.kind == sql::TokenKind::space || token.kind == sql::TokenKind::comment) continue;
        if (token.text == ")") --depth;
        out.push_back({token.text, at, depth});
        if (token.text == "(") ++depth;
    }
    return out;
}

std::optional<long long> whole_number(const std::vector<Word>& words, std::size_t& at) {
    const bool negative = at < words.size() && words[at].text == "-";
    if (negative) ++at;
    long long number = 0;
    if (at >= words.size()) return std::nullopt;
    const std::string_view text = words[at++].text;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return negative ? -number : number;
}

/// The keys of `a = 1 AND b = 2`, `a IN (1, 2) OR a BETWEEN 4 AND 6` and the like; nothing where a range is
/// none of whole numbers.
std::optional<long long> count_keys(const std::vector<Word>& words, std::size_t first) {
    long long sum = 0, in_part = 1;
    for (std::size_t i = first; i < words.size(); ++i) {
        if (words[i].depth == 0 && words[i].is("OR")) {
            sum += in_part;
            in_part = 1;
        } else if (words[i].depth == 1 && words[i].text == ",") {
            // The columns before IN hold commas as well: counted anew behind it.
            ++in_part;
        } else if (words[i].depth == 0 && words[i].is("IN")) {
            in_part = 1;
        } else if (words[i].depth == 0 && words[i].is("BETWEEN")) {
            const auto from = whole_number(words, ++i);
            const auto to = i < words.size() && words[i].is("AND") ? whole_number(words, ++i) : std::nullopt;
            if (!from || !to) return std::nullopt;
            in_part = *to - *from + 1;
            --i;
        }
    }
    return sum + in_part;
}

}  // namespace

std::optional<RowRemoval> read_removal(const std::string& sql) {
    const std::vector<Word> words = words_of(sql);
    const auto is = [&](std::size_t i, std::string_view word) {
        return i < words.size() && words[i].is(word);
    };
    if (!is(0, "DELETE") || !is(1, "FROM")) return std::nullopt;
    std::size_t i = is(2, "ONLY") ? 3 : 2;
    const std::size_t name = i;
    while (i + 2 < words.size() && words[i + 1].text == ".") i += 2;
    if (i >= words.size()) return std::nullopt;
    RowRemoval out;
    const auto text = [&](std::size_t from, std::size_t to) {
        const std::size_t begin = words[from].end - words[from].text.size();
        return sql.substr(begin, words[to].end - begin);
    };
    out.target = text(2, i);
    out.table = text(name, i);
    if (++i == words.size()) return out;
    if (!is(i, "WHERE") || ++i == words.size()) return std::nullopt;
    out.condition = text(i, words.size() - 1);
    out.one_of_equals = is(i, "ctid");
    out.rows = out.one_of_equals ? 1 : count_keys(words, i);
    return out;
}

namespace {

/// The DELETEs of `WITH part_1 AS (DELETE ...), ... DELETE ...`, the last of which says how many rows it
/// took.
std::vector<std::string> parts_of(const std::string& sql) {
    if (!is_joined_delete(sql)) return {sql};
    const std::vector<Word> words = words_of(sql);
    std::vector<std::string> out;
    std::size_t begin = 0;
    for (const Word& word : words) {
        if (word.depth != 0) continue;
        if (word.text == "(") begin = word.end;
        if (word.text == ")") out.push_back(sql.substr(begin, word.end - 1 - begin));
        if (word.is("DELETE")) {
            out.push_back(sql.substr(word.end - word.text.size()));
            return out;
        }
    }
    return {};
}

/// What is looked at behind the DELETE; `alone`: `gone` is what it took.
std::string check_of(const RowRemoval& removal, bool alone) {
    const std::string left = fmt::format("SELECT EXISTS (SELECT FROM {}{})", removal.target,
                                         removal.condition.empty() ? "" : " WHERE " + removal.condition);
    const std::string too_few = !alone         ? ""  // how many they were nobody can say
                                : removal.rows ? fmt::format(" AND gone < {}", *removal.rows)
                                               : "";
    std::string out = fmt::format(
        R"sql(
  IF pg_catalog.row_security_active({}){} THEN
    RAISE EXCEPTION USING ERRCODE = '{}', MESSAGE = {}, DETAIL = pg_catalog.format('The DELETE took %s rows.', gone);
  END IF;)sql",
        sql::literal(removal.table), too_few, kRowsAreLeft,
        sql::literal("row security of " + removal.table + " hides whether its rows are gone"));
    if (removal.one_of_equals && !alone) return out;  // another one that is alike may be there
    return fmt::format(
               R"sql(
  EXECUTE {} INTO are_left;
  IF are_left{} THEN
    RAISE EXCEPTION USING ERRCODE = '{}', MESSAGE = {},
      DETAIL = pg_catalog.format('The DELETE took %s rows; a trigger, a rule or row security keeps others.', gone);
  END IF;)sql",
               sql::literal(left), removal.one_of_equals ? " AND gone = 0" : "", kRowsAreLeft,
               sql::literal("rows of " + removal.table + " are still there")) +
           out;
}

}  // namespace

std::string checked_removal(const std::string& sql) {
    std::string checks;
    const std::vector<std::string> parts = parts_of(sql);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto removal = read_removal(parts[i]);
        if (!removal) return sql;
        checks += check_of(*removal, i + 1 == parts.size());
    }
    if (checks.empty()) return sql;
    return "DO " + sql::literal(fmt::format(R"sql(DECLARE gone bigint; are_left boolean;
BEGIN
  EXECUTE {};
  GET DIAGNOSTICS gone = ROW_COUNT;{}
END)sql",
                                            sql::literal(sql), checks));
}

}  // namespace changelog::execute
