#include "catalog/difference_values.hpp"

#include "catalog/ddl.hpp"
#include "core/text.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::catalog {

namespace {

template <typename Items, typename Text>
std::string listed(const Items& items, const Text& text) {
    std::vector<std::string> parts;
    for (const auto& item : items) parts.push_back(text(item));
    return join(parts, ", ");
}

/// An empty text that is there differs from one that is not.
std::string given(const std::string& text) { return text.empty() ? "''" : text; }

std::string collate(const std::string& collation) {
    return collation.empty() ? std::string() : " COLLATE " + collation;
}

std::string key_text(const IndexKey& key) {
    std::string out = key.expression ? '(' + key.text + ')' : sql::identifier(key.text);
    out += collate(key.collation);
    if (!key.operator_class.empty()) out += ' ' + key.operator_class;
    if (key.descending) out += " DESC";
    if (key.nulls_first) out += *key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
    return out;
}

std::string identity_text(const Identity& identity) {
    std::string out = identity.always ? "always" : "by default";
    out += " as " + identity.options.type;
    if (const std::string options = sequence_options(identity.options); !options.empty())
        out += ' ' + options;
    return identity.sequence.empty() ? out : out + " sequence " + identity.sequence;
}

/// White space in one line; nothing else changes, so that texts that differ only there stay equal in length.
std::string in_one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return text;
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// `width` bytes from `begin`, at whole characters, with dots where something is cut off.
std::string window(const std::string& text, std::size_t begin, std::size_t width) {
    begin = std::min(begin, text.size());
    while (begin > 0 && begin < text.size() && continues_character(text[begin])) --begin;
    const std::string middle = clip_utf8(std::string_view(text).substr(begin), width);
    return (begin == 0 ? "" : "... ") + middle + (begin + middle.size() < text.size() ? " ..." : "");
}

}  // namespace

GrantSet as_set(const std::vector<Grant>& grants) {
    GrantSet out;
    const auto add = [&](const Grant& grant, const std::string& column) {
        for (const std::string& privilege : grant.privileges) {
            bool& grantable = out[{grant.grantee, column, privilege}];
            grantable = grantable || grant.grantable;
        }
    };
    for (const Grant& grant : grants) {
        if (grant.columns.empty()) add(grant, {});
        for (const std::string& column : grant.columns) add(grant, column);
    }
    return out;
}

std::set<ObjectRef> as_set(const std::vector<ObjectRef>& objects) { return {objects.begin(), objects.end()}; }
std::set<std::string> as_set(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

std::string text_of(const std::string& value) { return value; }
std::string text_of(bool value) { return value ? "yes" : "no"; }
std::string text_of(const std::optional<std::string>& value) { return value ? given(*value) : std::string(); }
std::string text_of(const std::optional<int>& value) { return value ? std::to_string(*value) : ""; }
std::string text_of(const std::vector<std::string>& values) { return listed(values, given); }
std::string text_of(const std::set<std::string>& values) { return listed(values, given); }

std::string text_of(const std::map<std::string, std::string>& values) {
    return listed(values, [](const auto& item) { return item.first + '=' + item.second; });
}

std::string text_of(const std::map<int, int>& values) {
    return listed(values, [](const auto& item) { return fmt::format("{}: {}", item.first, item.second); });
}

std::string text_of(Generated value) {
    return value == Generated::no ? "" : value == Generated::stored ? "stored" : "virtual";
}

std::string text_of(ConstraintKind value) {
    switch (value) {
        case ConstraintKind::primary_key:
            return "primary key";
        case ConstraintKind::unique:
            return "unique";
        case ConstraintKind::foreign_key:
            return "foreign key";
        case ConstraintKind::check:
            return "check";
        case ConstraintKind::exclusion:
            return "exclusion";
    }
    return {};
}

std::string text_of(TypeKind value) {
    switch (value) {
        case TypeKind::enumeration:
            return "enumeration";
        case TypeKind::composite:
            return "composite";
        case TypeKind::domain:
            return "domain";
        case TypeKind::range:
            return "range";
    }
    return {};
}

std::string text_of(const ObjectName& value) {
    return value.schema.empty() ? value.name : value.schema + '.' + value.name;
}

std::string text_of(const std::vector<ObjectName>& values) {
    return listed(values, [](const ObjectName& name) { return text_of(name); });
}

std::string text_of(const ObjectRef& value) {
    return value.name.name.empty() && value.name.schema.empty() && value.part.empty() ? "" : to_string(value);
}

std::string text_of(const std::optional<ObjectRef>& value) { return value ? to_string(*value) : ""; }

std::string text_of(const std::set<ObjectRef>& values) {
    return listed(values, [](const ObjectRef& object) { return to_string(object); });
}

std::string text_of(const std::optional<Identity>& value) { return value ? identity_text(*value) : ""; }

std::string text_of(const std::vector<IndexKey>& values) { return listed(values, key_text); }

std::string text_of(const std::vector<TypeAttribute>& values) {
    return listed(values, [](const TypeAttribute& attribute) {
        return attribute.name + ' ' + attribute.type + collate(attribute.collation);
    });
}

std::string text_of(const GrantSet& grants) {
    return listed(grants, [](const auto& item) {
        const auto& [grantee, column, privilege] = item.first;
        return fmt::format("{}{} to {}{}", privilege, column.empty() ? "" : " (" + column + ')',
                           grantee.empty() ? "PUBLIC" : grantee, item.second ? " with grant option" : "");
    });
}

TextPair clipped_difference(const std::string& before, const std::string& after, std::size_t width) {
    if (before.size() <= width && after.size() <= width) return {in_one_line(before), in_one_line(after)};
    const auto differ = std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first;
    const auto at = static_cast<std::size_t>(differ - before.begin());
    const std::size_t lead = width / 3;  // of what is equal, so that the place can be found
    const std::size_t begin = at > lead ? at - lead : 0;
    return {in_one_line(window(before, begin, width)), in_one_line(window(after, begin, width))};
}

}  // namespace changelog::catalog
