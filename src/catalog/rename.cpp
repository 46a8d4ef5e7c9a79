// What follows a table or column that is renamed. PostgreSQL keeps references by number, so they all follow;
// the catalog keeps them by name. (Bodies of functions are text there too, and do not follow.)
#include "catalog/rename.hpp"

#include "catalog/dependents.hpp"
#include "catalog/naming.hpp"
#include "catalog/rename_text.hpp"
#include "catalog/texts.hpp"
#include "sql/identifier.hpp"
#include "sql/parse.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::catalog {

namespace {

void replace(std::string& name, const std::string& from, const std::string& to) {
    if (name == from) name = to;
}

void replace(std::vector<std::string>& names, const std::string& from, const std::string& to) {
    std::replace(names.begin(), names.end(), from, to);
}

/// Puts the new text in place; false if there is none.
bool put(std::string& text, std::optional<std::string> changed) {
    if (changed) text = std::move(*changed);
    return changed.has_value();
}

std::string renamed(std::string_view what, const ObjectName& from) {
    return fmt::format("{} {}.{} was renamed", what, from.schema, from.name);
}

template <typename Map>
bool has_elsewhere(const Map& map, const ObjectName& name) {
    return std::any_of(map.begin(), map.end(), [&](const auto& entry) {
        return entry.first.name == name.name && entry.first.schema != name.schema;
    });
}

/// Tables and views are types as well.
bool is_alone(const Catalog& catalog, const ObjectName& name) {
    return !has_elsewhere(catalog.tables, name) && !has_elsewhere(catalog.views, name) &&
           !has_elsewhere(catalog.types, name) && !has_elsewhere(catalog.sequences, name);
}

template <typename Map>
void rename_key(Map& map, const ObjectName& from, const ObjectName& to) {
    auto node = map.extract(from);
    if (node.empty()) return;
    node.key() = to;
    node.mapped().name = to;
    map.insert(std::move(node));
}

// --- columns

/// Where the column is named as such, and not in an expression.
void rename_in_table(Table& table, const std::string& from, const std::string& to) {
    for (Column& column : table.columns) {
        if (column.name != from) continue;
        // The implicit sequence keeps its name when its column gets another.
        if (column.identity) column.identity->sequence = identity_sequence(table, column);
        column.name = to;
    }
    for (Constraint& constraint : table.constraints) {
        replace(constraint.columns, from, to);
        replace(constraint.include, from, to);
        replace(constraint.set_columns, from, to);
    }
    for (Index& index : table.indexes) {
        for (IndexKey& key : index.keys)
            if (!key.expression) replace(key.text, from, to);
        replace(index.include, from, to);
    }
    for (Grant& grant : table.grants) replace(grant.columns, from, to);
}

bool is_column(const ObjectRef& used, const ObjectName& table, const std::string& column) {
    return used.kind == ObjectKind::column && used.name == table && used.part == column;
}

bool reads(const View& view, const ObjectName& relation) {
    return std::any_of(view.depends.begin(), view.depends.end(), [&](const ObjectRef& used) {
        return (used.kind == ObjectKind::table || used.kind == ObjectKind::column) && used.name == relation;
    });
}

void rename_column_elsewhere(Catalog& catalog, const ObjectName& table, const std::string& from,
                             const std::string& to) {
    for (auto& [name, other] : catalog.tables)
        for (Constraint& constraint : other.constraints)
            if (constraint.referenced_table == table) replace(constraint.referenced_columns, from, to);
    for (auto& [name, sequence] : catalog.sequences)
        if (sequence.owned_by && is_column(*sequence.owned_by, table, from)) sequence.owned_by->part = to;
    for (auto& [name, view] : catalog.views)
        for (ObjectRef& used : view.depends)
            if (is_column(used, table, from)) used.part = to;
}

/// In the table's own texts, before the column itself gets its name.
void rename_column_in_own_texts(Catalog& catalog, const ObjectName& table, const std::string& from,
                                const std::string& to) {
    if (Table* own = catalog.table(table); own != nullptr && !own->partition_by.empty()) {
        const std::size_t open = own->partition_by.find('(');
        std::string keys = own->partition_by.substr(std::min(open, own->partition_by.size()));
        if (put(keys, rename_own_column(keys, {ObjectKind::table, table}, from, to)))
            own->partition_by = own->partition_by.substr(0, open) + keys;
    }
    change_texts_of(catalog, table, {from}, renamed("column", {table.name, from}),
                    [&](std::string& text, const TextOwner& owner) {
                        return put(text, rename_own_column(text, owner, from, to));
                    });
}

/// In queries of views; policies of other tables and functions may read the tables, too.
void rename_column_in_other_texts(Catalog& catalog, const std::vector<ObjectName>& tables,
                                  const std::string& from, const std::string& to) {
    const auto change = [&](std::string& text, const TextOwner& owner, const ObjectName& table) {
        if (owner.view) {
            const auto view = catalog.views.find(owner.name);
            if (view == catalog.views.end() || !reads(view->second, table)) return true;
            return put(text, rename_column_in_query(catalog, text, table, from, to));
        }
        const bool may_read = (owner.policy && owner.name != table) || owner.kind == ObjectKind::function;
        return !may_read || !may_read_column(text, table, from);
    };
    change_texts_of_readers(catalog, {from}, renamed("column", {tables.front().name, from}),
                            [&](std::string& text, const TextOwner& owner) {
                                return std::all_of(
                                    tables.begin(), tables.end(),
                                    [&](const ObjectName& table) { return change(text, owner, table); });
                            });
}

// --- tables and views

void rename_relation_elsewhere(Catalog& catalog, const ObjectName& from, const ObjectName& to) {
    for (auto& [name, other] : catalog.tables) {
        for (Constraint& constraint : other.constraints)
            if (constraint.referenced_table == from) constraint.referenced_table = to;
        if (other.partition_of == from) other.partition_of = to;
        std::replace(other.inherits.begin(), other.inherits.end(), from, to);
    }
    for (auto& [name, sequence] : catalog.sequences)
        if (sequence.owned_by && sequence.owned_by->name == from) sequence.owned_by->name = to;
    const auto follow = [&](std::vector<ObjectRef>& depends) {
        for (ObjectRef& used : depends)
            if (used.name == from && (used.kind == ObjectKind::table || used.kind == ObjectKind::column ||
                                      used.kind == ObjectKind::type))
                used.name = to;
    };
    for (auto& [name, view] : catalog.views) follow(view.depends);
    for (auto& [name, function] : catalog.functions) follow(function.depends);
    for (auto& [name, other] : catalog.others)
        if (other.on.name == from) other.on.name = to;
}

void rename_relation_in_texts(Catalog& catalog, const NameChange& change) {
    const Table* table = catalog.table(change.from);
    const bool has_column = table != nullptr && table->column(change.from.name) != nullptr;
    change_texts(catalog, {change.from.name}, renamed("table", change.from),
                 [&](std::string& text, const TextOwner& owner) {
                     const bool own = owner.name == change.from;
                     return put(text,
                                rename_relation(text, owner, change, has_column || (!owner.view && !own)));
                 });
}

/// Statements of kinds that have no model name tables and columns in a text that nobody follows.
void forget_others_that_name(Catalog& catalog, const ObjectName& table, const std::string& word) {
    const auto stale = [&](const auto& entry) {
        const Other& other = entry.second;
        return (other.on.name == table || has_word(other.create, table.name)) && has_word(other.create, word);
    };
    for (auto at = catalog.others.begin(); at != catalog.others.end();) {
        if (!stale(*at)) {
            ++at;
            continue;
        }
        catalog.uncertain.push_back(
            fmt::format("{} names {}, which was renamed", at->first, table.name == word ? "a table" : word));
        at = catalog.others.erase(at);
    }
}

// --- types

std::string with_type_renamed(const Catalog& catalog, const std::string& written, const NameChange& change) {
    if (!is_of_type(catalog, written, change.from)) return written;
    const std::size_t bracket = written.find('[');
    const std::string array = bracket == std::string::npos ? "" : written.substr(bracket);
    const bool plain = written.substr(0, bracket).find('.') == std::string::npos;
    const ObjectName target{change.from.schema, change.to};
    return (plain ? sql::identifier(change.to) : sql::qualified(target)) + array;
}

/// Columns, domains and attributes that have the type; a table's row type, too.
void rename_type_uses(Catalog& catalog, const NameChange& change) {
    for (auto& [name, table] : catalog.tables)
        for (Column& column : table.columns) column.type = with_type_renamed(catalog, column.type, change);
    for (auto& [name, type] : catalog.types) {
        type.base_type = with_type_renamed(catalog, type.base_type, change);
        for (TypeAttribute& attribute : type.attributes)
            attribute.type = with_type_renamed(catalog, attribute.type, change);
    }
}

/// The types of arguments are a part of what a function is.
void follow_signatures(Catalog& catalog, const std::string& word) {
    for (auto& [name, function] : catalog.functions) {
        if (function.definition.empty() || !has_word(function.arguments, word)) continue;
        if (const auto signature = sql::function_signature(function.definition, name.schema))
            function.arguments = signature->arguments;
    }
}

std::size_t last_dot(std::string_view text) {
    bool quoted = false;
    std::size_t dot = std::string_view::npos;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') quoted = !quoted;
        if (text[i] == '.' && !quoted) dot = i;
    }
    return dot;
}

}  // namespace

