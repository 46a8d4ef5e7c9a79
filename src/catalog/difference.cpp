#include "catalog/difference.hpp"

namespace changelog::catalog {

std::vector<Difference> difference(const Catalog& /*a*/, const Catalog& /*b*/,
                                   const DifferenceOptions& /*options*/) {
    return {};
}

std::string to_string(const Difference& difference) { return difference.object; }

}  // namespace changelog::catalog
