#include "review/schema_changes.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace changelog::review {

namespace {

using catalog::Catalog;
using catalog::Column;
using catalog::Constraint;
using catalog::ConstraintKind;
using catalog::Difference;
using catalog::Table;

/// Who may do what, and which rows somebody sees.
bool is_right(const Difference& difference) {
    static constexpr std::array<std::string_view, 5> kProperties = {"owner", "grants", "closed",
                                                                    "row security", "forced row security"};
    return difference.object.starts_with("policy ") || difference.object.starts_with("default acl ") ||
           std::find(kProperties.begin(), kProperties.end(), difference.property) != kProperties.end();
}

void add_touched(const std::map<ObjectName, Table>& tables, const std::map<ObjectName, Table>& others,
                 std::set<ObjectName>& out) {
    for (const auto& [name, table] : tables) {
        const auto other = others.find(name);
        if (other == others.end() || !(other->second == table)) out.insert(name);
    }
}

/// Bytes of a character that is not seen or turns the line around: U+2000 to U+206F, U+061C, U+FEFF; else 0.
std::size_t unseen(std::string_view text) {
    if (text.starts_with("\xE2\x80") || text.starts_with("\xE2\x81\xA0") || text.starts_with("\xEF\xBB\xBF"))
        return 3;
    if (text.size() > 2 && text.starts_with("\xE2\x81") && static_cast<unsigned char>(text[2]) < 0xB0)
        return 3;
    return text.starts_with("\xD8\x9C") ? 2 : 0;
}

/// Text between quotes: only what mermaid's own syntax and HTML give no meaning to.
std::string quoted(std::string_view text) {
    const bool readable = first_invalid_utf8(text) == std::string_view::npos;
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const std::size_t hidden = unseen(text.substr(i));
        const bool hostile = byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !readable) || hidden > 0 ||
                             std::string_view("\"\\%#;&<>{}`").find(text[i]) != std::string_view::npos;
        out += hostile ? '_' : text[i];
        if (hidden > 0) i += hidden - 1;
    }
    return '"' + (out.empty() ? "_" : clip_utf8(out, 60)) + '"';
}

/// A word of mermaid: letters, digits and underscores, not one of its key words. Brackets go where `type`.
std::string word(std::string_view text, bool type) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '_' || (type && std::string_view("()[]").find(c) != std::string_view::npos);
        out += plain ? c : '_';
    }
    out.resize(std::min<std::size_t>(out.size(), 60));
    const bool letter =
        !out.empty() && ((out[0] >= 'a' && out[0] <= 'z') || (out[0] >= 'A' && out[0] <= 'Z'));
    const bool key =
        equal_ignoring_case(out, "pk") || equal_ignoring_case(out, "fk") || equal_ignoring_case(out, "uk");
    return letter && !key ? out : "_" + out;
}

std::string type_word(std::string_view type) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kShort = {
        {{"character varying", "varchar"},
         {"timestamp with time zone", "timestamptz"},
         {"timestamp without time zone", "timestamp"},
         {"double precision", "float8"}}};
    for (const auto& [from, to] : kShort)
        if (type.starts_with(from)) return word(std::string(to).append(type.substr(from.size())), true);
    return word(type, true);
}

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

class Diagram {
  public:
    Diagram(const Catalog& catalog, const std::set<ObjectName>& touched, std::size_t most)
        : catalog_(catalog), most_(most) {
        for (const ObjectName& name : touched)
            if (catalog.tables.contains(name)) add(name, touched_);
        for (const auto& [name, table] : catalog.tables)
            for (const Constraint& constraint : table.constraints) {
                if (constraint.kind != ConstraintKind::foreign_key) continue;
                if (touched_.contains(name) && catalog.tables.contains(constraint.referenced_table))
                    add(constraint.referenced_table, near_);
                if (touched_.contains(constraint.referenced_table)) add(name, near_);
            }
    }

