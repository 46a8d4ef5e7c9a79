// One statement of raw SQL that is being followed on the schema model, and what the followers of the
// different kinds of statements share.
#pragma once

#include "changelog/catalog.hpp"

#include "catalog/naming.hpp"
#include "sql/ddl_text.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace changelog::operations {

using sql::child;
using sql::flag_of;
using sql::inside;
using sql::kind_of;
using sql::strings_of;
using sql::text_of;

/// What lasts from one statement of a text to the next.
struct RawScope {
    catalog::Catalog& catalog;
    std::string default_schema;
    std::string home_schema;               ///< the default schema before any SET
    std::set<std::string> temporary = {};  ///< relations that the text makes in pg_temp
    /// Set where only the difference counts that the text makes: an unknown table is taken for an empty one,
    /// so that what is added to it can be taken away again.
    bool invent_tables = false;
    std::map<ObjectName, catalog::ObjectId> invented = {};  ///< by the name that it had before
    const catalog::Catalog* all = nullptr;   ///< what `catalog` was a part of; null: it is everything
    const catalog::Catalog* part = nullptr;  ///< that part before the text
    std::set<ObjectName> concurrent = {};    ///< indexes made or dropped CONCURRENTLY
    int server_version = 150000;             ///< as RenderContext has it
};

/// Tokens of a statement: [begin, end).
struct Span {
    std::size_t begin = 0, end = 0;
};

class RawStatement {
  public:
    RawStatement(const sql::Node& parsed, const sql::DdlText& tokens, Span where, RawScope& around)
        : node(inside(parsed)), kind(kind_of(parsed)), text(tokens), span(where), scope(around) {}

    const sql::Node& node;
    const std::string kind;
    const sql::DdlText& text;
    const Span span;
    RawScope& scope;
    std::string why;         ///< of one that could not be followed
    bool not_kept = false;   ///< it changes what the model has no place for (a role), and nothing else
    bool tentative = false;  ///< followed, but what was there before is not known (IF NOT EXISTS)

    catalog::Catalog& catalog() const { return scope.catalog; }
    /// False, with the reason.
    bool fail(std::string reason) {
        why = std::move(reason);
        return false;
    }
    bool fail_unknown(ObjectKind object, const ObjectName& name, const std::string& part = {});
    /// True: it is followed, but whether the object was there before is not known.
    /// What becomes of one that was: IF NOT EXISTS keeps it, OR REPLACE does not.
    enum class Before : std::uint8_t { kept, replaced };
    bool unsure(ObjectKind object, const ObjectName& name, Before before = Before::kept);

    // Names. Unqualified ones get the default schema; temporary relations lie in "pg_temp".
    ObjectName relation(const sql::Node& range_var) const;
    ObjectName name(std::vector<std::string> parts) const;
    static bool is_temporary(const ObjectName& name) { return name.schema == "pg_temp"; }
    /// The table, view or materialized view by its name in the tree; or the table with an index.
    catalog::Table* table(const ObjectName& name) const;
    bool is_invented(const ObjectName& name) const;

    // Pieces of text.
    std::string slice(std::size_t begin, std::size_t end) const { return text.slice(begin, end); }
    std::string whole() const { return slice(span.begin, span.end); }
    /// What stands within the brackets behind the word; "" if there are none in [from, end).
    std::string bracketed_after(std::string_view word, std::size_t from, std::size_t end) const;

    /// A type in the catalog's spelling, with the schema of those that the catalog knows; "" if it cannot be
    /// told.
    std::string type(const sql::Node& type_name) const;
    /// "\"C\"": SQL text, as the model has it; empty for no clause.
    static std::string collation(const sql::Node& coll_clause);

    /// "fillfactor" -> "70", from a list of DefElem nodes with their places.
    std::map<std::string, std::string> options(const sql::Node& list) const;

    /// The name that PostgreSQL chooses; nothing where the catalog does not know what is taken.
    std::optional<std::string> choose(const ObjectName& table, catalog::NameOf what,
                                      const std::vector<std::string>& columns) const;
    /// Gives the NOT NULLs of the table, and of its partitions and children, the names that this server does.
    void name_not_nulls(const ObjectName& table) const;
    /// Whether a name is that of something outside the part of the schema that `catalog` is.
    bool is_taken_elsewhere(const ObjectName& name) const;
    /// Whether the schema holds nothing that the catalog does not know of.
    bool is_certain() const;
    /// The whole statement, with the default schema in front of this relation's name if it has none.
    std::string whole_with_schema(const sql::Node& range_var) const;
};

