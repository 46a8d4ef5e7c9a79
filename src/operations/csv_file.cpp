#include "operations/csv_file.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"

#include <charconv>
#include <stdexcept>

namespace changelog::operations {

namespace {

constexpr std::size_t kMaxErrors = 10;

/// Raw bytes of an encoding as UTF-8, piece by piece.
class Utf8Pieces {
  public:
    explicit Utf8Pieces(const std::string& encoding) : encoding_(encoding), kind_(upper(encoding)) {}

    /// The part that can be handed on now.
    std::string feed(std::string_view bytes) {
        if (is_utf8()) return without_mark(bytes);
        if (kind_.find("16") == std::string::npos) return to_utf8(bytes, encoding_).value_or(std::string{});
        held_ += bytes;  // two bytes make a character, and the mark at the front rules all
        return {};
    }

    std::string finish() {
        return held_.empty() ? std::string{} : to_utf8(held_, encoding_).value_or(std::string{});
    }

  private:
    bool is_utf8() const { return kind_.empty() || kind_ == "UTF-8" || kind_ == "UTF8"; }

    std::string without_mark(std::string_view bytes) {
        constexpr std::string_view kMark = "\xEF\xBB\xBF";
        if (started_) return std::string(bytes);
        held_ += bytes;
        if (held_.size() < kMark.size()) return {};
        started_ = true;
        std::string first = std::exchange(held_, {});
        return first.starts_with(kMark) ? first.substr(kMark.size()) : first;
    }

    const std::string& encoding_;
    std::string kind_, held_;
    bool started_ = false;
};

void learn(CsvColumnFacts& facts, const std::string& cell) {
    if (cell.empty() || equal_ignoring_case(cell, "null")) return;
    if (!is_plain_number(cell)) facts.numbers = false;
    if (!is_plain_integer(cell)) facts.integers = false;
    if (date_word(cell)) facts.date_words = true;
}

Location line_of(const AttachedFile& file, std::size_t line) {
    Location where;
    where.file = file.path;
    where.line = static_cast<std::uint32_t>(line);
    where.column = 1;
    return where;
}

}  // namespace

bool is_plain_integer(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_plain_number(std::string_view text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) return is_plain_integer(text);
    const std::string_view fraction = text.substr(dot + 1);
    return is_plain_integer(text.substr(0, dot)) && !fraction.starts_with('-') && is_plain_integer(fraction);
}

std::optional<std::string> date_word(std::string_view text) {
    const std::string word = upper(trim(text));
    const bool now = word.starts_with("NOW");
    if (!now && !word.starts_with("TODAY")) return std::nullopt;
    const std::string base = now ? "NOW()" : "CURRENT_DATE";
    std::string_view rest = std::string_view(word).substr(now ? 3 : 5);
    if (rest.empty()) return base;
    const char sign = rest.front();
    if (sign != '+' && sign != '-') return std::nullopt;
    rest.remove_prefix(1);
    int amount = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), amount);
    if (error != std::errc()) return std::nullopt;
    const std::string_view unit(end, static_cast<std::size_t>(rest.data() + rest.size() - end));
    if (!now)
        return unit.empty() || unit == "D" ? std::optional(fmt::format("{} {} {}", base, sign, amount))
                                           : std::nullopt;
    static const std::map<std::string_view, std::string_view> units = {
        {"", "days"}, {"D", "days"}, {"H", "hours"}, {"M", "minutes"}, {"S", "seconds"}};
    const auto found = units.find(unit);
    if (found == units.end()) return std::nullopt;
    return fmt::format("{} {} INTERVAL '{} {}'", base, sign, amount, found->second);
}

bool CsvFile::each_line(const std::function<bool(CsvRow&)>& take, std::size_t& bad_line) const {
    bool stopped = false;
    CsvParser parser(format, [&](CsvRow& row) {
        stopped = !take(row);
        return !stopped;
    });
    Utf8Pieces pieces(file.encoding);
    const bool there = file.source->stream(
        file.path, [&](std::string_view bytes) { return parser.feed(pieces.feed(bytes)); });
    if (!there || stopped) return there;
    if (!parser.feed(pieces.finish()) || parser.finish()) return true;
    bad_line = parser.row_line();
    return false;
}

void CsvFile::check(Diagnostics& diagnostics) {
    std::size_t errors = 0, bad_line = 0;
    const auto wrong = [&](std::size_t line, std::string title) {
        ++errors;
        diagnostics.add(Severity::error, codes::bad_csv, line_of(file, line), std::move(title));
    };
    const bool complete = each_line(
        [&](CsvRow& row) {
            for (const std::string& cell : row.fields)
                if (first_invalid_utf8(cell) != std::string_view::npos) {
                    wrong(row.line, "not UTF-8: say in 'encoding' what it is");
                    return false;
                } else if (cell.find('\0') != std::string::npos) {
                    wrong(row.line, "U+0000 in a value: PostgreSQL has no such character");
                    return false;
                }
            if (header.empty()) {
                for (const std::string& name : row.fields) header.push_back(trim(name));
                facts.resize(header.size());
                return true;
            }
            ++row_count;
            if (row.fields.size() != header.size()) {
                wrong(row.line, fmt::format("{} values where the header names {} columns", row.fields.size(),
                                            header.size()));
                return errors < kMaxErrors;
            }
            for (std::size_t i = 0; i < header.size(); ++i) learn(facts[i], row.fields[i]);
            return true;
        },
        bad_line);
    if (!complete && bad_line != 0) wrong(bad_line, "a quoted value that begins in this row is not closed");
    if (header.empty() && errors == 0) wrong(1, "no header line: the first line must name the columns");
}

void CsvFile::each_row(const std::function<bool(CsvRow&)>& take) const {
    bool first = true;
    std::size_t bad_line = 0;
    const bool complete = each_line(
        [&](CsvRow& row) {
            if (std::exchange(first, false)) return true;
            if (row.fields.size() != header.size())
                throw std::runtime_error(
                    fmt::format("{}:{}: the file has changed since it was checked", file.path, row.line));
            return take(row);
        },
        bad_line);
    if (!complete)
        throw std::runtime_error(fmt::format("{}: the file has changed since it was checked", file.path));
}

}  // namespace changelog::operations
