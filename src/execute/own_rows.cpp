#include "execute/own_rows.hpp"

#include <fmt/format.h>

namespace changelog::execute {

std::string is_own_row(std::string_view row, std::string_view since) {
    // pg_xact_status() wants the id with its epoch, which is our transaction's or the next.
    return fmt::format(
        "CASE WHEN age({0}.xmin) <= age({1}) THEN "
        "pg_catalog.pg_xact_status(((pg_catalog.pg_current_xact_id()::text::bigint >> 32 << 32) + "
        "{0}.xmin::text::bigint + CASE WHEN {0}.xmin::text::bigint < "
        "(pg_catalog.pg_current_xact_id()::text::bigint "
        "& 4294967295) THEN 4294967296 ELSE 0 END)::text::xid8) = 'in progress' ELSE false END",
        row, since);
}

}  // namespace changelog::execute
