// Columns in queries: which relation a column is of can be told from the text where there is one scope and
// every relation in it is known.
#include "catalog/rename_text.hpp"
#include "sql/identifier.hpp"
#include "sql/mentions.hpp"

#include <algorithm>

namespace changelog::catalog {

namespace {

using sql::Mention;
using sql::Mentions;
using sql::NameEdit;
using What = sql::Mention::What;

/// A relation in FROM.
struct Source {
    ObjectName name;    ///< without a schema where the text gives none
    std::string alias;  ///< by which the text calls it
    bool aliased = false;
};

std::vector<Source> sources_of(const Mentions& found) {
    std::vector<Source> out;
    for (const Mention& mention : found.all) {
        if (mention.what != What::relation || mention.target) continue;
        Source source;
        source.name.name = mention.parts.back();
        if (mention.parts.size() == 2) source.name.schema = mention.parts.front();
        source.aliased = !mention.alias.empty();
        source.alias = source.aliased ? mention.alias : mention.parts.back();
        out.push_back(std::move(source));
    }
    return out;
}

bool is_same(const ObjectName& written, const ObjectName& stored) {
    return written.name == stored.name && (written.schema.empty() || written.schema == stored.schema);
}

/// The table of that name, if there is exactly one that it can mean.
const Table* known_table(const Catalog& catalog, const ObjectName& written) {
    const Table* only = nullptr;
    for (const auto& [name, table] : catalog.tables) {
        if (!is_same(written, name)) continue;
        if (only != nullptr) return nullptr;
        only = &table;
    }
    for (const auto& [name, view] : catalog.views)
        if (is_same(written, name)) return nullptr;
    return only;
}

/// Whether a column without a qualifier can only be the one of the table.
bool only_the_table_has(const Catalog& catalog, const std::vector<Source>& sources, const ObjectName& table,
                        const std::string& column) {
    return std::all_of(sources.begin(), sources.end(), [&](const Source& source) {
        if (is_same(source.name, table)) return true;
        const Table* other = known_table(catalog, source.name);
        return other != nullptr && other->column(column) == nullptr;
    });
}

/// 1: the qualifier means the table, 0: it does not, -1: it may.
int meant_by(const std::vector<std::string>& parts, const std::vector<Source>& sources,
             const ObjectName& table) {
    const std::string& qualifier = parts[parts.size() - 2];
    if (parts.size() > 2) return parts.front() == table.schema && qualifier == table.name ? 1 : 0;
    int result = 0;
    for (const Source& source : sources) {
        if (source.alias != qualifier) continue;
        const int meant = is_same(source.name, table) ? 1 : 0;
        if (result != 0 && meant != result) return -1;
        if (meant == 1) result = 1;
    }
    return result;
}

}  // namespace

std::optional<std::string> rename_column_in_query(const Catalog& catalog, const std::string& query,
                                                  const ObjectName& table, const std::string& from,
                                                  const std::string& to) {
    const auto found = sql::mentions_of_statement(query);
    if (!found || found->natural || found->parts.contains(from) || found->names.contains(from))
        return std::nullopt;
    const std::vector<Source> sources = sources_of(*found);
    std::vector<NameEdit> edits;
    for (const Mention& mention : found->all) {
        if (mention.what != What::column) continue;
        if (mention.star) return std::nullopt;
        if (mention.parts.empty() || mention.parts.back() != from) continue;
        if (mention.parts.size() == 1) {
            if (found->nested || !only_the_table_has(catalog, sources, table, from)) return std::nullopt;
        } else {
            const int meant = meant_by(mention.parts, sources, table);
            if (meant < 0) return std::nullopt;
            if (meant == 0) continue;
        }
        edits.push_back({mention.offset, mention.parts.size() - 1, sql::identifier(to),
                         mention.output ? " AS " + sql::identifier(from) : ""});
    }
    return sql::with_edits(query, std::move(edits));
}

std::optional<std::string> with_stars_expanded(const Catalog& catalog, const std::string& query) {
    if (query.find('*') == std::string::npos) return query;
    const auto found = sql::mentions_of_statement(query);
    if (!found) return std::nullopt;
    const bool has_star = std::any_of(found->all.begin(), found->all.end(), [](const Mention& mention) {
        return mention.what == What::column && mention.star;
    });
    if (!has_star) return query;
    if (found->nested || found->natural || !found->parts.empty()) return std::nullopt;
    const std::vector<Source> sources = sources_of(*found);
    std::vector<NameEdit> edits;
    for (const Mention& mention : found->all) {
        if (mention.what != What::column || !mention.star) continue;
        std::string columns;
        for (const Source& source : sources) {
            if (!mention.parts.empty() && source.alias != mention.parts.back()) continue;
            const Table* known = known_table(catalog, source.name);
            if (known == nullptr) return std::nullopt;
            const std::string qualifier = sources.size() == 1 ? "" : sql::identifier(source.alias) + '.';
            for (const Column& column : known->columns)
                columns += (columns.empty() ? "" : ", ") + qualifier + sql::identifier(column.name);
        }
        if (columns.empty() || mention.parts.size() > 1) return std::nullopt;
        edits.push_back({mention.offset, mention.parts.size(), columns, {}, true});
    }
    return sql::with_edits(query, std::move(edits));
}

}  // namespace changelog::catalog
