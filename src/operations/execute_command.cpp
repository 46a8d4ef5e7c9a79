// executeCommand: runs a program on the machine of the runner, if the user has allowed it. Nobody can tell
// what it touches: a barrier for the order of changesets, and undone only by a rollback block.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "operations/common.hpp"

#include <charconv>

namespace changelog::operations {

extern const OperationType execute_command_type;

namespace {

struct Argument final : Described {
    std::string value;
    void describe(FieldVisitor& visitor) override {
        visitor.text(required("value", "The argument.").short_form(), value);
    }
};

/// "500", "10s", "1m", "2h": milliseconds without a unit.
std::optional<std::chrono::milliseconds> duration(const std::string& text) {
    long long amount = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
    if (error != std::errc() || amount < 0 || amount > 1'000'000'000) return std::nullopt;
    const std::string unit =
        lower(trim(std::string_view(rest, static_cast<std::size_t>(text.data() + text.size() - rest))));
    if (unit.empty() || unit == "ms") return std::chrono::milliseconds(amount);
    if (unit == "s") return std::chrono::seconds(amount);
    if (unit == "m") return std::chrono::minutes(amount);
    if (unit == "h") return std::chrono::hours(amount);
    return std::nullopt;
}

struct ExecuteCommand final : Operation {
    std::vector<Argument> arguments;
    std::string timeout;
    Command what;

    const OperationType& type() const override { return execute_command_type; }

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("executable", "The program."), what.executable);
        visitor.list(optional("args", "Its arguments."), ListOf<Argument>("arg", arguments));
        visitor.names(optional("os", "Operating systems on which it runs; all if not given."), what.systems);
        visitor.text(
            optional("timeout", "How long it may take: 10s, 1m, 2h; for ever if not given.").cosmetic(),
            timeout);
    }

    void check(Diagnostics& diagnostics) const override {
        if (!timeout.empty() && !duration(timeout))
            diagnostics.error(codes::bad_value, at,
                              fmt::format("timeout '{}' is no time like 10s, 1m or 2h", timeout));
    }

    /// Called once after binding: the fields are complete by then.
    void attach(FileLoader& /*loader*/) override {
        what.arguments.clear();
        for (const Argument& argument : arguments) what.arguments.push_back(argument.value);
        what.timeout = duration(timeout);
    }

    void footprint(Footprint& out, const RenderContext& /*context*/) const override {
        out.block(fmt::format("runs the program {}", what.executable));
    }

    std::vector<Statement> statements(const RenderContext& /*context*/) const override { return {}; }

    Undo inverse(const RenderContext& /*context*/) const override {
        return Undo::because("what a program did cannot be known: executeCommand needs a rollback block");
    }

    void apply(catalog::Catalog& catalog, const RenderContext& /*context*/) const override {
        catalog.uncertain.push_back(fmt::format("the program {} is run", what.executable));
    }

    const Command* command() const override { return &what; }
};

}  // namespace

const OperationType execute_command_type = {
    "executeCommand", "Runs a program, if that is allowed.", "other",
    []() -> std::unique_ptr<Operation> { return std::make_unique<ExecuteCommand>(); }};

}  // namespace changelog::operations
