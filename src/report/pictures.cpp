#include "report/pictures.hpp"

#include "core/text.hpp"
#include "graph/report.hpp"
#include "report/html.hpp"
#include "report/svg.hpp"
#include "report/table.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace changelog::report {

namespace {

constexpr std::size_t kMostChangesets = 60;
constexpr std::size_t kIdWidth = 34;

/// Boxes by the index of their changeset in head.
class GraphPicture {
  public:
    explicit GraphPicture(const ReviewView& view) : view_(view) {
        for (const std::size_t index : view.review.graph.added) add(index, "new");
        for (const auto& each : view.review.history.changesets)
            if (each.head && each.kind != review::ChangeKind::added)
                add(*each.head, each.breaks_history ? "gone" : "changed");
        for (const Edge& edge : view.review.graph.edges) add(edge.from, "known"), add(edge.to, "known");
        for (const Edge& edge : view.review.graph.edges)
            if (boxes_.contains(edge.from) && boxes_.contains(edge.to)) edges_.push_back(&edge);
    }

    std::string take() const {
        if (boxes_.empty()) return {};
        std::vector<Extent> extents(boxes_.size());
        std::vector<std::pair<std::size_t, std::size_t>> lines;
        for (const auto& [index, box] : boxes_) extents[box.number] = {svg_width(label(index)) + 22, 28};
        for (const Edge* edge : edges_)
            lines.emplace_back(boxes_.at(edge->from).number, boxes_.at(edge->to).number);
        const Drawing drawing = layered(extents, lines);
        std::string content;
        for (std::size_t i = 0; i < edges_.size(); ++i)
            content +=
                svg_line(drawing.lines[i], boxes_.at(edges_[i]->to).kind,
                         id(edges_[i]->to) + ' ' + graph::label(*edges_[i]) + " of " + id(edges_[i]->from));
        for (const auto& [index, box] : boxes_) {
            const Point at = drawing.boxes[box.number];
            content +=
                fmt::format("<g><title>{}</title>", html_text(to_string(view_.head.changesets[index].key)));
            content += svg_box(at, extents[box.number], box.kind) +
                       svg_text({at.x + 11, at.y + 18}, label(index)) + "</g>\n";
        }
        const std::string note =
            left_out_.empty()
                ? ""
                : fmt::format("<p class=\"note\">{} more are not drawn.</p>\n", left_out_.size());
        return "<div class=\"scroll\">" +
               svg(drawing.extent, "The changed changesets and what they need", content) + "</div>\n" + note;
    }

  private:
    struct Box {
        std::size_t number = 0;
        const char* kind = "";
    };

    const std::string& id(std::size_t index) const { return view_.head.changesets[index].key.id; }
    std::string label(std::size_t index) const { return shorten(visible(id(index)), kIdWidth); }

    void add(std::size_t index, const char* kind) {
        if (boxes_.contains(index)) return;
        if (boxes_.size() == kMostChangesets)
            left_out_.insert(index);
        else
            boxes_.emplace(index, Box{boxes_.size(), kind});
    }

    const ReviewView& view_;
    std::map<std::size_t, Box> boxes_;
    std::set<std::size_t> left_out_;
    std::vector<const Edge*> edges_;
};

}  // namespace

std::string graph_picture(const ReviewView& view) { return GraphPicture(view).take(); }

}  // namespace changelog::report
