#include "catalog/rename_text.hpp"

#include "catalog/sql_text.hpp"
#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"
#include "sql/mentions.hpp"
#include "sql/tokens.hpp"
#include "sql/type_names.hpp"

#include <algorithm>

namespace changelog::catalog {

namespace {

using sql::Mention;
using sql::Mentions;
using sql::NameEdit;
using What = sql::Mention::What;

std::optional<Mentions> mentions_in(const std::string& text, const TextOwner& owner) {
    return owner.whole_statement ? sql::mentions_of_statement(text) : sql::mentions_of_expression(text);
}

enum class Means { it, another, unclear };

/// Whether a name of one or two parts means the object.
Means means(const std::vector<std::string>& parts, const NameChange& change) {
    if (parts.empty() || parts.back() != change.from.name || parts.size() > 2) return Means::another;
    if (parts.size() == 2) return parts.front() == change.from.schema ? Means::it : Means::another;
    return change.alone ? Means::it : Means::unclear;
}

/// The name in the text of a regclass: 'public.q', '"S".q', 'q'.
std::vector<std::string> regclass_parts(const std::string& text) {
    std::vector<std::string> parts;
    for (const sql::Token& token : sql::tokenize(text).value_or(std::vector<sql::Token>{}))
        if (token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_word)
            parts.push_back(sql::from_sql(token.text));
    return parts;
}

/// Adds the edit of a constant that names a relation; false if it is unclear.
bool follow_constant(const Mention& mention, const NameChange& change, std::vector<NameEdit>& edits) {
    if (mention.cast != "regclass") return true;
    const std::vector<std::string> parts = regclass_parts(mention.parts.front());
    const Means meant = means(parts, change);
    if (meant == Means::it) {
        const std::string name =
            parts.size() == 2 ? sql::qualified({parts.front(), change.to}) : sql::identifier(change.to);
        edits.push_back({mention.offset, 0, sql::literal(name)});
    }
    return meant != Means::unclear;
}

bool follow_type(const Mention& mention, const NameChange& change, std::vector<NameEdit>& edits) {
    if (mention.parts.size() == 1 && sql::is_postgresql_type(mention.parts.front())) return true;
    const Means meant = means(mention.parts, change);
    if (meant == Means::it)
        edits.push_back({mention.offset, mention.parts.size() - 1, sql::identifier(change.to)});
    return meant != Means::unclear;
}

/// A column's name whose qualifier may be the relation.
bool follow_qualifier(const Mention& mention, const NameChange& change, bool named_so_here, bool is_column,
                      std::vector<NameEdit>& edits) {
    const std::vector<std::string>& parts = mention.parts;
    const std::size_t qualifiers = mention.star ? parts.size() : parts.size() - 1;
    if (qualifiers == 0) return parts.empty() || parts.front() != change.from.name || is_column;
    const std::vector<std::string> qualifier(parts.begin(),
                                             parts.begin() + static_cast<std::ptrdiff_t>(qualifiers));
    if (qualifier.back() != change.from.name || qualifiers > 2) return true;
    if (qualifiers == 2 && qualifier.front() != change.from.schema) return true;
    if (qualifiers == 1 && !named_so_here) return false;
    edits.push_back({mention.offset, qualifiers - 1, sql::identifier(change.to)});
    return true;
}

/// Whether the relation stands in the text under its own name, and nothing else does.
bool stands_under_its_name(const Mentions& found, const NameChange& change, const TextOwner& owner) {
    if (!owner.view) return true;  // columns of the table itself, or of NEW and OLD
    bool plain = false;
    for (const Mention& mention : found.all) {
        if (mention.what != What::relation || mention.parts.back() != change.from.name) continue;
        if (mention.target) continue;
        if (means(mention.parts, change) != Means::it) return false;
        plain = plain || mention.alias.empty();
    }
    return plain;
}

}  // namespace

std::optional<std::string> rename_relation(const std::string& text, const TextOwner& owner,
                                           const NameChange& change, bool has_column_of_that_name) {
    if (owner.bound || owner.exclusion) return text;
    const auto found = mentions_in(text, owner);
    if (!found || found->names.contains(change.from.name)) return std::nullopt;
    const bool plain = stands_under_its_name(*found, change, owner);
    std::vector<NameEdit> edits;
    for (const Mention& mention : found->all) {
        bool clear = true;
        if (mention.what == What::relation) {
            const Means meant = means(mention.parts, change);
            clear = meant != Means::unclear;
            if (meant == Means::it)
                edits.push_back({mention.offset, mention.parts.size() - 1, sql::identifier(change.to)});
        } else if (mention.what == What::column) {
            clear = follow_qualifier(mention, change, plain, has_column_of_that_name, edits);
        } else if (mention.what == What::type) {
            clear = follow_type(mention, change, edits);
        } else {
            clear = follow_constant(mention, change, edits);
        }
        if (!clear) return std::nullopt;
    }
    return sql::with_edits(text, std::move(edits));
}

std::optional<std::string> rename_type(const std::string& text, const TextOwner& owner,
                                       const NameChange& change) {
    if (owner.bound || owner.exclusion) return text;
    const auto found = mentions_in(text, owner);
    if (!found) return std::nullopt;
    std::vector<NameEdit> edits;
    for (const Mention& mention : found->all)
        if (mention.what == What::type && !follow_type(mention, change, edits)) return std::nullopt;
    return sql::with_edits(text, std::move(edits));
}

std::optional<std::string> rename_sequence(const std::string& text, const TextOwner& owner,
                                           const NameChange& change) {
    if (owner.bound || owner.exclusion) return text;
    const auto found = mentions_in(text, owner);
    if (!found) return std::nullopt;
    std::vector<NameEdit> edits;
    for (const Mention& mention : found->all) {
        if (mention.what == What::constant && !follow_constant(mention, change, edits)) return std::nullopt;
        if (mention.what != What::relation) continue;
        if (means(mention.parts, change) != Means::another) return std::nullopt;
    }
    return sql::with_edits(text, std::move(edits));
}

namespace {

/// The columns of "UPDATE OF a, b" in a trigger, which the parser gives without a place.
void follow_update_of(const std::string& text, const std::string& from, const std::string& to,
                      std::vector<NameEdit>& edits) {
    const auto tokens = sql::tokenize(text);
    if (!tokens) return;
    std::string before;
    bool in_list = false;
    for (const sql::Token& token : *tokens) {
        if (token.kind == sql::TokenKind::space || token.kind == sql::TokenKind::comment) continue;
        if (equal_ignoring_case(token.text, "of") && equal_ignoring_case(before, "update")) in_list = true;
        if (in_list && (equal_ignoring_case(token.text, "on") || equal_ignoring_case(token.text, "or")))
            in_list = false;
        const bool name = token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_word;
        if (in_list && name && sql::from_sql(token.text) == from && !equal_ignoring_case(before, "update"))
            edits.push_back(
                {static_cast<std::size_t>(token.text.data() - text.data()), 0, sql::identifier(to)});
        before = std::string(token.text);
    }
}

bool is_qualifier_of_own(const std::vector<std::string>& parts, const TextOwner& owner) {
    const std::string& qualifier = parts[parts.size() - 2];
    if (parts.size() == 3) return parts.front() == owner.name.schema && qualifier == owner.name.name;
    if (owner.trigger) return qualifier == "new" || qualifier == "old";
    return qualifier == owner.name.name;
}

}  // namespace

std::optional<std::string> rename_own_column(const std::string& text, const TextOwner& owner,
                                             const std::string& from, const std::string& to) {
    if (owner.bound) return text;
    if (owner.exclusion) return rename_in(text, from, to);
    const auto found = mentions_in(text, owner);
    if (!found) return std::nullopt;
    std::vector<NameEdit> edits;
    for (const Mention& mention : found->all) {
        if (mention.what != What::column || mention.parts.empty()) continue;
        const bool row = mention.parts.size() == 1 && mention.parts.front() == owner.name.name;
        if (row && found->parts.contains(from)) return std::nullopt;
        if (mention.star || mention.parts.back() != from || mention.parts.size() > 3) continue;
        if (mention.parts.size() == 1) {
            if (found->nested || owner.trigger) return std::nullopt;
            edits.push_back({mention.offset, 0, sql::identifier(to)});
        } else if (is_qualifier_of_own(mention.parts, owner)) {
            if (found->names.contains(mention.parts[mention.parts.size() - 2])) return std::nullopt;
            edits.push_back({mention.offset, mention.parts.size() - 1, sql::identifier(to)});
        }
    }
    if (owner.trigger) follow_update_of(text, from, to, edits);
    return sql::with_edits(text, std::move(edits));
}

bool may_read_column(const std::string& text, const ObjectName& table, const std::string& column) {
    const auto found = sql::mentions_of_statement(text);
    if (!found) return has_word(text, table.name) && has_word(text, column);
    return std::any_of(found->all.begin(), found->all.end(), [&](const Mention& mention) {
        return mention.what == What::relation && mention.parts.back() == table.name;
    });
}

bool takes_out(const std::string& text, const TextOwner& owner, const std::string& attribute) {
    if (owner.bound || owner.exclusion) return false;
    const auto found = mentions_in(text, owner);
    return !found || found->parts.contains(attribute);
}

}  // namespace changelog::catalog
