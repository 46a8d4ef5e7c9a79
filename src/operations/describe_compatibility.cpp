#include "core/text.hpp"
#include "operations/describe_reference.hpp"
#include "operations/fields.hpp"

namespace changelog {

namespace {

/// What one operation's description says about Liquibase: keys that are read for nothing, keys that are ours,
/// and keys that Liquibase passes over although their authors meant something.
class DifferenceReader final : public FieldVisitor {
  public:
    void text(const Field& field, std::string& /*value*/) override { take(field); }
    void text(const Field& field, std::optional<std::string>& /*value*/) override { take(field); }
    void date(const Field& field, std::optional<std::string>& /*value*/) override { take(field); }
    void flag(const Field& field, bool& /*value*/) override { take(field); }
    void flag(const Field& field, std::optional<bool>& /*value*/) override { take(field); }
    void integer(const Field& field, std::optional<std::string>& /*value*/) override { take(field); }
    void names(const Field& field, std::vector<std::string>& /*value*/) override { take(field); }
    void object(const Field& field, Described& value, bool& /*present*/) override {
        take(field);
        nest(field.name, value);
    }
    void list(const Field& field, DescribedList&& list) override {
        take(field);
        nest(list.wrapper(), list.add());
    }
    void misplaced(std::string_view name, std::string_view advice) override {
        misplaced_.emplace_back(prefix_ + std::string(name), advice);
    }

    std::vector<std::string> ignored_, own_;
    std::vector<std::pair<std::string, std::string>> misplaced_;
    bool is_ours = true;  ///< until a required key is Liquibase's

  private:
    void take(const Field& field) {
        if (field.is_own)
            own_.push_back(prefix_ + std::string(field.name));
        else if (prefix_.empty())
            is_ours = false;
        if (field.is_ignored) ignored_.push_back(prefix_ + std::string(field.name));
    }

    void nest(std::string_view name, Described& value) {
        const std::string outer = std::exchange(prefix_, prefix_ + std::string(name) + '.');
        value.describe(*this);
        prefix_ = outer;
    }

    std::string prefix_;
};

std::string quoted(std::vector<std::string> names) {
    for (std::string& name : names) name = '`' + name + '`';
    return join(names, ", ");
}

}  // namespace

std::string compatibility_page() {
    std::string table =
        "| change | from | keys of ours | keys that are read and have no effect |\n|---|---|---|---|\n";
    std::string wrong;
    for (const OperationType* type : operation_types()) {
        DifferenceReader reader;
        const std::unique_ptr<Operation> operation = type->make();
        operation->describe(reader);
        const bool ours = reader.is_ours && !reader.own_.empty();
        table += fmt::format("| `{}` | {} | {} | {} |\n", type->name, ours ? "here" : "Liquibase",
                             ours ? "" : quoted(reader.own_), quoted(reader.ignored_));
        for (const auto& [name, advice] : reader.misplaced_)
            wrong += fmt::format("| `{}` | `{}` | {} |\n", type->name, name, advice);
    }
    return "<!-- generated from the descriptions in src/operations; see docs/development.md -->\n"
           "# Operations and Liquibase\n\n"
           "Every change that is understood, those included that Liquibase sells. What each does is in "
           "[the reference](README.md); the intended differences are in "
           "[docs/liquibase.md](../liquibase.md).\n\n" +
           table +
           "\n## Keys that never had an effect\n\n"
           "Liquibase passes over these keys in silence, although their authors meant something. Here they "
           "are errors "
           "(CL1207) that say so; `--lenient` makes them warnings.\n\n"
           "| change | key | what to know |\n|---|---|---|\n" +
           wrong;
}

}  // namespace changelog
