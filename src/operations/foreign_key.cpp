// addForeignKeyConstraint: ALTER TABLE ... ADD FOREIGN KEY, under SHARE ROW EXCLUSIVE on both tables; checks
// every row of the base table, unless `validate: false` leaves that to a later validateConstraint.
// dropForeignKeyConstraint and dropAllForeignKeyConstraints are catalog only, under ACCESS EXCLUSIVE on both
// tables. Adding is undone by dropping, dropping by adding the key again: NOT VALID, and then valid if the
// rows allow it.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "operations/column_operation.hpp"
#include "operations/definition.hpp"
#include "operations/partition_tree.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

extern const OperationType add_foreign_key_constraint_type;
extern const OperationType drop_foreign_key_constraint_type;
extern const OperationType drop_all_foreign_key_constraints_type;

namespace {

using catalog::ConstraintKind;

Field base_table_name() { return required("baseTableName", "Name of the table that has the foreign key."); }
Field base_schema_name() {
    return optional("baseTableSchemaName", "Its schema; the default schema if not given.");
}

struct AddForeignKeyConstraint final : Operation {
    std::string schema, table, name, referenced_schema, referenced_table;
    std::vector<std::string> columns, referenced_columns;
    std::string on_delete, on_update;
    bool delete_cascade = false, deferrable = false, initially_deferred = false, validate = true;

    const OperationType& type() const override { return add_foreign_key_constraint_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(base_table_name(), table);
        visitor.names(required("baseColumnNames", "Its columns."), columns);
        visitor.text(required("constraintName", "Name of the foreign key."), name);
        visitor.text(required("referencedTableName", "Name of the table that it points at."),
                     referenced_table);
        visitor.names(required("referencedColumnNames", "The columns there, which must be unique."),
                      referenced_columns);
        visitor.text(base_schema_name(), schema);
        visitor.text(optional("referencedTableSchemaName", "Schema of the referenced table."),
                     referenced_schema);
        visitor.text(optional("onDelete", "CASCADE, SET NULL, SET DEFAULT, RESTRICT or NO ACTION."),
                     on_delete);
        visitor.text(optional("onUpdate", "CASCADE, SET NULL, SET DEFAULT, RESTRICT or NO ACTION."),
                     on_update);
        visitor.flag(optional("deleteCascade", "The same as onDelete: CASCADE."), delete_cascade);
        visitor.flag(optional("deferrable", "DEFERRABLE."), deferrable);
        visitor.flag(optional("initiallyDeferred", "INITIALLY DEFERRED."), initially_deferred);
        visitor.flag(optional("validate", "false: NOT VALID, so that existing rows are not checked."),
                     validate);
        ignore(visitor, "referencesUniqueColumn",
               "Read and ignored: PostgreSQL finds the unique index by itself.");
        ignore(visitor, "baseTableCatalogName", "Read and ignored: PostgreSQL has one catalog per database.");
        ignore(visitor, "referencedTableCatalogName",
               "Read and ignored: PostgreSQL has one catalog per database.");
        visitor.misplaced(
            "nullable",
            "A foreign key says nothing about NULL: write addNotNullConstraint or dropNotNullConstraint.");
        visitor.misplaced(
            "validated",
            "The key is called validate; under this name existing rows were checked all the same.");
        visitor.misplaced("tableName", "The key is called baseTableName.");
        visitor.misplaced("columnNames", "The key is called baseColumnNames.");
    }

    void check(Diagnostics& diagnostics) const override {
        if (columns.size() != referenced_columns.size() && !columns.empty() && !referenced_columns.empty())
            diagnostics.error(codes::conflicting_keys, at,
                              fmt::format("foreign key '{}' has {} columns and references {}", name,
                                          columns.size(), referenced_columns.size()));
        check_action("onDelete", on_delete, diagnostics);
        check_action("onUpdate", on_update, diagnostics);
        if (delete_cascade && !on_delete.empty() && action(on_delete) != "CASCADE")
            diagnostics.error(codes::conflicting_keys, at, "deleteCascade and another onDelete");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.require(naming.table_ref(schema, table));
        for (const std::string& column : columns) out.require(naming.column_ref(schema, table, column));
        require_referenced(naming.stored_object(referenced_schema, referenced_table),
                           naming.stored(referenced_columns), context, out);
        out.create(naming.part_ref(ObjectKind::constraint, schema, table, name));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const Naming naming(context);
        std::string sql =
            fmt::format("ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
                        naming.object(schema, table), naming.name(name), naming.names(columns),
                        naming.object(referenced_schema, referenced_table), naming.names(referenced_columns));
        if (!on_update.empty()) sql += " ON UPDATE " + on_update;
        if (!delete_action().empty()) sql += " ON DELETE " + delete_action();
        if (deferrable) sql += " DEFERRABLE";
        if (initially_deferred) sql += " INITIALLY DEFERRED";
        if (!validate) sql += " NOT VALID";
        return one(std::move(sql));
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        Undo out = undo(drop_constraint(naming.object(schema, table), naming.name(name)));
        const catalog::Table* before = find_table(context, schema, table);
        if (before == nullptr || before->partition_by.empty()) return out;
        catalog::Catalog after = *context.before;
        apply(after, context);
        restore_taken_over(context, after, before->name, out.statements);
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const Naming naming(context);
        catalog::Table* found = catalog.table(naming.stored_object(schema, table));
        if (found == nullptr) return;
        catalog::Constraint key =
            constraint_of(ConstraintKind::foreign_key, naming.stored(name), naming.stored(columns));
        key.referenced_table = naming.stored_object(referenced_schema, referenced_table);
        key.referenced_columns = naming.stored(referenced_columns);
        key.on_delete = stored_action(delete_action());
        if (const std::size_t open = key.on_delete.find('('); open != std::string::npos) {
            const std::string text = delete_action();
            const std::size_t from = text.find('('), to = text.rfind(')');
            for (const std::string& column : split(text.substr(from + 1, to - from - 1), ','))
                key.set_columns.push_back(sql::from_sql(column));
            key.on_delete = trim(key.on_delete.substr(0, open));
        }
        key.on_update = stored_action(on_update);
        key.deferrable = deferrable || initially_deferred;  // the server takes the second to mean the first
        key.initially_deferred = initially_deferred;
        key.validated = validate;
        add_to_catalog(catalog, *found, std::move(key));
    }

