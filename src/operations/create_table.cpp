// createTable: CREATE TABLE, then COMMENTs. The new table is locked until commit, which nobody else can
// notice; a foreign key also takes SHARE ROW EXCLUSIVE on the table that it points at. Undone by DROP TABLE;
// rows that were written since go with it.
#include "changelog/codes.hpp"

#include "catalog/naming.hpp"
#include "core/text.hpp"
#include "operations/definition.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

extern const OperationType create_table_type;

namespace {

using catalog::Constraint;
using catalog::ConstraintKind;

/// One UNIQUE of the table: columns that give the same name share it.
struct UniqueKey {
    std::string name;
    std::vector<std::string> columns;
};

struct CreateTable final : Operation {
    std::string schema, table, remarks, tablespace, table_type;
    bool if_not_exists = false;
    std::string partition_by;
    std::vector<ColumnConfig> columns;

    const OperationType& type() const override { return create_table_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name(), table);
        visitor.text(schema_name(), schema);
        visitor.list(required("columns", "The columns, in order.").also("column"),
                     ColumnList(columns, ColumnUse::create_table));
        visitor.text(optional("remarks", "COMMENT ON TABLE; white space around it does not count."), remarks);
        remarks = trim(remarks);
        visitor.text(optional("tablespace", "Tablespace of the table."), tablespace);
        visitor.flag(optional("ifNotExists",
                              "CREATE TABLE IF NOT EXISTS: an existing table of that name stays as it is."),
                     if_not_exists);
        visitor.text(optional("tableType", "Word before TABLE: UNLOGGED or TEMPORARY."), table_type);
        visitor.text(optional("partitionBy",
                              "PARTITION BY of a partitioned table: RANGE (day), LIST (region), HASH (id).")
                         .sql(),
                     partition_by);
        ignore_catalog_name(visitor);
        describe_misplaced(visitor);
    }

    void check(Diagnostics& diagnostics) const override {
        if (columns.empty())
            diagnostics.error(codes::missing_key, at, fmt::format("table '{}' has no columns", table));
        for (const ColumnConfig& column : columns)
            check_definition(column, sql::TypeUse::create_table, at, diagnostics);
        const std::string word = upper(trim(table_type));
        for (const std::string_view known :
             {"", "TEMPORARY", "TEMP", "UNLOGGED", "GLOBAL TEMPORARY", "LOCAL TEMPORARY"})
            if (word == known) return;
        diagnostics.error(codes::not_a_choice, at, fmt::format("tableType '{}' is not known", table_type))
            .expected = {"UNLOGGED", "TEMPORARY"};
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        const std::size_t first = out.touches.size();
        out.require({ObjectKind::schema, {"", naming.stored_object(schema, table).schema}, {}});
        out.create(naming.table_ref(schema, table));
        for (const ColumnConfig& column : columns)
            touch_definition(column, sql::TypeUse::create_table, schema, table, context, out);
        if (!key_columns().empty())
            out.create(naming.part_ref(ObjectKind::constraint, schema, table, key_name()));
        if (!if_not_exists) return;
        for (std::size_t i = first; i < out.touches.size(); ++i)
            if (out.touches[i].access == Access::create) out.touches[i].tentative = true;
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        std::vector<std::string> elements;
        for (const ColumnConfig& column : columns) elements.push_back(column_sql(column, naming));
        if (const std::string key = key_sql(naming); !key.empty()) elements.push_back(key);
        for (const ColumnConfig& column : columns)
            if (column.constraints.has_reference()) elements.push_back(foreign_key_sql(column, naming));
        for (const UniqueKey& key : unique_keys()) elements.push_back(unique_sql(key, naming));
        const std::string word = upper(trim(table_type));
        std::string sql =
            fmt::format("CREATE {}TABLE {}{} ({})", word.empty() ? "" : word + ' ',
                        if_not_exists ? "IF NOT EXISTS " : "", sql_name(naming), join(elements, ", "));
        if (!partition_by.empty()) sql += " PARTITION BY " + partition_by;
        if (!tablespace.empty()) sql += " TABLESPACE " + naming.name(tablespace);
        std::vector<Statement> out = one(std::move(sql));
        append(out, comments(naming));
        return out;
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName name = naming.stored_object(schema, table);
        if (is_temporary()) return undo(one("DROP TABLE IF EXISTS " + sql_name(naming)));
        if (if_not_exists && context.before->table(name) != nullptr) return {};
        if (if_not_exists && !context.complete)
            return Undo::unless_observed(may_be_there({ObjectKind::table, name, {}}));
        Undo out = undo("DROP TABLE " + sql_name(naming));
        out.since.push_back(one_line(fmt::format("rows of {} written since", to_text(name))));
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        const ObjectName name = naming.stored_object(schema, table);
        if (is_temporary()) return;  // gone with the session
        if (if_not_exists && catalog.table(name) != nullptr) return;
        catalog::Table& made = catalog.tables[name] = {};
        made.name = name;
        made.persistence = upper(trim(table_type));
        made.tablespace = tablespace.empty() ? "" : naming.stored(tablespace);
        made.partition_by = partition_by;
        if (!remarks.empty()) made.comment = remarks;
        for (const ColumnConfig& column : columns)
            made.columns.push_back(defined_column(column, sql::TypeUse::create_table, naming));
        add_constraints(catalog, made, naming);
        catalog::name_not_nulls(catalog, name, context.server_version);
    }

