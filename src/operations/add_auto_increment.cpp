// addAutoIncrement: a sequence as default, in the manner of serial and not of identity, since that is what
// Liquibase makes of an existing column. SET NOT NULL reads the whole table under ACCESS EXCLUSIVE; the rest
// is catalog only. Undone by the default and nullability of before; the sequence is dropped if this made it.
#include "catalog/ddl.hpp"
#include "catalog/naming.hpp"
#include "operations/column_operation.hpp"
#include "operations/lookup.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

extern const OperationType add_auto_increment_type;

namespace {

constexpr std::size_t kLongestName = 63;

struct AddAutoIncrement final : ColumnOperation {
    std::optional<std::string> start_with, increment_by;

    const OperationType& type() const override { return add_auto_increment_type; }

    void describe(FieldVisitor& visitor) override {
        describe_column(visitor);
        visitor.integer(optional("startWith", "First value of the sequence."), start_with);
        visitor.integer(optional("incrementBy", "Step of the sequence."), increment_by);
        ignore(visitor, "columnDataType", "Read and ignored: PostgreSQL knows the column's type.");
        ignore(visitor, "generationType", "Read and ignored: the column gets a sequence, not an identity.");
        ignore(visitor, "defaultOnNull", "Read and ignored: for Oracle.");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        ColumnOperation::footprint(out, context);
        out.touches.push_back({Access::create, {ObjectKind::sequence, sequence(context), {}}, true});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        const std::string name = sequence_sql(context);
        std::string create = "CREATE SEQUENCE  IF NOT EXISTS " + name;
        if (start_with) create += " START WITH " + *start_with;
        if (increment_by) create += " INCREMENT BY " + *increment_by;
        return {statement(create), statement(alter_wide(context, "SET NOT NULL")),
                statement(alter_wide(context, "SET DEFAULT " + next_value(context))),
                statement(fmt::format("ALTER SEQUENCE {} OWNED BY {}.{}", name, sql_table(context),
                                      naming.name(column)))};
    }

    Undo inverse(const RenderContext& context) const override {
        const catalog::Column* was = before(context);
        if (was == nullptr) return not_known(context, ref(context));
        const ObjectName stored = stored_table(context);
        const auto set_default = [](const catalog::Column& each) {
            return each.expression ? "SET DEFAULT " + *each.expression : std::string("DROP DEFAULT");
        };
        Undo out = undo(alter(context, set_default(*was)));
        restore_in_children(
            context, stored, was->name,
            [&](const catalog::Column& child) { return child.expression != was->expression; }, set_default,
            out.statements);
        if (!was->not_null) {
            out.statements.push_back(statement(alter(context, "DROP NOT NULL")));
            restore_in_children(
                context, stored, was->name, [](const catalog::Column& child) { return child.not_null; },
                [](const catalog::Column&) { return "SET NOT NULL"; }, out.statements);
        }
        const Naming naming(context);
        const catalog::Sequence* known = find_in(context.before->sequences, sequence(context));
        if (known == nullptr)
            out.statements.push_back(statement("DROP SEQUENCE " + sequence_sql(context)));
        else if (known->owned_by != ref(context))
            out.statements.push_back(statement(catalog::sequence_owner(naming.shown(*known))));
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const std::string next = next_value(context);
        change(catalog, context, [&](catalog::Column& found) {
            found.not_null = true;
            found.expression = next;
        });
        catalog::name_not_nulls(catalog, stored_table(context), context.server_version);
        catalog::Sequence made;
        made.name = sequence(context);
        made.options.start = start_with;
        made.options.increment = increment_by;
        catalog.sequences.try_emplace(made.name, made).first->second.owned_by = ref(context);
    }

  private:
    std::string written_sequence() const { return table + '_' + column + "_seq"; }
    /// Cut as PostgreSQL cuts names that it makes: else the end goes, and with it what tells it from others.
    ObjectName sequence(const RenderContext& context) const {
        const Naming naming(context);
        ObjectName name = naming.stored_object(schema, written_sequence());
        if (written_sequence().size() > kLongestName)
            name.name = sql::make_object_name(naming.stored(table), naming.stored(column), "seq");
        return name;
    }
    std::string sequence_sql(const RenderContext& context) const {
        if (written_sequence().size() <= kLongestName)
            return Naming(context).object(schema, written_sequence());
        return Naming(context).sql(sequence(context));
    }
    std::string next_value(const RenderContext& context) const {
        return fmt::format("nextval({})", sql::literal(sequence_sql(context)));
    }
};

}  // namespace

const OperationType add_auto_increment_type = {
    "addAutoIncrement", "Gives a column its values from a sequence of its own.", "column",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AddAutoIncrement>(); }};

}  // namespace changelog::operations
