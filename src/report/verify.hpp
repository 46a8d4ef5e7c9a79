// What a proof of the rollbacks found.
#pragma once

#include "execute/verify.hpp"

#include <string>

namespace changelog::report {

struct VerifyView {
    const Changelog& changelog;
    const execute::VerifyReport& report;
    UndoDemands demands;  ///< what counts as a failure besides what fails
};

/// Whether the program says that all is well.
bool is_good(const VerifyView& view);

/// A table with a line per changeset, the differences of those that fail, what became of the whole, and
/// verify_summary(). `width` of the terminal, 0 for no limit.
std::string verify_text(const VerifyView& view, std::size_t width, bool colour);

/// "12 changesets: 10 exact, 1 lossy, 0 impossible, 1 failed"
std::string verify_summary(const execute::VerifyReport& report);

/// One line: where the time went.
std::string verify_timings(const execute::VerifyTimings& timings);

std::string verify_json(const VerifyView& view, const Diagnostics& diagnostics);

/// JUnit's XML: a test case for each changeset, and one for each step with the whole.
std::string verify_junit(const VerifyView& view);

}  // namespace changelog::report
