#include "review/apply_edits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace changelog::review {

namespace {

auto order_of(const Edit& edit) {
    return std::tie(edit.start_line, edit.start_column, edit.end_line, edit.end_column, edit.text);
}

void put_in_order(std::vector<Edit>& edits) {
    std::stable_sort(edits.begin(), edits.end(),
                     [](const Edit& a, const Edit& b) { return order_of(a) < order_of(b); });
    const auto same = [](const Edit& a, const Edit& b) { return order_of(a) == order_of(b); };
    edits.erase(std::unique(edits.begin(), edits.end(), same), edits.end());
}

/// Where each line begins, and behind the last one the end.
std::vector<std::size_t> line_starts(const std::string& text) {
    std::vector<std::size_t> out = {0};
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1))
        out.push_back(at + 1);
    out.push_back(text.size());
    return out;
}

std::optional<std::size_t> offset_of(const std::vector<std::size_t>& starts, std::uint32_t line,
                                     std::uint32_t column) {
    if (line == 0 || column == 0 || line >= starts.size()) return std::nullopt;
    const std::size_t offset = starts[line - 1] + column - 1;
    return offset > starts[line] ? std::nullopt : std::optional(offset);
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
        out.push_back(text.substr(begin, end - begin));
        begin = end;
    }
    return out;
}

/// Lines [begin, end) of the old text, from 0, become others.
struct Change {
    std::size_t begin = 0, end = 0;
    std::vector<std::string> lines;
};

std::vector<Change> changes_of(const std::string& text, std::vector<Edit> edits) {
    put_in_order(edits);
    const std::vector<std::string> old = lines_of(text);
    std::vector<Change> out;
    for (std::size_t i = 0; i < edits.size();) {
        const std::uint32_t first = edits[i].start_line;
        std::uint32_t last = edits[i].end_line;
        std::vector<Edit> group;
        for (; i < edits.size() && edits[i].start_line <= last; ++i) {
            last = std::max(last, edits[i].end_line);
            group.push_back(edits[i]);
            group.back().start_line -= first - 1;
            group.back().end_line -= first - 1;
        }
        Change change{first - 1, std::min<std::size_t>(last, old.size()), {}};
        std::string before;
        for (std::size_t line = change.begin; line < change.end; ++line) before += old[line];
        change.lines = lines_of(apply_edits(before, group).value_or(before));
        while (!change.lines.empty() && change.end > change.begin &&
               change.lines.back() == old[change.end - 1]) {
            change.lines.pop_back();
            --change.end;
        }
        std::size_t same = 0;
        while (same < change.lines.size() && change.begin < change.end &&
               change.lines[same] == old[change.begin]) {
            ++same;
            ++change.begin;
        }
        change.lines.erase(change.lines.begin(), change.lines.begin() + static_cast<std::ptrdiff_t>(same));
        out.push_back(std::move(change));
    }
    return out;
}

std::string diff_line(char mark, const std::string& line) {
    const bool ended = line.ends_with('\n');
    return mark + line + (ended ? "" : "\n\\ No newline at end of file\n");
}

}  // namespace

std::optional<std::string> apply_edits(const std::string& text, std::vector<Edit> edits) {
    put_in_order(edits);
    const std::vector<std::size_t> starts = line_starts(text);
    std::string out;
    std::size_t done = 0;
    for (const Edit& each : edits) {
        const auto begin = offset_of(starts, each.start_line, each.start_column),
                   end = offset_of(starts, each.end_line, each.end_column);
        if (!begin || !end || *begin < done || *end < *begin) return std::nullopt;
        out += text.substr(done, *begin - done) + each.text;
        done = *end;
    }
    return out + text.substr(done);
}

