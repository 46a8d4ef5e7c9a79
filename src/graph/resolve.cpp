// Builds the graph: footprints, accesses, edges, order. docs/graph.md explains the rules.
#include "changelog/expressions.hpp"
#include "changelog/graph.hpp"

#include "graph/accesses.hpp"
#include "graph/declared.hpp"
#include "graph/hazards.hpp"
#include "graph/order.hpp"
#include "graph/report.hpp"

namespace changelog {

namespace {

using graph::Arrow;
using graph::Vertex;

bool never_runs(const ChangeSet& changeset) {
    return changeset.ignore || !dbms_allows_postgresql(changeset.dbms);
}

/// Keeps the first of equal touches.
void append_new(std::vector<Touch>& all, std::vector<Touch> more) {
    const auto is_known = [&](const Touch& touch) {
        return std::any_of(all.begin(), all.end(), [&](const Touch& known) {
            return known.access == touch.access && known.tentative == touch.tentative &&
                   known.object == touch.object;
        });
    };
    constexpr std::size_t kFewEnough = 64;  // beyond, repetitions cost less than finding them
    for (Touch& touch : more)
        if (all.size() > kFewEnough || !is_known(touch)) all.push_back(std::move(touch));
}

class Resolver {
  public:
    Resolver(const Changelog& changelog, const RenderContext& context)
        : changelog_(changelog), context_(context), accesses_(objects_) {
        const std::size_t count = changelog.changesets.size();
        result_.footprints.resize(count);
        traits_.conditional.resize(count);
        traits_.barrier.resize(count);
    }

    Graph run(Diagnostics& diagnostics) {
        for (Vertex i = 0; i < changelog_.changesets.size(); ++i) read(i);
        std::vector<Arrow> arrows;
        graph::add_declared(changelog_, arrows, diagnostics);
        graph::add_hazards(objects_, accesses_.events(), traits_, arrows);
        graph::add_barriers(traits_, arrows);
        keep_one_per_pair(arrows);
        result_.edges.reserve(arrows.size());
        for (const Arrow& arrow : arrows) result_.edges.push_back(edge(arrow));
        set_order(arrows, diagnostics);
        return std::move(result_);
    }

  private:
    void read(Vertex index) {
        const ChangeSet& changeset = changelog_.changesets[index];
        if (never_runs(changeset)) return;
        RenderContext context = context_;
        context.quoting = changeset.quoting;
        Footprint& footprint = result_.footprints[index];
        for (const auto& operation : changeset.changes) {
            if (!dbms_allows_postgresql(operation->dbms())) continue;
            Footprint own;
            operation->footprint(own, context);
            if (own.barrier) footprint.block(std::move(own.barrier_reason));
            add(index, std::move(own.touches));
        }
        for (const std::string& entry : changeset.provides) add(index, graph::provided(entry, context));
        if (!changeset.provides.empty() || !changeset.depends_on.empty()) footprint.barrier = false;
        footprint.touches.shrink_to_fit();
        traits_.conditional[index] = changeset.preconditions.has_value() ? 1 : 0;
        traits_.barrier[index] = footprint.barrier ? 1 : 0;
    }

    void add(Vertex index, std::vector<Touch> touches) {
        accesses_.add(index, touches);
        append_new(result_.footprints[index].touches, std::move(touches));
    }

    static void keep_one_per_pair(std::vector<Arrow>& arrows) {
        std::sort(arrows.begin(), arrows.end(), [](const Arrow& a, const Arrow& b) {
            return std::tie(a.to, a.from, a.reason, a.object) < std::tie(b.to, b.from, b.reason, b.object);
        });
        const auto same_pair = [](const Arrow& a, const Arrow& b) {
            return a.to == b.to && a.from == b.from;
        };
        arrows.erase(std::unique(arrows.begin(), arrows.end(), same_pair), arrows.end());
    }

    Edge edge(const Arrow& arrow) const {
        return {arrow.from, arrow.to, arrow.reason,
                arrow.object == graph::kNoObject ? ObjectRef{} : objects_[arrow.object]};
    }

    void set_order(const std::vector<Arrow>& arrows, Diagnostics& diagnostics) {
        const std::size_t count = changelog_.changesets.size();
        if (const auto order = graph::stable_order(count, arrows)) {
            result_.order.assign(order->begin(), order->end());
            return;
        }
        for (const std::vector<Arrow>& cycle : graph::cycles(count, arrows)) {
            std::vector<Edge> edges;
            for (const Arrow& arrow : cycle) edges.push_back(edge(arrow));
            graph::report_cycle(changelog_, edges, diagnostics);
        }
        for (std::size_t i = 0; i < count; ++i) result_.order.push_back(i);
    }

    const Changelog& changelog_;
    const RenderContext& context_;
    graph::Objects objects_;
    graph::Accesses accesses_;
    graph::Traits traits_;
    Graph result_;
};

}  // namespace

Graph resolve(const Changelog& changelog, const RenderContext& context, Diagnostics& diagnostics) {
    return Resolver(changelog, context).run(diagnostics);
}

}  // namespace changelog
