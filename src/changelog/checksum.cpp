#include "changelog/checksum.hpp"

#include "changelog/expressions.hpp"

#include "core/sha256.hpp"
#include "core/text.hpp"
#include "operations/canonical.hpp"

#include <algorithm>
#include <charconv>

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

/// Version 1, with canonical_fields() of operations/canonical.hpp.
std::string first_form(const ChangeSet& changeset) {
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

const CanonicalForm* find_form(int version, const CanonicalForms& forms) {
    const auto found = std::find_if(forms.begin(), forms.end(),
                                    [&](const CanonicalForm& form) { return form.version == version; });
    return found == forms.end() ? nullptr : &*found;
}

std::string versioned(int version, const std::string& definition) {
    return std::to_string(version) + ':' + sha256(definition);
}

/// Liquibase's checksums have a number and a colon as well, but are MD5 sums.
bool has_sha256(std::string_view checksum) {
    const std::string_view digits = checksum.substr(checksum.find(':') + 1);
    return digits.size() == 64 && digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

const CanonicalForms& canonical_forms() {
    static const CanonicalForms kForms = {{1, first_form}};
    return kForms;
}

std::string canonical_definition(const ChangeSet& changeset, const CanonicalForms& forms) {
    return forms.back().definition(changeset);
}

std::string checksum_of(const std::string& definition, const CanonicalForms& forms) {
    return versioned(forms.back().version, definition);
}

std::optional<std::string> definition_of(const ChangeSet& changeset, int version,
                                         const CanonicalForms& forms) {
    const CanonicalForm* form = find_form(version, forms);
    return form == nullptr ? std::nullopt : std::optional(form->definition(changeset));
}

std::optional<std::string> checksum_of(const ChangeSet& changeset, int version, const CanonicalForms& forms) {
    const auto definition = definition_of(changeset, version, forms);
    return definition ? std::optional(versioned(version, *definition)) : std::nullopt;
}

std::optional<int> checksum_version(std::string_view checksum) {
    int version = 0;
    const char* end = checksum.data() + checksum.size();
    const auto [colon, error] = std::from_chars(checksum.data(), end, version);
    if (error != std::errc() || colon == end || *colon != ':' || version < 1) return std::nullopt;
    return version;
}

ChecksumMatch match_checksum(const ChangeSet& changeset, std::string_view stored,
                             const CanonicalForms& forms) {
    if (stored == changeset.checksum) return ChecksumMatch::same;
    const auto version = checksum_version(stored);
    if (!version) return ChecksumMatch::foreign;
    const int newest = forms.back().version;
    if (*version == newest) return ChecksumMatch::edited;  // the changeset has its own in that version
    if (const auto current = checksum_of(changeset, *version, forms))
        return *current == stored ? ChecksumMatch::same : ChecksumMatch::edited;
    return *version > newest && has_sha256(stored) ? ChecksumMatch::newer : ChecksumMatch::foreign;
}

}  // namespace changelog