bool is_of_type(const Catalog& catalog, const std::string& written, const ObjectName& type) {
    std::string element = written.substr(0, written.find('['));
    while (!element.empty() && element.back() == ' ') element.pop_back();
    if (element.empty()) return false;
    const std::size_t dot = last_dot(element);
    if (dot == std::string::npos) return type.name == sql::from_sql(element) && is_alone(catalog, type);
    return type.name == sql::from_sql(element.substr(dot + 1)) &&
           type.schema == sql::from_sql(element.substr(0, dot));
}

void Catalog::rename_table(const ObjectName& from, const std::string& to) {
    const ObjectName target{from.schema, to};
    const NameChange change{from, to, is_alone(*this, from)};
    rename_relation_in_texts(*this, change);
    follow_signatures(*this, from.name);
    rename_type_uses(*this, change);
    forget_others_that_name(*this, from, from.name);
    rename_relation_elsewhere(*this, from, target);
    // The implicit sequences keep their names.
    if (Table* table = this->table(from))
        for (Column& column : table->columns)
            if (column.identity) column.identity->sequence = identity_sequence(*table, column);
    rename_key(tables, from, target);
    rename_key(views, from, target);
}

void Catalog::rename_column(const ObjectName& table_name, const std::string& from, const std::string& to) {
    std::vector<ObjectName> all = descendants(*this, table_name);
    all.insert(all.begin(), table_name);
    for (const ObjectName& each : all) expand_stars(*this, each);
    rename_column_in_other_texts(*this, all, from, to);
    for (const ObjectName& each : all) {
        rename_column_in_own_texts(*this, each, from, to);
        forget_others_that_name(*this, each, from);
        rename_column_elsewhere(*this, each, from, to);
        if (Table* renamed = table(each)) rename_in_table(*renamed, from, to);
    }
}