std::vector<Edit> line_edits(const std::string& name, const std::string& before, const std::string& after) {
    constexpr std::size_t kMost = 4'000'000;  // cells of the table
    const std::vector<std::string> a = lines_of(before), b = lines_of(after);
    std::size_t first = 0, a_end = a.size(), b_end = b.size();
    while (first < a_end && first < b_end && a[first] == b[first]) ++first;
    while (a_end > first && b_end > first && a[a_end - 1] == b[b_end - 1]) --a_end, --b_end;
    std::vector<Edit> out;
    const auto add = [&](std::size_t begin, std::size_t end, std::size_t from, std::size_t to) {
        if (begin == end && from == to) return;
        std::string text;
        for (std::size_t i = from; i < to; ++i) text += b[i];
        Edit edit{name, static_cast<std::uint32_t>(begin) + 1, 1, static_cast<std::uint32_t>(end) + 1, 1,
                  text};
        const auto to_end = [&](std::uint32_t& line, std::uint32_t& column) {  // no line begins there
            if (line <= a.size() || a.empty() || a.back().ends_with('\n')) return;
            line = static_cast<std::uint32_t>(a.size());
            column = static_cast<std::uint32_t>(a.back().size()) + 1;
        };
        to_end(edit.start_line, edit.start_column);
        to_end(edit.end_line, edit.end_column);
        out.push_back(std::move(edit));
    };
    const std::size_t rows = a_end - first, columns = b_end - first;
    if (rows * columns > kMost) {
        add(first, a_end, first, b_end);
        return out;
    }
    // The longest common subsequence of what follows each pair of lines.
    std::vector<std::uint32_t> length((rows + 1) * (columns + 1));
    const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& {
        return length[i * (columns + 1) + j];
    };
    for (std::size_t i = rows; i-- > 0;)
        for (std::size_t j = columns; j-- > 0;)
            at(i, j) =
                a[first + i] == b[first + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    std::size_t i = 0, j = 0, old_from = 0, new_from = 0;
    while (i < rows && j < columns) {
        if (a[first + i] == b[first + j]) {
            add(first + old_from, first + i, first + new_from, first + j);
            old_from = ++i;
            new_from = ++j;
        } else if (at(i + 1, j) >= at(i, j + 1)) {
            ++i;
        } else {
            ++j;
        }
    }
    add(first + old_from, a_end, first + new_from, b_end);
    return out;
}

std::string unified_diff(const std::string& name, const std::string& text, const std::vector<Edit>& edits) {
    constexpr std::size_t kContext = 3;
    const std::vector<std::string> old = lines_of(text);
    const std::vector<Change> changes = changes_of(text, edits);
    if (changes.empty()) return {};
    std::string out = fmt::format("--- a/{0}\n+++ b/{0}\n", name);
    std::ptrdiff_t moved = 0;  // by the hunks so far
    for (std::size_t i = 0; i < changes.size();) {
        const std::size_t begin = changes[i].begin - std::min(changes[i].begin, kContext);
        std::size_t at = begin, added = 0;
        std::string body;
        const auto keep = [&](std::size_t to) {
            for (; at < std::min(to, old.size()); ++at, ++added) body += diff_line(' ', old[at]);
        };
        std::size_t end = 0;
        do {
            keep(changes[i].begin);
            for (; at < changes[i].end; ++at) body += diff_line('-', old[at]);
            for (const std::string& line : changes[i].lines) body += diff_line('+', line);
            added += changes[i].lines.size();
            end = changes[i].end + kContext;
            ++i;
        } while (i < changes.size() && changes[i].begin <= end + kContext);
        keep(end);
        const std::size_t size = at - begin;
        const auto start = static_cast<std::ptrdiff_t>(begin) + 1;
        out += fmt::format("@@ -{},{} +{},{} @@\n{}", size == 0 ? start - 1 : start, size,
                           start + moved - (added == 0 ? 1 : 0), added, body);
        moved += static_cast<std::ptrdiff_t>(added) - static_cast<std::ptrdiff_t>(size);
    }
    return out;
}

}  // namespace changelog::review
