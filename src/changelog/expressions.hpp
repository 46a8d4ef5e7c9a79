// Context and label expressions and lists of databases: LIQUIBASE.md 1.7 and 1.4.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog {

/// What is wrong with the form of an expression ("')' without '('"), or nothing.
std::optional<std::string> expression_error(std::string_view expression);

/// Whether a context expression holds. No contexts given means that every one does, but for names marked with
/// '@'.
bool context_holds(std::string_view expression, const std::vector<std::string>& contexts);

/// Whether a comma list of labels is selected by an expression. Either being empty selects it.
bool labels_match(std::string_view labels, std::string_view expression);

/// Whether a comma list of databases allows PostgreSQL. Empty: yes.
bool dbms_allows_postgresql(std::string_view dbms);

}  // namespace changelog
