// The table of what each step locks and works on. A row says: if a step is of this kind, and the condition
// holds, and the server is of these versions, then these relations get this lock and this work. All rows that
// apply add up; of one relation the strongest lock and the most work count.
#pragma once

#include "hazards/step.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace changelog::hazards {

using Condition = bool (*)(const Step&);
using Relations = std::vector<ObjectName> (*)(const Step&);

inline constexpr std::string_view kAnyKind;
inline constexpr int kAnyVersion = 0;
inline constexpr int kNoEnd = 1'000'000'000;

struct LockRule {
    std::string_view kind;     ///< of the step
    Condition when = nullptr;  ///< null: always
    Relations which = nullptr;
    Lock lock = Lock::none;
    Work work = Work::none;
    int from = kAnyVersion, until = kNoEnd;  ///< server versions [from, until)
};

/// Why a step fails.
struct FailureRule {
    std::string_view kind;
    Condition when = nullptr;
    std::string_view sqlstate;
    std::string_view reason;
    bool certain = true;  ///< else it depends on the rows
    int from = kAnyVersion, until = kNoEnd;
};

// By subject; lock_table() is all of them.
std::span<const LockRule> column_locks();
std::span<const LockRule> type_locks();
std::span<const LockRule> constraint_locks();
std::span<const LockRule> index_locks();
std::span<const LockRule> partition_locks();
std::span<const LockRule> storage_locks();
std::span<const LockRule> object_locks();
std::span<const LockRule> data_locks();

std::span<const FailureRule> failure_table();

/// The facts of a statement that is taken apart already.
StatementFacts facts_of(const Parsed& statement, const std::vector<Step>& steps, const FactContext& context);

}  // namespace changelog::hazards
