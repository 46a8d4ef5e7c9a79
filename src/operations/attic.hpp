// The attic: the schema where `retain` keeps what operations take away, as SQL. Table `items` there says what
// is kept, and how it comes back; every other relation in it is a dropped table or a copy of rows.
#pragma once

#include "operations/common.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::operations {

/// For how long something is kept: an interval that PostgreSQL reads; empty: until somebody purges it.
struct Retention {
    std::string period;
};

/// `retain` as it is written.
struct RetainChoice {
    std::optional<Retention> keep;  ///< absent for "false"
};

/// Reads "true", "false" or a period: whole numbers with a unit from seconds to years, such as "30 days",
/// "12h" or "1 month 2 weeks". Nothing for any other text; `did_you_mean` is then what may have been meant.
std::optional<RetainChoice> read_retain(std::string_view text, std::string* did_you_mean = nullptr);

/// The key `retain` of operations that destroy data.
class RetainKey {
  public:
    void describe(FieldVisitor& visitor);
    /// Reports CL1215 for what is neither true, false nor a period.
    void check(Diagnostics& diagnostics, Position at) const;
    /// What holds here: the key, else the context's default, which a rollback block does not have.
    std::optional<Retention> in(const RenderContext& context) const;
    bool asks() const;  ///< the key itself asks for it, not the default

  private:
    std::optional<std::string> text_;
};

/// Reports CL1215 for a `retain` that is neither true, false nor a period.
void check_retain(const std::string& text, Position at, Diagnostics& diagnostics);

/// One thing that is kept. Together with the changeset's tag, kind and object find it again: the newest one.
struct Kept {
    std::string attic;   ///< schema, as stored
    std::string kind;    ///< "table", "column", "rows" or "values"
    std::string object;  ///< "public.orders", "public.orders.note", as SQL
    std::string tag;     ///< of the changeset
    std::string name;    ///< what it is called in the attic, or on its table; with a number if that is taken
    std::string period;

    static Kept of(const RenderContext& context, std::string kind, const ObjectName& table,
                   const std::string& column, const Retention& retention);
};

/// Makes the attic where there is none yet. Says nothing where there is one.
Statement prepare_attic(const std::string& attic);

// What is kept, and then taken away. `table` is SQL.

/// In place of DROP TABLE: refuses what that refuses, takes off all that ties the table to others, and moves
/// it. With `cascade` foreign keys of others that are still there fall first, and come back with the item.
Statement keep_table(const Kept& kept, const std::string& table, bool cascade);
/// In place of DROP COLUMN: refuses what that refuses, takes off all that the column has, and renames it.
/// A generated column is dropped: its values are computed.
Statement keep_column(const Kept& kept, const std::string& table, const std::string& column);
/// Runs a DELETE and keeps the rows that it took.
Statement keep_rows(const Kept& kept, const std::string& table, const std::string& deletion);
/// Runs "UPDATE t SET ..." for the rows of `condition` (" WHERE ...", or empty) and keeps what these columns
/// held. Fails where there is no primary key to find the rows by.
Statement keep_updated(const Kept& kept, const std::string& table, const std::vector<std::string>& columns,
                       const std::string& update, const std::string& condition);
/// Keeps every value of a column, and locks the table for the change of its type that follows.
Statement keep_values(const Kept& kept, const std::string& table, const std::string& column);

// The way back.

/// Undoes any of the above but keep_values.
Statement bring_back(const Kept& kept);
/// A column as it was before its type was changed, but for what was written since. `type` with its
/// COLLATE clause if it has one; `expression` is its default.
struct FormerType {
    std::string table, column;  ///< as SQL
    std::string type, collation, now;
    std::optional<std::string> expression;
    bool not_null = false;
};
Statement bring_back_values(const Kept& kept, const FormerType& former);
/// Restores one item by its number in the attic; with `name` under another name.
std::string restore_item(const std::string& attic, const std::string& kind, long long id,
                         const std::optional<std::string>& name);

/// Removes an item by hand: it leaves a mark, so that no undo takes an older item of the same name for it.
std::string item_is_gone(const std::string& attic, long long id);
/// Removes the marks that no older item needs any more.
std::string forget_gone(const std::string& attic);

/// What a statement of bring_back() or bring_back_values() needs to find in the attic; nothing for any other
/// statement. Only attic, kind, object and tag are filled.
std::optional<Kept> needed_by(const std::string& sql);

/// What a statement of bring_back_values() changes back; nothing for any other statement. Only the types are
/// filled.
std::optional<FormerType> former_type_in(const std::string& sql);

/// The schema after keep_column(): the column is there under the name that it is kept by, in the table and in
/// all below it, and has nothing but its values.
void hide_column(catalog::Catalog& catalog, const ObjectName& table, const std::string& column,
                 const Kept& kept);

/// Whether the rows of a table can be found again after these columns of them changed: the fold knows a
/// primary key, and it is none of them.
bool has_stable_key(const catalog::Table* table, const std::vector<std::string>& columns);

}  // namespace changelog::operations
