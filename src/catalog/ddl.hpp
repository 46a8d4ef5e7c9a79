// A catalog's objects as the DDL that makes them: what rollbacks of drops are built from.
#pragma once

#include "changelog/catalog.hpp"
#include "changelog/statement.hpp"

#include <string>
#include <vector>

namespace changelog::catalog {

/// "name type [COLLATE c] [DEFAULT e | GENERATED ...] [NOT NULL]", as it stands in CREATE TABLE or ADD
/// COLUMN.
std::string column_definition(const Column& column);

/// What column_definition cannot say: storage, compression, statistics target, comment.
std::vector<Statement> column_settings(const ObjectName& table, const Column& column);

// What newer servers have beside the kinds of the model, as the `expression` of a kind where that has no
// other use: NOT NULL that a column cannot say (not valid yet, not for children; a domain's with a name of
// its own) is a CHECK with that text, a key WITHOUT OVERLAPS and a foreign key with a PERIOD have this one.
inline constexpr std::string_view kNotNull = "NOT NULL";
inline constexpr std::string_view kPeriod = "PERIOD";
bool is_not_null(const Constraint& constraint);
bool has_period(const Constraint& constraint);
/// Whether `expression` is a text that names columns and functions.
bool has_text(const Constraint& constraint);

/// Whether PostgreSQL makes it anew on a partition that is attached, even if it has one like it.
bool comes_by_attaching(const Constraint& constraint);

/// "CONSTRAINT name PRIMARY KEY (a, b)", with everything that follows it, NOT VALID included.
std::string constraint_definition(const Constraint& constraint);

/// ALTER TABLE ... ADD CONSTRAINT, and its comment.
std::vector<Statement> add_constraint(const ObjectName& table, const Constraint& constraint);

std::string create_index(const ObjectName& table, const Index& index, bool concurrently = false);
/// CREATE INDEX, its comment, and whether the table is clustered or replicated by it.
std::vector<Statement> create_index_statements(const ObjectName& table, const Index& index,
                                               bool concurrently = false);

std::string create_sequence(const Sequence& sequence);
/// "START WITH 1 INCREMENT BY 2 ...", without the type (an identity column's follows from the column); "" if
/// none.
std::string sequence_options(const SequenceOptions& options);
std::string create_view(const View& view);
std::string create_type(const Type& type);

/// "COMMENT ON <what> IS '...'", or IS NULL.
std::string comment_on(const std::string& what, const std::optional<std::string>& comment);

/// "ALTER <what> OWNER TO role"; to the one who runs it where `owner` is empty.
std::string owner_statement(const std::string& what, const std::string& owner);

/// GRANT statements for one object; `what` is "TABLE public.t", "SEQUENCE ...", "TYPE ...", `owner` its role
/// as in the model.
std::vector<Statement> grant_statements(const std::string& what, const std::vector<Grant>& grants,
                                        const std::string& owner);

/// Everything that makes the table as it is: CREATE TABLE, constraints, indexes, triggers, policies,
/// comments, grants. Foreign keys come last, so that several tables can be made one after the other.
std::vector<Statement> create_table(const Table& table);
std::vector<Statement> create_view_statements(const View& view);
std::vector<Statement> create_sequence_statements(const Sequence& sequence);
std::vector<Statement> create_type_statements(const Type& type);

/// "ALTER SEQUENCE q OWNED BY t.c", or OWNED BY NONE.
std::string sequence_owner(const Sequence& sequence);

/// What depends on a column within its table: constraints and indexes that name it.
bool uses_column(const Constraint& constraint, const std::string& column);
bool uses_column(const Index& index, const std::string& column);

}  // namespace changelog::catalog
