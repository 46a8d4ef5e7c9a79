#include "changelog/changeset_keys.hpp"

#include "changelog/codes.hpp"
#include "changelog/expressions.hpp"

namespace changelog {

void ChangeSetKeys::describe(FieldVisitor& visitor) {
    visitor.text(required("id", "Identifies the changeset together with author and path."), id);
    visitor.text(required("author", "Who wrote it; part of its identity."), author);
    visitor.text(optional("comment", "What it is for; kept in the history.").cosmetic(), comment);
    visitor.text(optional("context", "Runs only in these contexts: an expression.").cosmetic(), context);
    visitor.text(optional("contextFilter", "The same as context, which it overrides.").cosmetic(),
                 context_filter);
    visitor.names(optional("labels", "Names by which a run selects changesets.").cosmetic(), label_names);
    visitor.text(optional("dbms", "Databases that it is meant for: a comma list, '!' excludes."), dbms);
    visitor.flag(optional("runOnChange", "Runs again whenever its definition differs from what was applied.")
                     .cosmetic(),
                 run_on_change);
    visitor.flag(optional("runAlways", "Runs at every update.").cosmetic().also("alwaysRun"), run_always);
    visitor.flag(
        optional("failOnError", "If false, an error is reported and the next changeset runs.").cosmetic(),
        fail_on_error);
    visitor.flag(optional("runInTransaction", "If false, each statement is committed by itself.").cosmetic(),
                 run_in_transaction);
    visitor.text(optional("runOrder", "Before or after all others.").one_of({"first", "last"}).cosmetic(),
                 run_order);
    visitor.flag(optional("ignore", "Never run.").cosmetic(), ignore);
    visitor.text(optional("created", "When it was written; free text.").cosmetic(), created);
    visitor.text(optional("onValidationFail", "What happens to a changeset that is not valid.")
                     .one_of({"HALT", "MARK_RAN"})
                     .cosmetic(),
                 on_validation_fail);
    visitor.names(optional("validCheckSum", "Checksums of earlier forms that are accepted; ANY accepts all.")
                      .also("validCheckSums")
                      .cosmetic(),
                  valid_checksums);
    visitor.text(optional("logicalFilePath", "Replaces the file's path in the identity.").cosmetic(),
                 logical_file_path);
    visitor.text(optional("objectQuotingStrategy", "Which names are quoted.")
                     .one_of({kQuotingStrategies.begin(), kQuotingStrategies.end()}),
                 quoting);
    visitor.text(optional("runWith", "Liquibase's executor; SQL is always run by this program itself.")
                     .one_of({"jdbc", "psql"})
                     .ignored()
                     .cosmetic(),
                 run_with);
    visitor.text(optional("runWithSpoolFile", "Read and ignored.").ignored().cosmetic(), run_with_spool_file);
    visitor.names(optional("provides", "Objects that SQL makes which cannot be seen through.").own(),
                  provides);
    visitor.text(optional("strategy", "How it is run on a live database.")
                     .one_of({"auto", "direct", "online"})
                     .own()
                     .cosmetic(),
                 strategy);
    visitor.text(
        optional("retain", "Keep what its changes destroy: true, false, or for how long.").own().cosmetic(),
        retain);
}

std::optional<QuotingStrategy> quoting_strategy(std::string_view name) {
    if (name == kQuotingStrategies[0]) return QuotingStrategy::legacy;
    if (name == kQuotingStrategies[1]) return QuotingStrategy::quote_all;
    if (name == kQuotingStrategies[2]) return QuotingStrategy::quote_reserved;
    return std::nullopt;
}

void check_expression(Diagnostics& diagnostics, const yaml::Node& value, const std::string& changeset,
                      const std::string& pointer) {
    const std::string text = yaml::scalar_text(value);
    const std::optional<std::string> problem = expression_error(text);
    if (!problem) return;
    auto& error =
        diagnostics.error(codes::bad_expression, value.at, fmt::format("expression '{}': {}", text, *problem),
                          std::max<std::size_t>(1, value.raw.size()));
    error.why =
        "Names are joined by 'and', 'or' and ',' (or), negated by 'not' or '!', and grouped by parentheses.";
    error.changeset = changeset;
    error.pointer = pointer;
}

}  // namespace changelog
