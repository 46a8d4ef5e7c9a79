// Options of sequences, those behind identity columns included: what has to be altered, and where to go on.
#pragma once

#include "catalog/migration_state.hpp"

#include <string>
#include <string_view>

namespace changelog::catalog {

/// " INCREMENT BY 2 NO MAXVALUE": the options that differ, each after `set` (" SET" for identity columns).
/// Empty where none does.
std::string option_changes(const SequenceOptions& now, const SequenceOptions& to, std::string_view set);

/// Whether one counts up and the other down, so that no position of the one fits the other.
bool turns(const SequenceOptions& now, const SequenceOptions& to);

/// The sequence goes on after what the column has.
void continue_sequence(Migration& migration, const ObjectName& sequence, const ObjectRef& column,
                       const SequenceOptions& options);

}  // namespace changelog::catalog
