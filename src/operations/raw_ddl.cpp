// Raw SQL on the catalog: exact or not at all. A table that SQL alters is unknown from then on, so that a
// later rollback says that it does not know its definition and never rebuilds it from an old one.
#include "operations/raw_ddl.hpp"

#include "core/text.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_grant.hpp"
#include "operations/text_file.hpp"
#include "sql/parse.hpp"
#include "sql/tokens.hpp"

namespace changelog::operations {

namespace {

/// The words that a statement begins with, in upper case.
std::vector<std::string> first_words(const std::string& sql, std::size_t count) {
    std::vector<std::string> words;
    const auto tokens = sql::tokenize(sql);
    if (!tokens) return words;
    for (const auto& token : *tokens) {
        if (token.kind == sql::TokenKind::space || token.kind == sql::TokenKind::comment) continue;
        if (token.kind != sql::TokenKind::word || words.size() == count) break;
        words.push_back(upper(token.text));
    }
    return words;
}

struct ViewHead {
    bool view = false, materialized = false, replaces = false;
};

ViewHead view_head(const std::string& sql) {
    ViewHead head;
    const auto words = first_words(sql, 6);
    if (words.empty() || words.front() != "CREATE") return head;
    for (const std::string& word : words) {
        if (word == "REPLACE") head.replaces = true;
        if (word == "MATERIALIZED") head.materialized = true;
        if (word == "VIEW") head.view = true;
        if (word == "VIEW" || word == "TABLE" || word == "INDEX" || word == "FUNCTION") break;
    }
    return head;
}

bool same_relation(const ObjectRef& object, const ObjectName& relation) {
    return (object.kind == ObjectKind::table || object.kind == ObjectKind::column) && object.name == relation;
}

void forget_tables_pointing_at(const ObjectName& table, catalog::Catalog& catalog) {
    std::erase_if(catalog.tables, [&](const auto& entry) {
        const auto& constraints = entry.second.constraints;
        return std::any_of(constraints.begin(), constraints.end(),
                           [&](const catalog::Constraint& constraint) {
                               return constraint.kind == catalog::ConstraintKind::foreign_key &&
                                      constraint.referenced_table == table;
                           });
    });
}

void forget_relation(const ObjectName& name, catalog::Catalog& catalog) {
    forget_views_on(name, catalog);
    forget_tables_pointing_at(name, catalog);
    catalog.tables.erase(name);
    catalog.views.erase(name);
}

void forget_index(const ObjectName& name, catalog::Catalog& catalog) {
    const auto place = catalog.find_index(name);
    if (place.table != nullptr) catalog.tables.erase(ObjectName(place.table->name));
    if (place.view != nullptr) catalog.views.erase(ObjectName(place.view->name));
}

void forget_schema(const std::string& schema, catalog::Catalog& catalog) {
    const auto within = [&](const auto& entry) { return entry.first.schema == schema; };
    std::erase_if(catalog.tables, within);
    std::erase_if(catalog.sequences, within);
    std::erase_if(catalog.views, within);
    std::erase_if(catalog.types, within);
    std::erase_if(catalog.functions, within);
    catalog.schemas.erase(schema);
}

void forget_type(const ObjectName& name, catalog::Catalog& catalog) {
    catalog.types.erase(name);
    // A column's type may be written with or without its schema; taking out a table too many only loses a
    // rollback.
    std::erase_if(catalog.tables, [&](const auto& entry) {
        const auto& columns = entry.second.columns;
        return std::any_of(columns.begin(), columns.end(), [&](const catalog::Column& column) {
            return column.type.find(name.name) != std::string::npos;
        });
    });
}

/// New views and routines carry their whole definition in the statement.
bool take_over(const std::string& sql, const std::string& default_schema, const ObjectRef& object,
               catalog::Catalog& catalog) {
    const std::string definition = without_semicolon(sql);
    if (object.kind == ObjectKind::table) {
        const ViewHead head = view_head(sql);
        if (!head.view) return false;
        catalog::View& view = catalog.views[object.name];
        view.name = object.name;
        view.materialized = head.materialized;
        view.query.clear();
        view.definition = definition;
        view.depends = sql::relations_of_query(sql, default_schema);
        return true;
    }
    if (object.kind != ObjectKind::function) return false;
    const auto signature = sql::function_signature(sql, default_schema);
    if (!signature) return false;
    catalog::Function made;
    made.name = signature->name;
    made.arguments = signature->arguments;
    made.kind = signature->kind;
    made.definition = definition;
    const auto [first, last] = catalog.functions.equal_range(signature->name);
    for (auto at = first; at != last; ++at) {
        if (at->second.arguments != made.arguments) continue;
        at->second.definition = made.definition;
        return true;
    }
    catalog.functions.emplace(signature->name, std::move(made));
    return true;
}

bool any_created(const Footprint& footprint, ObjectKind kind) {
    return std::any_of(footprint.touches.begin(), footprint.touches.end(), [&](const Touch& touch) {
        return touch.access == Access::create && touch.object.kind == kind && touch.object.part.empty();
    });
}

void note(const ObjectRef& object, std::string_view verb, catalog::Catalog& catalog) {
    mark_uncertain(catalog, fmt::format("SQL {} {}", verb, to_string(object)));
}

/// GRANT, REVOKE and COMMENT ON; true if the statement was one of them.
bool follow_small(const std::string& sql, const Footprint& footprint, catalog::Catalog& catalog) {
    Followed followed = follow_grant(sql, footprint, catalog);
    if (followed == Followed::other) followed = follow_comment(sql, footprint, catalog);
    if (followed != Followed::not_known) return followed == Followed::exactly;
    for (const Touch& touch : footprint.touches) {
        // Those in a schema keep their definition; only who may use them is not known.
        if (touch.object.kind != ObjectKind::schema) forget(touch.object, catalog);
        note(touch.object, "alters", catalog);
    }
    return true;
}

}  // namespace

void forget_views_on(const ObjectName& relation, catalog::Catalog& catalog) {
    std::vector<ObjectName> gone;
    for (const auto& [name, view] : catalog.views) {
        const auto reads = [&](const ObjectRef& object) { return same_relation(object, relation); };
        if (name != relation && std::any_of(view.depends.begin(), view.depends.end(), reads))
            gone.push_back(name);
    }
    for (const ObjectName& name : gone) {
        catalog.views.erase(name);
        forget_views_on(name, catalog);
    }
}

void forget(const ObjectRef& object, catalog::Catalog& catalog) {
    switch (object.kind) {
        case ObjectKind::schema:
            forget_schema(object.name.name.empty() ? object.name.schema : object.name.name, catalog);
            break;
        case ObjectKind::table:
            forget_relation(object.name, catalog);
            break;
        case ObjectKind::column:
        case ObjectKind::constraint:
        case ObjectKind::trigger:
        case ObjectKind::policy:
            catalog.tables.erase(object.name);
            break;
        case ObjectKind::index:
            forget_index(object.name, catalog);
            break;
        case ObjectKind::sequence:
            catalog.sequences.erase(object.name);
            break;
        case ObjectKind::type:
            forget_type(object.name, catalog);
            break;
        case ObjectKind::function:
            catalog.functions.erase(object.name);
            break;
        case ObjectKind::extension:
            catalog.extensions.erase(object.name.name);
            break;
        case ObjectKind::rows:
            break;
    }
}

void follow_sql(const std::string& sql, const std::string& default_schema, catalog::Catalog& catalog) {
    Footprint footprint;
    sql::footprint_of(sql, default_schema, footprint);
    if (footprint.barrier) mark_uncertain(catalog, footprint.barrier_reason);
    if (follow_small(sql, footprint, catalog)) return;

    // CREATE INDEX changes the table that it is on, which it names among what it requires.
    const bool makes_table = any_created(footprint, ObjectKind::table);
    const bool indexes = any_created(footprint, ObjectKind::index) && !makes_table;
    for (const Touch& touch : footprint.touches) {
        const bool part = !touch.object.part.empty();
        if (touch.object.kind == ObjectKind::rows || (part && makes_table)) continue;
        const bool indexed = indexes && touch.object.kind == ObjectKind::table;
        if (touch.access == Access::require && !indexed) continue;
        const bool whole = !part && touch.access == Access::create;
        if (whole && take_over(sql, default_schema, touch.object, catalog)) continue;
        if (!whole) forget(touch.object, catalog);
        if (touch.access != Access::drop) note(touch.object, whole ? "makes" : "alters", catalog);
    }
}

}  // namespace changelog::operations
