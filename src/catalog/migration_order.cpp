#include "catalog/migration_order.hpp"

#include "catalog/migration_text.hpp"

#include <algorithm>
#include <map>

namespace changelog::catalog {

namespace {

struct Needs {
    std::set<ObjectName> sure;
    std::set<ObjectName> maybe;   ///< better there before
    std::set<std::string> words;  ///< of a body, with or without a schema
};

template <typename Object>
std::set<ObjectName> names_of(const Object& object) {
    std::set<ObjectName> out;
    Object copy = object;
    each_text(copy, [&](std::string& text) { out.merge(qualified_names(text)); });
    return out;
}

void add(std::set<ObjectName>& out, const std::vector<ObjectRef>& refs) {
    for (const ObjectRef& ref : refs) out.insert(ref.name);
}

Needs needs_of_table(const Table& table) {
    Needs out;
    for (const Column& column : table.columns) {
        out.sure.merge(qualified_names(column.type));
        if (column.expression)
            (column.generated == Generated::no ? out.maybe : out.sure)
                .merge(qualified_names(*column.expression));
    }
    for (const ObjectName& parent : table.inherits) out.sure.insert(parent);
    out.sure.insert(table.partition_of);
    out.sure.merge(qualified_names(table.partition_by));
    for (const Constraint& constraint : table.constraints) out.maybe.merge(names_of(constraint));
    for (const Index& index : table.indexes) out.maybe.merge(names_of(index));
    return out;
}

Needs needs_of(const Catalog& catalog, const Item& item) {
    Needs out;
    switch (item.kind) {
        case ItemKind::type:
            out.sure = names_of(catalog.types.at(item.name));
            break;
        case ItemKind::sequence:
            break;
        case ItemKind::table:
            out = needs_of_table(catalog.tables.at(item.name));
            break;
        case ItemKind::function: {
            const Function& function = *find_function(catalog, item.name, item.arguments);
            out.sure = needs(function);
            out.words = all_words(function.definition);
            break;
        }
        case ItemKind::view:
            out.sure = needs(catalog.views.at(item.name));
            break;
    }
    return out;
}

void add_code(const Table& table, Needs& needs) {
    for (const Trigger& trigger : table.triggers) needs.maybe.merge(qualified_names(trigger.definition));
    for (const Policy& policy : table.policies) needs.maybe.merge(qualified_names(policy.definition));
}

/// What is waited for, by the places of the items in a list.
struct Waiting {
    std::vector<Item> items;
    std::vector<std::set<std::size_t>> sure, all;
    std::vector<bool> done;
};

Waiting waiting_for(const Catalog& catalog, const std::set<Item>& items, bool with_code) {
    Waiting out;
    out.items.assign(items.begin(), items.end());
    std::multimap<ObjectName, std::size_t> by_name;
    std::multimap<std::string, std::size_t> by_word;
    for (std::size_t i = 0; i < out.items.size(); ++i) {
        by_name.emplace(out.items[i].name, i);
        by_word.emplace(out.items[i].name.name, i);
    }
    for (std::size_t i = 0; i < out.items.size(); ++i) {
        Needs needs = needs_of(catalog, out.items[i]);
        if (with_code && out.items[i].kind == ItemKind::table)
            add_code(catalog.tables.at(out.items[i].name), needs);
        const auto collect = [&](const auto& names, const auto& places) {
            std::set<std::size_t> found;
            for (const auto& name : names)
                for (auto [at, end] = places.equal_range(name); at != end; ++at)
                    if (at->second != i) found.insert(at->second);
            return found;
        };
        out.sure.push_back(collect(needs.sure, by_name));
        out.all.push_back(out.sure.back());
        out.all.back().merge(collect(needs.maybe, by_name));
        out.all.back().merge(collect(needs.words, by_word));
    }
    out.done.assign(out.items.size(), false);
    return out;
}

bool is_ready(const std::set<std::size_t>& needed, const std::vector<bool>& done) {
    return std::all_of(needed.begin(), needed.end(), [&](std::size_t i) { return done[i]; });
}

/// The first that waits for nothing; else the first that could do without what it waits for; else the first.
std::size_t next_of(const Waiting& waiting) {
    std::size_t possible = waiting.items.size(), first = waiting.items.size();
    for (std::size_t i = 0; i < waiting.items.size(); ++i) {
        if (waiting.done[i]) continue;
        if (is_ready(waiting.all[i], waiting.done)) return i;
        first = std::min(first, i);
        if (is_ready(waiting.sure[i], waiting.done)) possible = std::min(possible, i);
    }
    return possible < waiting.items.size() ? possible : first;
}

}  // namespace

std::set<ObjectName> needs(const Column& column) { return names_of(column); }
std::set<ObjectName> needs(const Constraint& constraint) { return names_of(constraint); }
std::set<ObjectName> needs(const Index& index) { return names_of(index); }

std::set<ObjectName> needs(const Type& type) { return names_of(type); }

std::set<ObjectName> needs(const View& view) {
    std::set<ObjectName> out = qualified_names(view.query);
    out.merge(qualified_names(view.definition));
    for (const Index& index : view.indexes) out.merge(names_of(index));
    add(out, view.depends);
    return out;
}

std::set<ObjectName> needs(const Function& function) {
    std::set<ObjectName> out = names_of(function);
    add(out, function.depends);
    return out;
}

namespace {

std::vector<Item> in_order(Waiting waiting) {
    std::vector<Item> out;
    while (out.size() < waiting.items.size()) {
        // All that are ready in one sweep, so that long lists without circles take few of them.
        const std::size_t before = out.size();
        for (std::size_t i = 0; i < waiting.items.size(); ++i)
            if (!waiting.done[i] && is_ready(waiting.all[i], waiting.done)) {
                waiting.done[i] = true;
                out.push_back(waiting.items[i]);
            }
        if (out.size() > before) continue;
        const std::size_t next = next_of(waiting);
        waiting.done[next] = true;
        out.push_back(waiting.items[next]);
    }
    return out;
}

}  // namespace

std::vector<Item> creation_order(const Catalog& catalog, const std::set<Item>& items) {
    return in_order(waiting_for(catalog, items, false));
}

std::vector<Item> drop_order(const Catalog& catalog, const std::set<Item>& items) {
    std::vector<Item> out = in_order(waiting_for(catalog, items, true));
    std::reverse(out.begin(), out.end());
    return out;
}

std::set<Item> needed_by_tables(const Catalog& catalog, const std::set<Item>& items) {
    std::set<ObjectName> names;
    const auto add_names = [&](const Needs& needs) {
        names.insert(needs.sure.begin(), needs.sure.end());
        names.insert(needs.maybe.begin(), needs.maybe.end());
    };
    for (const auto& [name, table] : catalog.tables) add_names(needs_of_table(table));
    for (const auto& [name, type] : catalog.types) names.merge(names_of(type));
    std::set<Item> out;
    for (bool more = true; more;) {
        more = false;
        for (const Item& item : items) {
            const bool data = item.kind == ItemKind::table || item.kind == ItemKind::type ||
                              item.kind == ItemKind::sequence;
            if ((!data && !names.contains(item.name)) || !out.insert(item).second) continue;
            add_names(needs_of(catalog, item));
            more = true;
        }
    }
    return out;
}

}  // namespace changelog::catalog
