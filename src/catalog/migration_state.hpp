// One migration on its way: the statements so far and the schema that they lead to. Each phase compares that
// schema with the wanted one, adds statements, and writes down what they change.
#pragma once

#include "changelog/catalog.hpp"
#include "changelog/statement.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace changelog::catalog {

enum class ItemKind : std::uint8_t { type, sequence, table, function, view };

/// What can depend on another of its like and has to be made, or dropped, in the right order.
struct Item {
    ItemKind kind = ItemKind::table;
    ObjectName name;
    std::string arguments;  ///< of a function

    auto operator<=>(const Item&) const = default;
    bool operator==(const Item&) const = default;
};

struct Migration {
    Catalog now;
    const Catalog& to;
    Undo undo = {};
    std::set<ObjectName> made = {};         ///< relations that this migration created
    std::set<ObjectRef> refilled = {};      ///< columns of kept tables that come back empty
    std::vector<std::string> reasons = {};  ///< why something cannot be done

    void run(std::string sql) { undo.statements.push_back({std::move(sql)}); }
    void run(std::vector<Statement> statements) {
        for (Statement& statement : statements) undo.statements.push_back(std::move(statement));
    }
    void lose(std::string what) { note(undo.losses, std::move(what)); }
    void lose_since(const std::string& what) { note(undo.since, what + " written since"); }

  private:
    static void note(std::vector<std::string>& list, std::string what) {
        for (const std::string& known : list)
            if (known == what) return;
        list.push_back(std::move(what));
    }
};

/// "public.orders", as people read it.
std::string shown(const ObjectName& name);

/// "ALTER TABLE public.t ", or "ALTER TABLE ONLY ..." where it has children and they are to stay as they are.
std::string alter_table(const ObjectName& table);
std::string alter_only(const Migration& migration, const ObjectName& table);
std::string alter_column(const ObjectName& table, const std::string& column);

/// The function with exactly these arguments, or null.
const Function* find_function(const Catalog& catalog, const ObjectName& name, const std::string& arguments);
Function* find_function(Catalog& catalog, const ObjectName& name, const std::string& arguments);
/// "FUNCTION public.f(integer)".
std::string routine(const Function& function);

template <typename Items>
auto find_named(Items& items, const std::string& name) -> decltype(&*items.begin()) {
    for (auto& item : items)
        if (item.name == name) return &item;
    return nullptr;
}

/// Tables of the catalog, parents before their partitions and children.
std::vector<ObjectName> parents_first(const Catalog& catalog);

/// A name like this one that nothing has in either catalog.
ObjectName spare_name(const Migration& migration, const ObjectName& like);

/// Whether a relation, index or type of this name is there.
bool is_taken(const Catalog& catalog, const ObjectName& name);

// The phases, in this order.

/// Objects with equal ids get the names and schemas that they are to have; what stands in their way and goes
/// anyway, a spare one.
void rename_objects(Migration& migration);

/// Types are altered where they can be; those that have to be made anew step aside under a spare name, so
/// that from now on everything that uses them differs.
void settle_types(Migration& migration);

/// Drops all that goes, all that has to be made anew, and all that stands in the way of either.
void drop_objects(Migration& migration);

/// Makes schemas, extensions, types, sequences and tables, with functions that these use; adds and alters
/// columns.
void make_structure(Migration& migration);

/// Constraints and indexes, partitions.
void settle_constraints(Migration& migration);

/// What is made of tables: functions, views, triggers, policies, others.
void make_code(Migration& migration);

/// Types, extensions and schemas that go: nothing uses them any more.
void drop_leftovers(Migration& migration);

/// Storage parameters, row security, states of triggers, owners of sequences, grants, comments, ...
void settle_properties(Migration& migration);

}  // namespace changelog::catalog
