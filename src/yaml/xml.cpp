// XML changelogs, element by element, as the tree that the same changelog in YAML gives.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "yaml/build.hpp"
#include "yaml/reader.hpp"
#include "yaml/scan.hpp"

#include <pugixml.hpp>

#include <cstring>

namespace changelog::yaml {

namespace {

/// `ext:createEnum` and `pro:createFunction` are the same change without their prefix.
std::string_view local_name(const char* name) {
    const char* colon = std::strchr(name, ':');
    return colon == nullptr ? name : colon + 1;
}

bool is_declaration(std::string_view name) {
    return name == "xmlns" || name.starts_with("xmlns:") || name.starts_with("xsi:");
}

struct NameOf {
    std::string_view element, key;
};

/// Where the text of an element stands if the element has attributes beside it.
constexpr NameOf kTextKeys[] = {
    {"sql", "sql"},
    {"sqlCheck", "sql"},
    {"column", "value"},
    {"createView", "selectQuery"},
    {"createMaterializedView", "selectQuery"},
    {"createProcedure", "procedureText"},
    {"createFunction", "functionBody"},
    {"createTrigger", "triggerBody"},
    {"addCheckConstraint", "constraintBody"},
    {"stop", "message"},
    {"output", "message"},
    {"customChange", "class"},
};

/// Elements that YAML puts into a list of a name of its own.
constexpr NameOf kListKeys[] = {
    {"column", "columns"},
    {"arg", "args"},
    {"typeAttribute", "typeAttributes"},
    {"addAttribute", "addAttributes"},
    {"alterAttribute", "alterAttributes"},
    {"dropAttribute", "dropAttributes"},
};

template <std::size_t N>
std::string_view look_up(const NameOf (&table)[N], std::string_view element) {
    for (const NameOf& row : table)
        if (row.element == element) return row.key;
    return {};
}

/// Keys of a changeSet that stand beside its changes.
bool is_changeset_key(std::string_view name) {
    return name == "comment" || name == "preConditions" || name == "validCheckSum" || name == "dependsOn" ||
           name == "provides" || name == "suppress";
}

bool is_condition_list(std::string_view name) {
    return name == "preConditions" || name == "and" || name == "or" || name == "not";
}

class XmlReader {
  public:
    explicit XmlReader(const SourceFile& file) : file_(file) {
        line_begins_.push_back(0);
        for (std::size_t at = file.text.find('\n'); at != std::string::npos;
             at = file.text.find('\n', at + 1))
            line_begins_.push_back(at + 1);
    }

    Node read(const pugi::xml_node& root) const {
        Node list = make_list(place(root));
        for (const pugi::xml_attribute& attribute : root.attributes()) {
            if (is_declaration(attribute.name())) continue;
            const Position at = place(root, attribute);
            append(list, std::string(local_name(attribute.name())), at, make_text(attribute.value(), at));
        }
        for (const pugi::xml_node& child : elements(root))
            append(list, name_of(child), place(child), value_of(child));
        Node out = make_map(place(root));
        put(out, name_of(root), place(root), std::move(list));
        return out;
    }

  private:
    static std::vector<pugi::xml_node> elements(const pugi::xml_node& node) {
        std::vector<pugi::xml_node> out;
        for (const pugi::xml_node& child : node.children())
            if (child.type() == pugi::node_element) out.push_back(child);
        return out;
    }

    static std::string name_of(const pugi::xml_node& node) { return std::string(local_name(node.name())); }

    /// All text directly below an element, without white space at its ends.
    static std::string text_of(const pugi::xml_node& node) {
        std::string out;
        for (const pugi::xml_node& child : node.children())
            if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) out += child.value();
        return trim(out);
    }

    Position at_offset(std::size_t offset) const {
        const auto line = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset) - 1;
        return {&file_, static_cast<std::uint32_t>(line - line_begins_.begin() + 1),
                static_cast<std::uint32_t>(offset - *line + 1)};
    }

