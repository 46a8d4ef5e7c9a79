// The little SVG that the pictures need.
#pragma once

#include "report/layered.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace changelog::report {

/// The whole picture around its content; `label` is for those who cannot see it.
std::string svg(const Extent& extent, std::string_view label, const std::string& content);
std::string svg_box(Point at, Extent extent, std::string_view kind);
/// `text` is escaped here; `y` is the base line.
std::string svg_text(Point at, std::string_view text, std::string_view kind = {});
/// A line that leaves and arrives level, with an arrow head at its end; `title` shows under the pointer.
std::string svg_line(const std::vector<Point>& points, std::string_view kind, std::string_view title);

/// How wide a text is in the pictures' font.
double svg_width(std::string_view text);

}  // namespace changelog::report
