// A catalog's objects as the DDL that makes them: what rollbacks of drops are built from.
#pragma once

#include <string>
#include <vector>

#include "changelog/catalog.hpp"
#include "changelog/statement.hpp"

namespace changelog::catalog {

/// "name type [COLLATE c] [DEFAULT e | GENERATED ...] [NOT NULL]", as it stands in CREATE TABLE or ADD COLUMN.
std::string column_definition(const Column& column);

/// "CONSTRAINT name PRIMARY KEY (a, b)", with everything that follows it.
std::string constraint_definition(const Constraint& constraint);

std::string create_index(const ObjectName& table, const Index& index, bool concurrently = false);
std::string create_sequence(const Sequence& sequence);
std::string sequence_options(const SequenceOptions& options);
std::string create_view(const View& view);
std::string create_type(const Type& type);

/// "COMMENT ON <what> IS '...'", or IS NULL.
std::string comment_on(const std::string& what, const std::optional<std::string>& comment);

/// Everything that makes the table as it is: CREATE TABLE, constraints, indexes, triggers, policies, comments, grants.
/// Foreign keys come last, so that several tables can be made one after the other.
std::vector<Statement> create_table(const Table& table);
std::vector<Statement> create_view_statements(const View& view);
std::vector<Statement> create_sequence_statements(const Sequence& sequence);
std::vector<Statement> create_type_statements(const Type& type);

/// What depends on a column within its table: constraints and indexes that name it.
bool uses_column(const Constraint& constraint, const std::string& column);
bool uses_column(const Index& index, const std::string& column);

}  // namespace changelog::catalog