    Position place(const pugi::xml_node& node) const {
        return at_offset(static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, node.offset_debug())));
    }

    /// pugixml keeps no offsets of attributes: the name is looked for within the element's tag.
    Position place(const pugi::xml_node& node, const pugi::xml_attribute& attribute) const {
        const std::string& text = file_.text;
        const std::string_view name = attribute.name();
        std::size_t at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, node.offset_debug())) +
                         std::strlen(node.name());
        char quote = 0;
        for (; at < text.size(); ++at) {
            const char c = text[at];
            if (quote != 0) {
                if (c == quote) quote = 0;
                continue;
            }
            if (c == '"' || c == '\'') quote = c;
            if (c == '>') break;
            const bool begins =
                std::strchr(" \t\r\n", c) != nullptr && text.compare(at + 1, name.size(), name) == 0;
            if (!begins) continue;
            const std::size_t end = at + 1 + name.size();
            if (end < text.size() && std::strchr("= \t\r\n", text[end]) != nullptr) return at_offset(at + 1);
        }
        return place(node);
    }

    void put_attributes(const pugi::xml_node& node, Node& map) const {
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            if (is_declaration(attribute.name())) continue;
            const Position at = place(node, attribute);
            put(map, std::string(local_name(attribute.name())), at, std::string(attribute.value()));
        }
    }

    /// Attributes as items of a list, for the elements whose children are one.
    void append_attributes(const pugi::xml_node& node, Node& list) const {
        Node map = make_map(place(node));
        put_attributes(node, map);
        for (Entry& entry : map.entries) append(list, entry.key.raw, entry.key.at, std::move(entry.value));
    }

    Node value_of(const pugi::xml_node& node) const {
        const std::string name = name_of(node);
        if (name == "changeSet") return changeset(node);
        if (name == "rollback") return rollback(node);
        if (is_condition_list(name) || name == "modifySql" || name == "whereParams") return list_of(node);
        return plain(node);
    }

    Node list_of(const pugi::xml_node& node) const {
        Node list = make_list(place(node));
        append_attributes(node, list);
        for (const pugi::xml_node& child : elements(node))
            append(list, name_of(child), place(child), value_of(child));
        return list;
    }

    Node rollback(const pugi::xml_node& node) const {
        Node list = list_of(node);
        std::string text = text_of(node);
        if (list.items.empty()) return make_text(std::move(text), place(node));
        if (!text.empty()) list.items.insert(list.items.begin(), make_text(std::move(text), place(node)));
        return list;
    }

    /// Everything that is no key of the changeset is a change. `modifySql` and `rollback` may repeat, so they
    /// stand among the changes, where that is allowed.
    Node changeset(const pugi::xml_node& node) const {
        Node out = make_map(place(node));
        put_attributes(node, out);
        Node changes = make_list(place(node));
        Node checksums = make_list(place(node));
        for (const pugi::xml_node& child : elements(node)) {
            const std::string name = name_of(child);
            if (name == "validCheckSum")
                checksums.items.push_back(make_text(text_of(child), place(child)));
            else if (is_changeset_key(name))
                put(out, name, place(child), value_of(child));
            else
                append(changes, name, place(child), value_of(child));
        }
        if (!checksums.items.empty()) {
            const Position at = checksums.items.front().at;
            put(out, "validCheckSum", at, std::move(checksums));
        }
        put(out, "changes", place(node), std::move(changes));
        return out;
    }

    Node plain(const pugi::xml_node& node) const {
        const std::vector<pugi::xml_node> children = elements(node);
        std::string text = text_of(node);
        Node out = make_map(place(node));
        put_attributes(node, out);
        if (children.empty() && out.entries.empty() && !text.empty())
            return make_text(std::move(text), place(node));
        std::map<std::string, Node> lists;
        std::vector<std::string> order;
        for (const pugi::xml_node& child : children) {
            const std::string name = name_of(child);
            const std::string_view key = look_up(kListKeys, name);
            if (key.empty()) {
                put(out, name, place(child), value_of(child));
                continue;
            }
            const auto [list, is_new] = lists.try_emplace(std::string(key), make_list(place(child)));
            if (is_new) order.emplace_back(key);
            append(list->second, name, place(child), value_of(child));
        }
        for (const std::string& key : order) {
            Node& list = lists[key];
            const Position at = list.at;
            put(out, key, at, std::move(list));
        }
        if (!text.empty()) {
            const std::string_view known = look_up(kTextKeys, name_of(node));
            const std::string key = known.empty() ? name_of(node) : std::string(known);
            const bool given = std::any_of(out.entries.begin(), out.entries.end(),
                                           [&](const Entry& entry) { return entry.key.raw == key; });
            if (known != "value" || !given) put(out, key, place(node), std::move(text));
        }
        return out;
    }

    const SourceFile& file_;
    std::vector<std::size_t> line_begins_;
};

/// pugixml has no bound of its own, and trees are walked recursively.
bool is_too_deep(const pugi::xml_node& root, pugi::xml_node& where) {
    struct Walker final : pugi::xml_tree_walker {
        pugi::xml_node found;
        bool for_each(pugi::xml_node& node) override {
            if (depth() <= static_cast<int>(kDeepest)) return true;
            found = node;
            return false;
        }
    } walker;
    pugi::xml_node copy = root;
    if (copy.traverse(walker)) return false;
    where = walker.found;
    return true;
}

}  // namespace

std::optional<Node> read_xml(const SourceFile& file, Diagnostics& diagnostics) {
    if (!has_clean_characters(file, diagnostics) || !has_known_entities(file, diagnostics))
        return std::nullopt;
    pugi::xml_document document;
    const pugi::xml_parse_result result =
        document.load_buffer(file.text.data(), file.text.size(), pugi::parse_default, pugi::encoding_utf8);
    if (!result) {
        const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, result.offset));
        diagnostics.error(codes::xml_syntax, position_at(file, std::min(offset, file.text.size())),
                          fmt::format("XML syntax error: {}", lower(result.description())));
        return std::nullopt;
    }
    pugi::xml_node deep;
    if (is_too_deep(document, deep)) {
        const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, deep.offset_debug()));
        diagnostics.error(codes::nesting_too_deep, position_at(file, offset),
                          fmt::format("nested more than {} levels deep", kDeepest));
        return std::nullopt;
    }
    return XmlReader(file).read(document.document_element());
}

}  // namespace changelog::yaml
