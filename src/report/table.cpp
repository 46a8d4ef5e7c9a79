#include "report/table.hpp"

#include <numeric>

namespace changelog::report {

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;  // a column is not cut below this

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::string padded(const std::string& cell, std::size_t width, Align align) {
    const std::string text = shorten(cell, width);
    const std::string space(width - std::min(width, characters(text)), ' ');
    return align == Align::left ? text + space : space + text;
}

}  // namespace

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string shorten(std::string_view text, std::size_t count) {
    std::string out;
    std::size_t seen = 0, last = 0;  // `last`: where the last character that fits begins
    for (const char c : text) {
        if (starts_character(c) && ++seen > count) {
            out.resize(last);
            return count == 0 ? std::string() : out + "…";
        }
        if (starts_character(c)) last = out.size();
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    }
    return out;
}

void Table::row(std::vector<std::string> cells) {
    cells.resize(columns_.size());
    rows_.push_back(std::move(cells));
}

std::vector<std::size_t> Table::widths(std::size_t limit) const {
    std::vector<std::size_t> wide;
    for (const TableColumn& column : columns_) wide.push_back(characters(column.title));
    for (const auto& cells : rows_)
        for (std::size_t i = 0; i < cells.size(); ++i) wide[i] = std::max(wide[i], characters(cells[i]));
    if (limit == 0 || wide.empty()) return wide;
    const auto total = [&] { return std::accumulate(wide.begin(), wide.end(), kGap * (wide.size() - 1)); };
    while (total() > limit) {
        auto& widest = *std::max_element(wide.begin(), wide.end());
        if (widest <= kNarrowest) break;
        widest -= 1;
    }
    return wide;
}

std::string Table::to_text(std::size_t width) const {
    const std::vector<std::size_t> wide = widths(width);
    std::string out;
    const auto line = [&](auto&& cell) {
        std::string text;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (i != 0) text.append(kGap, ' ');
            text += padded(cell(i), wide[i], columns_[i].align);
        }
        text.erase(text.find_last_not_of(' ') + 1);
        out += text + '\n';
    };
    line([&](std::size_t i) { return columns_[i].title; });
    for (const auto& cells : rows_) line([&](std::size_t i) { return cells[i]; });
    return out;
}

}  // namespace changelog::report
