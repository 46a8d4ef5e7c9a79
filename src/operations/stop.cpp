// stop: ends the run with a message, as a failure; for debugging a changelog. What came before it in its
// changeset is undone with the transaction, so there is never anything of it to roll back.
#include "operations/nothing.hpp"

namespace changelog::operations {

extern const OperationType stop_type;

namespace {

struct Stop final : WithoutSql {
    std::string message = "the changelog stops here";

    const OperationType& type() const override { return stop_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(optional("message", "Why the run stops here.").short_form(), message);
    }

    Undo inverse(const RenderContext& /*context*/) const override {
        return Undo::because("a run stops at this change, so there is nothing that could be undone");
    }

    std::optional<std::string> stop_message() const override { return message; }
};

}  // namespace

const OperationType stop_type = {"stop", "Stops the run with a message.", "other",
                                 []() -> std::unique_ptr<Operation> { return std::make_unique<Stop>(); }};

}  // namespace changelog::operations