  private:
    static void describe_misplaced(FieldVisitor& visitor) {
        constexpr std::string_view kNeverMade =
            "Liquibase ignores this key, so the constraint was never made. ";
        const auto advise = [&](std::string_view key, std::string_view advice) {
            visitor.misplaced(key, fmt::format("{}{}", kNeverMade, advice));
        };
        advise(
            "uniqueConstraints",
            "Write an addUniqueConstraint after the table, or `constraints: {unique: true}` on the column.");
        advise(
            "uniqueConstraint",
            "Write an addUniqueConstraint after the table, or `constraints: {unique: true}` on the column.");
        advise("primaryKeys",
               "Write `constraints: {primaryKey: true}` on each column of the key, or an addPrimaryKey.");
        advise("primaryKey",
               "Write `constraints: {primaryKey: true}` on each column of the key, or an addPrimaryKey.");
        advise(
            "constraints",
            "Constraints stand under each column, or in addUniqueConstraint, addForeignKeyConstraint, ...");
        advise("foreignKeyConstraints", "Write an addForeignKeyConstraint after the table.");
        advise("addForeignKeyConstraint", "It is a change of its own: write it as an item of `changes`.");
        advise("addUniqueConstraint", "It is a change of its own: write it as an item of `changes`.");
        advise("addPrimaryKey", "It is a change of its own: write it as an item of `changes`.");
        visitor.misplaced(
            "createIndex",
            "It is a change of its own: write it as an item of `changes`. The index was never made.");
        visitor.misplaced("comment",
                          "A table's comment is called `remarks`; under this name it was never stored.");
    }

    bool is_temporary() const { return upper(table_type).find("TEMP") != std::string::npos; }

    std::string sql_name(const Naming& naming) const {
        return is_temporary() ? naming.name(table) : naming.object(schema, table);
    }

    std::vector<std::string> key_columns() const {
        std::vector<std::string> out;
        for (const ColumnConfig& column : columns)
            if (column.constraints.primary_key) out.push_back(column.name);
        return out;
    }

    /// The name that the first column of the key gives, unless a later one gives another; else Liquibase's
    /// T_pkey.
    std::string key_name() const {
        constexpr std::size_t kRoom = 63 - 5;
        std::optional<std::string> common;
        for (const ColumnConfig& column : columns) {
            if (!column.constraints.primary_key) continue;
            const std::string& name = column.constraints.primary_key_name;
            if (!common)
                common = name;
            else if (!name.empty() && name != *common)
                common = "";
        }
        return common && !common->empty() ? *common : clip_utf8(table, kRoom) + "_pkey";
    }

    std::vector<UniqueKey> unique_keys() const {
        std::vector<UniqueKey> out;
        for (const ColumnConfig& column : columns) {
            if (!column.constraints.unique) continue;
            const std::string& name = column.constraints.unique_name;
            const auto same = std::find_if(out.begin(), out.end(), [&](const UniqueKey& key) {
                return !name.empty() && key.name == name;
            });
            if (same != out.end())
                same->columns.push_back(column.name);
            else
                out.push_back({name, {column.name}});
        }
        return out;
    }

    static std::string deferral(const ConstraintsConfig& constraints) {
        return std::string(constraints.initially_deferred ? " INITIALLY DEFERRED" : "") +
               (constraints.deferrable ? " DEFERRABLE" : "");
    }

