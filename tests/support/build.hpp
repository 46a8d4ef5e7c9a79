// Operations out of small YAML texts, and what they do to a catalog.
#pragma once

#include "changelog/operation.hpp"

#include "operations/reader.hpp"
#include "yaml/reader.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace changelog::tests {

inline Sources& sources() {
    static Sources all;
    return all;
}

/// Reads `text` as the attributes of an operation; what is wrong with them goes to `diagnostics`.
inline std::unique_ptr<Operation> read_operation(std::string_view name, const std::string& text,
                                                 Diagnostics& diagnostics) {
    const OperationType* type = find_operation(name);
    if (type == nullptr) throw std::runtime_error("no such operation: " + std::string(name));
    const SourceFile& file = sources().add("test.yaml", text);
    const auto node = yaml::read(file, diagnostics);
    auto operation = type->make();
    operation->at = Position{&file, 1, 1};
    if (node) read_fields(*node, operation->at, name, *operation, {}, diagnostics);
    operation->check(diagnostics);
    return operation;
}

/// As read_operation, for texts that are right.
inline std::unique_ptr<Operation> make(std::string_view name, const std::string& text) {
    Diagnostics diagnostics;
    auto operation = read_operation(name, text, diagnostics);
    if (diagnostics.has_errors()) throw std::runtime_error(to_text(diagnostics.items().front()));
    return operation;
}

inline std::vector<std::string> codes_of(std::string_view name, const std::string& text) {
    Diagnostics diagnostics;
    read_operation(name, text, diagnostics);
    std::vector<std::string> out;
    for (const Diagnostic& item : diagnostics.items()) out.push_back(item.code);
    return out;
}

/// A schema that is built up operation by operation.
class Schema {
  public:
    RenderContext context;
    catalog::Catalog catalog;

    Schema() { context.before = &catalog; }
    Schema(const Schema&) = delete;
    Schema& operator=(const Schema&) = delete;

    /// What the operation runs here; the schema stays as it is.
    std::vector<std::string> sql(std::string_view name, const std::string& text) const {
        return texts(make(name, text)->statements(context));
    }

    Undo undo(std::string_view name, const std::string& text) const {
        return make(name, text)->inverse(context);
    }

    std::vector<std::string> undo_sql(std::string_view name, const std::string& text) const {
        return texts(undo(name, text).statements);
    }

    Schema& apply(std::string_view name, const std::string& text) {
        const catalog::Catalog before = catalog;
        context.before = &before;
        make(name, text)->apply(catalog, context);
        context.before = &catalog;
        return *this;
    }

    const catalog::Table& table(const std::string& name) const { return catalog.tables.at({"public", name}); }

    static std::vector<std::string> texts(const std::vector<Statement>& statements) {
        std::vector<std::string> out;
        for (const Statement& statement : statements) out.push_back(statement.sql);
        return out;
    }
};

}  // namespace changelog::tests