/// The options of a sequence, laid over others; `owner` is set by OWNED BY (empty name: NONE).
struct SequenceChange {
    catalog::SequenceOptions options;
    std::optional<ObjectRef> owner;
    std::string name;            ///< SEQUENCE NAME of an identity column
    bool restarts = false;       ///< which changes the sequence's value, not its definition
    std::optional<bool> always;  ///< SET GENERATED of an identity column
};
SequenceChange sequence_change(const RawStatement& statement, const sql::Node& options,
                               catalog::SequenceOptions from);

/// What one column definition or constraint adds to a table.
bool define_column(RawStatement& statement, catalog::Table& table, const sql::Node& column, Span span);
bool define_constraint(RawStatement& statement, catalog::Table& table, const sql::Node& constraint,
                       const std::string& column, Span span);
/// The constraint whose index has this name; null if there is none.
catalog::Constraint* key_of_index(catalog::Catalog& catalog, const ObjectName& name);
/// With the first value written out, where it follows from other options: those may now change without it.
catalog::SequenceOptions with_start(catalog::SequenceOptions options);
/// Partitions of the table get what it has and they lack.
bool reach_partitions(RawStatement& statement, const ObjectName& table);
/// "FOR VALUES ..." or "DEFAULT" from the token where it begins.
std::string partition_bound(const sql::DdlText& text, std::size_t begin);
/// Whether a command reaches the tables that inherit: not with ONLY.
bool reaches_children(const RawStatement& statement);
/// Gives what a partition gets from its parent: ATTACH PARTITION and PARTITION OF.
/// One that has been a partition before lacks the indexes that were made for the parent alone.
bool adopt_parent(RawStatement& statement, catalog::Table& child, const catalog::Table& parent,
                  bool is_new = true);
/// The columns of the table that an expression names, in the table's order.
std::vector<std::string> columns_in(const sql::Node& expression, const catalog::Table& table);
/// The definition of a trigger with another relation in it.
std::string retargeted(const std::string& definition, const ObjectName& relation);
/// The function of an ObjectWithArgs node; null if it is not known, or more than one could be meant.
catalog::Function* function_of(RawStatement& statement, const sql::Node& object);

// Statements by kind. Each is true if the catalog followed it exactly.
bool follow_create_table(RawStatement& statement, const sql::Node& node);
bool follow_create_table_as(RawStatement& statement);
bool follow_alter_table(RawStatement& statement);
/// The commands of ALTER TABLE that are about one column; nothing if the command is none of these.
std::optional<bool> follow_column_command(RawStatement& statement, catalog::Table& table,
                                          const sql::Node& command, Span span);
/// All other commands of ALTER TABLE.
bool follow_table_command(RawStatement& statement, catalog::Table& table, const sql::Node& command,
                          Span span);
bool follow_index(RawStatement& statement);
bool follow_view(RawStatement& statement);
bool follow_trigger(RawStatement& statement);
bool follow_policy(RawStatement& statement);
bool follow_alter_policy(RawStatement& statement);
bool follow_function(RawStatement& statement);
bool follow_sequence(RawStatement& statement);
bool follow_enum(RawStatement& statement);
bool follow_alter_enum(RawStatement& statement);
bool follow_composite(RawStatement& statement);
bool follow_alter_composite(RawStatement& statement);
bool follow_range(RawStatement& statement);
bool follow_domain(RawStatement& statement);
bool follow_alter_domain(RawStatement& statement);
bool follow_extension(RawStatement& statement);
bool follow_schema(RawStatement& statement);
bool follow_rename(RawStatement& statement);
bool follow_set_schema(RawStatement& statement);
bool follow_owner(RawStatement& statement);
/// An object gets another owner, whose own grants become one with what an owner has.
void take_owner(const sql::Node& role, std::string& owner, std::vector<catalog::Grant>& grants);
void take_owner(catalog::Catalog& catalog, const sql::Node& role, catalog::Table& table);
bool follow_drop(RawStatement& statement);
bool follow_comment(RawStatement& statement);
bool follow_grant(RawStatement& statement);

}  // namespace changelog::operations
