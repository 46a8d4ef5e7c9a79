// enableRowLevelSecurity and disableRowLevelSecurity: ACCESS EXCLUSIVE on the table for a moment. Enabled
// without a policy nobody but the owner sees a row, so policies come first. Undone by putting back what the
// table had.
#include "operations/common.hpp"

namespace changelog::operations {

extern const OperationType enable_row_level_security_type;
extern const OperationType disable_row_level_security_type;

namespace {

struct RowSecurity : Operation {
    std::string schema, table;
    bool force = false;

    virtual bool enables() const = 0;

    void footprint(Footprint& out, const RenderContext& context) const override {
        out.alter(Naming(context).table_ref(schema, table));
    }

    std::vector<Statement> statements(const RenderContext& context) const override {
        std::vector<Statement> result = one(set(context, enables() ? "ENABLE" : "DISABLE"));
        if (force) result.push_back(statement(set(context, "FORCE")));
        return result;
    }

    Undo inverse(const RenderContext& context) const override {
        const catalog::Table* known = find_table(context, schema, table);
        if (known == nullptr) return not_known(context, Naming(context).table_ref(schema, table));
        const bool enabled = known->row_security, forced = known->force_row_security;
        std::vector<Statement> back;
        if (force && !forced) back.push_back(statement(set(context, "NO FORCE")));
        if (enabled != enables()) back.push_back(statement(set(context, enabled ? "ENABLE" : "DISABLE")));
        return undo(std::move(back));
    }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        auto* known = catalog.table(Naming(context).stored_object(schema, table));
        if (known == nullptr) return;
        known->row_security = enables();
        if (force) known->force_row_security = true;
    }

  private:
    std::string set(const RenderContext& context, std::string_view verb) const {
        return fmt::format("ALTER TABLE {} {} ROW LEVEL SECURITY", Naming(context).object(schema, table),
                           verb);
    }
};

struct EnableRowLevelSecurity final : RowSecurity {
    const OperationType& type() const override { return enable_row_level_security_type; }
    bool enables() const override { return true; }
    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name().own(), table);
        visitor.flag(optional("force", "It holds for the table's owner, too.").own(), force);
        visitor.text(schema_name().own(), schema);
    }
};

struct DisableRowLevelSecurity final : RowSecurity {
    const OperationType& type() const override { return disable_row_level_security_type; }
    bool enables() const override { return false; }
    void describe(FieldVisitor& visitor) override {
        visitor.text(table_name().own(), table);
        visitor.text(schema_name().own(), schema);
    }
};

}  // namespace

const OperationType enable_row_level_security_type = {
    "enableRowLevelSecurity", "Enables row level security on a table.", "security",
    []() -> std::unique_ptr<Operation> { return std::make_unique<EnableRowLevelSecurity>(); }};

const OperationType disable_row_level_security_type = {
    "disableRowLevelSecurity", "Disables row level security on a table.", "security",
    []() -> std::unique_ptr<Operation> { return std::make_unique<DisableRowLevelSecurity>(); }};

}  // namespace changelog::operations
