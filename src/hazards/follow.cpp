#include "hazards/follow.hpp"

#include "catalog/dependents.hpp"
#include "catalog/naming.hpp"
#include "hazards/proofs.hpp"
#include "hazards/relations.hpp"
#include "hazards/step.hpp"
#include "operations/raw_ddl.hpp"

namespace changelog::hazards {

namespace {

/// The column of ADD CONSTRAINT ... NOT NULL c.
catalog::Column* not_null_column(const Step& step, catalog::Table& table) {
    const auto columns = columns_in(child(*step.definition, "raw_expr"));
    return columns.empty() ? nullptr : table.column(columns.front());
}

/// What an older form that stands for a newer one did to the catalog is put right.
void correct(const Step& step, const catalog::Generated generated, catalog::Table& table) {
    catalog::Constraint* constraint = table.constraint(step.name);
    catalog::Column* column = table.column(step.name);
    if (step.stands_for(Newer::virtual_column) && column != nullptr) {
        column->generated = catalog::Generated::on_read;
    } else if (step.stands_for(Newer::set_expression) && column != nullptr) {
        column->generated = generated;
    } else if (step.stands_for(Newer::not_enforced) && constraint != nullptr) {
        constraint->enforced = constraint->validated = false;
    } else if (step.stands_for(Newer::enforce) && constraint != nullptr) {
        constraint->enforced = constraint->validated = true;
        constraint->deferrable = false;
    } else if (step.stands_for(Newer::not_null_constraint)) {
        if (catalog::Column* checked = not_null_column(step, table)) {
            checked->not_null_name = step.name;
            checked->not_null = !flag_of(*step.definition, "skip_validation");
        }
    }
}

/// A NOT NULL constraint that is validated is the column's own.
void validate(const Step& step, catalog::Table& table) {
    for (catalog::Column& column : table.columns)
        if (!step.name.empty() && column.not_null_name == step.name) column.not_null = true;
}

}  // namespace

void follow(const std::string& sql, const std::string& default_schema, catalog::Catalog& catalog) {
    const Parsed statement(sql);
    if (!statement.readable()) return;
    const FactContext context{catalog, 150000, default_schema};
    const std::vector<Step> steps =
        statement.kind() == "AlterTableStmt" ? steps_of(statement, context) : std::vector<Step>{};
    std::vector<catalog::Generated> generated;
    for (const Step& step : steps)
        generated.push_back(step.column() == nullptr ? catalog::Generated::no : step.column()->generated);
    operations::follow_sql(statement.sql(), default_schema, catalog);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        catalog::Table* table = catalog.table(steps[i].relation);
        if (table == nullptr) continue;
        correct(steps[i], generated[i], *table);
        if (steps[i].kind == "VALIDATE CONSTRAINT") validate(steps[i], *table);
    }
}

std::set<ObjectName> relations_of(const ObjectName& name, const catalog::Catalog& catalog) {
    std::set<ObjectName> out;
    if (const catalog::Table* table = catalog.table(name)) {
        out.insert(name);
        for (const ObjectName& index : index_names(*table)) out.insert(index);
        for (const catalog::Column& column : table->columns)
            if (column.identity) out.insert({name.schema, catalog::identity_sequence(*table, column)});
        for (const ObjectName& sequence : catalog::owned_sequences(catalog, name)) out.insert(sequence);
    }
    if (const auto view = catalog.views.find(name); view != catalog.views.end()) {
        out.insert(name);
        for (const catalog::Index& index : view->second.indexes) out.insert({name.schema, index.name});
    }
    if (catalog.sequences.contains(name) || catalog.types.contains(name)) out.insert(name);
    return out;
}

std::set<ObjectName> relations_in(const catalog::Catalog& catalog) {
    std::set<ObjectName> out;
    for (const auto& [name, table] : catalog.tables) out.merge(relations_of(name, catalog));
    for (const auto& [name, view] : catalog.views) out.merge(relations_of(name, catalog));
    for (const auto& [name, sequence] : catalog.sequences) out.insert(name);
    for (const auto& [name, type] : catalog.types) out.insert(name);
    return out;
}

}  // namespace changelog::hazards
