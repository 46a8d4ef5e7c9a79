#include "operations/load_rows.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "operations/lookup.hpp"
#include "operations/value_file.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

namespace {

constexpr std::string_view kNoHeader = "the first line of the file is always its header";

/// The cells of columns that hold names of files, once each.
std::set<std::pair<std::string, LoadKind>> cells_naming_files(const CsvFile& file,
                                                              const std::vector<LoadKind>& kinds) {
    std::set<std::pair<std::string, LoadKind>> names;
    file.each_row([&](CsvRow& row) {
        for (std::size_t i = 0; i < kinds.size(); ++i)
            if ((kinds[i] == LoadKind::blob || kinds[i] == LoadKind::clob) && !row.fields[i].empty())
                names.emplace(row.fields[i], kinds[i]);
        return true;
    });
    return names;
}

}  // namespace

void LoadColumn::describe(FieldVisitor& visitor) {
    visitor.text(optional("name", "Column of the table; the header's name if not given."), config.name);
    visitor.text(optional("header", "Header of the file's column that this is about."), header);
    visitor.integer(optional("index", "Place of the file's column that this is about, from 0."), index);
    visitor.text(
        optional("type",
                 "STRING, NUMERIC, BOOLEAN, DATE, UUID, COMPUTED, SEQUENCE, BLOB, CLOB, SKIP or OTHER; "
                 "the column's own if not given."),
        config.type);
    visitor.text(optional("defaultValue", "Value of empty cells, as text."), config.default_value);
    visitor.text(optional("defaultValueNumeric", "Value of empty cells, as a number."),
                 config.default_numeric);
    visitor.flag(optional("defaultValueBoolean", "Value of empty cells, as true or false."),
                 config.default_boolean);
    visitor.date(optional("defaultValueDate", "Value of empty cells, as a date."), config.default_date);
    visitor.text(optional("defaultValueComputed", "Value of empty cells, as an expression."),
                 config.default_computed);
    visitor.text(optional("defaultValueSequenceNext", "Sequence whose next value empty cells get."),
                 config.default_sequence_next);
    visitor.flag(optional("allowUpdate", "Whether loadUpdateData changes it in rows that are there."),
                 allow_update);
}

bool LoadColumn::matches(std::size_t position, const std::string& file_header) const {
    if (index && *index == std::to_string(position)) return true;
    if (!header.empty() && equal_ignoring_case(header, file_header)) return true;
    return !config.name.empty() && equal_ignoring_case(config.name, file_header);
}

std::vector<std::size_t> LoadRows::columns() const {
    std::vector<std::size_t> indexes;
    for (std::size_t i = 0; i < targets.size(); ++i)
        if (targets[i].kind != LoadKind::skip) indexes.push_back(i);
    return indexes;
}

void LoadRows::each(const std::function<bool(const std::vector<Cell>&)>& take) const {
    if (!file) return;
    const auto indexes = columns();
    std::vector<Cell> cells(indexes.size());
    file.each_row([&](CsvRow& row) {
        for (std::size_t i = 0; i < indexes.size(); ++i)
            cells[i] = cell_of(row.fields[indexes[i]], targets[indexes[i]], files);
        return take(cells);
    });
}

void LoadFields::describe(FieldVisitor& visitor) {
    visitor.text(required("file", "The CSV file.").cosmetic(), path);
    visitor.text(table_name(), table);
    visitor.list(optional("columns", "What is to be known of the file's columns.").also("column"),
                 ListOf<LoadColumn>("column", columns));
    visitor.text(schema_name(), schema);
    visitor.text(optional("separator", "What separates values: one character, or \\t."), separator);
    visitor.text(optional("quotchar", "What encloses values that contain separators."), quote);
    visitor.text(optional("commentLineStartsWith", "Rows that begin with it are passed over; \"\" for none."),
                 comment);
    visitor.text(optional("encoding", "Encoding of the file; UTF-8 if not given."), encoding);
    visitor.flag(optional("relativeToChangelogFile",
                          "The path counts from the changelog file, not from the search path.")
                     .cosmetic(),
                 relative);
    visitor.flag(
        optional("usePreparedStatements", "Read and ignored: rows are sent in the fastest way that is exact.")
            .ignored()
            .cosmetic(),
        use_prepared);
    visitor.text(catalog_name(), ignored_catalog);
    visitor.misplaced("quoteChar", "did you mean 'quotchar'?");
    visitor.misplaced("header", kNoHeader);
    visitor.content("file", file_.file.digest, false);
}

void LoadFields::check(Diagnostics& diagnostics, Position at) const {
    if (separator.empty()) diagnostics.error(codes::bad_value, at, "'separator' is empty");
    for (const LoadColumn& column : columns) {
        const auto& headers = file_.header;
        bool found = headers.empty();  // a file that could not be read was reported
        for (std::size_t i = 0; i < headers.size(); ++i) found = found || column.matches(i, headers[i]);
        if (found) continue;
        const std::string name = column.config.name.empty() ? column.header : column.config.name;
        Diagnostic& warning =
            diagnostics.warning(codes::bad_csv, at, fmt::format("no column of the file is '{}'", name));
        warning.did_you_mean = nearest(name, {headers.begin(), headers.end()});
    }
}

