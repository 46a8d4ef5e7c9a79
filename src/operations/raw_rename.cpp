// RENAME and SET SCHEMA of everything. Bodies of functions are text in PostgreSQL too, and do not follow.
#include "catalog/ddl.hpp"
#include "catalog/dependents.hpp"
#include "catalog/migration_follow.hpp"
#include "catalog/naming.hpp"
#include "catalog/rename.hpp"
#include "operations/common.hpp"
#include "operations/definition_text.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_statement.hpp"
#include "sql/ddl_type.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

std::vector<std::string> name_parts(const sql::Node& object) {
    if (kind_of(object) == "ObjectWithArgs") return strings_of(child(inside(object), "objname"));
    if (kind_of(object) == "TypeName") return strings_of(child(inside(object), "names"));
    if (kind_of(object) == "String") return {text_of(inside(object), "sval")};
    return strings_of(object);
}

/// For the way back texts follow in the way in which the migration changes them, so that they come out as
/// they were.
bool by_migration(const RawStatement& statement) { return statement.scope.invent_tables; }

bool rename_view_column(RawStatement& statement, const ObjectName& name, const std::string& from,
                        const std::string& to) {
    auto& view = statement.catalog().views.at(name);
    if (std::find(view.columns.begin(), view.columns.end(), from) == view.columns.end())
        return statement.fail("the columns of a view are not known");
    std::replace(view.columns.begin(), view.columns.end(), from, to);
    statement.catalog().rename_column(name, from, to);  // in what reads it
    return true;
}

bool rename_column(RawStatement& statement, const ObjectName& name, const std::string& from,
                   const std::string& to) {
    catalog::Catalog& catalog = statement.catalog();
    if (catalog.views.contains(name)) return rename_view_column(statement, name, from, to);
    const catalog::Table* table = catalog.table(name);
    if (table == nullptr) return statement.fail_unknown(ObjectKind::table, name);
    if (table->column(from) == nullptr) return statement.fail_unknown(ObjectKind::column, name, from);
    if (by_migration(statement))
        catalog::follow_column(catalog, name, from, to);
    else
        catalog.rename_column(name, from, to);
    return true;
}

bool rename_constraint(RawStatement& statement, const ObjectName& name, const std::string& from,
                       const std::string& to) {
    catalog::Catalog& catalog = statement.catalog();
    catalog::Table* table = catalog.table(name);
    catalog::Constraint* constraint = table == nullptr ? nullptr : table->constraint(from);
    if (constraint == nullptr && catalog::rename_not_null(catalog, name, from, to)) return true;
    if (constraint == nullptr) return statement.fail_unknown(ObjectKind::constraint, name, from);
    if (constraint->kind == catalog::ConstraintKind::check)
        for (const ObjectName& each : catalog::descendants(catalog, name))
            if (auto* own = catalog.table(each)->constraint(from)) own->name = to;
    constraint->name = to;
    return true;
}

bool rename_trigger(RawStatement& statement, const ObjectName& name, const std::string& from,
                    const std::string& to) {
    catalog::Table* table = statement.catalog().table(name);
    catalog::Trigger* trigger = table == nullptr ? nullptr : find_named(table->triggers, from);
    if (trigger == nullptr) return statement.fail_unknown(ObjectKind::trigger, name, from);
    trigger->name = to;
    trigger->definition = rename_after(trigger->definition, "TRIGGER", to);
    return true;
}

bool rename_policy(RawStatement& statement, const ObjectName& name, const std::string& from,
                   const std::string& to) {
    catalog::Table* table = statement.catalog().table(name);
    catalog::Policy* policy = table == nullptr ? nullptr : find_named(table->policies, from);
    if (policy == nullptr) return statement.fail_unknown(ObjectKind::policy, name, from);
    policy->name = to;
    policy->definition = rename_after(policy->definition, "POLICY", to);
    return true;
}

