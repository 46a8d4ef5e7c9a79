// CREATE FUNCTION, PROCEDURE, TRIGGER and POLICY: their definition is the statement itself.
#include "core/text.hpp"
#include "operations/common.hpp"
#include "operations/definition_text.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_statement.hpp"
#include "sql/ddl_type.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

/// User-defined types among the arguments and the result, and tables whose rows they are.
std::vector<ObjectRef> types_of(const RawStatement& statement) {
    std::set<ObjectRef> out;
    const auto add = [&](const sql::Node& type_name) {
        const sql::DdlType type = sql::ddl_type(type_name, statement.text);
        if (type.user.empty()) return;
        const ObjectName name = statement.name(type.user);
        const catalog::Catalog& catalog = statement.catalog();
        if (catalog.types.contains(name)) out.insert({ObjectKind::type, name, {}});
        if (catalog.tables.contains(name) || catalog.views.contains(name))
            out.insert({ObjectKind::table, name, {}});
    };
    for (const sql::Node& parameter : child(statement.node, "parameters"))
        add(child(inside(parameter), "argType"));
    add(child(statement.node, "returnType"));
    return {out.begin(), out.end()};
}

/// Arguments without what one may write or leave out: the default schema, VARIADIC.
std::string bare(const std::string& arguments, const std::string& schema) {
    std::vector<std::string> out;
    for (std::string argument : split(arguments, ',')) {
        for (const std::string& prefix : {std::string("VARIADIC "), sql::identifier(schema) + '.'})
            if (argument.starts_with(prefix)) argument.erase(0, prefix.size());
        out.push_back(std::move(argument));
    }
    return join(out, ", ");
}

/// A policy's clauses as the author wrote them.
struct PolicyText {
    std::string name, command, roles, condition, check;
    bool restrictive = false;

    std::string definition(const ObjectName& table) const {
        std::string out = fmt::format("CREATE POLICY {} ON {}", sql::identifier(name), sql::qualified(table));
        if (restrictive) out += " AS RESTRICTIVE";
        if (!command.empty()) out += " FOR " + command;
        if (!roles.empty()) out += " TO " + roles;
        if (!condition.empty()) out += " USING (" + condition + ')';
        if (!check.empty()) out += " WITH CHECK (" + check + ')';
        return out;
    }
};

PolicyText policy_text(const sql::DdlText& text, const sql::Node& node, Span span) {
    PolicyText out;
    out.name = text_of(node, "policy_name");
    const std::size_t from = text.after_name(text.at(child(node, "table")));
    const std::size_t as = text.find("AS", from, span.end), rule = text.find("FOR", from, span.end),
                      to = text.find("TO", from, span.end), use = text.find("USING", from, span.end),
                      with = text.find("WITH", from, span.end);
    out.restrictive = text.is(as + 1, "RESTRICTIVE") && as < span.end;
    if (rule < span.end && !text.is(rule + 1, "ALL")) out.command = upper(text[rule + 1]);
    if (to < span.end) out.roles = text.slice(to + 1, std::min({use, with, span.end}));
    if (use < span.end) out.condition = text.within(use + 1);
    if (with < span.end) out.check = text.within(with + 2);
    if (equal_ignoring_case(out.roles, "PUBLIC")) out.roles.clear();
    return out;
}

}  // namespace

std::string retargeted(const std::string& definition, const ObjectName& relation) {
    const sql::ParseTree tree = sql::parse_tree(definition);
    if (tree.statements.size() != 1) return definition;
    const sql::Node& place = child(inside(tree.statements.front()), "relation");
    if (place.is_null()) return definition;
    const sql::DdlText text(definition);
    const std::size_t at = text.at(place), end = text.after_name(at);
    std::string out = definition;
    return out.replace(text.offset(at), text.slice(at, end).size(), sql::qualified(relation));
}

catalog::Function* function_of(RawStatement& statement, const sql::Node& object) {
    const ObjectName name = statement.name(strings_of(child(object, "objname")));
    const auto wanted = sql::written_arguments(object);
    catalog::Function* found = nullptr;
    const auto [first, last] = statement.catalog().functions.equal_range(name);
    for (auto at = first; at != last; ++at) {
        const std::string& schema = statement.scope.default_schema;
        if (wanted && bare(at->second.arguments, schema) != bare(*wanted, schema)) continue;
        if (found != nullptr) return nullptr;
        found = &at->second;
    }
    return found;
}