  private:
    std::string delete_action() const { return on_delete.empty() && delete_cascade ? "CASCADE" : on_delete; }

    /// One spelling: upper case, single spaces.
    static std::string action(const std::string& text) { return join(split(upper(text), ' '), " "); }

    static std::string stored_action(const std::string& text) {
        const std::string known = action(text);
        return known == "NO ACTION" ? "" : known;
    }

    void check_action(std::string_view key, const std::string& text, Diagnostics& diagnostics) const {
        const std::string word = action(text);
        for (const std::string_view known :
             {"", "CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"})
            if (word == known) return;
        // PostgreSQL 15: ON DELETE SET NULL (column, ...)
        if (key == "onDelete" && (word.starts_with("SET NULL (") || word.starts_with("SET DEFAULT (")))
            return;
        diagnostics
            .error(codes::not_a_choice, at, fmt::format("{} '{}' is no action of a foreign key", key, text))
            .expected = {"CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"};
    }
};

struct DropForeignKeyConstraint final : ConstraintOperation {
    const OperationType& type() const override { return drop_foreign_key_constraint_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(base_table_name(), table);
        visitor.text(required("constraintName", "Name of the foreign key."), name);
        visitor.text(base_schema_name(), schema);
        ignore(visitor, "baseTableCatalogName", "Read and ignored: PostgreSQL has one catalog per database.");
        for (const std::string_view key :
             {"baseColumnNames", "referencedTableName", "referencedColumnNames", "deferrable",
              "initiallyDeferred", "validate", "onDelete", "onUpdate"})
            visitor.misplaced(key, "The foreign key is found by its name; this key never had an effect.");
        visitor.misplaced("remarks", "Liquibase never stored it here; a comment belongs to the changeset.");
        visitor.misplaced("tableName", "The key is called baseTableName.");
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        return one(drop_sql(context));
    }
    Undo inverse(const RenderContext& context) const override { return restore(context); }
    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        drop(catalog, context);
    }
};

struct DropAllForeignKeyConstraints final : Operation {
    std::string schema, table;

    const OperationType& type() const override { return drop_all_foreign_key_constraints_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(base_table_name(), table);
        visitor.text(base_schema_name(), schema);
        ignore(visitor, "baseTableCatalogName", "Read and ignored: PostgreSQL has one catalog per database.");
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        const Naming naming(context);
        out.alter(naming.table_ref(schema, table));
        for (const catalog::Constraint& key : known(context))
            out.drop({ObjectKind::constraint, naming.stored_object(schema, table), key.name});
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        const std::string on = Naming(context).object(schema, table);
        if (find_table(context, schema, table) == nullptr) return one(look_up_and_drop(sql::literal(on)));
        std::vector<Statement> out;
        for (const catalog::Constraint& key : known(context))
            out.push_back(statement(drop_constraint(on, sql::identifier(key.name))));
        return out;
    }

    Undo inverse(const RenderContext& context) const override {
        const Naming naming(context);
        if (find_table(context, schema, table) == nullptr)
            return not_known(context, naming.table_ref(schema, table));
        Undo out;
        for (const catalog::Constraint& key : known(context))
            append(out.statements, add_again(context, naming.stored_object(schema, table), key));
        return out;
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        const ObjectName on = Naming(context).stored_object(schema, table);
        for (const catalog::Constraint& key : known(context)) catalog.drop_constraint(on, key.name);
    }

  private:
    std::vector<catalog::Constraint> known(const RenderContext& context) const {
        std::vector<catalog::Constraint> out;
        const catalog::Table* found = find_table(context, schema, table);
        if (found == nullptr) return out;
        for (const catalog::Constraint& constraint : found->constraints)
            if (constraint.kind == ConstraintKind::foreign_key) out.push_back(constraint);
        return out;
    }

    static std::string look_up_and_drop(const std::string& table_literal) {
        return fmt::format(
            "DO $$ DECLARE key name; BEGIN FOR key IN SELECT conname FROM pg_catalog.pg_constraint "
            "WHERE conrelid = {0}::regclass AND contype = 'f' ORDER BY conname LOOP "
            "EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', {0}::regclass, key); END LOOP; END $$",
            table_literal);
    }
};

}  // namespace

const OperationType add_foreign_key_constraint_type = {
    "addForeignKeyConstraint", "Adds a foreign key.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<AddForeignKeyConstraint>(); }};

const OperationType drop_foreign_key_constraint_type = {
    "dropForeignKeyConstraint", "Drops a foreign key.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropForeignKeyConstraint>(); }};

const OperationType drop_all_foreign_key_constraints_type = {
    "dropAllForeignKeyConstraints", "Drops all foreign keys of a table.", "constraint",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DropAllForeignKeyConstraints>(); }};

}  // namespace changelog::operations
