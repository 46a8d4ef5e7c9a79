// The undo of what nobody can read off its text: by looking at the database before and after.
#pragma once

#include "changelog/catalog.hpp"
#include "changelog/footprint.hpp"
#include "changelog/statement.hpp"

#include "execute/row_watch.hpp"
#include "postgres/introspect.hpp"

#include <optional>

namespace changelog::execute {

class Observer {
  public:
    /// Begins to look at what `footprint` names; at everything where that is a barrier. `in_transaction`: a
    /// transaction is open, so that rows can be watched as well. Throws DatabaseError.
    Observer(postgres::Connection& connection, const Footprint& footprint, postgres::IntrospectOptions scope,
             bool in_transaction);

    /// What comes next is this statement. Statements that only insert are watched apart from others: a row
    /// that was inserted and one that was updated look alike afterwards.
    void before_statement(const std::string& sql);

    /// What undoes all that happened since. Call once; throws DatabaseError.
    Undo undo();

  private:
    void leave_out_what_only_came_along(catalog::Catalog& after) const;
    void leave_out_what_others_did(catalog::Catalog& after);
    std::set<std::uint64_t> own_objects();
    void note_emptied_tables(const catalog::Catalog& after, Undo& undo) const;

    postgres::Connection& connection_;
    postgres::IntrospectOptions scope_;
    bool changes_rows_ = false;
    catalog::Catalog before_;
    std::set<std::uint64_t> there_before_;
    void finish_rows();

    std::optional<RowWatch> rows_;
    bool watches_inserts_ = false;
    std::vector<RowEffects> effects_;  ///< in the order of the statements
    std::set<std::uint64_t> exchanged_;
};

}  // namespace changelog::execute
