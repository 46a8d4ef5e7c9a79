// addDefaultValue, dropDefaultValue: ALTER COLUMN ... SET / DROP DEFAULT. Catalog only, under a short ACCESS
// EXCLUSIVE lock; rows that are there keep their values. A sequence as default becomes the column's own
// (OWNED BY). Undone by the default, and the owner of the sequence, that were there before.
#include "changelog/codes.hpp"

#include "catalog/ddl.hpp"
#include "operations/column.hpp"
#include "operations/column_operation.hpp"
#include "operations/lookup.hpp"

namespace changelog::operations {

extern const OperationType add_default_value_type;
extern const OperationType drop_default_value_type;

namespace {

bool has_plain_default(const catalog::Column& column) {
    return column.expression && column.generated == catalog::Generated::no;
}

std::optional<std::string> default_of(const catalog::Column& column) {
    return has_plain_default(column) ? column.expression : std::nullopt;
}

/// A view's columns may have defaults, for INSERT.
std::optional<std::string> default_of(const catalog::View& view, const std::string& column) {
    const auto found = view.column_defaults.find(column);
    return found == view.column_defaults.end() ? std::nullopt : std::optional(found->second);
}

const catalog::View* find_view(const RenderContext& context, const std::string& schema,
                               const std::string& name) {
    return find_in(context.before->views, Naming(context).stored_object(schema, name));
}

std::string default_action(const std::optional<std::string>& expression) {
    return expression ? "SET DEFAULT " + *expression : "DROP DEFAULT";
}

struct DefaultOperation : ColumnOperation {
  protected:
    /// A default goes to partitions and children, too, which may have had others.
    void restore_children(const RenderContext& context, const catalog::Column& was, Undo& out) const {
        restore_in_children(
            context, stored_table(context), was.name,
            [&](const catalog::Column& child) { return default_of(child) != default_of(was); },
            [](const catalog::Column& child) { return default_action(default_of(child)); }, out.statements);
    }
};

struct AddDefaultValue final : DefaultOperation {
    ColumnConfig value;  ///< only its default and type

    const OperationType& type() const override { return add_default_value_type; }

    void describe(FieldVisitor& visitor) override {
        describe_column(visitor);
        visitor.text(optional("defaultValue", "Default as text."), value.default_value);
        visitor.text(optional("defaultValueNumeric", "Default as a number, or an expression."),
                     value.default_numeric);
        visitor.flag(optional("defaultValueBoolean", "Default TRUE or FALSE."), value.default_boolean);
        visitor.date(optional("defaultValueDate", "Default as an ISO date or time, or an expression."),
                     value.default_date);
        visitor.text(optional("defaultValueComputed", "Default as an expression.").sql(),
                     value.default_computed);
        visitor.text(optional("defaultValueSequenceNext",
                              "Default nextval() of this sequence, which then belongs to the column."),
                     value.default_sequence_next);
        visitor.text(optional("columnDataType", "Type of the column; decides how the value is written."),
                     value.type);
        ignore(visitor, "defaultValueConstraintName",
               "Read and ignored: defaults have no names on PostgreSQL.");
    }

    void check(Diagnostics& diagnostics) const override {
        const std::vector<std::string> keys = {"defaultValue",         "defaultValueNumeric",
                                               "defaultValueBoolean",  "defaultValueDate",
                                               "defaultValueComputed", "defaultValueSequenceNext"};
        const int given = value.default_value.has_value() + value.default_numeric.has_value() +
                          value.default_boolean.has_value() + value.default_date.has_value() +
                          value.default_computed.has_value() + value.default_sequence_next.has_value();
        if (given == 0)
            diagnostics.error(codes::missing_key, at, fmt::format("no default for column '{}'", column))
                .expected = keys;
        if (given > 1)
            diagnostics
                .error(codes::conflicting_keys, at,
                       fmt::format("more than one default for column '{}'", column))
                .expected = keys;
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        ColumnOperation::footprint(out, context);
        if (value.default_sequence_next)
            out.alter(
                {ObjectKind::sequence, sequence_name(*value.default_sequence_next, Naming(context)), {}});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        std::vector<Statement> out = one(alter_wide(context, "SET DEFAULT " + expression(context)));
        if (!value.default_sequence_next) return out;
        const ObjectName sequence = sequence_name(*value.default_sequence_next, naming);
        out.push_back(statement(fmt::format("ALTER SEQUENCE {} OWNED BY {}.{}", naming.sql(sequence),
                                            sql_table(context), naming.name(column))));
        return out;
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        if (const auto* view = find_view(context, schema, table))
            return undo(alter(context, default_action(default_of(*view, naming.stored(column)))));
        const catalog::Column* was = before(context);
        if (was == nullptr) return not_known(context, ref(context));
        Undo out = undo(alter(context, default_action(default_of(*was))));
        restore_children(context, *was, out);
        if (!value.default_sequence_next) return out;
        // A sequence that stayed with the column would be dropped with it.
        const ObjectName sequence = sequence_name(*value.default_sequence_next, naming);
        const auto* known = find_in(context.before->sequences, sequence);
        if (known == nullptr) return not_known(context, {ObjectKind::sequence, sequence, {}});
        if (known->owned_by == ref(context)) return out;
        out.statements.push_back(statement(catalog::sequence_owner(naming.shown(*known))));
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        const std::string text = expression(context);
        if (auto* view = find_in(catalog.views, naming.stored_object(schema, table)))
            view->column_defaults[naming.stored(column)] = text;
        change(catalog, context, [&](catalog::Column& found) {
            if (text == "NULL")
                found.expression.reset();
            else
                found.expression = text;
        });
        if (!value.default_sequence_next) return;
        if (auto* sequence = find_in(catalog.sequences, sequence_name(*value.default_sequence_next, naming)))
            sequence->owned_by = ref(context);
    }

  private:
    std::string expression(const RenderContext& context) const {
        const std::string emitted =
            value.type.empty() ? "" : sql::column_type(value.type, sql::TypeUse::elsewhere).sql;
        return default_expression(value, emitted, Naming(context)).value_or("NULL");
    }
};

struct DropDefaultValue final : DefaultOperation {
    const OperationType& type() const override { return drop_default_value_type; }

    void describe(FieldVisitor& visitor) override {
        describe_column(visitor);
        ignore(visitor, "columnDataType", "Read and ignored: PostgreSQL knows the column's type.");
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(alter(context, "DROP DEFAULT"));
    }

    Undo inverse(const RenderContext& context) const override {
        if (const auto* view = find_view(context, schema, table)) {
            const auto former = default_of(*view, Naming(context).stored(column));
            return former ? undo(alter_wide(context, default_action(former))) : Undo{};
        }
        const catalog::Column* was = before(context);
        if (was == nullptr) return not_known(context, ref(context));
        Undo out;
        if (has_plain_default(*was)) out = undo(alter_wide(context, default_action(was->expression)));
        restore_children(context, *was, out);
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        if (auto* view = find_in(catalog.views, stored_table(context)))
            view->column_defaults.erase(Naming(context).stored(column));
        change(catalog, context, [](catalog::Column& found) {
            if (has_plain_default(found)) found.expression.reset();
        });
    }
};

}  // namespace

const OperationType add_default_value_type = {
    "addDefaultValue", "Sets the default of a column.", "column",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AddDefaultValue>(); }};

const OperationType drop_default_value_type = {
    "dropDefaultValue", "Removes the default of a column.", "column",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropDefaultValue>(); }};

}  // namespace changelog::operations
