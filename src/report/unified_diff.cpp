#include "report/unified_diff.hpp"

#include "report/data_lines.hpp"
#include "report/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace changelog::report {

namespace {

constexpr std::size_t kMostLines = 60;  // of a hunk's side
constexpr std::size_t kWidest = 160;    // characters of a line

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        out.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

/// Lines of the old text, from 0, end exclusive, and what they become.
struct Hunk {
    std::size_t begin = 0, end = 0;
    std::vector<std::string> after;
};

class Differ {
  public:
    Differ(std::string_view text, std::vector<Edit> edits, bool masked)
        : lines_(lines_of(text)), edits_(std::move(edits)), masked_(masked) {
        std::sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) {
            return std::pair(a.start_line, a.start_column) < std::pair(b.start_line, b.start_column);
        });
    }

    std::string take(std::size_t context) {
        if (!fits()) return {};
        std::vector<Hunk> hunks;
        for (std::size_t i = 0; i < edits_.size();) hunks.push_back(next(i));
        std::erase_if(hunks, [](const Hunk& hunk) { return hunk.begin == hunk.end && hunk.after.empty(); });
        std::string out;
        std::ptrdiff_t shift = 0;
        for (std::size_t i = 0; i < hunks.size();) {
            std::size_t last = i;
            while (last + 1 < hunks.size() && hunks[last + 1].begin <= hunks[last].end + 2 * context) ++last;
            out += shown(hunks, i, last, context, shift);
            i = last + 1;
        }
        return out;
    }

  private:
    bool fits() const {
        const auto inside = [&](std::uint32_t line, std::uint32_t column) {
            if (line == lines_.size() + 1) return column <= 1;
            return line >= 1 && line <= lines_.size() && column >= 1 && column <= lines_[line - 1].size() + 1;
        };
        std::pair<std::uint32_t, std::uint32_t> last{0, 0};
        for (const Edit& edit : edits_) {
            const std::pair begin{edit.start_line, edit.start_column}, end{edit.end_line, edit.end_column};
            if (!inside(begin.first, begin.second) || !inside(end.first, end.second)) return false;
            if (end < begin || begin < last) return false;
            last = end;
        }
        return !edits_.empty();
    }

    std::string_view line(std::size_t number) const {  // from 1; behind the last one there is nothing
        return number <= lines_.size() ? lines_[number - 1] : std::string_view();
    }

    /// The edits from `i` on that share lines, as one piece; goes on behind them.
    Hunk next(std::size_t& i) {
        const std::size_t first = edits_[i].start_line;
        std::size_t at_line = first, at_column = 1, last = first;
        std::string after;
        for (; i < edits_.size() && edits_[i].start_line <= last; ++i) {
            const Edit& edit = edits_[i];
            after += between(at_line, at_column, edit.start_line, edit.start_column) + edit.text;
            at_line = edit.end_line;
            at_column = edit.end_column;
            last = std::max<std::size_t>(last, edit.end_line);
        }
        after += line(at_line).substr(std::min(at_column - 1, line(at_line).size()));
        // An edit that ends where the next line begins leaves that line alone.
        Hunk out{first - 1, std::min(last, lines_.size()), {}};
        for (const std::string_view each : lines_of(after)) out.after.emplace_back(each);
        trim(out);
        return out;
    }

    std::string between(std::size_t line_a, std::size_t column_a, std::size_t line_b, std::size_t column_b) {
        if (line_a == line_b) return std::string(line(line_a).substr(column_a - 1, column_b - column_a));
        std::string out = std::string(line(line_a).substr(column_a - 1)) + '\n';
        for (std::size_t at = line_a + 1; at < line_b; ++at) out += std::string(line(at)) + '\n';
        return out + std::string(line(line_b).substr(0, column_b - 1));
    }

    /// Lines at both ends that stay as they are belong to the context.
    void trim(Hunk& hunk) const {
        while (hunk.begin < hunk.end && !hunk.after.empty() && hunk.after.front() == lines_[hunk.begin]) {
            hunk.after.erase(hunk.after.begin());
            ++hunk.begin;
        }
        while (hunk.begin < hunk.end && !hunk.after.empty() && hunk.after.back() == lines_[hunk.end - 1]) {
            hunk.after.pop_back();
            --hunk.end;
        }
    }

    static void add(std::string& out, char sign, std::string_view text) {
        if (text.ends_with('\r')) text.remove_suffix(1);
        out += sign + shorten(visible(text, Lines::many), kWidest) + '\n';
    }

    void add_around(std::string& out, std::string_view line) const {
        add(out, ' ', masked_ ? without_data(line) : std::string(line));
    }

    template <typename Texts>
    static void add_all(std::string& out, char sign, const Texts& texts) {
        for (std::size_t i = 0; i < std::min(texts.size(), kMostLines); ++i) add(out, sign, texts[i]);
        if (texts.size() > kMostLines)
            out += fmt::format("{}... {} more lines\n", sign, texts.size() - kMostLines);
    }

    std::string shown(const std::vector<Hunk>& hunks, std::size_t first, std::size_t last,
                      std::size_t context, std::ptrdiff_t& shift) const {
        const std::size_t begin = hunks[first].begin - std::min(context, hunks[first].begin);
        const std::size_t end = std::min(lines_.size(), hunks[last].end + context);
        std::string out;
        std::size_t at = begin;
        std::ptrdiff_t growth = 0;
        for (std::size_t i = first; i <= last; ++i) {
            const Hunk& hunk = hunks[i];
            for (; at < hunk.begin; ++at) add_around(out, lines_[at]);
            std::vector<std::string_view> gone(lines_.begin() + static_cast<std::ptrdiff_t>(hunk.begin),
                                               lines_.begin() + static_cast<std::ptrdiff_t>(hunk.end));
            add_all(out, '-', gone);
            add_all(out, '+', hunk.after);
            growth +=
                static_cast<std::ptrdiff_t>(hunk.after.size()) - static_cast<std::ptrdiff_t>(gone.size());
            at = hunk.end;
        }
        for (; at < end; ++at) add_around(out, lines_[at]);
        const auto old_length = static_cast<std::ptrdiff_t>(end - begin);
        const std::string head =
            fmt::format("@@ -{},{} +{},{} @@\n", begin + 1, old_length,
                        static_cast<std::ptrdiff_t>(begin) + 1 + shift, old_length + growth);
        shift += growth;
        return head + out;
    }

    std::vector<std::string_view> lines_;
    std::vector<Edit> edits_;
    bool masked_;
};

