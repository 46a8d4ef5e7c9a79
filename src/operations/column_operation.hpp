// What operations on one existing column, and on one constraint of a table, have in common.
#pragma once

#include "catalog/dependents.hpp"
#include "operations/common.hpp"
#include "sql/identifier.hpp"

#include <string>

namespace changelog::operations {

struct ColumnOperation : Operation {
    std::string schema, table, column;

    void footprint(Footprint& out, const RenderContext& context) const override;

  protected:
    void describe_column(FieldVisitor& visitor);
    std::string sql_table(const RenderContext& context) const {
        return Naming(context).object(schema, table);
    }
    ObjectRef ref(const RenderContext& context) const {
        return Naming(context).column_ref(schema, table, column);
    }
    ObjectName stored_table(const RenderContext& context) const {
        return Naming(context).stored_object(schema, table);
    }
    /// "public.orders.note", for messages.
    std::string shown_name(const RenderContext& context) const;
    /// "ALTER TABLE public.orders ALTER COLUMN note <action>"
    std::string alter(const RenderContext& context, std::string_view action) const;
    /// The same with two spaces before the name: Liquibase has them for some actions, and modifySql may look
    /// for them.
    std::string alter_wide(const RenderContext& context, std::string_view action) const;
    const catalog::Column* before(const RenderContext& context) const {
        return find_column(context, schema, table, column);
    }
    /// Changes the column in the catalog, and in the table's partitions and children; nothing if it is not
    /// known.
    template <typename Change>
    void change(catalog::Catalog& catalog, const RenderContext& context, const Change& what) const {
        for (const ObjectName& name : tables(catalog, context))
            if (catalog::Column* found = catalog.table(name)->column(Naming(context).stored(column)))
                what(*found);
    }

  private:
    std::vector<ObjectName> tables(const catalog::Catalog& catalog, const RenderContext& context) const;
};

struct ConstraintOperation : Operation {
    std::string schema, table, name;

    void footprint(Footprint& out, const RenderContext& context) const override;  ///< drops the constraint

  protected:
    std::string sql_table(const RenderContext& context) const {
        return Naming(context).object(schema, table);
    }
    ObjectRef ref(const RenderContext& context) const {
        return Naming(context).part_ref(ObjectKind::constraint, schema, table, name);
    }
    const catalog::Constraint* before(const RenderContext& context) const;
    std::string drop_sql(const RenderContext& context) const;
    /// Makes the constraint again as it was; for the database to tell where the fold does not know it.
    Undo restore(const RenderContext& context) const;
    void drop(catalog::Catalog& catalog, const RenderContext& context) const;
};

/// Adds a constraint that was there before. Rows that were written meanwhile may break a foreign key or
/// CHECK: then it stays NOT VALID, and a warning says why, so that the rest of the undo goes on. On the
/// partitions of a partitioned table it gets the names back that it had.
std::vector<Statement> add_again(const RenderContext& context, const ObjectName& table,
                                 const catalog::Constraint& constraint);

/// What PostgreSQL's DROP NOT NULL or DEFAULT on a table changes in partitions and children as well, where
/// they differed from it before: `differs` and `back` are asked for the column of each.
template <typename Differs, typename Back>
void restore_in_children(const RenderContext& context, const ObjectName& table, const std::string& column,
                         const Differs& differs, const Back& back, std::vector<Statement>& out) {
    for (const ObjectName& child : catalog::descendants(*context.before, table)) {
        const catalog::Column* was = context.before->table(child)->column(column);
        if (was != nullptr && differs(*was))
            out.push_back(
                statement(fmt::format("ALTER TABLE {} ALTER COLUMN {} {}", Naming(context).sql(child),
                                      sql::identifier(column), back(*was))));
    }
}

/// "ALTER TABLE public.t DROP CONSTRAINT k"
std::string drop_constraint(const std::string& sql_table, const std::string& sql_name);

}  // namespace changelog::operations
