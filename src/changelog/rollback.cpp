// The forms of `rollback`: LIQUIBASE.md 1.9.
#include "changelog/changeset_binder.hpp"
#include "changelog/codes.hpp"
#include "changelog/paths.hpp"

#include "core/text.hpp"
#include "yaml/build.hpp"

namespace changelog {

namespace {

using yaml::Node;

struct RollbackReference final : Described {
    std::string id, author, path;

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("changeSetId", "Id of the changeset whose changes undo this one."), id);
        visitor.text(required("changeSetAuthor", "Its author."), author);
        visitor.text(optional("changeSetPath", "Its file; this one if not given."), path);
    }
};

bool is_empty(const Node& node) { return yaml::scalar_type(node) == yaml::ScalarType::null; }
bool is_scalar(const Node& node) { return node.kind == Node::Kind::scalar || node.kind == Node::Kind::null; }

/// `sql: {sql: text, stripComments: true}`, which is what a text stands for.
Node raw_sql(const Node& text) {
    Node map = yaml::make_map(text.at);
    yaml::put(map, "sql", text.at, text.raw);
    yaml::put(map, "stripComments", text.at, "true");
    return map;
}

bool is_reference(const std::vector<Attribute>& attributes) {
    return std::any_of(attributes.begin(), attributes.end(), [](const Attribute& attribute) {
        return equal_ignoring_case(attribute.key->raw, "changeSetId");
    });
}

}  // namespace

void ChangeSetBinder::read_rollback(const Attribute& attribute, const ReadSettings& settings) {
    if (!set_.rollback) {
        set_.rollback.emplace();
        set_.rollback->at = attribute.key->at;
    }
    const Node& value = *attribute.value;
    if (is_scalar(value)) return read_rollback_text(value, settings);
    if (is_reference(attributes_of(value)))
        return read_rollback_reference(unique_attributes(value, "rollback", settings, loading_.diagnostics),
                                       settings);
    read_rollback_items(value, settings);
}

void ChangeSetBinder::read_rollback_text(const Node& text, const ReadSettings& settings) {
    if (is_empty(text)) return;
    const yaml::ScalarType type = yaml::scalar_type(text);
    if (type != yaml::ScalarType::text) {
        auto& error = loading_.diagnostics.error(codes::bad_rollback, text.at,
                                                 "rollback must be SQL or changes", text.raw.size());
        error.got = text.raw;
        error.changeset = settings.changeset;
        error.pointer = settings.pointer;
        return;
    }
    const std::string sql = trim(text.raw);
    if (sql.empty() || equal_ignoring_case(sql, "empty")) return;
    const OperationType* raw = find_operation("sql");
    if (raw == nullptr) return;
    Node key;
    key.at = text.at;
    const Node map = raw_sql(text);
    read_operation(*raw, {&key, &map}, settings, set_.rollback->operations);
}

void ChangeSetBinder::read_rollback_items(const Node& value, const ReadSettings& settings) {
    std::size_t texts = 0;
    for (const Node& item : value.items) {
        if (is_empty(item)) continue;
        if (!is_scalar(item)) {
            read_rollback_items(item, settings);
            continue;
        }
        if (++texts == 1) {
            read_rollback_text(item, settings);
            continue;
        }
        auto& error =
            loading_.diagnostics.error(codes::bad_rollback, item.at, "several texts in one rollback");
        error.why =
            "Liquibase refuses them too: write each as '- sql:', or one text with ';' between the "
            "statements.";
        error.changeset = settings.changeset;
        error.pointer = settings.pointer;
        return;
    }
    if (value.kind != Node::Kind::mapping) return;
    const std::vector<Attribute> attributes =
        unique_attributes(value, "rollback", settings, loading_.diagnostics);
    for (const Attribute& attribute : attributes) {
        const std::string& key = attribute.key->raw;
        ReadSettings below = settings;
        below.pointer += "/" + key;
        if (key == "empty") continue;
        if (const OperationType* type = find_operation(key))
            read_operation(*type, attribute, below, set_.rollback->operations);
        else
            report_unknown_change(attribute, attributes, false, below);
    }
}

void ChangeSetBinder::read_rollback_reference(const std::vector<Attribute>& attributes,
                                              const ReadSettings& settings) {
    RollbackReference reference;
    read_attributes(attributes, set_.rollback->at, "rollback", reference, {}, settings, loading_.diagnostics);
    ChangeSetKey key{reference.id, reference.author,
                     reference.path.empty() ? scope_.identity : identity_path(reference.path)};
    const std::vector<ChangeSet>& above = loading_.changelog.changesets;
    const bool defined =
        std::any_of(above.begin(), above.end(), [&](const ChangeSet& set) { return set.key == key; });
    if (!defined) {
        auto& error = loading_.diagnostics.error(
            codes::bad_rollback, set_.rollback->at,
            fmt::format("rollback names '{}', which is not defined above", to_string(key)), 8);
        error.changeset = settings.changeset;
        error.pointer = settings.pointer;
        std::vector<std::string_view> ids;
        for (const ChangeSet& set : above) ids.push_back(set.key.id);
        error.did_you_mean = nearest(reference.id, ids);
    }
    set_.rollback->forward_of = std::move(key);
}

}  // namespace changelog
