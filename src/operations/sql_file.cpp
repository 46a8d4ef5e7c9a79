// sqlFile: as sql, with the statements in a file of their own. The file's text is part of the checksum, its
// path is not: moving a file changes nothing.
#include "operations/common.hpp"
#include "operations/files.hpp"
#include "operations/raw_sql.hpp"

namespace changelog::operations {

extern const OperationType sql_file_type;

namespace {

struct SqlFile final : Operation {
    std::string path, encoding;
    bool relative = false;
    RawSql options;
    std::string text;  ///< of the file

    const OperationType& type() const override { return sql_file_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("path", "File with the statements.").cosmetic(), path);
        visitor.flag(optional("relativeToChangelogFile",
                              "The path counts from the changelog file, not from the search path.")
                         .cosmetic(),
                     relative);
        visitor.text(optional("encoding", "Encoding of the file; UTF-8 if not given.").cosmetic(), encoding);
        options.describe(visitor);
        visitor.content("sql", text, true);
    }

    void attach(FileLoader& loader) override {
        FileRequest request;
        request.path = path;
        request.relative = relative;
        request.encoding = encoding;
        request.expand = true;
        if (auto content = loader.text(request)) text = std::move(*content);
    }

    void footprint(Footprint& out, const RenderContext& context) const override {
        options.footprint(text, context, out);
    }

    std::vector<Statement> statements(const RenderContext& /*context*/) const override {
        return options.statements(text);
    }

    Undo inverse(const RenderContext& context) const override { return options.inverse(text, context); }

    void apply(catalog::Catalog& catalog, const RenderContext& context) const override {
        options.apply(text, context, catalog);
    }

    std::string_view dbms() const override { return options.database; }
};

}  // namespace

const OperationType sql_file_type = {
    "sqlFile", "Runs SQL from a file.", "raw",
    []() -> std::unique_ptr<Operation> { return std::make_unique<SqlFile>(); }};

}  // namespace changelog::operations
