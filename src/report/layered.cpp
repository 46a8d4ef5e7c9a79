#include "report/layered.hpp"

#include <algorithm>
#include <numeric>

namespace changelog::report {

namespace {

constexpr double kGapX = 56, kGapY = 14, kMargin = 8;
constexpr int kSweeps = 8;

using Pair = std::pair<std::size_t, std::size_t>;

/// Boxes, and for each edge that jumps over layers a point in each of these.
class Layers {
  public:
    Layers(const std::vector<Extent>& boxes, const std::vector<Pair>& edges)
        : extents_(boxes), edges_(edges), layer_(boxes.size(), 0), reversed_(edges.size(), false) {
        turn_cycles();
        assign_layers();
        add_points();
        order();
        place();
    }

    Drawing take() {
        Drawing out;
        out.boxes.assign(at_.begin(), at_.begin() + static_cast<std::ptrdiff_t>(boxes_));
        for (std::size_t e = 0; e < edges_.size(); ++e) out.lines.push_back(line(e));
        for (std::size_t v = 0; v < at_.size(); ++v) {
            out.extent.width = std::max(out.extent.width, at_[v].x + extents_[v].width + kMargin);
            out.extent.height = std::max(out.extent.height, at_[v].y + extents_[v].height + kMargin);
        }
        return out;
    }

  private:
    bool loop(std::size_t e) const { return edges_[e].first == edges_[e].second; }
    std::size_t source(std::size_t e) const { return reversed_[e] ? edges_[e].second : edges_[e].first; }
    std::size_t target(std::size_t e) const { return reversed_[e] ? edges_[e].first : edges_[e].second; }

    /// Edges that lead back to a box which is still open in a depth-first walk count the other way round.
    void turn_cycles() {
        boxes_ = extents_.size();
        std::vector<std::vector<std::size_t>> out(extents_.size());
        for (std::size_t e = 0; e < edges_.size(); ++e) out[edges_[e].first].push_back(e);
        enum : char { untouched, open, done };
        std::vector<char> state(extents_.size(), untouched);
        for (std::size_t root = 0; root < extents_.size(); ++root) {
            if (state[root] != untouched) continue;
            std::vector<Pair> stack = {{root, 0}};  // a box and its next edge
            state[root] = open;
            while (!stack.empty()) {
                auto& [box, next] = stack.back();
                if (next == out[box].size()) {
                    state[box] = done;
                    stack.pop_back();
                    continue;
                }
                const std::size_t e = out[box][next++];
                const std::size_t to = edges_[e].second;
                if (state[to] == open)
                    reversed_[e] = true;
                else if (state[to] == untouched)
                    state[to] = open, stack.emplace_back(to, 0);
            }
        }
    }

    /// Longest path from a box that nothing leads to.
    void assign_layers() {
        bool moved = true;
        for (std::size_t round = 0; moved && round <= extents_.size(); ++round) {
            moved = false;
            for (std::size_t e = 0; e < edges_.size(); ++e) {
                if (loop(e) || layer_[target(e)] > layer_[source(e)]) continue;
                layer_[target(e)] = layer_[source(e)] + 1;
                moved = true;
            }
        }
        near_what_follows();
    }

    /// What nothing leads to stands right before what it leads to: long edges are hard to follow.
    void near_what_follows() {
        constexpr auto kNone = static_cast<std::size_t>(-1);
        std::vector<bool> led_to(extents_.size(), false);
        std::vector<std::size_t> next(extents_.size(), kNone);
        for (std::size_t e = 0; e < edges_.size(); ++e) {
            if (loop(e)) continue;
            led_to[target(e)] = true;
            next[source(e)] = std::min(next[source(e)], layer_[target(e)]);
        }
        for (std::size_t v = 0; v < extents_.size(); ++v)
            if (!led_to[v] && next[v] != kNone) layer_[v] = next[v] - 1;
    }

    void add_points() {
        chains_.resize(edges_.size());
        for (std::size_t e = 0; e < edges_.size(); ++e) {
            if (loop(e)) continue;
            std::vector<std::size_t>& chain = chains_[e];
            chain.push_back(source(e));
            for (std::size_t at = layer_[source(e)] + 1; at < layer_[target(e)]; ++at) {
                chain.push_back(extents_.size());
                extents_.push_back({0, 0});
                layer_.push_back(at);
            }
            chain.push_back(target(e));
        }
        before_.resize(extents_.size());
        after_.resize(extents_.size());
        for (const auto& chain : chains_)
            for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
                after_[chain[i]].push_back(chain[i + 1]);
                before_[chain[i + 1]].push_back(chain[i]);
            }
        for (std::size_t v = 0; v < extents_.size(); ++v) {
            if (layer_[v] >= rows_.size()) rows_.resize(layer_[v] + 1);
            rows_[layer_[v]].push_back(v);
        }
        position_.resize(extents_.size());
        for (const auto& row : rows_) number(row);
    }

    void number(const std::vector<std::size_t>& row) {
        for (std::size_t i = 0; i < row.size(); ++i) position_[row[i]] = static_cast<double>(i);
    }