bool rename_index(RawStatement& statement, const ObjectName& name, const std::string& to) {
    catalog::Catalog& catalog = statement.catalog();
    const ObjectName target{name.schema, to};
    if (const auto place = catalog.find_index(name); place.index != nullptr)
        place.index->name = to;
    else if (catalog::Constraint* key = key_of_index(catalog, name))
        key->name = to;
    else
        return statement.fail_unknown(ObjectKind::index, name);
    for (auto& [table_name, table] : catalog.tables)
        for (catalog::Index& index : table.indexes)
            if (index.attached_to == name) index.attached_to = target;
    return true;
}

bool move_type(RawStatement& statement, const ObjectName& name, const ObjectName& to) {
    catalog::Catalog& catalog = statement.catalog();
    catalog::Type* known = find_in(catalog.types, name);
    if (known == nullptr) return statement.fail_unknown(ObjectKind::type, name);
    catalog::keep_not_null_name(*known, statement.scope.server_version);
    if (name.schema == to.schema && !by_migration(statement))
        catalog::rename_type(catalog, name, to.name);
    else
        catalog::follow_type(catalog, name, to);
    return true;
}

bool move_function(RawStatement& statement, const sql::Node& object, const ObjectName& name,
                   const ObjectName& to) {
    const catalog::Function* known = function_of(statement, inside(object));
    if (known == nullptr) return statement.fail_unknown(ObjectKind::function, name);
    const catalog::Function function = *known;
    catalog::follow_function(statement.catalog(), function, to);
    return true;
}

bool rename_schema(RawStatement& statement, const std::string& from, const std::string& to) {
    catalog::Catalog& catalog = statement.catalog();
    const bool known = catalog.schemas.contains(from);
    if (!known && by_migration(statement)) return statement.fail_unknown(ObjectKind::schema, {{}, from});
    catalog.schemas[from].name = from;  // what is known in it moves in any case
    catalog::follow_schema(catalog, from, to);
    if (!known) catalog.schemas.erase(to);
    return true;
}

bool rename_attribute(RawStatement& statement, const ObjectName& name, const std::string& from,
                      const std::string& to) {
    auto* type = find_in(statement.catalog().types, name);
    auto* attribute = type == nullptr ? nullptr : find_named(type->attributes, from);
    if (attribute == nullptr) return statement.fail_unknown(ObjectKind::type, name);
    catalog::rename_attribute(statement.catalog(), name, from, to);
    return true;
}

bool rename_domain_constraint(RawStatement& statement, const ObjectName& name, const std::string& from,
                              const std::string& to) {
    auto* type = find_in(statement.catalog().types, name);
    if (type != nullptr && type->not_null && from == catalog::usual_not_null_name(name)) {
        type->not_null = false;
        type->constraints.push_back(catalog::domain_not_null(to));
        return true;
    }
    auto* constraint = type == nullptr ? nullptr : find_named(type->constraints, from);
    if (constraint == nullptr) return statement.fail_unknown(ObjectKind::type, name);
    constraint->name = to;
    catalog::use_usual_not_null_name(*type);
    return true;
}

/// The sequence behind an identity column stands with the column.
bool rename_identity_sequence(catalog::Catalog& catalog, const ObjectName& name, const std::string& to) {
    for (auto& [table_name, table] : catalog.tables) {
        if (table_name.schema != name.schema) continue;
        for (catalog::Column& column : table.columns) {
            if (!column.identity || catalog::identity_sequence(table, column) != name.name) continue;
            column.identity->sequence = to;
            return true;
        }
    }
    return false;
}

