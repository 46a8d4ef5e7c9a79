#include "hazards/step_names.hpp"

#include <array>
#include <cctype>
#include <utility>

namespace changelog::hazards {

namespace {

using Entry = std::pair<std::string_view, std::string_view>;

// clang-format off
constexpr auto kCommands = std::to_array<Entry>({
    {"AT_AddColumn", "ADD COLUMN"}, {"AT_DropColumn", "DROP COLUMN"}, {"AT_AlterColumnType", "ALTER TYPE"},
    {"AT_ColumnDefault", "SET DEFAULT"}, {"AT_SetNotNull", "SET NOT NULL"},
    {"AT_DropNotNull", "DROP NOT NULL"},
    {"AT_SetStatistics", "SET STATISTICS"}, {"AT_SetOptions", "SET COLUMN OPTIONS"},
    {"AT_ResetOptions", "SET COLUMN OPTIONS"}, {"AT_SetStorage", "SET STORAGE"},
    {"AT_SetCompression", "SET COMPRESSION"}, {"AT_AddIdentity", "ADD IDENTITY"},
    {"AT_DropIdentity", "DROP IDENTITY"}, {"AT_SetIdentity", "SET IDENTITY"},
    {"AT_DropExpression", "DROP EXPRESSION"}, {"AT_SetExpression", "SET EXPRESSION"},
    {"AT_ValidateConstraint", "VALIDATE CONSTRAINT"}, {"AT_AlterConstraint", "ALTER CONSTRAINT"},
    {"AT_DropConstraint", "DROP CONSTRAINT"}, {"AT_ClusterOn", "CLUSTER ON"},
    {"AT_DropCluster", "CLUSTER ON"},
    {"AT_SetLogged", "SET LOGGED"}, {"AT_SetUnLogged", "SET UNLOGGED"}, {"AT_DropOids", "SET WITHOUT OIDS"},
    {"AT_SetAccessMethod", "SET ACCESS METHOD"}, {"AT_SetTableSpace", "SET TABLESPACE"},
    {"AT_SetRelOptions", "SET OPTIONS"}, {"AT_ResetRelOptions", "SET OPTIONS"},
    {"AT_EnableTrig", "ENABLE TRIGGER"}, {"AT_EnableAlwaysTrig", "ENABLE TRIGGER"},
    {"AT_EnableReplicaTrig", "ENABLE TRIGGER"}, {"AT_EnableTrigAll", "ENABLE TRIGGER"},
    {"AT_EnableTrigUser", "ENABLE TRIGGER"}, {"AT_DisableTrig", "DISABLE TRIGGER"},
    {"AT_DisableTrigAll", "DISABLE TRIGGER"}, {"AT_DisableTrigUser", "DISABLE TRIGGER"},
    {"AT_EnableRule", "ENABLE RULE"}, {"AT_EnableAlwaysRule", "ENABLE RULE"},
    {"AT_EnableReplicaRule", "ENABLE RULE"}, {"AT_DisableRule", "ENABLE RULE"},
    {"AT_AddInherit", "INHERIT"}, {"AT_DropInherit", "NO INHERIT"},
    {"AT_AttachPartition", "ATTACH PARTITION"}, {"AT_DetachPartition", "DETACH PARTITION"},
    {"AT_DetachPartitionFinalize", "DETACH FINALIZE"}, {"AT_ReplicaIdentity", "REPLICA IDENTITY"},
    {"AT_EnableRowSecurity", "ENABLE ROW SECURITY"}, {"AT_DisableRowSecurity", "DISABLE ROW SECURITY"},
    {"AT_ForceRowSecurity", "FORCE ROW SECURITY"}, {"AT_NoForceRowSecurity", "FORCE ROW SECURITY"},
    {"AT_ChangeOwner", "OWNER TO"}, {"AT_AddOf", "OF"}, {"AT_DropOf", "NOT OF"},
});

constexpr auto kConstraints = std::to_array<Entry>({
    {"CONSTR_CHECK", "CHECK"}, {"CONSTR_PRIMARY", "PRIMARY KEY"}, {"CONSTR_UNIQUE", "UNIQUE"},
    {"CONSTR_EXCLUSION", "EXCLUDE"}, {"CONSTR_FOREIGN", "FOREIGN KEY"}, {"CONSTR_NOTNULL", "NOT NULL"},
});

constexpr auto kObjects = std::to_array<Entry>({
    {"OBJECT_MATVIEW", "MATERIALIZED VIEW"}, {"OBJECT_TABCONSTRAINT", "CONSTRAINT"},
    {"OBJECT_ATTRIBUTE", "ATTRIBUTE"}, {"OBJECT_FOREIGN_TABLE", "TABLE"}, {"OBJECT_PROCEDURE", "FUNCTION"},
    {"OBJECT_ROUTINE", "FUNCTION"}, {"OBJECT_AGGREGATE", "FUNCTION"}, {"OBJECT_STATISTIC_EXT", "STATISTICS"},
    {"OBJECT_DOMCONSTRAINT", "DOMAIN CONSTRAINT"},
});

constexpr auto kStatements = std::to_array<Entry>({
    {"CreateStmt", "CREATE TABLE"}, {"IndexStmt", "CREATE INDEX"}, {"CreateTrigStmt", "CREATE TRIGGER"},
    {"CreatePolicyStmt", "CREATE POLICY"}, {"AlterPolicyStmt", "ALTER POLICY"}, {"RuleStmt", "CREATE RULE"},
    {"ViewStmt", "CREATE VIEW"}, {"CreateTableAsStmt", "CREATE TABLE AS"},
    {"CreateStatsStmt", "CREATE STATISTICS"},
    {"CreateSeqStmt", "CREATE SEQUENCE"}, {"AlterSeqStmt", "ALTER SEQUENCE"},
    {"CreateEnumStmt", "CREATE TYPE"},
    {"AlterEnumStmt", "ALTER ENUM"}, {"CreateDomainStmt", "CREATE DOMAIN"},
    {"AlterDomainStmt", "ALTER DOMAIN"},
    {"CreateFunctionStmt", "CREATE FUNCTION"}, {"CreateSchemaStmt", "CREATE SCHEMA"},
    {"CreateExtensionStmt", "CREATE EXTENSION"}, {"CreatePublicationStmt", "CREATE PUBLICATION"},
    {"AlterPublicationStmt", "ALTER PUBLICATION"}, {"CommentStmt", "COMMENT"}, {"GrantStmt", "GRANT"},
    {"GrantRoleStmt", "GRANT ROLE"}, {"TruncateStmt", "TRUNCATE"}, {"LockStmt", "LOCK TABLE"},
    {"ReindexStmt", "REINDEX"}, {"ClusterStmt", "CLUSTER"}, {"RefreshMatViewStmt", "REFRESH"},
    {"SelectStmt", "SELECT"}, {"InsertStmt", "INSERT"}, {"UpdateStmt", "UPDATE"}, {"DeleteStmt", "DELETE"},
    {"MergeStmt", "MERGE"}, {"CopyStmt", "COPY"}, {"ExplainStmt", "EXPLAIN"}, {"PrepareStmt", "PREPARE"},
    {"TransactionStmt", "TRANSACTION"},
    {"VariableSetStmt", "SET"}, {"CompositeTypeStmt", "CREATE TYPE"}, {"CreateRangeStmt", "CREATE TYPE"},
    {"DropOwnedStmt", "DROP OWNED"}, {"AlterDefaultPrivilegesStmt", "ALTER DEFAULT PRIVILEGES"},
});
// clang-format on

template <typename Table>
std::string_view look_up(const Table& table, std::string_view key) {
    for (const auto& [name, plain] : table)
        if (name == key) return plain;
    return {};
}

}  // namespace

std::string command_name(std::string_view subtype) {
    const std::string_view plain = look_up(kCommands, subtype);
    return std::string(plain.empty() && subtype.starts_with("AT_") ? subtype.substr(3) : plain);
}

std::string constraint_name(std::string_view contype) { return std::string(look_up(kConstraints, contype)); }

std::string object_name(std::string_view object_type) {
    const std::string_view plain = look_up(kObjects, object_type);
    if (!plain.empty()) return std::string(plain);
    std::string out(object_type.starts_with("OBJECT_") ? object_type.substr(7) : object_type);
    for (char& c : out)
        if (c == '_') c = ' ';
    return out;
}

std::string statement_name(std::string_view kind) { return std::string(look_up(kStatements, kind)); }

}  // namespace changelog::hazards
