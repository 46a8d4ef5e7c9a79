// The keys of a changeSet that are plain values: LIQUIBASE.md 1.4, and our own.
#pragma once

#include "changelog/changelog.hpp"

#include "operations/fields.hpp"
#include "yaml/node.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog {

struct ChangeSetKeys final : Described {
    std::string id, author, comment, created, context, context_filter, labels, dbms, logical_file_path,
        quoting, run_order;
    std::string on_validation_fail, run_with, run_with_spool_file, strategy = "auto", retain;
    bool run_on_change = false, run_always = false, fail_on_error = true, run_in_transaction = true,
         ignore = false;
    std::vector<std::string> valid_checksums, provides, label_names;

    void describe(FieldVisitor& visitor) override;
};

/// The keys of a changeSet that hold maps and lists; change types may stand beside them.
inline constexpr std::array<std::string_view, 6> kStructuralKeys = {"changes",   "preConditions", "rollback",
                                                                    "modifySql", "dependsOn",     "suppress"};

inline constexpr std::array<std::string_view, 3> kQuotingStrategies = {"LEGACY", "QUOTE_ALL_OBJECTS",
                                                                       "QUOTE_ONLY_RESERVED_WORDS"};

/// Nothing for a text that names none.
std::optional<QuotingStrategy> quoting_strategy(std::string_view name);

/// Reports a context or label expression of a wrong form.
void check_expression(Diagnostics& diagnostics, const yaml::Node& value, const std::string& changeset,
                      const std::string& pointer);

}  // namespace changelog