/// Tables, views, sequences and indexes share their names, and ALTER TABLE renames all of them.
bool move_relation(RawStatement& statement, const ObjectName& name, const ObjectName& to) {
    catalog::Catalog& catalog = statement.catalog();
    const bool stays = name.schema == to.schema && !by_migration(statement);
    if (catalog.sequences.contains(name)) {
        stays ? catalog::rename_sequence(catalog, name, to.name)
              : catalog::follow_sequence(catalog, name, to);
        return true;
    }
    if (catalog.find_index(name).index != nullptr || key_of_index(catalog, name) != nullptr)
        return rename_index(statement, name, to.name);
    if (name.schema == to.schema && rename_identity_sequence(catalog, name, to.name)) return true;
    const bool view = catalog.views.contains(name);
    if (!view && statement.table(name) == nullptr) return statement.fail_unknown(ObjectKind::table, name);
    if (stays)
        catalog.rename_table(name, to.name);
    else
        view ? catalog::follow_view(catalog, name, to) : catalog::follow_table(catalog, name, to);
    return true;
}

bool is_relation(const std::string& type) {
    return type == "OBJECT_TABLE" || type == "OBJECT_VIEW" || type == "OBJECT_MATVIEW" ||
           type == "OBJECT_INDEX" || type == "OBJECT_SEQUENCE" || type == "OBJECT_FOREIGN_TABLE";
}

bool is_routine(const std::string& type) {
    return type == "OBJECT_FUNCTION" || type == "OBJECT_PROCEDURE" || type == "OBJECT_ROUTINE";
}

bool rename_part(RawStatement& statement, const std::string& type, const ObjectName& relation) {
    const std::string from = text_of(statement.node, "subname"), to = text_of(statement.node, "newname");
    if (type == "OBJECT_ATTRIBUTE" ||
        (type == "OBJECT_COLUMN" && text_of(statement.node, "relationType") == "OBJECT_TYPE"))
        return rename_attribute(statement, relation, from, to);
    if (type == "OBJECT_COLUMN") return rename_column(statement, relation, from, to);
    if (type == "OBJECT_TABCONSTRAINT") return rename_constraint(statement, relation, from, to);
    if (type == "OBJECT_TRIGGER") return rename_trigger(statement, relation, from, to);
    if (type == "OBJECT_POLICY") return rename_policy(statement, relation, from, to);
    return statement.fail("what it renames is not kept");
}

}  // namespace

bool follow_rename(RawStatement& statement) {
    const sql::Node& node = statement.node;
    const std::string type = text_of(node, "renameType"), to = text_of(node, "newname");
    const sql::Node& relation = child(node, "relation");
    if (!relation.is_null()) {
        const ObjectName name = statement.relation(relation);
        if (RawStatement::is_temporary(name)) return true;
        if (is_relation(type)) return move_relation(statement, name, {name.schema, to});
        return rename_part(statement, type, name);
    }
    if (type == "OBJECT_SCHEMA") return rename_schema(statement, text_of(node, "subname"), to);
    const ObjectName name = statement.name(name_parts(child(node, "object")));
    const ObjectName target{name.schema, to};
    if (type == "OBJECT_TYPE" || type == "OBJECT_DOMAIN") return move_type(statement, name, target);
    if (is_routine(type)) return move_function(statement, child(node, "object"), name, target);
    if (type == "OBJECT_DOMCONSTRAINT")
        return rename_domain_constraint(statement, name, text_of(node, "subname"), to);
    return statement.fail("what it renames is not kept");
}

bool follow_set_schema(RawStatement& statement) {
    const sql::Node& node = statement.node;
    const std::string type = text_of(node, "objectType"), schema = text_of(node, "newschema");
    const sql::Node& relation = child(node, "relation");
    if (!relation.is_null()) {
        const ObjectName name = statement.relation(relation);
        return move_relation(statement, name, {schema, name.name});
    }
    const ObjectName name = statement.name(name_parts(child(node, "object")));
    if (type == "OBJECT_TYPE" || type == "OBJECT_DOMAIN")
        return move_type(statement, name, {schema, name.name});
    if (is_routine(type)) return move_function(statement, child(node, "object"), name, {schema, name.name});
    return statement.fail("what it moves to another schema is not kept");
}

}  // namespace changelog::operations
