#include "hazards/lock.hpp"

#include <array>
#include <cstddef>

namespace changelog::hazards {

namespace {

constexpr std::array<std::string_view, 9> kLocks = {
    "",      "ACCESS SHARE",        "ROW SHARE", "ROW EXCLUSIVE",   "SHARE UPDATE EXCLUSIVE",
    "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"};

constexpr std::array<std::string_view, 4> kWork = {"catalog", "scan", "build", "rewrite"};

/// For each mode the modes that it excludes, by bits (manual, table 13.2).
constexpr std::array<unsigned, 9> kConflicts = {
    0,
    1U << 8U,
    0b1'1000'0000U,
    0b1'1110'0000U,
    0b1'1111'0000U,
    0b1'1101'1000U,
    0b1'1111'1000U,
    0b1'1111'1100U,
    0b1'1111'1110U,
};

}  // namespace

std::string_view to_string(Lock lock) { return kLocks[static_cast<std::size_t>(lock)]; }
std::string_view to_string(Work work) { return kWork[static_cast<std::size_t>(work)]; }

bool conflict(Lock one, Lock other) {
    return (kConflicts[static_cast<std::size_t>(one)] >> static_cast<unsigned>(other) & 1U) != 0;
}

}  // namespace changelog::hazards