void LoadFields::attach(FileLoader& loader) {
    if (lower(path).ends_with(".gz")) {
        Location where;
        where.file = path;
        loader.diagnostics().add(Severity::error, codes::bad_csv, where,
                                 "compressed files are not read: unpack it");
        return;
    }
    FileRequest request;
    request.path = path;
    request.relative = relative;
    request.encoding = encoding;
    const auto found = loader.attach(request);
    if (!found) return;
    file_.file = *found;
    file_.format.separator = separator == "\\t" ? '\t' : separator.empty() ? ',' : separator.front();
    file_.format.quote = quote.empty() ? '\0' : quote.front();
    file_.format.comment = comment;
    const std::size_t errors = loader.diagnostics().count(Severity::error);
    file_.check(loader.diagnostics());
    if (loader.diagnostics().count(Severity::error) != errors)
        file_.header.clear();
    else
        attach_cell_files(loader);
}

void LoadFields::attach_cell_files(FileLoader& loader) {
    std::vector<LoadKind> kinds;
    for (std::size_t i = 0; i < file_.header.size(); ++i) {
        const LoadColumn* column = column_at(i);
        kinds.push_back(column == nullptr ? LoadKind::other : load_kind(column->config.type));
    }
    const auto names_file = [](LoadKind kind) { return kind == LoadKind::blob || kind == LoadKind::clob; };
    if (std::none_of(kinds.begin(), kinds.end(), names_file)) return;
    for (const auto& [name, kind] : cells_naming_files(file_, kinds)) {
        FileRequest request;
        request.path = name;
        request.relative = relative;
        request.optional = true;  // else the cell is the value itself
        if (kind == LoadKind::clob) {
            if (const auto text = loader.text(request)) files_[name] = sql::literal(*text);
        } else if (const auto bytes = from_base64(name) ? std::nullopt : loader.bytes(request)) {
            files_[name] = bytea_literal(*bytes);
        }
    }
}

const LoadColumn* LoadFields::column_at(std::size_t position) const {
    for (const LoadColumn& column : columns)
        if (column.matches(position, file_.header[position])) return &column;
    return nullptr;
}

LoadTarget LoadFields::target_at(std::size_t position, const RenderContext& context) const {
    const Naming naming(context);
    const LoadColumn* column = column_at(position);
    LoadTarget target;
    target.name =
        column != nullptr && !column->config.name.empty() ? column->config.name : file_.header[position];
    target.column = naming.stored(target.name);
    const catalog::Table* known = find_table(context, schema, table);
    const catalog::Column* known_column = known == nullptr ? nullptr : known->column(target.column);
    const std::string type = known_column == nullptr ? std::string{} : known_column->type;
    target.large_object = type == "oid";
    if (column == nullptr || column->config.type.empty())
        target.kind = type.empty() ? LoadKind::other : inferred_kind(type);
    else
        target.kind = load_kind(column->config.type);
    if (column == nullptr) return target;
    target.updates = column->allow_update;
    ColumnConfig defaults = column->config;
    if (defaults.default_sequence_next)
        target.sequence = sequence_call("nextval", *defaults.default_sequence_next, naming);
    target.if_empty = default_expression(defaults, type, naming);
    return target;
}

bool LoadFields::gives(const std::string& name) const {
    for (std::size_t i = 0; i < file_.header.size(); ++i) {
        const LoadColumn* column = column_at(i);
        const bool renamed = column != nullptr && !column->config.name.empty();
        if (equal_ignoring_case(name, renamed ? column->config.name : file_.header[i])) return true;
    }
    return file_.header.empty();
}

std::shared_ptr<const LoadRows> LoadFields::rows(const RenderContext& context) const {
    auto result = std::make_shared<LoadRows>();
    result->file = file_;
    result->files = files_;
    for (std::size_t i = 0; i < file_.header.size(); ++i) result->targets.push_back(target_at(i, context));
    return result;
}

std::string LoadFields::column_list(const LoadRows& rows, const Naming& naming) const {
    std::vector<std::string> names;
    for (const std::size_t i : rows.columns()) names.push_back(naming.name(rows.targets[i].name));
    return join(names, ", ");
}

void LoadFields::footprint(Footprint& out, const RenderContext& context) const {
    const Naming naming(context);
    out.require(naming.table_ref(schema, table));
    for (std::size_t i = 0; i < file_.header.size(); ++i) {
        const LoadTarget target = target_at(i, context);
        if (target.kind != LoadKind::skip) out.require(naming.column_ref(schema, table, target.name));
    }
    for (const LoadColumn& column : columns)
        if (column.config.default_sequence_next)
            out.require(
                {ObjectKind::sequence, sequence_name(*column.config.default_sequence_next, naming), {}});
    out.alter(naming.ref(ObjectKind::rows, schema, table));
}

}  // namespace changelog::operations
