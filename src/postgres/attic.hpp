// The attic of a live database: what `retain` kept there, and how it comes back or goes for good.
#pragma once

#include "changelog/changelog.hpp"
#include "changelog/diagnostics.hpp"
#include "changelog/statement.hpp"

#include "postgres/connection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace changelog::postgres {

/// One thing that is kept.
struct AtticItem {
    long long id = 0;
    std::string kind;     ///< "table", "column", "rows", "values"
    std::string object;   ///< what it was: "public.orders"
    std::string kept_as;  ///< what it is called now; empty for a DELETE that took no row
    std::string tag, changeset;
    std::string kept_at, purge_after;  ///< as PostgreSQL prints them; the second is empty without a period
    bool expired = false;
    bool present = true;   ///< false: somebody dropped it behind our back
    long long rows = -1;   ///< estimate; -1: not known
    long long bytes = -1;  ///< on disk; an estimate for a column; -1: not known
};

struct PurgeChoice {
    std::optional<long long> item;
    std::string older_than;  ///< an interval; empty: not by age
    bool expired = false;    ///< whatever its period is over
};

class Attic {
  public:
    Attic(Connection& connection, std::string schema) : connection_(connection), schema_(std::move(schema)) {}

    bool exists();
    /// Oldest first.
    std::vector<AtticItem> list();
    /// Items by number, by name in the attic, or by the object's name.
    std::vector<AtticItem> find(const std::string& name);
    /// Brings an item back, with `as` under another name, in a transaction of its own. Reports CL5007 where
    /// its name is taken or the database refuses.
    bool restore(const AtticItem& item, const std::optional<std::string>& as, Diagnostics& diagnostics);

    /// The SQL of a restore.
    std::string restore_sql(const AtticItem& item, const std::optional<std::string>& as) const;
    /// How many of the newest so many items of a changeset are there; those that were purged or restored by
    /// hand count among the newest, but are not there.
    long long newest(const std::string& kind, const std::string& object, const std::string& tag,
                     long long count);

    /// What a purge would remove, with columns that were kept on tables that go.
    std::vector<AtticItem> to_purge(const PurgeChoice& choice);
    /// The statements that remove it.
    std::vector<Statement> purge_statements(const std::vector<AtticItem>& items);
    /// Removes it, in one transaction. Throws DatabaseError.
    void purge(const std::vector<AtticItem>& items);

  private:
    std::vector<AtticItem> items(const std::string& condition,
                                 const std::vector<std::optional<std::string>>& parameters);
    std::vector<AtticItem> with_columns_inside(const std::vector<AtticItem>& chosen);
    void drop_column(const AtticItem& item, std::vector<Statement>& out);
    std::string taken_name(const AtticItem& item, const std::optional<std::string>& as);

    Connection& connection_;
    std::string schema_;  ///< as stored
};

/// What these undo statements would bring back from the attic but is not there any more: "rows of
/// public.orders". Empty where nothing is missing.
std::vector<std::string> missing_items(Connection& connection, const std::vector<Statement>& undo);

/// Reports CL5005 if the undo of this changeset needs what is not in the attic any more. True if all is
/// there.
bool has_what_it_needs(Connection& connection, const std::vector<Statement>& undo,
                       const ChangeSetKey& changeset, Diagnostics& diagnostics);

/// "rows of public.orders", "column public.orders.note": what an item is, for people.
std::string describe_kept(const std::string& kind, const std::string& object);

}  // namespace changelog::postgres
