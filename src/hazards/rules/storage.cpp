// Rules about how a table is stored.
#include "changelog/codes.hpp"

#include "hazards/rule.hpp"

namespace changelog::hazards {

namespace {

constexpr auto kWarning = Severity::warning;

bool moves(const Look& look) { return changes_tablespace(look.step); }
bool converts(const Look& look) { return changes_access_method(look.step); }

}  // namespace

const Rule rule_set_logged_rewrite = {"set-logged-rewrite",
                                      codes::set_logged_rewrite,
                                      kWarning,
                                      About::standing,
                                      {"SET LOGGED", "SET UNLOGGED"},
                                      nullptr,
                                      "SET LOGGED and SET UNLOGGED rewrite {table} under ACCESS EXCLUSIVE",
                                      "copy it into a new table and swap the names"};

const Rule rule_set_tablespace_rewrite = {"set-tablespace-rewrite",
                                          codes::set_tablespace_rewrite,
                                          kWarning,
                                          About::standing,
                                          {"SET TABLESPACE", "INDEX SET TABLESPACE"},
                                          moves,
                                          "SET TABLESPACE copies {table} under ACCESS EXCLUSIVE",
                                          "pg_repack, or a new table and swapped names"};

const Rule rule_set_access_method_rewrite = {"set-access-method-rewrite",
                                             codes::set_access_method_rewrite,
                                             kWarning,
                                             About::standing,
                                             {"SET ACCESS METHOD"},
                                             converts,
                                             "another access method rewrites {table} under ACCESS EXCLUSIVE",
                                             "a new table and swapped names"};

const Rule rule_table_rewrite_command = {"table-rewrite-command",
                                         codes::table_rewrite_command,
                                         kWarning,
                                         About::standing,
                                         {"VACUUM FULL", "CLUSTER"},
                                         nullptr,
                                         "VACUUM FULL and CLUSTER rewrite {table} under ACCESS EXCLUSIVE",
                                         "pg_repack, which locks only for a moment"};

const Rule rule_replica_identity = {
    "replica-identity",
    codes::replica_identity,
    Severity::note,
    About::standing,
    {"REPLICA IDENTITY"},
    nullptr,
    "what logical replication sends of changed rows of {table} changes, and the table is locked for a moment",
    "tell those who subscribe to it"};

}  // namespace changelog::hazards
