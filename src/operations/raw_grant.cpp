#include "operations/raw_grant.hpp"

#include "core/text.hpp"
#include "operations/lookup.hpp"
#include "operations/privilege.hpp"
#include "sql/identifier.hpp"
#include "sql/tokens.hpp"

namespace changelog::operations {

namespace {

/// Words and signs of a statement; words in upper case, names as PostgreSQL stores them.
struct Words {
    std::vector<std::string> upper, stored;

    explicit Words(const std::string& text) {
        for (const sql::Token& token : sql::tokenize(text).value_or(std::vector<sql::Token>{})) {
            if (token.kind == sql::TokenKind::space || token.kind == sql::TokenKind::comment) continue;
            if (token.text == ";") continue;
            const bool name = token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_word;
            upper.push_back(token.kind == sql::TokenKind::word ? changelog::upper(token.text)
                                                               : std::string(token.text));
            stored.push_back(name ? sql::from_sql(token.text) : std::string(token.text));
        }
    }

    bool is(std::size_t at, std::string_view word) const { return at < upper.size() && upper[at] == word; }
    std::size_t find(std::string_view word, std::size_t from = 0) const {
        return static_cast<std::size_t>(
            std::find(upper.begin() + static_cast<std::ptrdiff_t>(std::min(from, upper.size())), upper.end(),
                      word) -
            upper.begin());
    }
};

/// A GRANT or REVOKE that names whole objects of one kind and plain roles.
struct Privileges {
    std::string kind = "TABLE";
    std::vector<std::string> privileges, roles;
    bool option = false;  ///< WITH GRANT OPTION, or GRANT OPTION FOR
    bool grants = true;
};

std::optional<Privileges> privileges_of(const Words& words) {
    Privileges found;
    found.grants = words.is(0, "GRANT");
    std::size_t at = 1;
    if (!found.grants && words.is(1, "GRANT") && words.is(2, "OPTION")) {
        found.option = true;
        at = 4;
    }
    const std::size_t on = words.find("ON", at);
    const std::size_t to = words.find(found.grants ? "TO" : "FROM", on);
    if (on >= words.upper.size() || to >= words.upper.size()) return std::nullopt;
    for (; at < on; ++at) {
        if (words.is(at, "(")) return std::nullopt;  // of columns
        if (!words.is(at, ",") && !words.is(at, "PRIVILEGES")) found.privileges.push_back(words.upper[at]);
    }
    static constexpr std::string_view kKinds[] = {"TABLE",  "SEQUENCE", "FUNCTION", "PROCEDURE",
                                                  "SCHEMA", "TYPE",     "DOMAIN"};
    const auto kind = std::find(std::begin(kKinds), std::end(kKinds), words.upper[on + 1]);
    if (kind != std::end(kKinds) && on + 2 < to) found.kind = std::string(*kind);
    if (words.is(on + 1, "ALL")) return std::nullopt;  // ALL TABLES IN SCHEMA
    for (at = to + 1; at < words.upper.size(); ++at) {
        if (words.is(at, "WITH") && found.grants) found.option = true;
        if (words.is(at, "WITH") || words.is(at, "CASCADE") || words.is(at, "RESTRICT") ||
            words.is(at, "GRANTED"))
            break;
        if (words.is(at, ",") || words.is(at, "GROUP")) continue;
        found.roles.push_back(words.is(at, "PUBLIC") ? std::string{} : words.stored[at]);
    }
    return found.roles.empty() ? std::nullopt : std::optional(std::move(found));
}

void apply_to(std::vector<catalog::Grant>& grants, const Privileges& change) {
    PrivilegeFields fields;
    fields.kind = change.kind;
    fields.privileges = change.privileges;
    for (const std::string& grantee : change.roles) {
        catalog::Grant grant{grantee, fields.stored_privileges(), {}, change.option};
        if (change.grants) {
            add_grant(grants, grant);
            continue;
        }
        const auto downgraded = held(grants, grantee, {}, true, grant.privileges);
        grant.grantable = true;
        remove_grant(grants, grant);
        grant.grantable = false;
        if (change.option)
            add_grant(grants, {grantee, downgraded, {}, false});
        else
            remove_grant(grants, grant);
    }
}

std::vector<catalog::Grant>* grants_of(const ObjectRef& object, catalog::Catalog& catalog) {
    if (object.kind == ObjectKind::table) {
        if (auto* table = find_in(catalog.tables, object.name)) return &table->grants;
        auto* view = find_in(catalog.views, object.name);
        return view == nullptr ? nullptr : &view->grants;
    }
    if (object.kind == ObjectKind::sequence) {
        auto* sequence = find_in(catalog.sequences, object.name);
        return sequence == nullptr ? nullptr : &sequence->grants;
    }
    if (object.kind == ObjectKind::schema) {
        auto* schema = find_in(catalog.schemas, object.name.name);
        return schema == nullptr ? nullptr : &schema->grants;
    }
    auto* type = object.kind == ObjectKind::type ? find_in(catalog.types, object.name) : nullptr;
    return type == nullptr ? nullptr : &type->grants;
}

std::optional<std::string>* comment_place(const ObjectRef& object, catalog::Catalog& catalog) {
    auto* table = find_in(catalog.tables, object.name);
    if (object.kind == ObjectKind::column) {
        auto* column = table == nullptr ? nullptr : table->column(object.part);
        return column == nullptr ? nullptr : &column->comment;
    }
    if (object.kind != ObjectKind::table) return nullptr;
    if (table != nullptr) return &table->comment;
    auto* view = find_in(catalog.views, object.name);
    return view == nullptr ? nullptr : &view->comment;
}

/// The text of a plain literal, NULL as "".
std::optional<std::string> literal_text(const std::string& word) {
    if (word == "NULL") return std::string{};
    if (word.size() < 2 || !word.starts_with('\'')) return std::nullopt;
    std::string text;
    for (std::size_t i = 1; i + 1 < word.size(); ++i) {
        text += word[i];
        if (word[i] == '\'') ++i;  // a doubled quote
    }
    return text;
}

}  // namespace

Followed follow_grant(const std::string& sql, const Footprint& touched, catalog::Catalog& catalog) {
    const Words words(sql);
    if (!words.is(0, "GRANT") && !words.is(0, "REVOKE")) return Followed::other;
    if (words.find("ON") == words.upper.size()) return Followed::exactly;  // membership in a role
    const auto change = privileges_of(words);
    const bool routine = change && (change->kind == "FUNCTION" || change->kind == "PROCEDURE");
    if (!change || routine) return Followed::not_known;
    for (const Touch& touch : touched.touches)
        if (auto* grants = grants_of(touch.object, catalog)) apply_to(*grants, *change);
    return Followed::exactly;
}

Followed follow_comment(const std::string& sql, const Footprint& touched, catalog::Catalog& catalog) {
    const Words words(sql);
    if (!words.is(0, "COMMENT")) return Followed::other;
    if (touched.touches.empty()) return Followed::exactly;
    const ObjectRef& object = touched.touches.back().object;
    const auto text = literal_text(words.upper.back());
    const bool shown = object.kind == ObjectKind::table || object.kind == ObjectKind::column;
    if (!text || !shown) return Followed::not_known;
    if (auto* comment = comment_place(object, catalog)) *comment = comment_of(*text);
    return Followed::exactly;
}

}  // namespace changelog::operations
