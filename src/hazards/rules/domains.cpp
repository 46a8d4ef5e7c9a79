// Rules about domains, which reach every table that uses them.
#include "changelog/codes.hpp"

#include "hazards/rule.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

bool reads_tables(const Look& look) {
    if (!checks_values(look.step)) return false;
    if (!look.step.context.before.types.contains(look.step.relation)) return true;
    const Names tables = domain_tables(look.step);
    return std::any_of(tables.begin(), tables.end(),
                       [&](const ObjectName& name) { return !look.now.is_made(name); });
}

}  // namespace

const Rule rule_domain_constraint_scan = {
    "domain-constraint-scan",
    codes::domain_constraint_scan,
    Severity::warning,
    About::standing,
    {"ALTER DOMAIN"},
    reads_tables,
    "the constraint of domain {table} is checked in every table that uses it, under SHARE on all of them",
    "a CHECK of each table instead, or NOT VALID without ever validating it"};

}  // namespace changelog::hazards
