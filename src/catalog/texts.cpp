#include "catalog/texts.hpp"

#include "catalog/ddl.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace changelog::catalog {

namespace {

class Visit {
  public:
    Visit(const std::vector<std::string>& words, const ChangeText& change) : words_(words), change_(change) {}

    void table(Table& table) {
        TextOwner owner{ObjectKind::table, table.name};
        for (Column& column : table.columns) optional_text(column.expression, owner);
        for (Constraint& constraint : table.constraints) {
            owner.exclusion = constraint.kind == ConstraintKind::exclusion;
            if (has_text(constraint)) text(constraint.expression, owner);
            owner.exclusion = false;
        }
        indexes(table.indexes, owner);
        owner.bound = true;
        text(table.partition_bound, owner);
        owner.bound = false;
        triggers(table.triggers, table.name);
        policies(table);
    }

    void policies(Table& table) {
        TextOwner owner{ObjectKind::table, table.name, true};
        owner.policy = true;
        for (Policy& policy : table.policies) text(policy.definition, owner);
    }

    void query(View& view) {
        const TextOwner owner{ObjectKind::table, view.name, true, true};
        text(view.query, owner);
        text(view.definition, owner);
    }

    void view(View& view) {
        query(view);
        TextOwner expression{ObjectKind::table, view.name};
        for (auto& [column, value] : view.column_defaults) text(value, expression);
        indexes(view.indexes, expression);
        triggers(view.triggers, view.name);
    }

    void type(Type& type) {
        const TextOwner owner{ObjectKind::type, type.name};
        optional_text(type.expression, owner);
        for (Constraint& constraint : type.constraints)
            if (has_text(constraint)) text(constraint.expression, owner);
    }

    void function(Function& function) {
        text(function.definition, {ObjectKind::function, function.name, true});
    }

    std::vector<TextOwner> failed;

  private:
    void indexes(std::vector<Index>& list, const TextOwner& owner) {
        for (Index& index : list) {
            for (IndexKey& key : index.keys)
                if (key.expression) text(key.text, owner);
            text(index.predicate, owner);
        }
    }

    void triggers(std::vector<Trigger>& list, const ObjectName& on) {
        TextOwner owner{ObjectKind::table, on, true};
        owner.trigger = true;
        for (Trigger& trigger : list) text(trigger.definition, owner);
    }

    void optional_text(std::optional<std::string>& value, const TextOwner& owner) {
        if (value) text(*value, owner);
    }

    void text(std::string& value, const TextOwner& owner) {
        const auto is_in = [&](const std::string& word) { return has_word(value, word); };
        if (value.empty() || std::none_of(words_.begin(), words_.end(), is_in)) return;
        if (!change_(value, owner)) failed.push_back(owner);
    }

    const std::vector<std::string>& words_;
    const ChangeText& change_;
};

std::string_view kind_of(const Catalog& catalog, const TextOwner& owner) {
    if (owner.kind != ObjectKind::table) return to_string(owner.kind);
    return catalog.views.contains(owner.name) ? "view" : "table";
}

}  // namespace

bool has_word(const std::string& text, const std::string& word) {
    return strcasestr(text.c_str(), word.c_str()) != nullptr;
}

void forget_object(Catalog& catalog, const TextOwner& owner, const std::string& what) {
    std::string reason = fmt::format("the definition of {} {}.{} could not be followed when {}",
                                     kind_of(catalog, owner), owner.name.schema, owner.name.name, what);
    if (owner.kind == ObjectKind::function) {
        catalog.functions.erase(owner.name);
    } else if (owner.kind == ObjectKind::type) {
        catalog.types.erase(owner.name);
    } else {
        catalog.tables.erase(owner.name);
        catalog.views.erase(owner.name);
    }
    if (std::find(catalog.uncertain.begin(), catalog.uncertain.end(), reason) == catalog.uncertain.end())
        catalog.uncertain.push_back(std::move(reason));
}

void change_texts(Catalog& catalog, const std::vector<std::string>& words, const std::string& what,
                  const ChangeText& change) {
    Visit visit(words, change);
    for (auto& [name, table] : catalog.tables) visit.table(table);
    for (auto& [name, view] : catalog.views) visit.view(view);
    for (auto& [name, type] : catalog.types) visit.type(type);
    for (auto& [name, function] : catalog.functions) visit.function(function);
    for (const TextOwner& owner : visit.failed) forget_object(catalog, owner, what);
}

void change_texts_of_readers(Catalog& catalog, const std::vector<std::string>& words, const std::string& what,
                             const ChangeText& change) {
    Visit visit(words, change);
    for (auto& [name, table] : catalog.tables)
        if (!table.policies.empty()) visit.policies(table);
    for (auto& [name, view] : catalog.views) visit.query(view);
    for (auto& [name, function] : catalog.functions) visit.function(function);
    for (const TextOwner& owner : visit.failed) forget_object(catalog, owner, what);
}

void change_texts_of(Catalog& catalog, const ObjectName& table, const std::vector<std::string>& words,
                     const std::string& what, const ChangeText& change) {
    Table* found = catalog.table(table);
    if (found == nullptr) return;
    Visit visit(words, change);
    visit.table(*found);
    for (const TextOwner& owner : visit.failed) forget_object(catalog, owner, what);
}

}  // namespace changelog::catalog
