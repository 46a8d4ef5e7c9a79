// Preconditions that ask whether an object of the schema is there.
#pragma once

#include "changelog/changelog.hpp"

#include "postgres/preconditions.hpp"

#include <optional>
#include <string>

namespace changelog::postgres {

/// A SELECT of one boolean, or nothing if the condition is not about an object. Names are compared as
/// LIQUIBASE.md 1.5 and 4 say: tables, views and sequences as stored, all others without regard to case.
std::optional<std::string> existence_query(const Condition& condition, const PreconditionContext& context);

/// What the condition looks for: "table public.orders"; for messages.
std::string existence_subject(const Condition& condition, const PreconditionContext& context);

/// "" if the attribute is not there.
std::string attribute(const Condition& condition, const std::string& name);

/// The schema of the condition, or the default one, as stored.
std::string schema_of(const Condition& condition, const PreconditionContext& context);

}  // namespace changelog::postgres
