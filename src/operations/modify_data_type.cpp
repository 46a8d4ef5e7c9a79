// modifyDataType: ALTER COLUMN ... TYPE ... USING, under ACCESS EXCLUSIVE. Rewrites the table and its indexes
// unless the new type holds the same bytes (a longer varchar, varchar to text, more digits of numeric:
// manual, ALTER TABLE). Undone by the opposite cast. The default is taken off meanwhile, since it may not
// cast on its own.
#include "catalog/sql_text.hpp"
#include "operations/column_operation.hpp"
#include "operations/type_change.hpp"
#include "sql/type.hpp"

namespace changelog::operations {

extern const OperationType modify_data_type_type;

namespace {

struct ModifyDataType final : ColumnOperation {
    std::string new_type;

    const OperationType& type() const override { return modify_data_type_type; }

    void describe(FieldVisitor& visitor) override {
        describe_column(visitor);
        visitor.text(required("newDataType", "The type that the column gets."), new_type);
        for (const std::string_view key :
             {"defaultValue", "defaultValueNumeric", "defaultValueBoolean", "defaultValueDate",
              "defaultValueComputed", "defaultValueSequenceNext"})
            visitor.misplaced(key, "modifyDataType never sets a default: write an addDefaultValue after it.");
        visitor.misplaced(
            "constraints",
            "modifyDataType never changes constraints: write addNotNullConstraint and the like.");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        ColumnOperation::footprint(out, context);
        require_type(emitted(), context, out);
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(cast_to(context, emitted()));
    }

    Undo inverse(const RenderContext& context) const override {
        const catalog::Column* was = before(context);
        if (was == nullptr) return Undo::because(unknown_definition(ref(context)));
        const bool has_default = was->expression && was->generated == catalog::Generated::no;
        Undo out;
        if (has_default) out.statements.push_back(statement(alter(context, "DROP DEFAULT")));
        const std::string collation =
            was->collation.empty() ? "" : " COLLATE " + catalog::name_sql(was->collation);
        out.statements.push_back(statement(cast_to(context, was->type, collation)));
        if (has_default)
            out.statements.push_back(statement(alter(context, "SET DEFAULT " + *was->expression)));
        if (may_lose(was->type, emitted()))
            out.losses.push_back(one_line(fmt::format("what values of {} lost when they became {}",
                                                      shown_name(context), sql::canonical_type(emitted()))));
        if (may_lose(emitted(), was->type))
            out.losses.push_back(one_line(fmt::format("what values of {} written since have beyond {}",
                                                      shown_name(context), was->type)));
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
