#include "sql/mentions.hpp"

#include "sql/parse_tree.hpp"
#include "sql/tokens.hpp"

#include <algorithm>

namespace changelog::sql {

namespace {

std::size_t place_of(const Node& node) {
    const Node& location = child(node, "location");
    return location.is_number_integer() && location.get<long>() > 0 ? location.get<std::size_t>() : 0;
}

class Walk {
  public:
    explicit Walk(Mentions& found) : found_(found) {}

    void walk(const Node& node) {
        if (node.is_array()) {
            for (const Node& item : node) walk(item);
        } else if (node.is_object()) {
            for (const auto& [key, value] : node.items()) member(key, value);
        }
    }

  private:
    void member(const std::string& key, const Node& value) {
        if (value.is_object() && value.contains("relname")) {
            return relation(value, key == "view" || key == "rel");
        } else if (key == "ColumnRef") {
            return column(value, false);
        } else if (key == "ResTarget") {
            return target(value);
        } else if (key == "TypeCast") {
            return cast(value);
        } else if (key == "A_Const") {
            return constant(value, {});
        } else if (key == "FuncCall") {
            return call(value);
        } else if (key == "TypeName" || key == "typeName" || key == "argType" || key == "returnType") {
            type(value);
        } else {
            scope(key, value);
        }
        walk(value);
    }

    void scope(const std::string& key, const Node& value) {
        if (key == "SubLink" || key == "RangeSubselect" || key == "RangeFunction" || key == "CommonTableExpr")
            found_.nested = true;
        if (key == "op" && value.is_string() && value != "SETOP_NONE" &&
            value.get<std::string>().starts_with("SETOP"))
            found_.nested = true;
        if (key == "CommonTableExpr") found_.names.insert(text_of(value, "ctename"));
        if (key == "alias") name(value);
        if (key == "JoinExpr") join(value);
        if (key == "A_Indirection")
            for (const std::string& part : strings_of(child(value, "indirection"))) found_.parts.insert(part);
    }

    void name(const Node& alias) {
        found_.names.insert(text_of(alias, "aliasname"));
        for (const std::string& column : strings_of(child(alias, "colnames"))) found_.names.insert(column);
    }

    void join(const Node& node) {
        found_.natural = found_.natural || flag_of(node, "isNatural");
        for (const std::string& column : strings_of(child(node, "usingClause"))) found_.parts.insert(column);
    }

    void relation(const Node& node, bool target) {
        Mention mention;
        mention.target = target;
        mention.what = Mention::What::relation;
        if (const std::string schema = text_of(node, "schemaname"); !schema.empty())
            mention.parts.push_back(schema);
        mention.parts.push_back(text_of(node, "relname"));
        mention.offset = place_of(node);
        const Node& alias = child(node, "alias");
        mention.alias = text_of(alias, "aliasname");
        if (!alias.is_null()) name(alias);
        found_.all.push_back(std::move(mention));
    }

    void column(const Node& node, bool output) {
        Mention mention;
        mention.what = Mention::What::column;
        const Node& fields = child(node, "fields");
        mention.parts = strings_of(fields);
        mention.star = !fields.empty() && kind_of(fields.back()) == "A_Star";
        mention.offset = place_of(node);
        mention.output = output && !mention.star;
        found_.all.push_back(std::move(mention));
    }

    void target(const Node& node) {
        const std::string given = text_of(node, "name");
        const Node& value = child(node, "val");
        if (!given.empty()) found_.names.insert(given);
        if (kind_of(value) == "ColumnRef") return column(inside(value), given.empty());
        walk(value);
    }

    void type(const Node& node) {
        Mention mention;
        mention.what = Mention::What::type;
        mention.parts = strings_of(child(node, "names"));
        mention.offset = place_of(node);
        if (!mention.parts.empty()) found_.all.push_back(std::move(mention));
    }

    void cast(const Node& node) {
        const std::vector<std::string> to = strings_of(child(child(node, "typeName"), "names"));
        type(child(node, "typeName"));
        const Node& value = child(node, "arg");
        if (kind_of(value) == "A_Const") return constant(inside(value), to.empty() ? "" : to.back());
        walk(value);
    }

    void constant(const Node& node, const std::string& to) {
        const Node& value = child(node, "sval");
        if (value.is_null()) return;
        Mention mention;
        mention.what = Mention::What::constant;
        mention.parts = {text_of(value, "sval")};
        mention.offset = place_of(node);
        mention.cast = to;
        found_.all.push_back(std::move(mention));
    }

    /// The sequence functions take a regclass, which a constant becomes without a cast.
    void call(const Node& node) {
        const std::vector<std::string> function = strings_of(child(node, "funcname"));
        const std::string last = function.empty() ? "" : function.back();
        const bool takes_relation = last == "nextval" || last == "currval" || last == "setval";
        for (const auto& [key, value] : node.items()) {
            if (key != "args" || !takes_relation) {
                walk(value);
                continue;
            }
            for (const Node& argument : value)
                kind_of(argument) == "A_Const" ? constant(inside(argument), "regclass") : walk(argument);
        }
    }

    Mentions& found_;
};

std::optional<Mentions> mentions_in(const std::string& text, std::size_t shift) {
    const ParseTree tree = parse_tree(text);
    if (tree.error || tree.too_deep || tree.statements.size() != 1) return std::nullopt;
    Mentions found;
    Walk(found).walk(tree.statements.front());
    found.names.erase("");
    for (Mention& mention : found.all) mention.offset -= std::min(shift, mention.offset);
    std::stable_sort(found.all.begin(), found.all.end(),
                     [](const Mention& a, const Mention& b) { return a.offset < b.offset; });
    return found;
}

bool is_blank(const Token& token) {
    return token.kind == TokenKind::space || token.kind == TokenKind::comment;
}

std::size_t begin_of(const std::string& text, const Token& token) {
    return static_cast<std::size_t>(token.text.data() - text.data());
}

}  // namespace

std::optional<Mentions> mentions_of_statement(const std::string& text) { return mentions_in(text, 0); }

std::optional<Mentions> mentions_of_expression(const std::string& text) {
    constexpr std::string_view kBefore = "SELECT (";
    // The output column of the wrapping SELECT is none of the expression's own.
    auto found = mentions_in(std::string(kBefore) + text + "\n)", kBefore.size());
    if (found)
        for (Mention& mention : found->all) mention.output = false;
    return found;
}

std::string with_edits(const std::string& text, std::vector<NameEdit> edits) {
    std::sort(edits.begin(), edits.end(),
              [](const NameEdit& a, const NameEdit& b) { return a.offset > b.offset; });
    const auto tokens = tokenize(text);
    std::string out = text;
    if (!tokens) return out;
    for (const NameEdit& edit : edits) {
        auto at = std::find_if(tokens->begin(), tokens->end(),
                               [&](const Token& token) { return begin_of(text, token) >= edit.offset; });
        const auto next = [&](auto from) {
            return std::find_if(from, tokens->end(), [](const Token& token) { return !is_blank(token); });
        };
        const auto first = at;
        auto last = at;
        for (std::size_t part = 0; at != tokens->end(); ++part) {
            last = at;
            if (part == edit.part) break;
            at = next(at + 1);  // the dot
            if (at == tokens->end() || at->text != ".") break;
            at = next(at + 1);
        }
        if (last == tokens->end()) continue;
        const std::size_t begin = begin_of(text, edit.whole ? *first : *last);
        const std::size_t end = begin_of(text, *last) + last->text.size();
        out.replace(begin, end - begin, edit.replacement + edit.behind);
    }
    return out;
}

}  // namespace changelog::sql
