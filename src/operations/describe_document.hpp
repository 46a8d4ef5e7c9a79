// The JSON Schema of what stands around the operations: changeSet, include, preConditions, rollback and so
// on.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace changelog {

/// Adds the definitions that are the same whatever operations there are.
void add_document_definitions(nlohmann::ordered_json& definitions);

}  // namespace changelog
