#include "operations/lookup.hpp"

namespace changelog::operations {

const catalog::Function* find_function(const catalog::Catalog& catalog, const ObjectName& name,
                                       const std::optional<std::string>& arguments) {
    const auto [first, last] = catalog.functions.equal_range(name);
    const catalog::Function* found = nullptr;
    for (auto at = first; at != last; ++at) {
        if (arguments && at->second.arguments != *arguments) continue;
        if (found != nullptr) return nullptr;
        found = &at->second;
    }
    return found;
}

void mark_uncertain(catalog::Catalog& catalog, std::string reason) {
    auto& reasons = catalog.uncertain;
    if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end())
        reasons.push_back(std::move(reason));
}

std::optional<std::string> comment_of(const std::string& remarks) {
    return remarks.empty() ? std::nullopt : std::optional(remarks);
}

}  // namespace changelog::operations
