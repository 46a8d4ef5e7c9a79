// A drawing of boxes and arrows from left to right, in layers.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace changelog::report {

struct Point {
    double x = 0, y = 0;
};

struct Extent {
    double width = 0, height = 0;
};

struct Drawing {
    std::vector<Point> boxes;               ///< upper left corner of each
    std::vector<std::vector<Point>> lines;  ///< of each edge: from the side of a box to that of another
    Extent extent;
};

/// Each box stands in the layer behind the last of those that lead to it (longest path), one that nothing
/// leads to right before the first that it leads to. The order within layers lets few edges cross
/// (barycenters), and boxes stand near their neighbours. Edges that go back or begin where they end are
/// drawn, too. Equal input gives an equal drawing. Edges name boxes by index.
Drawing layered(const std::vector<Extent>& boxes,
                const std::vector<std::pair<std::size_t, std::size_t>>& edges);

}  // namespace changelog::report
