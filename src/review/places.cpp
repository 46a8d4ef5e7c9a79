#include "review/places.hpp"

#include "core/text.hpp"
#include "operations/fields.hpp"

#include <algorithm>

namespace changelog::review {

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        out.push_back(text.substr(begin, end - begin));
        if (out.back().ends_with('\r')) out.back().pop_back();
        begin = end + 1;
    }
    return out;
}

std::uint32_t characters(std::string_view text) {
    return static_cast<std::uint32_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Region region(std::string file, std::uint32_t line, const std::string& text, std::size_t begin,
              std::size_t end) {
    Region out;
    out.begin.file = std::move(file);
    out.begin.line = line;
    out.begin.column = static_cast<std::uint32_t>(begin) + 1;
    out.begin.excerpt = text;
    out.end_line = line;
    out.end_column = static_cast<std::uint32_t>(end) + 1;
    out.character = characters(std::string_view(text).substr(0, begin)) + 1;
    out.end_character = characters(std::string_view(text).substr(0, end)) + 1;
    out.begin.length = std::max<std::uint32_t>(1, out.end_character - out.character);
    return out;
}

/// Picks the two keys that say where the file is.
class PathVisitor final : public FieldVisitor {
  public:
    std::string path;
    bool relative = false;

    void text(const Field& field, std::string& value) override {
        if (field.name == "path") path = value;
    }
    void flag(const Field& field, bool& value) override {
        if (field.name == "relativeToChangelogFile") relative = value;
    }
    void text(const Field& /*field*/, std::optional<std::string>& /*value*/) override {}
    void date(const Field& /*field*/, std::optional<std::string>& /*value*/) override {}
    void flag(const Field& /*field*/, std::optional<bool>& /*value*/) override {}
    void integer(const Field& /*field*/, std::optional<std::string>& /*value*/) override {}
    void names(const Field& /*field*/, std::vector<std::string>& /*value*/) override {}
    void object(const Field& /*field*/, Described& /*value*/, bool& /*present*/) override {}
    void list(const Field& /*field*/, DescribedList&& /*list*/) override {}
    void misplaced(std::string_view /*name*/, std::string_view /*advice*/) override {}
};

}  // namespace

Region region_of(Position at, std::size_t length) {
    if (!at) return {};
    const Location where = locate(at, length);
    Region out = region(where.file, where.line, where.excerpt, at.column - 1,
                        std::min<std::size_t>(at.column - 1 + length, where.excerpt.size()));
    out.begin = where;
    return out;
}

SqlPlaces::SqlPlaces(std::string file, const std::string& text, std::uint32_t first_line,
                     std::uint32_t last_line)
    : file_(std::move(file)), lines_(lines_of(text)), first_(first_line) {
    if (last_line != 0 && last_line - 1 < lines_.size()) lines_.resize(last_line - 1);
}

std::optional<Region> SqlPlaces::find(const std::string& statement, std::size_t offset) {
    const std::vector<std::string> wanted = lines_of(statement);
    std::size_t begin = 0;
    std::optional<Region> found;
    std::uint32_t from = first_;
    for (std::size_t i = 0; i < wanted.size(); begin += wanted[i].size() + 1, ++i) {
        const std::string line = trim(wanted[i]);
        if (line.empty()) continue;
        std::uint32_t at = from;
        std::size_t column = std::string::npos;
        for (; at <= lines_.size(); ++at)
            if ((column = lines_[at - 1].find(line)) != std::string::npos) break;
        if (column == std::string::npos) return found;
        if (i == 0 || from == first_) first_ = at;
        from = at + (wanted.size() > 1 ? 1 : 0);
        const std::size_t indent = wanted[i].find(line);
        if (offset < begin || offset > begin + wanted[i].size()) continue;
        const std::size_t within = std::min(offset - begin - std::min(offset - begin, indent), line.size());
        found = region(file_, at, lines_[at - 1], column + within, column + line.size());
        return found;
    }
    return found;
}

std::optional<std::string> sql_file_of(const ChangeSet& changeset, Operation& operation) {
    if (operation.type().name != "sqlFile") return std::nullopt;
    PathVisitor visitor;
    operation.describe(visitor);
    std::replace(visitor.path.begin(), visitor.path.end(), '\\', '/');
    const std::size_t slash = changeset.stored_path.rfind('/');
    if (!visitor.relative || slash == std::string::npos) return visitor.path;
    return changeset.stored_path.substr(0, slash + 1) + visitor.path;
}

}  // namespace changelog::review
