// A catalog as the statements that make it.
#pragma once

#include "changelog/catalog.hpp"

#include "catalog/ddl.hpp"

#include <string>

namespace changelog::tests {

inline std::string shown(const catalog::Catalog& catalog) {
    std::string out;
    const auto add = [&](const std::vector<Statement>& statements) {
        for (const Statement& statement : statements) out += (out.empty() ? "" : ";\n") + statement.sql;
    };
    for (const auto& [name, type] : catalog.types) add(catalog::create_type_statements(type));
    for (const auto& [name, sequence] : catalog.sequences) add(catalog::create_sequence_statements(sequence));
    for (const auto& [name, table] : catalog.tables) add(catalog::create_table(table));
    for (const auto& [name, view] : catalog.views) add(catalog::create_view_statements(view));
    for (const auto& [name, function] : catalog.functions) add({{function.definition}});
    return out;
}

}  // namespace changelog::tests
