#include "changelog/operation.hpp"

#include <algorithm>

namespace changelog {

namespace operations {
#define OPERATION(constant) extern const OperationType constant;
#include "operations/operations.def"
#undef OPERATION
}  // namespace operations

const std::vector<const OperationType*>& operation_types() {
    static const std::vector<const OperationType*> types = [] {
        std::vector<const OperationType*> all = {
#define OPERATION(constant) &operations::constant,
#include "operations/operations.def"
#undef OPERATION
        };
        std::sort(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
        return all;
    }();
    return types;
}

const OperationType* find_operation(std::string_view name) {
    const auto& types = operation_types();
    const auto found = std::lower_bound(
        types.begin(), types.end(), name,
        [](const OperationType* type, std::string_view wanted) { return type->name < wanted; });
    return found != types.end() && (*found)->name == name ? *found : nullptr;
}

void Operation::check(Diagnostics& /*diagnostics*/) const {}

void Operation::attach(FileLoader& /*loader*/) {}

}  // namespace changelog
