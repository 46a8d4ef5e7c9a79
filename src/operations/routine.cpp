#include "operations/routine.hpp"

#include "catalog/ddl.hpp"
#include "operations/definition_text.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_ddl.hpp"
#include "sql/identifier.hpp"
#include "sql/parse.hpp"

namespace changelog::operations {

namespace {

catalog::Function made_by(const sql::FunctionSignature& signature) {
    catalog::Function function;
    function.name = signature.name;
    function.arguments = signature.arguments;
    function.kind = signature.kind;
    return function;
}

/// In place where only the body differs; otherwise PostgreSQL may refuse, so the new one goes first.
std::vector<Statement> back_to(const catalog::Function& earlier, const std::string& text) {
    if (first_parentheses(earlier.definition) == first_parentheses(text))
        return one(as_replacing(earlier.definition));
    std::vector<Statement> result = one("DROP " + routine_words(earlier));
    append(result, create_routine_statements(earlier));
    return result;
}

}  // namespace

std::string routine_words(const catalog::Function& function) {
    return fmt::format("{} {}({})", function.kind, sql::qualified(function.name), function.arguments);
}

std::vector<Statement> create_routine_statements(const catalog::Function& function) {
    std::vector<Statement> result = one(function.definition);
    if (function.comment)
        result.push_back(statement(catalog::comment_on(routine_words(function), function.comment)));
    if (!function.owner.empty())
        result.push_back(statement(catalog::owner_statement(routine_words(function), function.owner)));
    if (function.closed)
        result.push_back(statement(fmt::format("REVOKE ALL ON {} FROM PUBLIC", routine_words(function))));
    append(result, catalog::grant_statements(routine_words(function), function.grants, function.owner));
    return result;
}

void touch_routine(const std::string& text, const RenderContext& context, Footprint& out) {
    sql::footprint_of(text, context.default_schema, out);
}

Undo undo_routine(const std::string& text, const RenderContext& context) {
    const auto signature = sql::function_signature(text, context.default_schema);
    if (!signature)
        return Undo::unless_observed(
            "the text is no single CREATE FUNCTION or PROCEDURE: it needs a rollback block");
    const auto* earlier = find_function(*context.before, signature->name, signature->arguments);
    if (earlier != nullptr && is_replacing(text)) return undo(back_to(*earlier, text));
    const std::string words = routine_words(made_by(*signature));
    if (is_replacing(text) && !context.complete && !context.before->uncertain.empty())
        return Undo::unless_observed(may_be_there({ObjectKind::function, signature->name, {}}));
    return undo("DROP " + words);
}

void apply_routine(const std::string& text, const RenderContext& context, catalog::Catalog& catalog) {
    follow_sql(text, context.default_schema, catalog, context.server_version);
}

Undo recreate_routine(const RenderContext& context, const ObjectName& name, const std::string& arguments) {
    const auto* known = arguments.empty() ? find_function(*context.before, name)
                                          : find_function(*context.before, name, arguments);
    if (known == nullptr || known->definition.empty())
        return not_known(context, {ObjectKind::function, name, {}});
    return undo(create_routine_statements(*known));
}

void erase_routine(catalog::Catalog& catalog, const ObjectName& name, const std::string& arguments) {
    std::erase_if(catalog.functions, [&](const auto& entry) {
        return entry.first == name && (arguments.empty() || entry.second.arguments == arguments);
    });
}

}  // namespace changelog::operations
