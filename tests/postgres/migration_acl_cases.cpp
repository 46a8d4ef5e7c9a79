#include "postgres/migration_cases.hpp"

namespace changelog::tests {

/// Who gave a right, and what an owner has taken from itself.
std::vector<MigrationCase> acl_cases() {
    const std::string make =
        "CREATE TABLE t (a int, b int); CREATE SEQUENCE q; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS "
        "'SELECT "
        "1'; CREATE SCHEMA s; CREATE TYPE e AS ENUM ('a'); ";
    const std::string chain =
        "GRANT SELECT, UPDATE (a) ON t TO boss WITH GRANT OPTION; SET ROLE boss; GRANT SELECT ON t TO clerk "
        "WITH "
        "GRANT OPTION; GRANT UPDATE (a) ON t TO clerk; SET ROLE clerk; GRANT SELECT ON t TO \"Odd "
        "\"\"role\"\"\"; "
        "RESET ROLE; ";
    const std::string itself =
        "REVOKE INSERT, DELETE ON t FROM CURRENT_USER; REVOKE ALL ON SEQUENCE q FROM CURRENT_USER; REVOKE "
        "EXECUTE "
        "ON FUNCTION f() FROM CURRENT_USER, PUBLIC; REVOKE CREATE ON SCHEMA s FROM CURRENT_USER; REVOKE "
        "USAGE ON "
        "TYPE e FROM CURRENT_USER; ";
    return {
        {make, itself},
        {make + itself, "GRANT ALL ON t TO CURRENT_USER; GRANT USAGE ON SEQUENCE q TO CURRENT_USER"},
        {make + itself, "DROP TABLE t; DROP SEQUENCE q; DROP FUNCTION f(); DROP SCHEMA s; DROP TYPE e"},
        {make + itself, "ALTER TABLE t OWNER TO clerk; ALTER SEQUENCE q OWNER TO boss"},
        {make + itself, "GRANT SELECT ON t TO clerk; GRANT INSERT (a) ON t TO CURRENT_USER"},
        {make + "GRANT SELECT (a) ON t TO CURRENT_USER; ", "REVOKE SELECT ON t FROM CURRENT_USER"},
        {make + "ALTER TABLE t OWNER TO clerk; REVOKE INSERT ON t FROM clerk", "DROP TABLE t"},
        {make, chain},
        {make + chain, "REVOKE SELECT ON t FROM boss CASCADE"},
        {make + chain, "REVOKE GRANT OPTION FOR SELECT ON t FROM boss CASCADE; GRANT SELECT ON t TO clerk"},
        {make + chain, "DROP TABLE t"},
        {make + chain, "ALTER TABLE t OWNER TO boss"},
        {make + chain, "ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME a TO z; GRANT SELECT ON u TO clerk"},
        {make +
             "GRANT SELECT ON t TO boss WITH GRANT OPTION; SET ROLE boss; GRANT SELECT ON t TO PUBLIC; GRANT "
             "SELECT ON t TO SESSION_USER; RESET ROLE; GRANT SELECT ON t TO clerk",
         "REVOKE ALL ON t FROM boss CASCADE"},
        {make +
             "GRANT EXECUTE ON FUNCTION f() TO boss WITH GRANT OPTION; REVOKE EXECUTE ON FUNCTION f() FROM "
             "PUBLIC; SET ROLE boss; GRANT EXECUTE ON FUNCTION f() TO PUBLIC; RESET ROLE",
         "DROP FUNCTION f()"},
    };
}

}  // namespace changelog::tests
