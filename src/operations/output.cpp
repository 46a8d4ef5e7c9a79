// output: prints a message while the changeset runs. Nothing reaches the database, and nothing is to be
// undone.
#include "operations/nothing.hpp"

namespace changelog::operations {

extern const OperationType output_type;

namespace {

struct Output final : WithoutSql {
    std::string message, target = "STDERR";

    const OperationType& type() const override { return output_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("message", "What is printed.").short_form().cosmetic(), message);
        visitor.text(
            optional("target", "STDERR (default), STDOUT, or the level of a log message.").cosmetic(),
            target);
    }

    std::optional<OutputMessage> output() const override { return OutputMessage{message, target}; }
};

}  // namespace

const OperationType output_type = {"output", "Prints a message.", "other",
                                   []() -> std::unique_ptr<Operation> { return std::make_unique<Output>(); }};

}  // namespace changelog::operations