bool follow_function(RawStatement& statement) {
    const sql::Node& node = statement.node;
    catalog::Catalog& catalog = statement.catalog();
    catalog::Function made;
    made.name = statement.name(strings_of(child(node, "funcname")));
    made.arguments = sql::identity_arguments(child(node, "parameters"));
    made.kind = flag_of(node, "is_procedure") ? "PROCEDURE" : "FUNCTION";
    made.definition = statement.whole();
    const std::string& schema = statement.scope.default_schema;
    if (!schema.empty() && schema != statement.scope.home_schema)  // elsewhere the text alone would lie
        made.definition = qualify_after(made.definition, made.kind, sql::identifier(schema));
    made.depends = types_of(statement);
    const bool replaces = flag_of(node, "replace");
    const auto [first, last] = catalog.functions.equal_range(made.name);
    for (auto at = first; at != last; ++at) {
        if (bare(at->second.arguments, schema) != bare(made.arguments, schema)) continue;
        at->second.definition = made.definition;  // grants and a comment outlive CREATE OR REPLACE
        at->second.depends = made.depends;
        return true;
    }
    const ObjectName name = made.name;
    catalog.functions.emplace(name, std::move(made));
    return !replaces || statement.unsure(ObjectKind::function, name, RawStatement::Before::replaced);
}

bool follow_trigger(RawStatement& statement) {
    const sql::Node& node = statement.node;
    const ObjectName relation = statement.relation(child(node, "relation"));
    if (RawStatement::is_temporary(relation)) return true;
    auto* view = find_in(statement.catalog().views, relation);
    catalog::Table* table = view == nullptr ? statement.table(relation) : nullptr;
    if (view == nullptr && table == nullptr) return statement.fail_unknown(ObjectKind::table, relation);
    std::vector<catalog::Trigger>& triggers = view == nullptr ? table->triggers : view->triggers;
    const std::string name = text_of(node, "trigname");
    const std::string definition = statement.whole_with_schema(child(node, "relation"));
    if (catalog::Trigger* known = find_named(triggers, name)) {
        known->definition = definition;
        return true;
    }
    catalog::Trigger made;
    made.name = name;
    made.definition = definition;
    triggers.push_back(std::move(made));
    if (table != nullptr && !reach_partitions(statement, relation)) return false;
    if (flag_of(node, "replace") && statement.is_invented(relation))
        return statement.fail_unknown(ObjectKind::trigger, relation, name);
    return true;
}

bool follow_policy(RawStatement& statement) {
    const ObjectName relation = statement.relation(child(statement.node, "table"));
    catalog::Table* table = statement.table(relation);
    if (table == nullptr) return statement.fail_unknown(ObjectKind::table, relation);
    catalog::Policy made;
    made.name = text_of(statement.node, "policy_name");
    made.definition = statement.whole_with_schema(child(statement.node, "table"));
    table->policies.push_back(std::move(made));
    return true;
}

bool follow_alter_policy(RawStatement& statement) {
    const ObjectName relation = statement.relation(child(statement.node, "table"));
    const std::string name = text_of(statement.node, "policy_name");
    catalog::Table* table = statement.catalog().table(relation);
    catalog::Policy* policy = table == nullptr ? nullptr : find_named(table->policies, name);
    if (policy == nullptr) return statement.fail_unknown(ObjectKind::policy, relation, name);
    const sql::ParseTree tree = sql::parse_tree(policy->definition);
    if (tree.statements.size() != 1) return statement.fail("the policy's definition cannot be read");
    const sql::DdlText text(policy->definition);
    PolicyText now = policy_text(text, inside(tree.statements.front()), {0, text.size()});
    PolicyText change = policy_text(statement.text, statement.node, statement.span);
    if (!child(statement.node, "roles").empty()) now.roles = change.roles;
    if (!change.condition.empty()) now.condition = change.condition;
    if (!change.check.empty()) now.check = change.check;
    policy->definition = now.definition(relation);
    return true;
}

}  // namespace changelog::operations
