// modifyDataType: ALTER COLUMN ... TYPE ... USING, under ACCESS EXCLUSIVE. Rewrites the table and its indexes
// unless the new type holds the same bytes (a longer varchar, varchar to text, more digits of numeric:
// manual, ALTER TABLE). Undone by the opposite cast. The default is taken off meanwhile, since it may not
// cast on its own. With `retain` the values are copied to the attic first where the cast may lose something.
#include "catalog/sql_text.hpp"
#include "operations/attic.hpp"
#include "operations/column_operation.hpp"
#include "operations/type_change.hpp"
#include "sql/type.hpp"

namespace changelog::operations {

extern const OperationType modify_data_type_type;

namespace {

struct ModifyDataType final : ColumnOperation {
    std::string new_type;
    RetainKey retain;

    const OperationType& type() const override { return modify_data_type_type; }

    void describe(FieldVisitor& visitor) override {
        describe_column(visitor);
        visitor.text(required("newDataType", "The type that the column gets."), new_type);
        retain.describe(visitor);
        for (const std::string_view key :
             {"defaultValue", "defaultValueNumeric", "defaultValueBoolean", "defaultValueDate",
              "defaultValueComputed", "defaultValueSequenceNext"})
            visitor.misplaced(key, "modifyDataType never sets a default: write an addDefaultValue after it.");
        visitor.misplaced(
            "constraints",
            "modifyDataType never changes constraints: write addNotNullConstraint and the like.");
    }

    void check(Diagnostics& diagnostics) const override { retain.check(diagnostics, at); }

    void footprint(Footprint& out, const RenderContext& context) const override {
        ColumnOperation::footprint(out, context);
        require_type(emitted(), context, out);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const auto retention = retention_of(context);
        if (!retention) return one(cast_to(context, emitted()));
        return {prepare_attic(context.attic),
                keep_values(kept(context, *retention), sql_table(context), Naming(context).stored(column)),
                statement(cast_to(context, emitted()))};
    }

    Undo inverse(const RenderContext& context) const override {
        const catalog::Column* was = before(context);
        if (was == nullptr) return Undo::unless_observed(unknown_definition(ref(context)));
        const bool has_default = was->expression && was->generated == catalog::Generated::no;
        const std::string collation =
            was->collation.empty() ? "" : " COLLATE " + catalog::name_sql(was->collation);
        Undo out;
        if (may_lose(emitted(), was->type))
            out.since.push_back(one_line(fmt::format("what values of {} written since have beyond {}",
                                                     shown_name(context), was->type)));
        if (const auto retention = retention_of(context)) {
            const FormerType former = {sql_table(context), Naming(context).name(column),
                                       was->type,          collation,
                                       emitted(),          has_default ? was->expression : std::nullopt,
                                       was->not_null};
            out.statements.push_back(bring_back_values(kept(context, *retention), former));
            return out;
        }
        if (has_default) out.statements.push_back(statement(alter(context, "DROP DEFAULT")));
        out.statements.push_back(statement(cast_to(context, was->type, collation)));
        if (has_default)
            out.statements.push_back(statement(alter(context, "SET DEFAULT " + *was->expression)));
        if (may_lose(was->type, emitted()))
            out.losses.push_back(one_line(fmt::format("what values of {} lost when they became {}",
                                                      shown_name(context), sql::canonical_type(emitted()))));
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        change(catalog, context, [&](catalog::Column& found) {
            found.type = sql::canonical_type(emitted());
            found.collation.clear();
            found.storage.clear();
            if (found.identity) found.identity->options.type = found.type;
        });
    }

  private:
    /// Keeping takes a primary key, which is none of the column; a wish for it is tried all the same.
    std::optional<Retention> retention_of(const RenderContext& context) const {
        const catalog::Column* was = before(context);
        const auto retention = retain.in(context);
        if (was == nullptr || !retention || !may_lose(was->type, emitted())) return std::nullopt;
        const bool possible =
            has_stable_key(find_table(context, schema, table), {Naming(context).stored(column)});
        return possible || retain.asks() ? retention : std::nullopt;
    }

    Kept kept(const RenderContext& context, const Retention& retention) const {
        const Naming naming(context);
        return Kept::of(context, "values", naming.stored_object(schema, table), naming.stored(column),
                        retention);
    }

    std::string emitted() const { return sql::column_type(new_type, sql::TypeUse::elsewhere).sql; }

    std::string cast_to(const RenderContext& context, const std::string& target,
                        const std::string& collation = {}) const {
        return alter(context, fmt::format("TYPE {}{} USING ({}::{})", target, collation,
                                          Naming(context).name(column), target));
    }
};

}  // namespace

const OperationType modify_data_type_type = {
    "modifyDataType", "Changes the type of a column.", "column",
    []() -> std::unique_ptr<Operation> { return std::make_unique<ModifyDataType>(); }};

}  // namespace changelog::operations