    static std::string column_sql(const ColumnConfig& column, const Naming& naming) {
        const std::string type = emitted_type(column, sql::TypeUse::create_table);
        std::string out = naming.name(column.name) + ' ' + type;
        if (is_identity(column, sql::TypeUse::create_table))
            out += identity_clause(column);
        else
            out += default_clause(default_expression(column, type, naming));
        return column.constraints.is_not_null() ? out + " NOT NULL" : out;
    }

    std::string key_sql(const Naming& naming) const {
        const std::vector<std::string> key = key_columns();
        if (key.empty()) return {};
        std::string out =
            fmt::format("CONSTRAINT {} PRIMARY KEY ({})", naming.name(key_name()), naming.names(key));
        ConstraintsConfig merged;
        for (const ColumnConfig& column : columns) {
            if (!column.constraints.primary_key) continue;
            if (merged.primary_key_tablespace.empty())
                merged.primary_key_tablespace = column.constraints.primary_key_tablespace;
            merged.deferrable = merged.deferrable || column.constraints.deferrable;
            merged.initially_deferred = merged.initially_deferred || column.constraints.initially_deferred;
        }
        if (!merged.primary_key_tablespace.empty())
            out += " USING INDEX TABLESPACE " + naming.name(merged.primary_key_tablespace);
        return out + deferral(merged);
    }

    static std::string foreign_key_sql(const ColumnConfig& column, const Naming& naming) {
        const Reference reference = *reference_of(column.constraints, naming, ReferenceText::verbatim);
        std::string out = fmt::format("CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}",
                                      naming.name(column.constraints.foreign_key_name),
                                      naming.name(column.name), reference.sql_table);
        if (!reference.sql_columns.empty()) out += '(' + reference.sql_columns + ')';
        if (column.constraints.delete_cascade) out += " ON DELETE CASCADE";
        return out + deferral(column.constraints);
    }

    static std::string unique_sql(const UniqueKey& key, const Naming& naming) {
        const std::string name = key.name.empty() ? "" : "CONSTRAINT " + naming.name(key.name) + ' ';
        return fmt::format("{}UNIQUE ({})", name, naming.names(key.columns));
    }

    std::vector<Statement> comments(const Naming& naming) const {
        std::vector<Statement> out;
        const std::string name = sql_name(naming);
        if (!remarks.empty()) out.push_back(statement(catalog::comment_on("TABLE " + name, remarks)));
        for (const ColumnConfig& column : columns)
            if (!column.remarks.empty())
                out.push_back(statement(
                    catalog::comment_on("COLUMN " + name + '.' + naming.name(column.name), column.remarks)));
        return out;
    }

    void add_constraints(catalog::Catalog& catalog, catalog::Table& made, const Naming& naming) const {
        if (const auto key = key_columns(); !key.empty()) {
            Constraint constraint =
                constraint_of(ConstraintKind::primary_key, naming.stored(key_name()), naming.stored(key));
            for (const ColumnConfig& column : columns) {
                if (!column.constraints.primary_key) continue;
                constraint.deferrable = constraint.deferrable || column.constraints.deferrable ||
                                        column.constraints.initially_deferred;
                constraint.initially_deferred =
                    constraint.initially_deferred || column.constraints.initially_deferred;
                if (!column.constraints.primary_key_tablespace.empty())
                    constraint.tablespace = naming.stored(column.constraints.primary_key_tablespace);
            }
            add_to_catalog(catalog, made, std::move(constraint));
        }
        for (const ColumnConfig& column : columns) {
            const auto reference = reference_of(column.constraints, naming, ReferenceText::verbatim);
            if (!reference) continue;
            Constraint key = defined_foreign_key(column, *reference, naming);
            key.deferrable = column.constraints.deferrable || column.constraints.initially_deferred;
            key.initially_deferred = column.constraints.initially_deferred;
            add_to_catalog(catalog, made, std::move(key));
        }
        for (const UniqueKey& key : unique_keys())
            add_to_catalog(
                catalog, made,
                constraint_of(ConstraintKind::unique, key.name.empty() ? "" : naming.stored(key.name),
                              naming.stored(key.columns)));
    }
};

}  // namespace

const OperationType create_table_type = {
    "createTable", "Creates a table.", "table",
    []() -> std::unique_ptr<Operation> { return std::make_unique<CreateTable>(); }};

}  // namespace changelog::operations
