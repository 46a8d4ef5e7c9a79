// Column types: what Liquibase makes of a type name on PostgreSQL (LIQUIBASE.md 3), and what PostgreSQL calls
// it.
#pragma once

#include <string>
#include <string_view>

namespace changelog::sql {

enum class TypeUse { create_table, elsewhere };

struct ColumnType {
    std::string sql;           ///< as emitted: "VARCHAR(50)", "TIMESTAMP WITHOUT TIME ZONE"
    bool is_identity = false;  ///< serial types in createTable become identity columns
};

ColumnType column_type(std::string_view text, TypeUse use);

/// The spelling of format_type(): "VARCHAR(50)" -> "character varying(50)"; unknown names are folded only.
std::string canonical_type(std::string_view sql_type);

/// What defaults and literals depend on.
enum class TypeClass { text, number, boolean, bit, date_time, uuid, json, binary, array, other };
TypeClass type_class(std::string_view sql_type);

}  // namespace changelog::sql
