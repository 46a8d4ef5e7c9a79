// loadData: the rows of a CSV file, under ROW EXCLUSIVE on the table. A few go as multi-row INSERTs; more go
// by COPY, read from the file as they are sent, wherever COPY gives the same rows. Undone by deleting them by
// primary key, where the file gives all of it as constants.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "operations/load_rows.hpp"
#include "operations/row_key.hpp"
#include "operations/row_stream.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

extern const OperationType load_data_type;

namespace {

constexpr std::size_t kRowsPerInsert = 51;
constexpr std::size_t kBytesPerPiece = std::size_t{1} << 16;
constexpr std::size_t kKeysPerDelete = 1000;
constexpr std::size_t kMaxKeys = 100'000;  // the undo is kept in the history

/// Whether COPY makes the same of a column's cells as INSERT with literals does. Bare numbers and booleans
/// are converted to the column's type by INSERT but read as its text by COPY, so the types must agree.
bool copies_alike(const LoadTarget& target, const CsvColumnFacts& facts, const catalog::Column* column) {
    if (target.kind == LoadKind::skip) return true;
    if (column == nullptr || target.if_empty || target.sequence) return false;
    if (column->generated != catalog::Generated::no || (column->identity && column->identity->always))
        return false;
    const sql::TypeClass type = sql::type_class(column->type);
    switch (target.kind) {
        case LoadKind::text:
        case LoadKind::other:
            return true;
        case LoadKind::date:
            return !facts.date_words;
        case LoadKind::boolean:
            return type == sql::TypeClass::boolean;
        case LoadKind::number: {
            const bool whole =
                column->type == "integer" || column->type == "bigint" || column->type == "smallint";
            return type == sql::TypeClass::number && (whole ? facts.integers : facts.numbers);
        }
        case LoadKind::computed:
        case LoadKind::sequence:
        case LoadKind::blob:
        case LoadKind::clob:
        case LoadKind::skip:
            break;
    }
    return false;
}

std::string values_list(const std::vector<Cell>& cells) {
    std::vector<std::string> values;
    for (const Cell& cell : cells) values.push_back(cell.sql());
    return '(' + join(values, ", ") + ')';
}

void copy_pieces(const LoadRows& rows, const TakePiece& take) {
    std::string piece;
    rows.each([&](const std::vector<Cell>& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i != 0) piece += '\t';
            cells[i].append_copy(piece);
        }
        piece += '\n';
        return piece.size() < kBytesPerPiece || take(std::exchange(piece, {}));
    });
    if (!piece.empty()) take(std::move(piece));
}

struct LoadData final : Operation {
    LoadFields fields;

    const OperationType& type() const override { return load_data_type; }
    void describe(FieldVisitor& visitor) override { fields.describe(visitor); }
    void attach(FileLoader& loader) override { fields.attach(loader); }
    void check(Diagnostics& diagnostics) const override { fields.check(diagnostics, at); }
    void footprint(Footprint& out, const RenderContext& context) const override {
        fields.footprint(out, context);
    }
    void apply(catalog::Catalog& /*catalog*/, const RenderContext& /*context*/) const override {}

    std::vector<Statement> statements(const RenderContext& context) const override {
        const auto rows = fields.rows(context);
        if (rows->columns().empty()) return {};
        const Naming naming(context);
        const std::string target = naming.object(fields.schema, fields.table);
        const std::string columns = fields.column_list(*rows, naming);
        if (rows->file.row_count <= kRowsPerInsert || !can_copy(*rows, context))
            return inserts(*rows, fmt::format("INSERT INTO {} ({}) VALUES ", target, columns));
        std::vector<Statement> copy = one(fmt::format("COPY {} ({}) FROM STDIN", target, columns));
        copy.front().rows = [rows] {
            return pull([rows](const TakePiece& take) { copy_pieces(*rows, take); });
        };
        return copy;
    }

    Undo inverse(const RenderContext& context) const override {
        const auto rows = fields.rows(context);
        if (rows->file.row_count == 0) return {};
        const Naming naming(context);
        const ObjectName table = naming.stored_object(fields.schema, fields.table);
        const auto key = key_columns(context, fields.schema, fields.table);
        if (key.empty())
            return Undo::unless_observed(cannot_tell_apart(table, "the table's primary key is not known"));
        if (rows->file.row_count > kMaxKeys)
            return Undo::unless_observed(fmt::format(
                "{} rows are too many to delete one by one: give a rollback block", rows->file.row_count));
        const auto places = places_of(key, *rows);
        if (places.size() != key.size())
            return Undo::unless_observed(
                cannot_tell_apart(table, "the file does not give the whole primary key"));
        return delete_by_key(*rows, key, places, table, naming);
    }

  private:
    bool can_copy(const LoadRows& rows, const RenderContext& context) const {
        const catalog::Table* known = find_table(context, fields.schema, fields.table);
        // COPY does not go through the policies of a table with row level security.
        if (known == nullptr || known->row_security) return false;
        for (std::size_t i = 0; i < rows.targets.size(); ++i)
            if (!copies_alike(rows.targets[i], rows.file.facts[i], known->column(rows.targets[i].column)))
                return false;
        return true;
    }

    static std::vector<Statement> inserts(const LoadRows& rows, const std::string& head) {
        std::vector<Statement> result;
        std::size_t in_last = kRowsPerInsert;
        rows.each([&](const std::vector<Cell>& cells) {
            if (in_last == kRowsPerInsert) {
                result.push_back(statement(head));
                in_last = 0;
            }
            result.back().sql += (in_last++ == 0 ? "" : ",") + values_list(cells);
            return true;
        });
        return result;
    }

    /// Where each key column is among the cells of a row; fewer if one is missing.
    static std::vector<std::size_t> places_of(const std::vector<std::string>& key, const LoadRows& rows) {
        std::vector<std::size_t> places;
        const auto indexes = rows.columns();
        for (const std::string& column : key)
            for (std::size_t i = 0; i < indexes.size(); ++i)
                if (rows.targets[indexes[i]].column == column) places.push_back(i);
        return places;
    }

    static Undo delete_by_key(const LoadRows& rows, const std::vector<std::string>& key,
                              const std::vector<std::size_t>& places, const ObjectName& table,
                              const Naming& naming) {
        const std::string columns = sql::identifiers(key);
        const std::string head = fmt::format("DELETE FROM {} WHERE {} IN (", naming.sql(table),
                                             key.size() == 1 ? columns : '(' + columns + ')');
        std::vector<Statement> result;
        bool constant = true;
        std::size_t in_last = kKeysPerDelete;
        rows.each([&](const std::vector<Cell>& cells) {
            std::vector<std::string> values;
            for (const std::size_t place : places) values.push_back(cells[place].sql());
            constant = constant && std::all_of(values.begin(), values.end(), is_constant);
            if (in_last == kKeysPerDelete) {
                if (!result.empty()) result.back().sql += ')';
                result.push_back(statement(head));
                in_last = 0;
            }
            result.back().sql += in_last++ == 0 ? "" : ", ";
            result.back().sql += key.size() == 1 ? values.front() : '(' + join(values, ", ") + ')';
            return constant;
        });
        if (!constant)
            return Undo::unless_observed(cannot_tell_apart(table, "some key of the file is no constant"));
        if (!result.empty()) result.back().sql += ')';
        return undo(std::move(result));
    }
};

}  // namespace

const OperationType load_data_type = {
    "loadData", "Inserts the rows of a CSV file.", "data",
    []() -> std::unique_ptr<Operation> { return std::make_unique<LoadData>(); }};

}  // namespace changelog::operations
