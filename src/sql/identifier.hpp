// Identifiers: how Liquibase's quoting strategies write a name, and what PostgreSQL makes of it.
#pragma once

#include "changelog/operation.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace changelog::sql {

/// PostgreSQL's reserved words (catcode R or T of pg_get_keywords(), PostgreSQL 15), in any case.
bool is_reserved(std::string_view word);

/// A name from a changelog as Liquibase writes it: LIQUIBASE.md 4.
std::string quote(std::string_view name, QuotingStrategy strategy);

/// The name that PostgreSQL stores for what `quote` gives: folded unless quoted, cut to 63 bytes.
std::string stored(std::string_view name, QuotingStrategy strategy);

/// A stored name in SQL, quoted only where needed.
std::string identifier(std::string_view stored_name);
std::string identifiers(const std::vector<std::string>& stored_names, std::string_view separator = ", ");

/// A stored name with its schema, for SQL.
std::string qualified(const ObjectName& stored_name);

/// An unquoted or quoted identifier out of SQL text, as PostgreSQL stores it.
std::string from_sql(std::string_view text);

/// The name PostgreSQL would choose for an unnamed constraint or index: makeObjectName() of the server, which
/// shortens both parts so that the whole fits in 63 bytes.
std::string make_object_name(std::string_view first, std::string_view second, std::string_view label);

}  // namespace changelog::sql