/// Where findings name files from the root of a repository, a source's own name is the end of that.
const SourceFile* file_of(const Sources& sources, const std::string& name) {
    const SourceFile* found = nullptr;
    for (const SourceFile& each : sources.files()) {
        if (each.name == name) return &each;
        if (name.ends_with('/' + each.name) && (found == nullptr || each.name.size() > found->name.size()))
            found = &each;
    }
    return found;
}

}  // namespace

std::string unified_diff(const std::string& text, std::vector<Edit> edits, std::size_t context, bool masked) {
    return Differ(text, std::move(edits), masked).take(context);
}

std::string fix_diff(const Fix& fix, const Sources& sources) {
    std::vector<std::string> names;
    for (const Edit& edit : fix.edits)
        if (std::find(names.begin(), names.end(), edit.file) == names.end()) names.push_back(edit.file);
    std::string out;
    for (const std::string& name : names) {
        std::vector<Edit> edits;
        for (const Edit& edit : fix.edits)
            if (edit.file == name) edits.push_back(edit);
        const SourceFile* file = file_of(sources, name);
        const std::string hunks = file == nullptr ? "" : unified_diff(file->text, std::move(edits), 2, true);
        if (hunks.empty()) return {};
        out += fmt::format("--- a/{0}\n+++ b/{0}\n", visible(name)) + hunks;
    }
    return out;
}

}  // namespace changelog::report
