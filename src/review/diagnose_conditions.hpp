// What PostgreSQL's error codes mean for somebody who migrates a schema.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace changelog::review {

/// A condition of the manual's appendix "PostgreSQL Error Codes".
struct SqlCondition {
    std::string_view sqlstate;  ///< "42P07"
    std::string_view name;      ///< "duplicate_table"
    std::string_view cause;     ///< one or two sentences
    std::string_view remedy;
};

std::span<const SqlCondition> sql_conditions();

/// Null where the code is not among those that migrations meet.
const SqlCondition* condition_of(std::string_view sqlstate);

/// By its name as drivers spell it: "unique_violation", "UniqueViolation", "UniqueViolationError". Null if
/// there is none.
const SqlCondition* condition_named(std::string_view name);

/// What a code of this class is about ("23": integrity constraint violation); empty if that is not known.
std::string_view class_of(std::string_view sqlstate);

}  // namespace changelog::review
