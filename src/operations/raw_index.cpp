// CREATE INDEX.
#include "catalog/dependents.hpp"
#include "operations/common.hpp"
#include "operations/index_key.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_statement.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

using catalog::Index;
using catalog::IndexKey;

/// "lower(name)" or "(a + b)" without the options behind it.
std::string expression_at(const RawStatement& statement, Span span) {
    if (statement.text.is(span.begin, "(")) return statement.text.within(span.begin);
    const std::size_t open = statement.text.after_name(span.begin);
    const bool calls = statement.text.is(open, "(");
    return statement.slice(span.begin, calls ? statement.text.close(open) + 1 : open);
}

IndexKey key_of(const RawStatement& statement, const sql::Node& element, Span span) {
    IndexKey key;
    key.text = text_of(element, "name");
    key.expression = key.text.empty();
    if (key.expression) key.text = expression_at(statement, span);
    std::vector<std::string> collation = strings_of(child(element, "collation"));
    if (collation.size() == 2 && collation.front() == "pg_catalog") collation.erase(collation.begin());
    key.collation = sql::identifiers(collation, ".");
    key.operator_class = sql::identifiers(strings_of(child(element, "opclass")), ".");
    key.descending = text_of(element, "ordering") == "SORTBY_DESC";
    const std::string nulls = text_of(element, "nulls_ordering");
    if (nulls == "SORTBY_NULLS_FIRST") key.nulls_first = true;
    if (nulls == "SORTBY_NULLS_LAST") key.nulls_first = false;
    if (key.nulls_first == key.descending) key.nulls_first.reset();  // that is the default
    return key;
}

bool take_keys(RawStatement& statement, Index& index) {
    const sql::DdlText& text = statement.text;
    const std::size_t name_at = text.at(child(statement.node, "relation"));
    const std::size_t open = text.find("(", text.after_name(name_at), statement.span.end);
    const auto spans = text.items(open + 1, text.close(open));
    const sql::Node& elements = child(statement.node, "indexParams");
    if (spans.size() != elements.size()) return statement.fail("its keys cannot be told apart");
    std::size_t at = 0;
    for (const sql::Node& item : elements) {
        if (!child(inside(item), "opclassopts").is_null())
            return statement.fail("options of an operator class are not kept");
        index.keys.push_back(key_of(statement, inside(item), {spans[at].first, spans[at].second}));
        ++at;
    }
    for (const sql::Node& item : child(statement.node, "indexIncludingParams"))
        index.include.push_back(text_of(inside(item), "name"));
    return true;
}

bool take_name(RawStatement& statement, const ObjectName& relation, Index& index) {
    index.name = text_of(statement.node, "idxname");
    if (!index.name.empty()) return true;
    if (statement.is_invented(relation)) return statement.fail("the name that the index gets is not known");
    index.name = chosen_index_name(statement.catalog(), relation, index);
    if (statement.is_taken_elsewhere({relation.schema, index.name}))
        return statement.fail("the name that the index gets is not known");
    return true;
}

/// Made for the parent alone, the index of a partitioned table is not valid until all partitions have theirs.
void mark_only(const RawStatement& statement, const catalog::Table& table, Index& index) {
    index.on_only = !table.partition_by.empty() && !reaches_children(statement) &&
                    !catalog::descendants(statement.catalog(), table.name).empty();
}

}  // namespace

catalog::Constraint* key_of_index(catalog::Catalog& catalog, const ObjectName& name) {
    for (auto& [table_name, table] : catalog.tables) {
        if (table_name.schema != name.schema) continue;
        catalog::Constraint* found = table.constraint(name.name);
        const bool has_index = found != nullptr && found->kind != catalog::ConstraintKind::check &&
                               found->kind != catalog::ConstraintKind::foreign_key;
        if (has_index) return found;
    }
    return nullptr;
}

bool follow_index(RawStatement& statement) {
    const sql::Node& node = statement.node;
    const ObjectName relation = statement.relation(child(node, "relation"));
    if (RawStatement::is_temporary(relation)) return true;
    const ObjectName name{relation.schema, text_of(node, "idxname")};
    const bool optional = flag_of(node, "if_not_exists");
    if (optional && catalog::relation_exists(statement.catalog(), name)) return true;

    auto* view = find_in(statement.catalog().views, relation);
    catalog::Table* table = view == nullptr ? statement.table(relation) : nullptr;
    if (view == nullptr && table == nullptr) return statement.fail_unknown(ObjectKind::table, relation);
    Index made;
    made.unique = flag_of(node, "unique");
    made.nulls_not_distinct = flag_of(node, "nulls_not_distinct");
    made.method = text_of(node, "accessMethod");
    if (made.method.empty()) made.method = "btree";
    made.options = statement.options(child(node, "options"));
    made.tablespace = text_of(node, "tableSpace");
    if (!child(node, "whereClause").is_null()) {
        const std::size_t where = statement.text.find("WHERE", statement.span.begin, statement.span.end);
        made.predicate = statement.slice(where + 1, statement.span.end);
    }
    if (!take_keys(statement, made) || !take_name(statement, relation, made)) return false;
    if (flag_of(node, "concurrent")) statement.scope.concurrent.insert({relation.schema, made.name});
    const bool guessed = optional && table != nullptr && statement.is_invented(relation);
    if (table != nullptr) mark_only(statement, *table, made);
    (table != nullptr ? table->indexes : view->indexes).push_back(std::move(made));
    if (table != nullptr && reaches_children(statement) && !reach_partitions(statement, relation))
        return false;
    return !guessed || statement.unsure(ObjectKind::index, name);
}

}  // namespace changelog::operations
