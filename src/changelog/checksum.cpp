#include "changelog/checksum.hpp"

#include "changelog/expressions.hpp"

#include "core/sha256.hpp"
#include "core/text.hpp"
#include "operations/canonical.hpp"

namespace changelog {

namespace {

/// Changes that never run on PostgreSQL do not count.
std::string changes_of(const ChangeSet& changeset) {
    std::string out = "[";
    for (const auto& change : changeset.changes) {
        if (!dbms_allows_postgresql(change->dbms())) continue;
        if (out.size() > 1) out += ',';
        out += '{' + json_string(change->type().name) + ':' + canonical_fields(*change) + '}';
    }
    return out + ']';
}

std::string edit_json(const SqlEdit& edit) {
    std::string out = "{";
    const auto member = [&](std::string_view name, const std::string& value) {
        if (value.empty()) return;
        if (out.size() > 1) out += ',';
        out += json_string(name) + ':' + json_string(value);
    };
    if (edit.to_rollback) out += "\"applyToRollback\":true";
    member("context", edit.contexts);
    member("find", edit.find);
    member("kind", edit.kind);
    member("labels", edit.labels);
    member("text", edit.text);
    return out + '}';
}

std::string edits_of(const ChangeSet& changeset) {
    std::string out = "[";
    for (const SqlEdit& edit : changeset.sql_edits) {
        if (!dbms_allows_postgresql(edit.dbms)) continue;
        if (out.size() > 1) out += ',';
        out += edit_json(edit);
    }
    return out + ']';
}

std::string list_of(std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    std::string out = "[";
    for (const std::string& word : words) out += (out.size() > 1 ? "," : "") + json_string(word);
    return out + ']';
}

}  // namespace

std::string canonical_definition(const ChangeSet& changeset) {
    std::string out = "{\"changes\":" + changes_of(changeset);
    if (!dbms_allows_postgresql(changeset.dbms))
        out += ",\"dbms\":" + list_of(split(lower(changeset.dbms), ','));
    if (const std::string edits = edits_of(changeset); edits != "[]") out += ",\"modifySql\":" + edits;
    if (!changeset.provides.empty()) out += ",\"provides\":" + list_of(changeset.provides);
    if (changeset.quoting == QuotingStrategy::quote_all) out += ",\"quoting\":\"QUOTE_ALL_OBJECTS\"";
    if (changeset.quoting == QuotingStrategy::quote_reserved)
        out += ",\"quoting\":\"QUOTE_ONLY_RESERVED_WORDS\"";
    return out + '}';
}

std::string checksum_of(const std::string& definition) { return "1:" + sha256(definition); }

}  // namespace changelog
