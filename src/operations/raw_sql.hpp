// How `sql` and `sqlFile` cut their text into statements.
#pragma once

#include "operations/fields.hpp"

#include <string>
#include <vector>

namespace changelog::operations {

/// SQL of the author's as one statement; outside a transaction if it needs that, or has transactions of its
/// own.
Statement raw_statement(std::string sql);

struct RawSql {
    bool split = true, strip_comments = false;
    std::string end_delimiter;
    std::string database, comment;

    void describe(FieldVisitor& visitor);

    std::vector<Statement> statements(const std::string& text) const;
    void footprint(const std::string& text, const RenderContext& context, Footprint& out) const;
    void apply(const std::string& text, const RenderContext& context, catalog::Catalog& catalog) const;
    Undo inverse(const std::string& text, const RenderContext& context) const;
};

}  // namespace changelog::operations
