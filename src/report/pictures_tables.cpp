// Tables as they are after a branch, with what it adds and removes.
#include "core/text.hpp"
#include "report/pictures.hpp"
#include "report/svg.hpp"
#include "report/table.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace changelog::report {

namespace {

using catalog::Catalog;
using catalog::Column;
using catalog::Constraint;
using catalog::ConstraintKind;
using catalog::Table;

constexpr std::size_t kMostTables = 24, kMostColumns = 18, kNameWidth = 28, kTypeWidth = 24;
constexpr double kLine = 19, kHead = 26, kPad = 10;

struct Row {
    std::string name, type;
    const char* kind = "";
};

struct Box {
    const Table* table = nullptr;
    const char* kind = "known";
    std::vector<Row> rows;

    Extent extent() const {
        double width = svg_width(title());
        for (const Row& row : rows)
            width = std::max(width, svg_width(row.name) + (row.type.empty() ? 0 : 18 + svg_width(row.type)));
        return {width + 2 * kPad, kHead + (rows.empty() ? 0 : 5 + kLine * static_cast<double>(rows.size()))};
    }
    std::string title() const {
        const ObjectName& name = table->name;
        return shorten(visible(name.schema == "public" ? name.name : name.schema + '.' + name.name), 40);
    }
};

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string keys_of(const Table& table, const std::string& column) {
    std::string out;
    for (const Constraint& constraint : table.constraints) {
        if (!has(constraint.columns, column)) continue;
        if (constraint.kind == ConstraintKind::primary_key && out.find("PK") == std::string::npos)
            out += " PK";
        if (constraint.kind == ConstraintKind::foreign_key && out.find("FK") == std::string::npos)
            out += " FK";
    }
    return out;
}

Row row_of(const Table& table, const Column& column, const char* kind) {
    const std::string null = column.not_null ? "" : "?";
    return {shorten(visible(column.name), kNameWidth) + keys_of(table, column.name),
            shorten(visible(column.type), kTypeWidth) + null, kind};
}

const char* kind_of(const Table* before, const Column& column) {
    const Column* old = before == nullptr ? nullptr : before->column(column.name);
    return old == nullptr ? "new" : *old == column ? "" : "changed";
}

class TablesPicture {
  public:
    explicit TablesPicture(const review::Review& review) : before_(review.before), after_(review.after) {
        for (const ObjectName& name : review::touched_tables(before_, after_)) touch(name);
        const std::size_t touched = boxes_.size();
        for (const auto& [name, table] : after_.tables)
            for (const Constraint& constraint : table.constraints) {
                if (constraint.kind != ConstraintKind::foreign_key) continue;
                if (is_touched(name, touched)) neighbour(constraint.referenced_table);
                if (is_touched(constraint.referenced_table, touched)) neighbour(name);
            }
    }

    std::string take() const {
        if (boxes_.empty()) return {};
        std::vector<Extent> extents;
        for (const Box& box : boxes_) extents.push_back(box.extent());
        std::vector<std::pair<std::size_t, std::size_t>> lines;
        std::vector<std::string> titles;
        for (const auto& [name, number] : numbers_)
            for (const Constraint& constraint : boxes_[number].table->constraints) {
                const auto other = numbers_.find(constraint.referenced_table);
                if (constraint.kind != ConstraintKind::foreign_key || other == numbers_.end()) continue;
                lines.emplace_back(number, other->second);
                titles.push_back(constraint.name + " (" + join(constraint.columns, ", ") + ')');
            }
        const Drawing drawing = layered(extents, lines);
        std::string content;
        for (std::size_t i = 0; i < lines.size(); ++i)
            content += svg_line(drawing.lines[i], "known", titles[i]);
        for (std::size_t i = 0; i < boxes_.size(); ++i)
            content += drawn(boxes_[i], drawing.boxes[i], extents[i]);
        const std::string note =
            left_out_.empty()
                ? ""
                : fmt::format("<p class=\"note\">{} more are not drawn.</p>\n", left_out_.size());
        return "<div class=\"scroll\">" +
               svg(drawing.extent, "The touched tables and their neighbours", content) + "</div>\n" + note;
    }

  private:
    bool is_touched(const ObjectName& name, std::size_t touched) const {
        const auto found = numbers_.find(name);
        return found != numbers_.end() && found->second < touched;
    }

    Box* add(const ObjectName& name) {
        if (numbers_.contains(name)) return nullptr;
        if (boxes_.size() == kMostTables) {
            left_out_.insert(name);
            return nullptr;
        }
        numbers_.emplace(name, boxes_.size());
        return &boxes_.emplace_back();
    }

    void touch(const ObjectName& name) {
        Box* box = add(name);
        if (box == nullptr) return;
        const Table* old = before_.table(name);
        const Table* now = after_.table(name);
        box->table = now == nullptr ? old : now;
        box->kind = now == nullptr ? "gone" : old == nullptr ? "new" : "changed";
        // What changed is shown however long the table is.
        std::vector<Row> rest;
        for (const Column& column : box->table->columns) {
            const char* kind = now == nullptr ? "" : old == nullptr ? "" : kind_of(old, column);
            rest.push_back(row_of(*box->table, column, kind));
        }
        if (now != nullptr && old != nullptr)
            for (const Column& column : old->columns)
                if (now->column(column.name) == nullptr) rest.push_back(row_of(*old, column, "gone"));
        if (rest.size() > kMostColumns)
            std::stable_partition(rest.begin(), rest.end(), [](const Row& row) { return *row.kind != 0; });
        limit(rest, *box);
    }

    void neighbour(const ObjectName& name) {
        const Table* table = after_.table(name);
        Box* box = table == nullptr ? nullptr : add(name);
        if (box == nullptr) return;
        box->table = table;
        std::vector<Row> rows;
        for (const Column& column : table->columns)
            if (!keys_of(*table, column.name).empty()) rows.push_back(row_of(*table, column, ""));
        limit(rows, *box);
    }

    static void limit(std::vector<Row>& rows, Box& box) {
        const std::size_t rest = rows.size() > kMostColumns ? rows.size() - kMostColumns : 0;
        rows.resize(rows.size() - rest);
        if (rest > 0) rows.push_back({fmt::format("and {} more", rest), "", "more"});
        box.rows = std::move(rows);
    }

    static std::string drawn(const Box& box, Point at, Extent extent) {
        std::string out = "<g>" + svg_box(at, extent, std::string("table ") + box.kind) +
                          svg_text({at.x + kPad, at.y + 17}, box.title(), "name");
        double y = at.y + kHead + kLine - 5;
        for (const Row& row : box.rows) {
            out += svg_text({at.x + kPad, y}, row.name, row.kind);
            out += svg_text({at.x + extent.width - kPad - svg_width(row.type), y}, row.type,
                            std::string("type ") + row.kind);
            y += kLine;
        }
        return out + "</g>\n";
    }

    const Catalog& before_;
    const Catalog& after_;
    std::vector<Box> boxes_;
    std::map<ObjectName, std::size_t> numbers_;
    std::set<ObjectName> left_out_;
};

}  // namespace

std::string tables_picture(const ReviewView& view) { return TablesPicture(view.review).take(); }

}  // namespace changelog::report
