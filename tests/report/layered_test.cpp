#include "report/layered.hpp"

#include "support/catch.hpp"

using changelog::report::Drawing;
using changelog::report::Extent;
using changelog::report::layered;

namespace {

using Edges = std::vector<std::pair<std::size_t, std::size_t>>;

bool overlap(const Drawing& drawing, const std::vector<Extent>& boxes) {
    for (std::size_t a = 0; a < boxes.size(); ++a)
        for (std::size_t b = a + 1; b < boxes.size(); ++b) {
            const auto &p = drawing.boxes[a], &q = drawing.boxes[b];
            if (p.x < q.x + boxes[b].width && q.x < p.x + boxes[a].width && p.y < q.y + boxes[b].height &&
                q.y < p.y + boxes[a].height)
                return true;
        }
    return false;
}

}  // namespace

TEST_CASE("boxes stand behind those that lead to them") {
    const std::vector<Extent> boxes(4, {50, 20});
    const Drawing drawing = layered(boxes, {{0, 1}, {1, 2}, {0, 2}, {3, 2}});
    CHECK(drawing.boxes[0].x < drawing.boxes[1].x);
    CHECK(drawing.boxes[1].x < drawing.boxes[2].x);
    CHECK(drawing.boxes[3].x == drawing.boxes[1].x);  // right before what it leads to
    CHECK_FALSE(overlap(drawing, boxes));
    CHECK(drawing.lines[2].size() == 4);  // over the layer between them
    CHECK(drawing.extent.width > drawing.boxes[2].x + 50);
}

TEST_CASE("cycles and loops are drawn, too") {
    const std::vector<Extent> boxes(3, {50, 20});
    const Drawing drawing = layered(boxes, {{0, 1}, {1, 2}, {2, 0}, {1, 1}});
    CHECK_FALSE(overlap(drawing, boxes));
    CHECK(drawing.lines[2].front().x > drawing.lines[2].back().x);
    CHECK(drawing.lines[3].size() == 4);
}

TEST_CASE("order lets edges run beside each other") {
    const std::vector<Extent> boxes(4, {50, 20});
    const Drawing drawing = layered(boxes, {{0, 3}, {1, 2}});
    CHECK((drawing.boxes[0].y < drawing.boxes[1].y) == (drawing.boxes[3].y < drawing.boxes[2].y));
}

TEST_CASE("many boxes do not overlap, and an empty drawing is one") {
    std::vector<Extent> boxes;
    Edges edges;
    for (std::size_t i = 0; i < 60; ++i) {
        boxes.push_back({40.0 + static_cast<double>(i % 7) * 20, 20.0 + static_cast<double>(i % 3) * 30});
        if (i > 0) edges.emplace_back((i * 7) % i, i);
        if (i > 10) edges.emplace_back(i - 10, i);
    }
    CHECK_FALSE(overlap(layered(boxes, edges), boxes));
    CHECK(layered({}, {}).boxes.empty());
}
