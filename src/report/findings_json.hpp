// Findings as JSON: the envelope of a diagnostic with what a rule adds. Only sources of this layer include
// it.
#pragma once

#include "report/findings.hpp"
#include "report/json.hpp"

#include <vector>

namespace changelog::report {

Json to_json(const AuditedFinding& finding);
Json to_json(const std::vector<AuditedFinding>& findings);

}  // namespace changelog::report
