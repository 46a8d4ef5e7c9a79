// DROP of everything, with what goes along.
#include "catalog/dependents.hpp"
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_ddl.hpp"
#include "operations/raw_statement.hpp"
#include "operations/sequence.hpp"
#include "operations/user_type.hpp"
#include "sql/ddl_type.hpp"

namespace changelog::operations {

namespace {

bool cascades(const RawStatement& statement) { return text_of(statement.node, "behavior") == "DROP_CASCADE"; }

bool drop_table(RawStatement& statement, const ObjectName& name) {
    catalog::Catalog& catalog = statement.catalog();
    const bool known = catalog.tables.contains(name) && !statement.is_invented(name);
    catalog.drop_table(name, cascades(statement));
    return known || statement.fail_unknown(ObjectKind::table, name);
}

bool drop_view(RawStatement& statement, const ObjectName& name) {
    catalog::Catalog& catalog = statement.catalog();
    const bool known = catalog.views.contains(name);
    if (cascades(statement))
        for (const ObjectName& reader : catalog::views_on(catalog, name)) catalog.views.erase(reader);
    catalog.views.erase(name);
    return known || statement.fail_unknown(ObjectKind::table, name);
}

void drop_attached(catalog::Catalog& catalog, const ObjectName& parent) {
    std::vector<ObjectName> attached;
    for (auto& [name, table] : catalog.tables)
        std::erase_if(table.indexes, [&](const catalog::Index& index) {
            const bool goes = index.attached_to == parent;
            if (goes) attached.push_back({name.schema, index.name});
            return goes;
        });
    for (const ObjectName& index : attached) drop_attached(catalog, index);
}

bool drop_index(RawStatement& statement, const ObjectName& name) {
    catalog::Catalog& catalog = statement.catalog();
    const auto place = catalog.find_index(name);
    if (flag_of(statement.node, "concurrent")) statement.scope.concurrent.insert(name);
    if (place.index == nullptr) return statement.fail_unknown(ObjectKind::index, name);
    auto& indexes = place.table != nullptr ? place.table->indexes : place.view->indexes;
    std::erase_if(indexes, [&](const catalog::Index& index) { return index.name == name.name; });
    drop_attached(catalog, name);
    return true;
}

bool drop_sequence(RawStatement& statement, const ObjectName& name) {
    catalog::Catalog& catalog = statement.catalog();
    if (cascades(statement))
        for (const SequenceUse& use : uses_of_sequence(catalog, name, statement.scope.default_schema))
            catalog.table(use.table)->column(use.column)->expression.reset();
    return catalog.sequences.erase(name) > 0 || statement.fail_unknown(ObjectKind::sequence, name);
}

/// Columns of the type go with it; what else uses it is passed over only where nothing does.
bool drop_users_of_type(RawStatement& statement, const ObjectName& name) {
    catalog::Catalog& catalog = statement.catalog();
    const std::string& schema = statement.scope.default_schema;
    std::vector<std::pair<ObjectName, std::string>> columns;
    for (const auto& [table_name, table] : catalog.tables)
        for (const catalog::Column& column : table.columns)
            if (is_type(column.type, name, schema)) columns.emplace_back(table_name, column.name);
    for (const auto& [table, column] : columns) catalog.drop_column(table, column);
    bool others = false;
    for (const auto& [other_name, type] : catalog.types) {
        others = others || is_type(type.base_type, name, schema);
        for (const catalog::TypeAttribute& attribute : type.attributes)
            others = others || is_type(attribute.type, name, schema);
    }
    for (const auto& [function_name, function] : catalog.functions)
        others = others || std::find(function.depends.begin(), function.depends.end(),
                                     ObjectRef{ObjectKind::type, name, {}}) != function.depends.end();
    return !others || statement.fail("what CASCADE drops besides is not known");
}

bool drop_type(RawStatement& statement, const ObjectName& name) {
    const bool known = statement.catalog().types.contains(name);
    if (cascades(statement) && !drop_users_of_type(statement, name)) return false;
    statement.catalog().types.erase(name);
    return known || statement.fail_unknown(ObjectKind::type, name);
}

bool runs_function(const std::string& definition, const ObjectName& function) {
    if (definition.find(function.name) == std::string::npos) return false;
    const sql::ParseTree tree = sql::parse_tree(definition);
    if (tree.statements.size() != 1) return true;
    const auto parts = strings_of(child(inside(tree.statements.front()), "funcname"));
    return !parts.empty() && parts.back() == function.name;
}

/// Triggers that run it go with it. Other uses (defaults, checks, indexes) cannot be told from text.
bool drop_users_of_function(RawStatement& statement, const ObjectName& name) {
    catalog::Catalog& catalog = statement.catalog();
    const auto mentions = [&](const std::string& text) { return text.find(name.name) != std::string::npos; };
    for (auto& [table_name, table] : catalog.tables) {
        std::erase_if(table.triggers, [&](const catalog::Trigger& trigger) {
            return runs_function(trigger.definition, name);
        });
        for (const catalog::Column& column : table.columns)
            if (column.expression && mentions(*column.expression))
                return statement.fail("what CASCADE drops besides is not known");
        for (const catalog::Constraint& constraint : table.constraints)
            if (mentions(constraint.expression))
                return statement.fail("what CASCADE drops besides is not known");
        for (const catalog::Index& index : table.indexes)
            for (const catalog::IndexKey& key : index.keys)
                if (key.expression && mentions(key.text))
                    return statement.fail("what CASCADE drops besides is not known");
    }
    for (const auto& [view_name, view] : catalog.views)
        if (mentions(view.query) || mentions(view.definition))
            return statement.fail("what CASCADE drops besides is not known");
    return true;
}

bool drop_function(RawStatement& statement, const sql::Node& object) {
    catalog::Catalog& catalog = statement.catalog();
    const ObjectName name = statement.name(strings_of(child(object, "objname")));
    const catalog::Function* known = function_of(statement, object);
    if (known == nullptr) return statement.fail_unknown(ObjectKind::function, name);
    std::erase_if(catalog.functions, [&](const auto& entry) { return &entry.second == known; });
    return !cascades(statement) || drop_users_of_function(statement, name);
}

bool drop_schema(RawStatement& statement, const std::string& name) {
    catalog::Catalog& catalog = statement.catalog();
    const bool known = catalog.schemas.contains(name);
    if (cascades(statement)) {
        std::vector<ObjectName> tables;
        for (const auto& [table, definition] : catalog.tables)
            if (table.schema == name) tables.push_back(table);
        for (const ObjectName& table : tables) catalog.drop_table(table, true);
    }
    forget({ObjectKind::schema, {{}, name}, {}}, catalog);
    return known || statement.fail_unknown(ObjectKind::schema, {{}, name});
}

bool drop_extension(RawStatement& statement, const std::string& name) {
    const bool known = statement.catalog().extensions.erase(name) > 0;
    if (cascades(statement)) {
        mark_uncertain(statement.catalog(), "everything that uses extension " + name + " is dropped");
        return statement.fail("what CASCADE drops besides is not known");
    }
    return known || statement.fail_unknown(ObjectKind::extension, {{}, name});
}

bool drop_part(RawStatement& statement, const std::string& type, std::vector<std::string> parts) {
    if (parts.size() < 2) return statement.fail("what it drops is not known");
    const std::string part = std::move(parts.back());
    parts.pop_back();
    const ObjectName relation = statement.name(std::move(parts));
    if (RawStatement::is_temporary(relation)) return true;
    catalog::Catalog& catalog = statement.catalog();
    catalog::Table* table = catalog.table(relation);
    const auto has_name = [&](const auto& item) { return item.name == part; };
    if (type == "OBJECT_POLICY")
        return (table != nullptr && std::erase_if(table->policies, has_name) > 0) ||
               (table != nullptr && flag_of(statement.node, "missing_ok") &&
                !statement.is_invented(relation)) ||
               statement.fail_unknown(ObjectKind::policy, relation, part);
    auto* view = find_in(catalog.views, relation);
    std::vector<catalog::Trigger>* triggers = table != nullptr  ? &table->triggers
                                              : view != nullptr ? &view->triggers
                                                                : nullptr;
    if (triggers == nullptr) return statement.fail_unknown(ObjectKind::trigger, relation, part);
    const bool found = std::erase_if(*triggers, has_name) > 0;
    for (const ObjectName& each : catalog::descendants(catalog, relation))
        std::erase_if(catalog.table(each)->triggers, [&](const catalog::Trigger& trigger) {
            return trigger.name == part && trigger.inherited;
        });
    const bool optional = flag_of(statement.node, "missing_ok") && !statement.is_invented(relation);
    return found || optional || statement.fail_unknown(ObjectKind::trigger, relation, part);
}

bool drop_one(RawStatement& statement, const std::string& type, const sql::Node& item) {
    if (type == "OBJECT_FUNCTION" || type == "OBJECT_PROCEDURE" || type == "OBJECT_ROUTINE" ||
        type == "OBJECT_AGGREGATE")
        return drop_function(statement, inside(item));
    if (type == "OBJECT_SCHEMA") return drop_schema(statement, text_of(inside(item), "sval"));
    if (type == "OBJECT_EXTENSION") return drop_extension(statement, text_of(inside(item), "sval"));
    if (type == "OBJECT_TYPE" || type == "OBJECT_DOMAIN")
        return drop_type(statement, statement.name(strings_of(child(inside(item), "names"))));
    if (type == "OBJECT_TRIGGER" || type == "OBJECT_POLICY")
        return drop_part(statement, type, strings_of(item));
    const ObjectName name = statement.name(strings_of(item));
    if (RawStatement::is_temporary(name)) {
        statement.scope.temporary.erase(name.name);
        return true;
    }
    if (type == "OBJECT_TABLE") return drop_table(statement, name);
    if (type == "OBJECT_VIEW" || type == "OBJECT_MATVIEW") return drop_view(statement, name);
    if (type == "OBJECT_INDEX") return drop_index(statement, name);
    if (type == "OBJECT_SEQUENCE") return drop_sequence(statement, name);
    return statement.fail("what it drops is not kept");
}

}  // namespace

bool follow_drop(RawStatement& statement) {
    const std::string type = text_of(statement.node, "removeType");
    bool followed = true;
    for (const sql::Node& item : child(statement.node, "objects"))
        followed = drop_one(statement, type, item) && followed;
    if (!followed) return false;
    if (cascades(statement) && !statement.is_certain()) {
        statement.tentative = true;
        statement.why = "what CASCADE drops besides is not known";
    }
    return true;
}

}  // namespace changelog::operations
