// loadUpdateData: for each row of a CSV file an UPDATE by its key and, where that finds none, an INSERT, in
// one statement; no unique constraint is needed. ROW EXCLUSIVE on the table. What the updated rows held
// before is not kept, and which rows were new is not known later, so only a rollback block undoes it.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "operations/load_rows.hpp"

namespace changelog::operations {

extern const OperationType load_update_data_type;

namespace {

struct LoadUpdateData final : Operation {
    LoadFields fields;
    std::vector<std::string> key;
    bool only_update = false;

    const OperationType& type() const override { return load_update_data_type; }

    void describe(FieldVisitor& visitor) override {
        fields.describe(visitor);
        visitor.names(required("primaryKey", "Columns that tell which row is meant."), key);
        visitor.flag(optional("onlyUpdate", "Rows that are not there are left out."), only_update);
    }

    void attach(FileLoader& loader) override { fields.attach(loader); }
    void check(Diagnostics& diagnostics) const override {
        fields.check(diagnostics, at);
        for (const std::string& name : key)
            if (!fields.gives(name))
                diagnostics.error(codes::bad_csv, at,
                                  fmt::format("the file has no column for the key column '{}'", name));
    }
    void footprint(Footprint& out, const RenderContext& context) const override {
        fields.footprint(out, context);
    }
    void apply(catalog::Catalog& /*catalog*/, const RenderContext& /*context*/) const override {}

    std::vector<Statement> statements(const RenderContext& context) const override {
        const auto rows = fields.rows(context);
        const Naming naming(context);
        std::vector<Statement> result;
        rows->each([&](const std::vector<Cell>& cells) {
            std::string text = only_update ? update(*rows, cells, naming) : upsert(*rows, cells, naming);
            if (!text.empty()) result.push_back(statement(std::move(text)));
            return true;
        });
        return result;
    }

    Undo inverse(const RenderContext& context) const override {
        // Looking at the rows tells which are new; those that were updated do not get their values back.
        Undo out = Undo::unless_observed(
            "which rows are new is not known without looking: loadUpdateData needs a rollback block");
        out.losses.push_back(
            one_line(fmt::format("values that rows of {} had before loadUpdateData changed them",
                                 to_text(Naming(context).stored_object(fields.schema, fields.table)))));
        return out;
    }

  private:
    bool is_key(const LoadTarget& target) const {
        return std::any_of(key.begin(), key.end(),
                           [&](const std::string& name) { return equal_ignoring_case(name, target.name); });
    }

    std::string table(const Naming& naming) const { return naming.object(fields.schema, fields.table); }

    std::string condition(const LoadRows& rows, const std::vector<Cell>& cells, const Naming& naming) const {
        std::vector<std::string> parts;
        const auto indexes = rows.columns();
        for (std::size_t i = 0; i < indexes.size(); ++i) {
            const LoadTarget& target = rows.targets[indexes[i]];
            if (!is_key(target)) continue;
            const bool null = cells[i].form == Cell::Form::null;
            parts.push_back(naming.name(target.name) + (null ? " is NULL" : " = " + cells[i].sql()));
        }
        return join(parts, " AND ");
    }

    /// "" where the row has nothing but its key.
    std::string update(const LoadRows& rows, const std::vector<Cell>& cells, const Naming& naming) const {
        std::map<std::string, std::string> set;  // by name, as Liquibase orders them
        const auto indexes = rows.columns();
        for (std::size_t i = 0; i < indexes.size(); ++i) {
            const LoadTarget& target = rows.targets[indexes[i]];
            if (!is_key(target) && target.updates) set[naming.name(target.name)] = cells[i].sql();
        }
        if (set.empty()) return {};
        std::vector<std::string> parts;
        for (const auto& [name, value] : set) parts.push_back(fmt::format("{} = {}", name, value));
        return fmt::format("UPDATE {} SET {} WHERE {}", table(naming), join(parts, ", "),
                           condition(rows, cells, naming));
    }

    std::string upsert(const LoadRows& rows, const std::vector<Cell>& cells, const Naming& naming) const {
        std::vector<std::string> values;
        for (const Cell& cell : cells) values.push_back(cell.sql());
        const std::string changed = update(rows, cells, naming);
        const std::string insert =
            fmt::format("INSERT INTO {} ({}) SELECT {} WHERE NOT EXISTS ", table(naming),
                        fields.column_list(rows, naming), join(values, ", "));
        if (changed.empty())
            return fmt::format("{}(SELECT FROM {} WHERE {})", insert, table(naming),
                               condition(rows, cells, naming));
        return fmt::format("WITH changed AS ({} RETURNING 1) {}(SELECT FROM changed)", changed, insert);
    }
};

}  // namespace

const OperationType load_update_data_type = {
    "loadUpdateData", "Updates or inserts the rows of a CSV file.", "data",
    []() -> std::unique_ptr<Operation> { return std::make_unique<LoadUpdateData>(); }};

}  // namespace changelog::operations
