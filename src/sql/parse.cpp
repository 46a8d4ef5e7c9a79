#include "sql/parse.hpp"

#include "core/text.hpp"
#include "sql/ddl_type.hpp"
#include "sql/statement_reader.hpp"

#include <pg_query.h>

namespace changelog::sql {

namespace {

/// The words of a statement's beginning, in lower case; enough to tell statements apart without the parser.
std::vector<std::string> first_words(const std::string& statement, std::size_t count) {
    std::vector<std::string> words;
    for (const Token& token : tokenize(statement).value_or(std::vector<Token>{})) {
        if (token.kind == TokenKind::space || token.kind == TokenKind::comment) continue;
        words.push_back(token.kind == TokenKind::word ? lower(token.text) : std::string(token.text));
        if (words.size() == count) break;
    }
    return words;
}

bool says_concurrently(const Node& node) {
    if (flag_of(node, "concurrent")) return true;
    const Node& options = child(node, "params");
    for (const Node& option : options)
        if (text_of(inside(option), "defname") == "concurrently")
            return constant_of(child(inside(option), "arg")) != "false";
    return false;
}

bool detaches_concurrently(const Node& node) {
    for (const Node& command : child(node, "cmds"))
        if (flag_of(inside(child(inside(command), "def")), "concurrent")) return true;
    return false;
}

bool is_vacuum(const std::string& kind, const Node& node) {
    return kind == "VacuumStmt" && flag_of(node, "is_vacuumcmd");
}

bool always_alone(const std::string& kind) {
    static const std::set<std::string> kinds = {"CreatedbStmt",          "DropdbStmt",
                                                "CreateTableSpaceStmt",  "DropTableSpaceStmt",
                                                "AlterSystemStmt",       "CreateSubscriptionStmt",
                                                "AlterSubscriptionStmt", "DropSubscriptionStmt"};
    return kinds.contains(kind);
}

bool reindexes_many(const std::string& kind, const Node& node) {
    const std::string what = text_of(node, "kind");
    return kind == "ReindexStmt" && what != "REINDEX_OBJECT_INDEX" && what != "REINDEX_OBJECT_TABLE";
}

bool runs_alone(const std::string& kind, const Node& node) {
    if (always_alone(kind) || is_vacuum(kind, node) || reindexes_many(kind, node)) return true;
    if (kind == "ClusterStmt") return child(node, "relation").is_null();
    if (kind == "DropStmt" && text_of(node, "removeType") == "OBJECT_SUBSCRIPTION") return true;
    if (kind == "IndexStmt" || kind == "DropStmt" || kind == "ReindexStmt") return says_concurrently(node);
    return kind == "AlterTableStmt" && detaches_concurrently(node);
}

/// What the grammar does not understand may be of a newer server; then the words decide.
bool words_run_alone(const std::string& statement) {
    const std::vector<std::string> words = first_words(statement, 5);
    if (words.empty()) return false;
    return words.front() == "vacuum" || std::find(words.begin(), words.end(), "concurrently") != words.end();
}

}  // namespace

std::optional<SyntaxError> syntax_error(const std::string& text) { return parse_tree(text).error; }

void footprint_of(const std::string& text, const std::string& default_schema, Footprint& out) {
    const ParseTree tree = parse_tree(text);
    if (tree.error) return out.block("SQL that could not be parsed: " + tree.error->message);
    if (tree.too_deep) return out.block("SQL that is nested too deeply to be read");
    StatementReader reader(default_schema, out);
    for (const Node& statement : tree.statements) reader.statement(statement);
}

bool needs_no_transaction(const std::string& statement) {
    // The parser is asked only where the statement's beginning leaves room for doubt.
    static const std::set<std::string> candidates = {"create",  "drop",   "alter",
                                                     "reindex", "vacuum", "cluster"};
    const std::vector<std::string> words = first_words(statement, 1);
    if (words.empty() || !candidates.contains(words.front())) return false;
    const ParseTree tree = parse_tree(statement);
    if (tree.error || tree.too_deep) return words_run_alone(statement);
    return std::any_of(tree.statements.begin(), tree.statements.end(),
                       [](const Node& node) { return runs_alone(kind_of(node), inside(node)); });
}

std::vector<std::string> single_statements(const std::string& text) {
    std::vector<std::string> out;
    for (const Extent& extent : parse_tree(text).extents)
        out.push_back(text.substr(extent.begin, extent.end - extent.begin));
    return out;
}

bool is_too_deep(const std::string& text) { return parse_tree(text).too_deep; }

std::vector<ObjectRef> relations_of_query(const std::string& query, const std::string& default_schema) {
    Footprint footprint;
    StatementReader reader(default_schema, footprint);
    for (const Node& statement : parse_tree(query).statements) reader.query(statement, Use::definition);
    std::set<ObjectRef> objects;  // sorted, each once
    for (Touch& touch : footprint.touches)
        if (touch.object.part != kSomeColumns) objects.insert(std::move(touch.object));
    return {objects.begin(), objects.end()};
}

std::optional<FunctionSignature> function_signature(const std::string& create_statement,
                                                    const std::string& default_schema) {
    const ParseTree tree = parse_tree(create_statement);
    if (tree.statements.size() != 1 || kind_of(tree.statements.front()) != "CreateFunctionStmt")
        return std::nullopt;
    const Node& node = inside(tree.statements.front());
    Footprint unused;
    const StatementReader reader(default_schema, unused);
    FunctionSignature signature;
    signature.name = reader.name_of(strings_of(child(node, "funcname")));
    signature.arguments = identity_arguments(child(node, "parameters"));
    signature.kind = flag_of(node, "is_procedure") ? "PROCEDURE" : "FUNCTION";
    return signature;
}

int grammar_version() { return PG_VERSION_NUM / 10000; }

}  // namespace changelog::sql
