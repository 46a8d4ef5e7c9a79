// What a scratch server disproved, as findings.
#pragma once

#include "review/review.hpp"

#include <string>

namespace changelog::review {

/// An error of the proof without data; its SQLSTATE stays.
std::string masked_error(const std::string& error);

/// Adds an error for each changeset that failed there: that it cannot be applied (CL4001), or that its
/// rollback does not bring back what was there (CL2286). One that several servers show is one finding.
void add_proof_findings(const Changelog& head, Review& review);

}  // namespace changelog::review