void rename_type(Catalog& catalog, const ObjectName& from, const std::string& to) {
    const NameChange change{from, to, is_alone(catalog, from)};
    change_texts(catalog, {from.name}, renamed("type", from), [&](std::string& text, const TextOwner& owner) {
        return put(text, rename_type(text, owner, change));
    });
    follow_signatures(catalog, from.name);
    rename_type_uses(catalog, change);
    for (auto& [name, function] : catalog.functions)
        for (ObjectRef& used : function.depends)
            if (used.kind == ObjectKind::type && used.name == from) used.name.name = to;
    rename_key(catalog.types, from, {from.schema, to});
    if (const auto found = catalog.types.find({from.schema, to}); found != catalog.types.end())
        use_usual_not_null_name(found->second);
}

void rename_attribute(Catalog& catalog, const ObjectName& type, const std::string& from,
                      const std::string& to) {
    change_texts(catalog, {from}, renamed("attribute", {type.name, from}),
                 [&](std::string& text, const TextOwner& owner) { return !takes_out(text, owner, from); });
    const auto found = catalog.types.find(type);
    if (found == catalog.types.end()) return;
    for (TypeAttribute& attribute : found->second.attributes) replace(attribute.name, from, to);
}

void rename_sequence(Catalog& catalog, const ObjectName& from, const std::string& to) {
    const NameChange change{from, to, is_alone(catalog, from)};
    change_texts(catalog, {from.name}, renamed("sequence", from),
                 [&](std::string& text, const TextOwner& owner) {
                     return put(text, rename_sequence(text, owner, change));
                 });
    rename_key(catalog.sequences, from, {from.schema, to});
}

void expand_stars(Catalog& catalog, const ObjectName& table) {
    std::vector<ObjectName> stale;
    for (auto& [name, view] : catalog.views) {
        if (!reads(view, table)) continue;
        for (std::string* text : {&view.query, &view.definition})
            if (!text->empty() && !put(*text, with_stars_expanded(catalog, *text))) stale.push_back(name);
    }
    for (const ObjectName& view : stale)
        forget_object(catalog, {ObjectKind::table, view},
                      fmt::format("the columns of {}.{} changed", table.schema, table.name));
}

}  // namespace changelog::catalog
