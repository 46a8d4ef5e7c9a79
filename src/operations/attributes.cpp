// Keys of maps, and what is reported about them, apart from any description.
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "operations/reader.hpp"

namespace changelog {

namespace {

using yaml::Node;

/// Finds out whether a description has a field of some name.
class KeyFinder final : public FieldVisitor {
  public:
    explicit KeyFinder(std::string_view key) : key_(key) {}
    bool found() const { return found_; }

    void text(const Field& field, std::string&) override { look(field); }
    void text(const Field& field, std::optional<std::string>&) override { look(field); }
    void date(const Field& field, std::optional<std::string>&) override { look(field); }
    void flag(const Field& field, bool&) override { look(field); }
    void flag(const Field& field, std::optional<bool>&) override { look(field); }
    void integer(const Field& field, std::optional<std::string>&) override { look(field); }
    void names(const Field& field, std::vector<std::string>&) override { look(field); }
    void object(const Field& field, Described&, bool&) override { look(field); }
    void list(const Field& field, DescribedList&&) override { look(field); }
    void misplaced(std::string_view, std::string_view) override {}

  private:
    void look(const Field& field) {
        found_ = found_ || equal_ignoring_case(field.name, key_) ||
                 (!field.alias.empty() && equal_ignoring_case(field.alias, key_));
    }

    std::string_view key_;
    bool found_ = false;
};

void add_attributes(const Node& node, std::vector<Attribute>& out) {
    for (const yaml::Entry& entry : node.entries) out.push_back({&entry.key, &entry.value});
    for (const Node& item : node.items) add_attributes(item, out);
}

}  // namespace

std::vector<Attribute> attributes_of(const yaml::Node& node) {
    std::vector<Attribute> out;
    add_attributes(node, out);
    return out;
}

std::vector<Attribute> unique_attributes(const yaml::Node& node, std::string_view what,
                                         const ReadSettings& settings, Diagnostics& diagnostics) {
    return unique_attributes(attributes_of(node), what, settings, diagnostics);
}

std::vector<Attribute> unique_attributes(const std::vector<Attribute>& all, std::string_view what,
                                         const ReadSettings& settings, Diagnostics& diagnostics) {
    std::vector<Attribute> out;
    out.reserve(all.size());
    for (const Attribute& attribute : all) {
        if (attribute.key->kind != Node::Kind::scalar) {
            diagnostics
                .error(codes::wrong_type, attribute.key->at, fmt::format("a key of {} must be a text", what))
                .changeset = settings.changeset;
            continue;
        }
        const auto same = std::find_if(out.begin(), out.end(), [&](const Attribute& other) {
            return equal_ignoring_case(other.key->raw, attribute.key->raw);
        });
        if (same == out.end()) {
            out.push_back(attribute);
            continue;
        }
        const Severity severity = settings.lenient ? Severity::warning : Severity::error;
        auto& item = diagnostics.add(severity, codes::duplicate_key,
                                     locate(attribute.key->at, attribute.key->raw.size()),
                                     fmt::format("key '{}' given twice in {}", attribute.key->raw, what));
        item.why =
            fmt::format("It stands at {}:{}:{} already; Liquibase takes the last one and says nothing.",
                        same->key->at.file == nullptr ? "" : same->key->at.file->name, same->key->at.line,
                        same->key->at.column);
        item.changeset = settings.changeset;
        item.pointer = settings.pointer + "/" + attribute.key->raw;
        *same = attribute;
    }
    return out;
}

Fix replacement(const yaml::Node& scalar, const std::string& text) {
    Fix fix;
    fix.title = fmt::format("write {}", text);
    const std::string_view source = scalar.at.file == nullptr ? std::string_view() : scalar.at.file->text;
    const Location where = locate(scalar.at);
    const std::size_t begin = where.column == 0 ? 0 : where.column - 1;
    const bool quoted =
        begin < where.excerpt.size() && (where.excerpt[begin] == '"' || where.excerpt[begin] == '\'');
    const std::size_t length = scalar.raw.size() + (quoted ? 2 : 0);
    if (source.empty() || begin + length > where.excerpt.size()) return fix;
    if (where.excerpt.compare(begin + (quoted ? 1 : 0), scalar.raw.size(), scalar.raw) != 0) return fix;
    fix.edits.push_back({where.file, where.line, where.column, where.line,
                         static_cast<std::uint32_t>(where.column + length), text});
    return fix;
}

Diagnostic& report_unknown_key(const Attribute& attribute, std::string_view what,
                               const std::vector<std::string_view>& known, const ReadSettings& settings,
                               Diagnostics& diagnostics) {
    const std::string& key = attribute.key->raw;
    const Severity severity = settings.lenient ? Severity::warning : Severity::error;
    if (settings.lenient && settings.ignored != nullptr) ++*settings.ignored;
    auto& item = diagnostics.add(severity, codes::unknown_key,
                                 locate(attribute.key->at, std::max<std::size_t>(1, key.size())),
                                 fmt::format("unknown key '{}' in {}", key, what));
    item.changeset = settings.changeset;
    item.pointer = settings.pointer + "/" + key;
    item.got = key;
    item.did_you_mean = nearest(key, known);
    if (item.did_you_mean.empty()) return item;
    Fix fix = replacement(*attribute.key, item.did_you_mean);
    fix.title = fmt::format("rename '{}' to '{}'", key, item.did_you_mean);
    if (!fix.edits.empty()) item.fixes.push_back(std::move(fix));
    return item;
}

bool reads_key(Described& target, std::string_view key) {
    KeyFinder finder(key);
    target.describe(finder);
    return finder.found();
}

std::string_view describe(yaml::ScalarType type) {
    switch (type) {
        case yaml::ScalarType::boolean:
            return "true or false";
        case yaml::ScalarType::integer:
        case yaml::ScalarType::real:
            return "a number";
        case yaml::ScalarType::timestamp:
            return "a date";
        case yaml::ScalarType::null:
            return "nothing";
        case yaml::ScalarType::text:
            break;
    }
    return "a text";
}

}  // namespace changelog
