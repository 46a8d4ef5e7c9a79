#include "operations/raw_sql.hpp"

#include "operations/raw_ddl.hpp"
#include "sql/parse.hpp"
#include "sql/tokens.hpp"

namespace changelog::operations {

namespace {

constexpr std::string_view kDelimiterAdvice = "did you mean 'endDelimiter'?";

/// Comments are sent as they are; but a semicolon that is put behind one at the end must not become part of
/// it.
std::string finished(const std::string& piece) {
    const auto tokens = sql::tokenize(piece);
    if (!tokens || tokens->empty()) return piece;
    if (tokens->back().text == ";") return piece.substr(0, piece.size() - 1);
    const bool open = tokens->back().kind == sql::TokenKind::comment && tokens->back().text.starts_with("--");
    return open && !piece.ends_with('\n') ? piece + '\n' : piece;
}

std::vector<std::string> pieces(const RawSql& options, const std::string& text) {
    sql::SplitOptions split;
    split.split = options.split;
    split.strip_comments = options.strip_comments;
    split.end_delimiter = options.end_delimiter;
    std::vector<std::string> result;
    for (const sql::Piece& piece : sql::split_statements(text, split))
        result.push_back(sql::unescape_jdbc(finished(piece.sql)));
    return result;
}

}  // namespace

void RawSql::describe(FieldVisitor& visitor) {
    visitor.flag(optional("splitStatements", "Cut the text at the end of each statement."), split);
    visitor.flag(optional("stripComments", "Take comments out before the text is sent."), strip_comments);
    visitor.text(
        optional("endDelimiter", "What ends a statement; ';' and GO or / alone on a line if not given."),
        end_delimiter);
    visitor.text(optional("dbms", "Comma list of databases that it is for; all if not given."), database);
    visitor.text(optional("comment", "Remark for the reader.").cosmetic(), comment);
    visitor.text(optional("remarks", "Remark for the reader.").ignored().cosmetic(), comment);
    visitor.misplaced("endDetemiter", kDelimiterAdvice);
    visitor.misplaced("endDeterminer", kDelimiterAdvice);
}

Statement raw_statement(std::string sql) {
    const bool transactional = !sql::controls_transaction(sql) && !sql::needs_no_transaction(sql);
    return Statement{std::move(sql), transactional, {}};
}

std::vector<Statement> RawSql::statements(const std::string& text) const {
    std::vector<Statement> result;
    bool open = false;
    for (std::string& piece : pieces(*this, text)) {
        const bool continues = std::exchange(open, sql::leaves_transaction_open(piece, open));
        if (continues) {  // what the author put into one transaction is one step
            result.back().sql += ";\n" + piece;
        } else {
            result.push_back(raw_statement(std::move(piece)));
        }
    }
    return result;
}

void RawSql::footprint(const std::string& text, const RenderContext& context, Footprint& out) const {
    for (const std::string& piece : pieces(*this, text))
        sql::footprint_of(piece, context.default_schema, out);
}

void RawSql::apply(const std::string& text, const RenderContext& context, catalog::Catalog& catalog) const {
    follow_sql(pieces(*this, text), context.default_schema, catalog, context.server_version);
}

Undo RawSql::inverse(const std::string& text, const RenderContext& context) const {
    return undo_sql(pieces(*this, text), context);
}

}  // namespace changelog::operations
