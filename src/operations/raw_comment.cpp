// COMMENT ON anything that the model has.
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_statement.hpp"
#include "sql/ddl_type.hpp"

namespace changelog::operations {

namespace {

using Comment = std::optional<std::string>;

template <typename Map>
Comment* of_object(Map& map, const typename Map::key_type& name) {
    auto* found = find_in(map, name);
    return found == nullptr ? nullptr : &found->comment;
}

template <typename Item>
Comment* of_item(std::vector<Item>& items, const std::string& name) {
    Item* found = find_named(items, name);
    return found == nullptr ? nullptr : &found->comment;
}

Comment* of_part(catalog::Catalog& catalog, const std::string& type, const ObjectName& relation,
                 const std::string& part) {
    catalog::Table* table = catalog.table(relation);
    auto* view = find_in(catalog.views, relation);
    if (type == "OBJECT_TRIGGER" && view != nullptr) return of_item(view->triggers, part);
    if (table == nullptr) return nullptr;
    if (type == "OBJECT_COLUMN") return of_item(table->columns, part);
    if (type == "OBJECT_TABCONSTRAINT") return of_item(table->constraints, part);
    if (type == "OBJECT_TRIGGER") return of_item(table->triggers, part);
    return type == "OBJECT_POLICY" ? of_item(table->policies, part) : nullptr;
}

Comment* of_function(RawStatement& statement, const sql::Node& object) {
    catalog::Function* found = function_of(statement, object);
    return found == nullptr ? nullptr : &found->comment;
}

Comment* of_named(RawStatement& statement, const std::string& type, const std::vector<std::string>& parts) {
    catalog::Catalog& catalog = statement.catalog();
    const ObjectName name = statement.name(parts);
    if (type == "OBJECT_TABLE") return of_object(catalog.tables, name);
    if (type == "OBJECT_VIEW" || type == "OBJECT_MATVIEW") return of_object(catalog.views, name);
    if (type == "OBJECT_SEQUENCE") return of_object(catalog.sequences, name);
    if (type == "OBJECT_TYPE" || type == "OBJECT_DOMAIN") return of_object(catalog.types, name);
    if (type == "OBJECT_SCHEMA") return of_object(catalog.schemas, parts.back());
    if (type == "OBJECT_EXTENSION") return of_object(catalog.extensions, parts.back());
    if (type == "OBJECT_INDEX") {
        const auto place = catalog.find_index(name);
        if (place.index != nullptr) return &place.index->comment;
        for (auto& [table_name, table] : catalog.tables)
            if (table_name.schema == name.schema)
                if (auto* behind = table.constraint(name.name);
                    behind != nullptr && behind->kind != catalog::ConstraintKind::check &&
                    behind->kind != catalog::ConstraintKind::foreign_key)
                    return &behind->index_comment;
        return nullptr;
    }
    return nullptr;
}

Comment* place_of(RawStatement& statement, const std::string& type, const sql::Node& object) {
    const std::string kind = kind_of(object);
    if (kind == "ObjectWithArgs") return of_function(statement, inside(object));
    if (type == "OBJECT_DOMCONSTRAINT") {
        const sql::Node& items = child(inside(object), "items");
        auto* domain = items.size() == 2
                           ? find_in(statement.catalog().types,
                                     statement.name(strings_of(child(inside(items[0]), "names"))))
                           : nullptr;
        return domain == nullptr ? nullptr : of_item(domain->constraints, text_of(inside(items[1]), "sval"));
    }
    std::vector<std::string> parts;
    if (kind == "TypeName")
        parts = strings_of(child(inside(object), "names"));
    else if (kind == "String")
        parts = {text_of(inside(object), "sval")};
    else
        parts = strings_of(object);
    if (parts.empty()) return nullptr;
    const bool is_part = type == "OBJECT_COLUMN" || type == "OBJECT_TABCONSTRAINT" ||
                         type == "OBJECT_TRIGGER" || type == "OBJECT_POLICY";
    if (!is_part) return of_named(statement, type, parts);
    const std::string part = std::move(parts.back());
    parts.pop_back();
    return of_part(statement.catalog(), type, statement.name(parts), part);
}

/// Those of a view's columns stand with the view.
bool comment_on_view_column(RawStatement& statement, const std::string& text) {
    std::vector<std::string> parts = strings_of(child(statement.node, "object"));
    if (text_of(statement.node, "objtype") != "OBJECT_COLUMN" || parts.size() < 2) return false;
    const std::string column = std::move(parts.back());
    parts.pop_back();
    auto* view = find_in(statement.catalog().views, statement.name(parts));
    if (view == nullptr) return false;
    view->column_comments.erase(column);
    if (!text.empty()) view->column_comments[column] = text;
    return true;
}

bool is_on_temporary(const RawStatement& statement) {
    std::vector<std::string> parts = strings_of(child(statement.node, "object"));
    if (text_of(statement.node, "objtype") == "OBJECT_COLUMN" && parts.size() > 1) parts.pop_back();
    return !parts.empty() && RawStatement::is_temporary(statement.name(parts));
}

}  // namespace

bool follow_comment(RawStatement& statement) {
    const std::string text = text_of(statement.node, "comment");
    if (is_on_temporary(statement)) return true;
    Comment* place = place_of(statement, text_of(statement.node, "objtype"), child(statement.node, "object"));
    if (place != nullptr) {
        *place = comment_of(text);
        return true;
    }
    return comment_on_view_column(statement, text) || statement.fail("what it comments on is not known");
}

}  // namespace changelog::operations
