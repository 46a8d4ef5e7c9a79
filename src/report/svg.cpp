#include "report/svg.hpp"

#include "report/html.hpp"
#include "report/table.hpp"
#include "report/visible.hpp"

#include <fmt/format.h>

namespace changelog::report {

namespace {

constexpr double kCharacter = 7.25;  // 12 pixels of a font whose characters are all as wide

std::string class_attribute(std::string_view kind) {
    return kind.empty() ? std::string() : fmt::format(" class=\"{}\"", kind);
}

}  // namespace

std::string svg(const Extent& extent, std::string_view label, const std::string& content) {
    return fmt::format(
        "<svg viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" role=\"img\" "
        "aria-label=\"{2}\">"
        "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
        "markerHeight=\"7\" "
        "orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" class=\"tip\"/></marker></defs>\n{3}</svg>\n",
        extent.width, extent.height, html_text(label), content);
}

std::string svg_box(Point at, Extent extent, std::string_view kind) {
    return fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"5\"{}/>\n",
                       at.x, at.y, extent.width, extent.height, class_attribute(kind));
}

std::string svg_text(Point at, std::string_view text, std::string_view kind) {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\"{}>{}</text>\n", at.x, at.y, class_attribute(kind),
                       html_text(text));
}

std::string svg_line(const std::vector<Point>& points, std::string_view kind, std::string_view title) {
    std::string path = fmt::format("M{:.1f} {:.1f}", points.front().x, points.front().y);
    for (std::size_t i = 1; i < points.size(); ++i) {
        const Point& from = points[i - 1];
        const Point& to = points[i];
        const double middle = (from.x + to.x) / 2;
        path += fmt::format("C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}", middle, from.y, middle, to.y, to.x,
                            to.y);
    }
    return fmt::format("<path d=\"{}\" marker-end=\"url(#tip)\" class=\"edge {}\"><title>{}</title></path>\n",
                       path, kind, html_text(title));
}

double svg_width(std::string_view text) {
    return kCharacter * static_cast<double>(characters(visible(text)));
}

}  // namespace changelog::report
