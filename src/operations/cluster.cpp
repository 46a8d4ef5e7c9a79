#include "operations/cluster.hpp"

#include "sql/identifier.hpp"

namespace changelog::operations {

void forget_clustering(catalog::Table& table) {
    for (catalog::Index& index : table.indexes) index.clustered = false;
    for (catalog::Constraint& constraint : table.constraints) constraint.clustered = false;
}

void cluster_as_before(const RenderContext& context, const catalog::Table& before,
                       std::vector<Statement>& out) {
    const auto mark = [&](const auto& item) {
        if (item.clustered)
            out.push_back(
                statement(fmt::format("ALTER TABLE {} CLUSTER ON {}", Naming(context).sql(before.name),
                                      sql::identifier(item.name))));
    };
    for (const catalog::Index& index : before.indexes) mark(index);
    for (const catalog::Constraint& constraint : before.constraints) mark(constraint);
}

}  // namespace changelog::operations
