#include "sql/parse_tree.hpp"

#include "sql/nesting.hpp"

#include <pg_query.h>

namespace changelog::sql {

namespace {

const Node& nothing() {
    static const Node null;
    return null;
}

struct Result {
    explicit Result(const std::string& text) : raw(pg_query_parse(text.c_str())) {}
    ~Result() { pg_query_free_parse_result(raw); }
    Result(const Result&) = delete;
    Result& operator=(const Result&) = delete;
    PgQueryParseResult raw;
};

constexpr std::size_t kDeepest = 1'000;  // levels of JSON; an operator takes two

/// How deeply the JSON nests: it is walked recursively.
std::size_t depth_of(std::string_view json) {
    std::size_t depth = 0, deepest = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (quoted) {
            if (c == '\\') ++i;
            if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            deepest = std::max(deepest, ++depth);
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return deepest;
}

/// The length is left out of a last statement without a semicolon.
Extent extent_of(const Node& statement, std::size_t size) {
    const auto number = [&](const char* key) {
        const Node& value = child(statement, key);
        return value.is_number_unsigned() ? value.get<std::size_t>() : 0;
    };
    const std::size_t begin = number("stmt_location"), length = number("stmt_len");
    return {begin, length == 0 ? size : begin + length};
}

}  // namespace

ParseTree parse_tree(const std::string& text) {
    ParseTree tree;
    if (nests_deeply(text, kDeepest / 2)) {  // libpg_query writes its tree recursively
        tree.too_deep = true;
        return tree;
    }
    const Result result(text);
    if (result.raw.error != nullptr) {
        tree.error = SyntaxError{result.raw.error->message, result.raw.error->cursorpos};
        return tree;
    }
    tree.too_deep = depth_of(result.raw.parse_tree) > kDeepest;
    if (tree.too_deep) return tree;
    Node root = Node::parse(result.raw.parse_tree, nullptr, /*allow_exceptions=*/false);
    if (!root.is_object() || !root.contains("stmts")) return tree;
    for (Node& statement : root["stmts"]) {
        if (!statement.contains("stmt")) continue;
        tree.extents.push_back(extent_of(statement, text.size()));
        tree.statements.push_back(std::move(statement["stmt"]));
    }
    return tree;
}

const Node& child(const Node& node, const char* key) {
    if (!node.is_object()) return nothing();
    const auto found = node.find(key);
    return found == node.end() ? nothing() : *found;
}

std::string text_of(const Node& node, const char* key) {
    const Node& value = child(node, key);
    return value.is_string() ? value.get<std::string>() : std::string();
}

bool flag_of(const Node& node, const char* key) {
    const Node& value = child(node, key);
    return value.is_boolean() && value.get<bool>();
}

std::string kind_of(const Node& wrapped) {
    return wrapped.is_object() && wrapped.size() == 1 ? wrapped.begin().key() : std::string();
}

const Node& inside(const Node& wrapped) {
    return wrapped.is_object() && wrapped.size() == 1 ? wrapped.begin().value() : nothing();
}

std::vector<std::string> strings_of(const Node& list) {
    if (kind_of(list) == "List") return strings_of(child(inside(list), "items"));
    std::vector<std::string> out;
    if (!list.is_array()) return out;
    for (const Node& item : list)
        if (kind_of(item) == "String") out.push_back(text_of(inside(item), "sval"));
    return out;
}

std::optional<std::string> constant_of(const Node& wrapped) {
    const std::string kind = kind_of(wrapped);
    if (kind == "TypeCast") return constant_of(child(inside(wrapped), "arg"));
    if (kind == "String") return text_of(inside(wrapped), "sval");
    const Node& value = child(inside(wrapped), "sval");
    if (kind != "A_Const" || value.is_null()) return std::nullopt;
    return text_of(value, "sval");
}

const Node& option_of(const Node& options, const char* name) {
    if (!options.is_array()) return nothing();
    for (const Node& option : options)
        if (text_of(inside(option), "defname") == name) return child(inside(option), "arg");
    return nothing();
}

}  // namespace changelog::sql
