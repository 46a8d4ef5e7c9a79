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

/// How far the undo of a changeset is known that runs step by step: the JSON of its `started` row with the
/// undo of each change, as it was before the first statement or as it was seen since.
std::string with_parts(std::string rollback, const RenderedChangeSet& rendered);
/// Gives the changes of a changeset that is taken up again the undo that they had when it began: by now the
/// database is no longer what they met. Changes that were edited and have not begun keep theirs. `started` is
/// the row of the last step, of which `done` statements are done.
void take_parts(const postgres::HistoryRow& started, std::size_t done, RenderedChangeSet& rendered);

/// The row by which a changeset goes back to an earlier run: `reran`, with that run's meaning and undo, and
/// in its `rollback` the run's number as `back_to`.
postgres::LedgerRow row_of_return(const postgres::HistoryRow& run, const std::string& deployment, int share);
/// The runs that are in effect, newest first: without those that were undone by such a return, and without
/// the returns themselves.
std::vector<postgres::HistoryRow> runs_in_effect(const std::vector<postgres::HistoryRow>& runs);

/// Whether the first `count` statements of a stored list are those of `now`. The list is one of texts, or an
/// undo.
bool same_beginning(const std::string& stored_statements, const std::vector<Statement>& now,
                    std::size_t count);

/// A random UUID (version 4).
std::string new_deployment_id();

}  // namespace changelog::execute