    /// By the mean position of the neighbours in the layer before, then in the layer behind, in turns.
    void order() {
        for (int sweep = 0; sweep < kSweeps; ++sweep) {
            const bool forward = sweep % 2 == 0;
            for (std::size_t i = 0; i < rows_.size(); ++i) {
                std::vector<std::size_t>& row = rows_[forward ? i : rows_.size() - 1 - i];
                std::vector<double> wish(extents_.size());
                for (const std::size_t v : row)
                    wish[v] = mean((forward ? before_ : after_)[v], position_, position_[v]);
                std::stable_sort(row.begin(), row.end(),
                                 [&](std::size_t a, std::size_t b) { return wish[a] < wish[b]; });
                number(row);
            }
        }
    }

    static double mean(const std::vector<std::size_t>& of, const std::vector<double>& values, double none) {
        if (of.empty()) return none;
        double sum = 0;
        for (const std::size_t v : of) sum += values[v];
        return sum / static_cast<double>(of.size());
    }

    double middle(std::size_t v) const { return at_[v].y + extents_[v].height / 2; }

    void place() {
        at_.resize(extents_.size());
        width_.resize(extents_.size());
        double x = kMargin;
        for (const auto& row : rows_) {
            double y = kMargin, widest = 0;
            for (const std::size_t v : row) {
                at_[v] = {x, y};
                y += extents_[v].height + kGapY;
                widest = std::max(widest, extents_[v].width);
            }
            for (const std::size_t v : row) width_[v] = widest;
            x += widest + kGapX;
        }
        for (int sweep = 0; sweep < kSweeps; ++sweep)
            for (std::size_t i = 0; i < rows_.size(); ++i)
                settle(rows_[sweep % 2 == 0 ? i : rows_.size() - 1 - i]);
        lift();
    }

    /// Each as near to the middle of its neighbours as the order of its layer lets it be.
    void settle(const std::vector<std::size_t>& row) {
        std::vector<double> middles(extents_.size());
        for (std::size_t v = 0; v < extents_.size(); ++v) middles[v] = middle(v);
        std::vector<double> wish(row.size());
        for (std::size_t i = 0; i < row.size(); ++i) {
            std::vector<std::size_t> all = before_[row[i]];
            all.insert(all.end(), after_[row[i]].begin(), after_[row[i]].end());
            wish[i] = mean(all, middles, middles[row[i]]) - extents_[row[i]].height / 2;
        }
        std::vector<double> low(row.size()), high(row.size());
        for (std::size_t i = 0; i < row.size(); ++i)
            low[i] = i == 0 ? wish[0] : std::max(wish[i], low[i - 1] + extents_[row[i - 1]].height + kGapY);
        for (std::size_t i = row.size(); i-- > 0;)
            high[i] = i + 1 == row.size() ? wish[i]
                                          : std::min(wish[i], high[i + 1] - extents_[row[i]].height - kGapY);
        // Halfway between pushing down and pushing up; both keep the distances, so their mean does.
        for (std::size_t i = 0; i < row.size(); ++i) at_[row[i]].y = (low[i] + high[i]) / 2;
    }

    void lift() {
        double top = 0;
        for (std::size_t v = 0; v < at_.size(); ++v) top = v == 0 ? at_[v].y : std::min(top, at_[v].y);
        for (Point& point : at_) point.y += kMargin - top;
    }

    std::vector<Point> line(std::size_t e) const {
        if (loop(e)) {
            const std::size_t v = edges_[e].first;
            const double right = at_[v].x + extents_[v].width;
            return {{right, middle(v) - 6},
                    {right + 22, middle(v) - 6},
                    {right + 22, middle(v) + 6},
                    {right, middle(v) + 6}};
        }
        std::vector<Point> out;
        const std::vector<std::size_t>& chain = chains_[e];
        for (std::size_t i = 0; i < chain.size(); ++i) {
            const std::size_t v = chain[i];
            if (i == 0) {
                out.push_back({at_[v].x + extents_[v].width, middle(v)});
                if (extents_[v].width < width_[v]) out.push_back({at_[v].x + width_[v], middle(v)});
            } else if (i + 1 == chain.size()) {
                out.push_back({at_[v].x, middle(v)});
            } else {
                out.push_back({at_[v].x, middle(v)});
                out.push_back({at_[v].x + width_[v], middle(v)});
            }
        }
        if (reversed_[e]) std::reverse(out.begin(), out.end());
        return out;
    }

    std::vector<Extent> extents_;
    const std::vector<Pair>& edges_;
    std::vector<std::size_t> layer_;
    std::vector<bool> reversed_;
    std::size_t boxes_ = 0;
    std::vector<std::vector<std::size_t>> chains_, before_, after_, rows_;
    std::vector<double> position_, width_;
    std::vector<Point> at_;
};

}  // namespace

Drawing layered(const std::vector<Extent>& boxes, const std::vector<Pair>& edges) {
    return Layers(boxes, edges).take();
}

}  // namespace changelog::report
