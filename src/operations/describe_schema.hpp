// The JSON Schema of changelog files, made from the descriptions of the operations.
#pragma once

#include <string>

namespace changelog {

/// JSON Schema 2020-12, with a final line end. Stricter than Liquibase: unknown keys are not allowed
/// anywhere.
std::string json_schema();

}  // namespace changelog
