// The usual abbreviations of lock modes, so that the tables of rules read as tables.
#pragma once

#include "hazards/lock_rules.hpp"

namespace changelog::hazards::letters {

inline constexpr Lock AS = Lock::access_share, RS = Lock::row_share, RE = Lock::row_exclusive,
                      SUE = Lock::share_update_exclusive, S = Lock::share, SRE = Lock::share_row_exclusive,
                      E = Lock::exclusive, AE = Lock::access_exclusive;
inline constexpr Work quick = Work::none, scan = Work::scan, build = Work::build, rewrite = Work::rewrite;
inline constexpr Condition always = nullptr;

inline constexpr int k14 = 140000, k15 = 150000, k16 = 160000, k17 = 170000, k18 = 180000;

/// Both conditions hold; the second one does not.
template <Condition One, Condition Other>
constexpr bool both(const Step& step) {
    return One(step) && Other(step);
}
template <Condition One, Condition Other>
constexpr bool either(const Step& step) {
    return One(step) || Other(step);
}
template <Condition One>
constexpr bool no(const Step& step) {
    return !One(step);
}

}  // namespace changelog::hazards::letters
