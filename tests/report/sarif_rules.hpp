// The rules of the SARIF 2.1.0 schema (OASIS, with errata 01) for the part of it that we write: which
// properties an object has, which of them it must have, and what values they take.
#pragma once

#include <string>
#include <vector>

namespace changelog::tests {

/// What breaks them, each with its place ("runs/0/results/2/level: ..."); empty if nothing does. Properties
/// that the schema knows and this table does not are told as unknown: they need a line here.
std::vector<std::string> sarif_violations(const std::string& log);

}  // namespace changelog::tests
