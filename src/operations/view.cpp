#include "operations/view.hpp"

#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "core/text.hpp"
#include "operations/definition_text.hpp"
#include "sql/identifier.hpp"
#include "sql/parse.hpp"
#include "sql/tokens.hpp"

namespace changelog::operations {

namespace {

int depth_change(std::string_view text) {
    if (text == "(" || text == "[") return 1;
    return text == ")" || text == "]" ? -1 : 0;
}

bool ends_select_list(const sql::Token& token) {
    static constexpr std::string_view kWords[] = {"FROM",   "WHERE", "GROUP", "HAVING", "WINDOW",    "UNION",
                                                  "EXCEPT", "ORDER", "LIMIT", "OFFSET", "INTERSECT", "FETCH"};
    return token.kind == sql::TokenKind::word &&
           std::any_of(std::begin(kWords), std::end(kWords),
                       [&](auto word) { return equal_ignoring_case(token.text, word); });
}

}  // namespace

std::optional<std::size_t> column_count(const std::string& query) {
    const auto tokens = sql::tokenize(query);
    if (!tokens) return std::nullopt;
    int depth = 0;
    std::size_t count = 0;
    std::string_view before;  // the token before, at the same depth
    for (const sql::Token& token : *tokens) {
        if (token.kind == sql::TokenKind::space || token.kind == sql::TokenKind::comment) continue;
        depth += depth_change(token.text);
        if (depth != 0) continue;
        if (count == 0) {
            if (token.kind == sql::TokenKind::word && equal_ignoring_case(token.text, "select")) count = 1;
        } else if (ends_select_list(token)) {
            break;
        } else if (token.text == ",") {
            ++count;
        } else if (token.text == "*" &&
                   (before == "." || before == "," || equal_ignoring_case(before, "select") ||
                    equal_ignoring_case(before, "all") || equal_ignoring_case(before, "distinct"))) {
            return std::nullopt;
        }
        before = token.text;
    }
    return count == 0 ? std::nullopt : std::optional(count);
}

std::string drop_view(const catalog::View& view) {
    return fmt::format("DROP {}VIEW {}", view.materialized ? "MATERIALIZED " : "", sql::qualified(view.name));
}

std::vector<Statement> restore_view(const catalog::Catalog& before, const catalog::View& earlier,
                                    const std::string& replaced_by) {
    const auto now = column_count(replaced_by);
    if (!earlier.materialized && earlier.definition.empty() && now && now == column_count(earlier.query))
        return one(as_replacing(catalog::create_view(earlier)));

    const auto readers = catalog::views_on(before, earlier.name);
    std::vector<Statement> out;
    for (auto reader = readers.rbegin(); reader != readers.rend(); ++reader)
        out.push_back(statement(drop_view(before.views.at(*reader))));
    out.push_back(statement(drop_view(earlier)));
    append(out, catalog::create_view_statements(earlier));
    for (const ObjectName& reader : readers)
        append(out, catalog::create_view_statements(before.views.at(reader)));
    return out;
}

void touch_view(const ObjectName& view, const std::string& query, bool tentative,
                const RenderContext& context, Footprint& out) {
    out.touches.push_back({Access::create, {ObjectKind::table, view, {}}, tentative});
    std::vector<ObjectRef> objects = sql::relations_of_query(query, context.default_schema);
    if (objects.empty() && sql::is_too_deep(query)) out.block("its query is nested too deeply to be read");
    for (ObjectRef& object : objects) out.require(std::move(object));
}

}  // namespace changelog::operations
