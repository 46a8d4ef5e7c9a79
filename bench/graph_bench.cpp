// Resolves a changelog of N changesets and prints how long that took, in wall and in processor time, and how
// much memory it needed. The mix is that of bench/gen.py: 35 % createTable of 6 to 10 columns, 25 %
// addColumn, 15 % createIndex, 8 % foreign keys, the rest renames, not-null constraints, inserts, views and
// SQL text, which is parsed.
//
// usage: graph_bench [N]
#include "changelog/graph.hpp"

#include "sql/parse.hpp"

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>

namespace {

using namespace changelog;

/// What a typed operation's footprint() does: it makes names from the fields and appends touches.
struct Change final : Operation {
    std::string kind, table, column, other;
    int columns = 0;

    const OperationType& type() const override {
        static const OperationType none = {"bench", "", "", nullptr};
        return none;
    }
    void describe(FieldVisitor&) override {}
    std::vector<Statement> statements(const RenderContext&) const override { return {}; }
    Undo inverse(const RenderContext&) const override { return {}; }
    void apply(catalog::Catalog&, const RenderContext&) const override {}

    ObjectRef ref(ObjectKind object, const RenderContext& context, const std::string& name,
                  const std::string& part = {}) const {
        return {object, {context.default_schema, name}, part};
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const auto of_table = [&](ObjectKind object, const std::string& part) {
            return ref(object, context, table, part);
        };
        if (kind == "sql")
            return sql::footprint_of("UPDATE " + table + " SET " + column + " = 1", context.default_schema,
                                     out);
        if (kind == "createTable") {
            out.create(of_table(ObjectKind::table, {}));
            for (int i = 0; i < columns; ++i)
                out.create(of_table(ObjectKind::column, "some_column_" + std::to_string(i)));
            return out.create(of_table(ObjectKind::constraint, table + "_pkey"));
        }
        out.require(of_table(ObjectKind::table, {}));
        if (kind == "addColumn") return out.create(of_table(ObjectKind::column, column));
        if (kind == "createView") return out.create(ref(ObjectKind::table, context, other));
        out.require(of_table(ObjectKind::column, column));
        if (kind == "createIndex") return out.create(ref(ObjectKind::index, context, other));
        if (kind == "insert") return out.alter(of_table(ObjectKind::rows, {}));
        if (kind == "notNull") return out.alter(of_table(ObjectKind::column, column));
        out.require(ref(ObjectKind::table, context, other));
        out.require(ref(ObjectKind::column, context, other, "some_column_0"));
        out.create(of_table(ObjectKind::constraint, "fk_" + table + "_" + other));
    }
};

/// Changesets whose names are as long as they are in practice, which is beyond what a string holds without
/// allocation.
class Generator {
  public:
    Changelog changelog(std::size_t count) {
        Changelog changelog;
        changelog.changesets.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            ChangeSet& changeset = changelog.changesets[i];
            changeset.key = {"changeset-" + std::to_string(i), "author", "db/changelog/part.yaml"};
            changeset.changes.push_back(change(i));
        }
        return changelog;
    }

  private:
    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
    }
    std::string old_table() { return "customer_orders_" + std::to_string(below(tables_)); }

    std::unique_ptr<Operation> change(std::size_t index) {
        auto made = std::make_unique<Change>();
        const std::size_t dice = tables_ == 0 ? 0 : below(100);
        made->kind = dice < 35   ? "createTable"
                     : dice < 60 ? "addColumn"
                     : dice < 75 ? "createIndex"
                     : dice < 83 ? "foreignKey"
                     : dice < 88 ? "notNull"
                     : dice < 93 ? "insert"
                     : dice < 96 ? "createView"
                                 : "sql";
        made->columns = static_cast<int>(6 + below(5));
        made->column = "some_column_" + std::to_string(below(6));
        made->table =
            made->kind == "createTable" ? "customer_orders_" + std::to_string(tables_++) : old_table();
        if (made->kind == "addColumn") made->column = "added_column_" + std::to_string(index);
        made->other = made->kind == "foreignKey" ? old_table() : "another_object_" + std::to_string(index);
        return made;
    }

    std::mt19937 random_{42};  // the same changelog every time
    std::size_t tables_ = 0;
};

long peak_megabytes() {
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int argc, char** argv) {
    const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100000;
    const Changelog changelog = Generator().changelog(count);
    const long before = peak_megabytes();

    const catalog::Catalog empty;
    RenderContext context;
    context.before = &empty;
    Diagnostics diagnostics;
    const auto start = std::chrono::steady_clock::now();
    const double processor_start = processor_seconds();
    const Graph graph = resolve(changelog, context, diagnostics);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;

    const double processor = processor_seconds() - processor_start;

    std::printf(
        "%zu changesets, %zu edges: %.2f s (processor %.2f s), peak %ld MB (changelog alone %ld MB), %zu "
        "diagnostics\n",
        count, graph.edges.size(), seconds.count(), processor, peak_megabytes(), before,
        diagnostics.items().size());
    return graph.order.size() == count ? 0 : 1;
}
