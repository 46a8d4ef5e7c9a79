// Turns parse trees into touches. One reader serves the statements of one text, in order.
#pragma once

#include "changelog/footprint.hpp"

#include "sql/parse_tree.hpp"

#include <set>
#include <string>
#include <vector>

namespace changelog::sql {

/// Whether what is read is only written down (a view's query, a default, a CHECK) or runs at once.
enum class Use { definition, execution };

/// Stands for "some columns of the table, it is not known which" where a column's name would be.
inline constexpr std::string_view kSomeColumns = "*";

class StatementReader {
  public:
    StatementReader(std::string default_schema, Footprint& out)
        : default_schema_(std::move(default_schema)), out_(out) {}
    /// A reader for whose statements another schema is the default.
    StatementReader in_schema(const std::string& schema) const { return {schema, out_}; }

    /// Reads a whole statement: `{"CreateStmt": {...}}`.
    void statement(const Node& wrapped);

    // Names. Unqualified ones get the default schema; temporary tables lie in "pg_temp" and leave no touches.
    ObjectName name_of(const Node& range_var) const;
    ObjectName name_of(std::vector<std::string> parts) const;
    /// A name written in a string: nextval('app.orders_seq').
    ObjectName name_in_text(const std::string& text) const;

    // Touches.
    void touch(Access access, ObjectKind kind, const ObjectName& name, const std::string& part = {},
               bool tentative = false);
    void columns(Access access, const ObjectName& table, const std::vector<std::string>& names);
    void block(std::string reason) { out_.block(std::move(reason)); }
    void remember_temporary(const std::string& table) { temporary_.insert(table); }

    // Pieces of statements.
    void type_use(const Node& type_name);
    /// An expression on the columns of one table: CHECK, index, policy, default.
    void expression(const Node& node, const ObjectName& table) { on_table(node, table, {}, Use::definition); }
    /// Anything whose columns are those of a table, and of further tables that it names.
    void on_table(const Node& node, const ObjectName& table, const std::string& alias, Use use,
                  std::initializer_list<std::string_view> except = {});
    /// A query, or any node that holds some; without the members of these names.
    void query(const Node& node, Use use, std::initializer_list<std::string_view> except = {});

  private:
    std::string default_schema_;
    Footprint& out_;
    std::set<std::string> temporary_;
};

// The statements, by what they are about. Each returns false if the kind is not one of its own.
bool read_table_statement(StatementReader& reader, const std::string& kind, const Node& node);
bool read_data_statement(StatementReader& reader, const std::string& kind, const Node& node);
bool read_object_statement(StatementReader& reader, const std::string& kind, const Node& node);
bool read_change_statement(StatementReader& reader, const std::string& kind, const Node& node);
bool read_session_statement(StatementReader& reader, const std::string& kind, const Node& node);

/// The columns and constraints of a new or altered table.
void read_column_definition(StatementReader& reader, const ObjectName& table, const Node& column,
                            bool tentative);
void read_constraint(StatementReader& reader, const ObjectName& table, const Node& constraint,
                     const std::string& column);

/// Whether a function is one of PostgreSQL's own that changes nothing but its result, or a sequence.
bool is_harmless_function(std::string_view name);

/// The object of a statement that names its kind by an ObjectType ("OBJECT_INDEX"); nothing if the kind is
/// not modelled.
std::optional<ObjectRef> object_of_type(const StatementReader& reader, const std::string& object_type,
                                        const Node& object);

}  // namespace changelog::sql
