#include "report/explain.hpp"

#include "changelog/codes.hpp"

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/output.hpp"
#include "core/text.hpp"
#include "report/pages.hpp"

namespace changelog::cli {

namespace {

int run_explain(Call& call) {
    const auto wanted = call.arguments.value("CODE");
    if (!wanted) {
        call.output.data(call.output.format() == Format::json ? report::code_list_json()
                                                              : report::code_list_text());
        return kOk;
    }
    if (const auto page = report::explanation(*wanted)) {
        call.output.data(call.output.format() == Format::json ? report::explanation_json(upper(*wanted))
                                                              : std::string(*page));
        return kOk;
    }
    std::vector<std::string_view> known;
    for (const CodeEntry& entry : all_codes()) known.push_back(entry.code);
    Diagnostics diagnostics;
    Diagnostic& item = diagnostics.add(Severity::error, codes::unknown_code, {},
                                       fmt::format("there is no code '{}'", *wanted));
    item.did_you_mean = nearest(*wanted, known);
    item.next = {"changelog explain"};
    call.output.fail("explain", diagnostics);
    return exit_code_for(diagnostics);
}

}  // namespace

const Command explain_command = {
    "explain",
    "Explain a code such as CL1203.",
    "Each error and warning has a code that never changes. Without a code, all of them are listed.",
    {},
    {{"CODE", "The code; capitals do not matter.", false, false, {}}},
    {"changelog explain CL1203", "changelog explain"},
    {"text", "json"},
    run_explain};

}  // namespace changelog::cli
