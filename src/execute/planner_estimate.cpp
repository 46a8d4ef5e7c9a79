#include "execute/planner_estimate.hpp"

#include <algorithm>

namespace changelog::execute {

namespace {

Estimate at(const Speed& speed, long long amount) {
    const double wanted = static_cast<double>(std::max(amount, 0LL));
    return {wanted / speed.fast, wanted / speed.slow, Basis::statistics};
}

Estimate sum(Estimate one, const Estimate& other) { return one += other; }

Estimate scan(const postgres::RelationSize& size) {
    return sum(at(kScanBytes, size.heap), at(kScanRows, size.rows));
}

Estimate write(const postgres::RelationSize& size) {
    return sum(at(kRewriteBytes, size.table), at(kRewriteRows, size.rows));
}

Estimate build(const postgres::RelationSize& size, int count) {
    return at(kBuildRows, std::max(size.rows, 0LL) * count);
}

}  // namespace

std::string_view to_string(Basis basis) {
    switch (basis) {
        case Basis::fixed:
            return "static";
        case Basis::statistics:
            return "statistics";
        case Basis::unknown:
            return "unknown";
    }
    return "";
}

Estimate& Estimate::operator+=(const Estimate& other) {
    low += other.low;
    high += other.high;
    basis = std::max(basis, other.basis);
    return *this;
}

Estimate work_estimate(hazards::Work work, const postgres::RelationSize& size, bool concurrently) {
    if (work == hazards::Work::none) return {};
    // Rows that nobody counted take time all the same, so without them there is no upper end.
    if (!size.exists() || size.rows < 0) return {0, 0, Basis::unknown};
    switch (work) {
        case hazards::Work::none:
            break;
        case hazards::Work::scan:
            return scan(size);
        case hazards::Work::build: {  // of an index: again, after its table was read
            const Estimate once = size.is_table() ? sum(scan(size), build(size, 1)) : build(size, 1);
            return concurrently ? sum(once, once) : once;
        }
        case hazards::Work::rewrite:  // the building of its indexes is work on those
            return write(size);
    }
    return {};
}

Estimate rows_estimate(const postgres::RelationSize& size, bool every) {
    if (!size.exists() || size.rows < 0) return {0, 0, Basis::unknown};
    Estimate out = sum(write(size), build(size, size.index_count));
    if (!every) out.low = 0;
    return out;
}

}  // namespace changelog::execute
