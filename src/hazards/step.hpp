// What a statement does, taken apart into steps with plain names: a command of ALTER TABLE, a constraint of a
// new column, an object of a DROP, or the statement itself. The rules of lock_rules.hpp are about steps.
#pragma once

#include "changelog/catalog.hpp"

#include "hazards/facts.hpp"
#include "hazards/parsed.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::hazards {

struct Step {
    const FactContext& context;
    const Parsed& statement;
    std::string kind = {};             ///< "ADD COLUMN", "ADD CHECK", "DROP INDEX", "CREATE INDEX", ...
    const Node* node = nullptr;        ///< the command, or the statement
    ObjectName relation = {};          ///< which it is about; a type or a function of such statements
    std::string name = {};             ///< the column, constraint, trigger, ... within it
    const Node* definition = nullptr;  ///< of a column or constraint
    bool alone = false;                ///< ONLY: without partitions and children
    std::size_t command = 0;           ///< position among the commands of ALTER TABLE
    std::size_t offset = 0;            ///< in the text of the statement

    /// As it was before the statement; null if it is not known.
    const catalog::Table* table() const { return context.before.table(relation); }
    const catalog::Column* column() const;
    /// The constraint that exists already by the step's name.
    const catalog::Constraint* constraint() const;
    bool stands_for(Newer what) const { return statement.stands_for(command, what); }
    /// A name of the statement, with the default schema where it has none.
    ObjectName name_of(const Node& range_var) const;
    ObjectName name_of(std::vector<std::string> parts) const;
    /// The other commands of the same ALTER TABLE that are of this kind.
    std::vector<std::string> names_of(const std::string& command_kind) const;
    bool cascade() const { return text_of(*node, "behavior") == "DROP_CASCADE"; }
};

/// In the order of the text.
std::vector<Step> steps_of(const Parsed& statement, const FactContext& context);

/// "ADD COLUMN orders.note", for people; without the default schema.
std::string summary_of(const std::vector<Step>& steps);
std::string shown(const ObjectName& name, const FactContext& context);

}  // namespace changelog::hazards
