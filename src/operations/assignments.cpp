#include "operations/assignments.hpp"

#include "core/text.hpp"
#include "operations/where.hpp"

namespace changelog::operations {

std::string assignments(const std::vector<ColumnConfig>& columns, const FileValues& files,
                        const Naming& naming) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < columns.size(); ++i)
        parts.push_back(
            fmt::format("{} = {}", naming.name(columns[i].name), files.value(i, columns[i], naming)));
    return join(parts, ", ");
}

void require_value(const ColumnConfig& column, const RenderContext& context, Footprint& out) {
    const Naming naming(context);
    if (column.value_computed) require_expression(*column.value_computed, context, out);
    for (const auto& sequence : {column.value_sequence_next, column.value_sequence_current})
        if (sequence) out.require({ObjectKind::sequence, sequence_name(*sequence, naming), {}});
}

void touch_assigned(const std::string& schema, const std::string& table,
                    const std::vector<ColumnConfig>& columns, const RenderContext& context, Footprint& out) {
    const Naming naming(context);
    out.require(naming.table_ref(schema, table));
    for (const ColumnConfig& column : columns) {
        out.require(naming.column_ref(schema, table, column.name));
        require_value(column, context, out);
    }
    out.alter(naming.ref(ObjectKind::rows, schema, table));
}

}  // namespace changelog::operations
