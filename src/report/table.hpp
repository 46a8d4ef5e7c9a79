// A small writer of aligned text tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace changelog::report {

enum class Align : std::uint8_t { left, right };

struct TableColumn {
    std::string title;
    Align align = Align::left;
};

class Table {
  public:
    explicit Table(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

    /// A row with fewer cells than there are columns is filled with empty ones.
    void row(std::vector<std::string> cells);
    bool empty() const { return rows_.empty(); }

    /// Lines with a heading, without trailing spaces. `width` in characters, 0 for no limit: the widest
    /// columns give way until the lines fit, and what is cut off ends in '…'.
    std::string to_text(std::size_t width = 0) const;

  private:
    std::vector<std::size_t> widths(std::size_t limit) const;

    std::vector<TableColumn> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// How many characters of UTF-8 text there are; what a terminal shows is taken to be one cell each.
std::size_t characters(std::string_view text);

/// The first `count` characters, the last of them '…' if something was cut off. Control characters become
/// spaces.
std::string shorten(std::string_view text, std::size_t count);

}  // namespace changelog::report
