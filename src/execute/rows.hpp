// Rows of the ledger for changesets, and the JSON in them.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/plan.hpp"

#include "postgres/ledger.hpp"

#include <string>
#include <vector>

namespace changelog::execute {

/// The row that records `event` for a changeset; `rendered` gives its statements and rollback, null for
/// mark_ran.
postgres::LedgerRow ledger_row(const ChangeSet& changeset, const RenderedChangeSet* rendered,
                               const std::string& deployment, const std::string& event);

/// {"statements":[{"sql":...,"transactional":false}],"losses":[...],"since":[...],"impossible":"..."}: what
/// can be left out is.
std::string undo_to_json(const Undo& undo);
/// The opposite. Text that is no such JSON gives an impossible undo that says so.
Undo undo_from_json(const std::string& json);

/// Beside a rollback block: the undo that was made from the changes. Nothing where there is none.
std::optional<Undo> generated_from_json(const std::string& json);

/// Whether the first `count` statements of a stored list are those of `now`.
bool same_beginning(const std::string& stored_statements, const std::vector<Statement>& now,
                    std::size_t count);

/// A random UUID (version 4).
std::string new_deployment_id();

}  // namespace changelog::execute
