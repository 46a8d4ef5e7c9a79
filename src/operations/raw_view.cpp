// CREATE VIEW, CREATE MATERIALIZED VIEW and CREATE TABLE AS.
#include "catalog/dependents.hpp"
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_ddl.hpp"
#include "operations/raw_statement.hpp"
#include "sql/parse.hpp"
#include "sql/statement_reader.hpp"

namespace changelog::operations {

namespace {

using catalog::View;

/// What the query uses, each once.
std::vector<ObjectRef> used_by(const RawStatement& statement, const sql::Node& query) {
    Footprint footprint;
    sql::StatementReader reader(statement.scope.default_schema, footprint);
    reader.query(query, sql::Use::definition);
    std::set<ObjectRef> objects;
    for (Touch& touch : footprint.touches)
        if (touch.object.part != sql::kSomeColumns) objects.insert(std::move(touch.object));
    return {objects.begin(), objects.end()};
}

/// The query's text: behind AS, up to what may follow it.
std::string query_text(const RawStatement& statement, const sql::Node& relation, std::size_t end) {
    const std::size_t name = statement.text.at(relation);
    const std::size_t as = statement.text.find("AS", statement.text.after_name(name), end);
    return statement.slice(as + 1, end);
}

/// Where the words behind the query begin: WITH [CASCADED | LOCAL] CHECK OPTION, WITH [NO] DATA.
std::size_t tail_begin(const RawStatement& statement, std::string_view last) {
    std::size_t end = statement.span.end;
    while (end > 0 && statement.text.is(end - 1, ";")) --end;
    if (end < 2 || !statement.text.is(end - 1, last)) return end;
    for (std::size_t back = 2; back <= 4; ++back)
        if (statement.text.is(end - back, "WITH")) return end - back;
    return end;
}

std::string check_option(const sql::Node& node) {
    const std::string option = text_of(node, "withCheckOption");
    if (option == "LOCAL_CHECK_OPTION") return "local";
    return option == "CASCADED_CHECK_OPTION" ? "cascaded" : "";
}

bool is_recursive_form(const RawStatement& statement) {
    const std::size_t view = statement.text.find("VIEW", statement.span.begin, statement.span.end);
    return view > statement.span.begin && statement.text.is(view - 1, "RECURSIVE");
}

void take_definition(const RawStatement& statement, View& view) {
    const sql::Node& node = statement.node;
    const sql::Node& relation = child(node, "view");
    view.query.clear();
    view.definition.clear();
    view.columns.clear();
    if (is_recursive_form(statement)) {
        view.definition = statement.whole_with_schema(relation);
    } else {
        const std::string checked = check_option(node);
        const std::size_t end = checked.empty() ? statement.span.end : tail_begin(statement, "OPTION");
        view.query = query_text(statement, relation, end);
        view.columns = strings_of(child(node, "aliases"));
        view.options = statement.options(child(node, "options"));
        if (!checked.empty()) view.options["check_option"] = checked;
    }
    view.depends = used_by(statement, child(node, "query"));
}

bool follow_plain_view(RawStatement& statement) {
    const ObjectName name = statement.relation(child(statement.node, "view"));
    if (RawStatement::is_temporary(name)) {
        statement.scope.temporary.insert(name.name);
        return true;
    }
    catalog::Catalog& catalog = statement.catalog();
    const bool replaces = flag_of(statement.node, "replace"), known = catalog.views.contains(name);
    View& view = catalog.views[name];  // grants and a comment outlive CREATE OR REPLACE
    view.name = name;
    take_definition(statement, view);
    return !replaces || known || statement.unsure(ObjectKind::table, name, RawStatement::Before::replaced);
}

bool follow_materialized_view(RawStatement& statement) {
    const sql::Node& into = child(statement.node, "into");
    const ObjectName name = statement.relation(child(into, "rel"));
    catalog::Catalog& catalog = statement.catalog();
    const bool optional = flag_of(statement.node, "if_not_exists");
    if (optional && catalog.views.contains(name)) return true;
    View made;
    made.name = name;
    made.materialized = true;
    made.query = query_text(statement, child(into, "rel"), tail_begin(statement, "DATA"));
    made.columns = strings_of(child(into, "colNames"));
    made.options = statement.options(child(into, "options"));
    made.tablespace = text_of(into, "tableSpaceName");
    made.access_method = text_of(into, "accessMethod");
    if (made.access_method == "heap") made.access_method.clear();
    made.populated = !flag_of(into, "skipData");
    made.depends = used_by(statement, child(statement.node, "query"));
    catalog.views.insert_or_assign(name, std::move(made));
    return !optional || statement.unsure(ObjectKind::table, name);
}

}  // namespace

bool follow_view(RawStatement& statement) {
    return statement.kind == "ViewStmt" ? follow_plain_view(statement) : follow_materialized_view(statement);
}

bool follow_create_table_as(RawStatement& statement) {
    const sql::Node& into =
        statement.kind == "SelectStmt" ? child(statement.node, "intoClause") : child(statement.node, "into");
    const ObjectName name = statement.relation(child(into, "rel"));
    if (RawStatement::is_temporary(name)) {
        statement.scope.temporary.insert(name.name);
        return true;
    }
    catalog::Catalog& catalog = statement.catalog();
    const bool optional = flag_of(statement.node, "if_not_exists");
    if (optional && catalog.tables.contains(name)) return true;
    forget({ObjectKind::table, name, {}}, catalog);
    // Its columns are the query's, whose types are not known here; but it can be dropped.
    if (statement.scope.invent_tables)
        catalog.tables[name].name = name;
    else
        mark_uncertain(catalog,
                       fmt::format("SQL makes {}", to_string(ObjectRef{ObjectKind::table, name, {}})));
    return !optional || statement.unsure(ObjectKind::table, name);
}

}  // namespace changelog::operations
