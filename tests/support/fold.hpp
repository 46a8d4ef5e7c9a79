// Operations from YAML text with the files that they name, and the schema that a row of them makes.
#pragma once

#include "changelog/operation.hpp"

#include "operations/canonical.hpp"
#include "operations/files.hpp"
#include "operations/reader.hpp"
#include "yaml/reader.hpp"

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace changelog::tests {

/// Files by path, given to the operation as they are.
class GivenFiles final : public FileLoader {
  public:
    GivenFiles(std::map<std::string, std::string> files, Diagnostics& diagnostics)
        : files_(std::move(files)), diagnostics_(diagnostics) {}

    std::optional<std::string> text(const FileRequest& request) override { return bytes(request); }
    std::optional<std::string> bytes(const FileRequest& request) override {
        const auto found = files_.find(request.path);
        return found == files_.end() ? std::nullopt : std::optional(found->second);
    }
    std::optional<AttachedFile> attach(const FileRequest& /*request*/) override { return std::nullopt; }
    std::string expand(std::string_view text) const override { return std::string(text); }
    Diagnostics& diagnostics() override { return diagnostics_; }

  private:
    std::map<std::string, std::string> files_;
    Diagnostics& diagnostics_;
};

inline std::string joined(const std::vector<Statement>& statements) {
    std::string out;
    for (const Statement& statement : statements) out += (out.empty() ? "" : ";\n") + statement.sql;
    return out;
}

/// An operation built from "name: {...}", with what was reported about it.
struct Built {
    Sources sources;
    Diagnostics diagnostics;
    std::unique_ptr<Operation> operation;

    explicit Built(std::string yaml, std::map<std::string, std::string> files = {}) {
        const auto root = yaml::read(sources.add("test.yaml", std::move(yaml)), diagnostics);
        if (!root || root->entries.empty()) throw std::runtime_error("not a map of one operation");
        const yaml::Entry& entry = root->entries.front();
        const OperationType* type = find_operation(entry.key.raw);
        if (type == nullptr) throw std::runtime_error("no operation " + entry.key.raw);
        operation = type->make();
        operation->at = entry.key.at;
        read_fields(entry.value, entry.key.at, entry.key.raw, *operation, {}, diagnostics);
        GivenFiles loader(std::move(files), diagnostics);
        operation->attach(loader);
        operation->check(diagnostics);
    }

    /// "CL1204 CL1208"
    std::string codes() const {
        std::string out;
        for (const Diagnostic& item : diagnostics.items()) out += (out.empty() ? "" : " ") + item.code;
        return out;
    }

    std::string checksum_form() { return canonical_fields(*operation); }
};

/// A schema that grows operation by operation.
class Fold {
  public:
    RenderContext context;

    Fold() { context.before = &catalog_; }
    Fold(const Fold&) = delete;
    Fold& operator=(const Fold&) = delete;

    catalog::Catalog& catalog() { return catalog_; }

    /// Applies an operation that reads without errors.
    Fold& apply(std::string yaml) {
        const catalog::Catalog before = catalog_;
        RenderContext then = context;
        then.before = &before;
        read(std::move(yaml)).operation->apply(catalog_, then);
        return *this;
    }

    std::string sql(std::string yaml) const {
        return joined(read(std::move(yaml)).operation->statements(context));
    }
    Undo undo(std::string yaml) const { return read(std::move(yaml)).operation->inverse(context); }

    /// The statements, or "impossible: why".
    std::string undo_sql(std::string yaml) const {
        const Undo result = undo(std::move(yaml));
        return result.impossible ? "impossible: " + *result.impossible : joined(result.statements);
    }

    /// "create table public.t, require column public.t.a"; a question mark where it is tentative.
    std::string footprint(std::string yaml) const {
        Footprint found;
        read(std::move(yaml)).operation->footprint(found, context);
        std::string out;
        for (const Touch& touch : found.touches) {
            static constexpr std::string_view kNames[] = {"create", "require", "alter", "drop"};
            out += (out.empty() ? "" : ", ") + std::string(kNames[static_cast<std::size_t>(touch.access)]);
            out += (touch.tentative ? "? " : " ") + to_string(touch.object);
        }
        if (found.barrier) out += out.empty() ? "barrier" : ", barrier";
        return out;
    }

  private:
    static Built read(std::string yaml) {
        Built built(std::move(yaml));
        if (built.diagnostics.has_errors())
            throw std::runtime_error(to_text(built.diagnostics.items().front()));
        return built;
    }

    catalog::Catalog catalog_;
};

}  // namespace changelog::tests
