// A rule: when a step is dangerous, and what to say then. One row for each rule; the files in rules/ hold
// them by family, rules.def lists them.
#pragma once

#include "hazards/conditions.hpp"
#include "hazards/findings.hpp"
#include "hazards/relations.hpp"
#include "hazards/step.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::hazards {

/// What holds when a statement comes.
struct Situation {
    const FactContext& context;
    const StatementFacts& facts;             ///< of the statement
    const std::map<ObjectName, Lock>& held;  ///< by the open transaction, from earlier statements
    const std::map<std::string, std::string>& settings;
    const std::vector<std::vector<Step>>& all;  ///< the steps of every statement of the migration
    std::size_t position = 0;                   ///< of the statement
    bool began_here = false;                    ///< the migration opened the transaction itself
    const std::string& text;                    ///< of the statement

    bool is_made(const ObjectName& name) const { return context.made.contains(name); }
    /// A setting of that name that is neither absent nor 0.
    bool is_set(const std::string& name) const;
    /// Whether some other statement of the migration has a step for which this holds.
    template <typename Test>
    bool any_earlier(const Test& test) const {
        for (std::size_t i = 0; i < position; ++i)
            for (const Step& step : all[i])
                if (test(step)) return true;
        return false;
    }
    template <typename Test>
    bool any_later(const Test& test) const {
        for (std::size_t i = position + 1; i < all.size(); ++i)
            for (const Step& step : all[i])
                if (test(step)) return true;
        return false;
    }
};

struct Look {
    const Step& step;
    const Situation& now;
};

/// The kind that stands for the end of the migration.
inline constexpr std::string_view kEnd = "END";

/// Kinds of steps, up to twelve; none: every kind.
using Kinds = std::array<std::string_view, 12>;

enum class About {
    standing,  ///< only relations that were there before the migration
    anything,
};

struct Rule {
    std::string_view id, code;
    Severity severity = Severity::warning;
    About about = About::standing;
    Kinds kinds = {};
    bool (*check)(const Look&) = nullptr;  ///< null: every step of these kinds
    std::string_view message;  ///< with "{table}" and "{name}" for the relation and the part of it,
                               ///< "{reason}" for why it fails, "{held}" for what is locked already,
                               ///< "{destroys}" for what goes with it
    std::string_view safe;
};

/// Whether the condition of an UPDATE or DELETE asks for the values of a key, as bookkeeping of tools does.
bool finds_rows_by_key(const Step& step);

/// A condition of the table of locks as the check of a rule.
template <bool (*Condition)(const Step&)>
bool when(const Look& look) {
    return Condition(look.step);
}

#define RULE(name) extern const Rule rule_##name;
#include "hazards/rules.def"
#undef RULE

}  // namespace changelog::hazards
