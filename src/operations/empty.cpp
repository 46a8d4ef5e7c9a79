// empty: nothing happens, and nothing is to be undone. For changesets that only carry a tag, a comment or a
// rollback.
#include "operations/nothing.hpp"

namespace changelog::operations {

extern const OperationType empty_type;

namespace {

struct Empty final : WithoutSql {
    const OperationType& type() const override { return empty_type; }
    void describe(FieldVisitor& /*visitor*/) override {}
};

}  // namespace

const OperationType empty_type = {"empty", "Does nothing.", "other",
                                  []() -> std::unique_ptr<Operation> { return std::make_unique<Empty>(); }};

}  // namespace changelog::operations