    std::string text() const {
        if (numbers_.empty()) return {};
        std::string out = "erDiagram\n";
        for (const auto& [name, number] : numbers_) out += entity(catalog_.tables.at(name), number);
        for (const auto& [name, number] : numbers_)
            for (const Constraint& constraint : catalog_.tables.at(name).constraints)
                out += relation(catalog_.tables.at(name), number, constraint);
        return out;
    }

  private:
    /// Tables are numbered as they are named in the text: their names may be anything.
    void add(const ObjectName& name, std::set<ObjectName>& among) {
        if (numbers_.contains(name) || numbers_.size() == most_) return;
        numbers_.emplace(name, numbers_.size());
        among.insert(name);
    }

    static std::string label(const ObjectName& name) {
        return quoted(name.schema == "public" ? name.name : name.schema + '.' + name.name);
    }

    static std::string keys_of(const Table& table, const std::string& column) {
        bool primary = false, foreign = false, unique = false;
        for (const Constraint& constraint : table.constraints) {
            if (!has(constraint.columns, column)) continue;
            primary |= constraint.kind == ConstraintKind::primary_key;
            foreign |= constraint.kind == ConstraintKind::foreign_key;
            unique |= constraint.kind == ConstraintKind::unique && constraint.columns.size() == 1;
        }
        std::vector<std::string> out;
        if (primary) out.emplace_back("PK");
        if (foreign) out.emplace_back("FK");
        if (unique) out.emplace_back("UK");
        return join(out, ", ");
    }

    std::string entity(const Table& table, std::size_t number) const {
        constexpr std::size_t kMostColumns = 30;
        const bool whole = touched_.contains(table.name);
        std::string lines;
        std::size_t shown = 0, left_out = 0;
        for (const Column& column : table.columns) {
            const std::string keys = keys_of(table, column.name);
            if (!whole && keys.empty()) continue;
            if (shown == kMostColumns) {
                ++left_out;
                continue;
            }
            ++shown;
            const std::string name = word(column.name, false);
            lines += fmt::format("        {} {}", type_word(column.type), name);
            if (!keys.empty()) lines += ' ' + keys;
            if (name != column.name) lines += ' ' + quoted(column.name);
            lines += '\n';
        }
        if (left_out > 0) lines += fmt::format("        more columns \"and {} more\"\n", left_out);
        const std::string head = fmt::format("    t{}[{}]", number, label(table.name));
        return lines.empty() ? head + '\n' : head + " {\n" + lines + "    }\n";
    }

    std::string relation(const Table& table, std::size_t number, const Constraint& constraint) const {
        if (constraint.kind != ConstraintKind::foreign_key) return {};
        const auto other = numbers_.find(constraint.referenced_table);
        if (other == numbers_.end()) return {};
        const bool optional =
            std::any_of(constraint.columns.begin(), constraint.columns.end(), [&](auto& name) {
                const Column* column = table.column(name);
                return column != nullptr && !column->not_null;
            });
        return fmt::format("    t{} {}--o{{ t{} : {}\n", other->second, optional ? "|o" : "||", number,
                           quoted(constraint.name));
    }

    const Catalog& catalog_;
    std::size_t most_;
    std::map<ObjectName, std::size_t> numbers_;
    std::set<ObjectName> touched_, near_;
};

}  // namespace

SchemaChanges schema_changes(const Catalog& base, const Catalog& head) {
    SchemaChanges out;
    out.differences = catalog::difference(base, head);
    std::copy_if(out.differences.begin(), out.differences.end(), std::back_inserter(out.rights), is_right);
    return out;
}

std::set<ObjectName> touched_tables(const Catalog& base, const Catalog& head) {
    std::set<ObjectName> out;
    add_touched(head.tables, base.tables, out);
    add_touched(base.tables, head.tables, out);
    return out;
}

std::string er_diagram(const Catalog& catalog, const std::set<ObjectName>& tables, std::size_t most) {
    return Diagram(catalog, tables, most).text();
}

}  // namespace changelog::review
