// The changes of a changeSet. Keys of the changeSet may stand among them, as in Liquibase (FORMATS,
// "Structure").
#include "changelog/attached_files.hpp"
#include "changelog/changeset_binder.hpp"
#include "changelog/codes.hpp"
#include "changelog/expressions.hpp"
#include "changelog/preconditions.hpp"
#include "changelog/sql_edits.hpp"
#include "changelog/unsupported.hpp"

#include "core/text.hpp"

namespace changelog {

namespace {

using yaml::Node;

/// Keys of a changeSet that Liquibase also takes among the changes.
constexpr std::string_view kKeysAmongChanges[] = {"comment",       "modifySql", "rollback",
                                                  "preConditions", "changes",   "validCheckSum"};

std::vector<std::string_view> names_of_changes() {
    std::vector<std::string_view> names;
    for (const OperationType* type : operation_types()) names.push_back(type->name);
    for (const std::string_view key : kKeysAmongChanges) names.push_back(key);
    return names;
}

bool is_empty(const Node& node) { return yaml::scalar_type(node) == yaml::ScalarType::null; }

/// Takes keys out of a change, on every level: what removeChangeSetProperty asks for.
void remove_key(Node& node, const std::string& key) {
    std::erase_if(node.entries, [&](const yaml::Entry& entry) { return entry.key.raw == key; });
    for (yaml::Entry& entry : node.entries) remove_key(entry.value, key);
    for (Node& item : node.items) remove_key(item, key);
}

std::string tag_of(const Node& node) {
    for (const Attribute& attribute : attributes_of(node))
        if (equal_ignoring_case(attribute.key->raw, "tag")) return yaml::scalar_text(*attribute.value);
    return {};
}

}  // namespace

void ChangeSetBinder::read_changes(const Node& value, const ReadSettings& settings) {
    if (is_empty(value)) return;
    if (value.kind == Node::Kind::mapping) return read_change_map(value, settings);
    if (value.kind == Node::Kind::scalar) {
        auto& error = loading_.diagnostics.error(codes::wrong_type, value.at,
                                                 fmt::format("'changes' of {} must be a list", what_));
        error.got = yaml::scalar_text(value);
        error.changeset = settings.changeset;
        error.pointer = settings.pointer;
        return;
    }
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        ReadSettings below = settings;
        below.pointer += fmt::format("/{}", i);
        read_changes(value.items[i], below);
    }
}

void ChangeSetBinder::read_change_map(const Node& map, const ReadSettings& settings) {
    const std::vector<Attribute> attributes =
        unique_attributes(map, "changes", settings, loading_.diagnostics);
    for (const Attribute& attribute : attributes) {
        ReadSettings below = settings;
        below.pointer += "/" + attribute.key->raw;
        read_change_item(attribute, attributes, below);
    }
}

void ChangeSetBinder::read_change_item(const Attribute& attribute, const std::vector<Attribute>& siblings,
                                       const ReadSettings& settings) {
    const std::string& key = attribute.key->raw;
    if (const OperationType* type = find_operation(key))
        return read_operation(*type, attribute, settings, set_.changes);
    if (key == "changes") return read_changes(*attribute.value, settings);
    if (key == "rollback") return read_rollback(attribute, settings);
    if (key == "modifySql") return read_sql_edits(attribute, settings, loading_.diagnostics, set_.sql_edits);
    if (key == "comment" && attribute.value->kind == Node::Kind::scalar) {
        set_.comment = yaml::scalar_text(*attribute.value);
        return;
    }
    if (key == "preConditions" || key == "preconditions") {
        // It holds for the whole changeset, wherever it stands.
        if (auto found = bind_preconditions(attribute, settings, loading_.diagnostics))
            set_.preconditions = std::move(found);
        return;
    }
    if (key == "validCheckSum" && attribute.value->kind == Node::Kind::scalar) {
        set_.valid_checksums.push_back(yaml::scalar_text(*attribute.value));
        return;
    }
    report_unknown_change(attribute, siblings, false, settings);
}

void ChangeSetBinder::read_operation(const OperationType& type, const Attribute& attribute,
                                     const ReadSettings& settings, Operations& out) {
    const Node* value = attribute.value;
    Node stripped;
    for (const RemovedKey& removed : loading_.removed) {
        if (removed.change != type.name) continue;
        if (value != &stripped) stripped = *value;
        value = &stripped;
        remove_key(stripped, removed.key);
    }
    const std::size_t first_problem = loading_.diagnostics.items().size();
    std::unique_ptr<Operation> operation = type.make();
    operation->at = attribute.key->at;
    const std::size_t errors = loading_.diagnostics.count(Severity::error);
    read_fields(*value, attribute.key->at, type.name, *operation, settings, loading_.diagnostics);
    const bool complete = loading_.diagnostics.count(Severity::error) == errors;
    if (!dbms_allows_postgresql(operation->dbms())) {
        drop_irrelevant_problems(first_problem);
    } else if (complete && is_for_postgresql() && !set_.ignore) {
        AttachedFiles files(loading_, scope_, *value, attribute.key->at, settings.changeset);
        operation->attach(files);
        operation->check(loading_.diagnostics);
    }
    auto& items = loading_.diagnostics.items();
    for (std::size_t i = first_problem; i < items.size(); ++i) {
        if (items[i].changeset.empty()) items[i].changeset = settings.changeset;
        if (items[i].pointer.empty()) items[i].pointer = settings.pointer;
    }
    if (type.name == "tagDatabase")
        if (std::string tag = tag_of(*value); !tag.empty()) set_.tag = std::move(tag);
    out.push_back(std::move(operation));
}

void ChangeSetBinder::report_unknown_change(const Attribute& attribute,
                                            const std::vector<Attribute>& siblings, bool in_changeset,
                                            const ReadSettings& settings) {
    const std::string& key = attribute.key->raw;
    if (key == "remarks" || key == "comments" || key == "description" || key == "comment") return;
    const std::size_t width = std::max<std::size_t>(1, key.size());
    const auto place = [&](Diagnostic& item) {
        item.changeset = settings.changeset;
        item.pointer = settings.pointer;
        item.got = key;
    };
    if (const UnsupportedChange* unsupported = find_unsupported(key)) {
        auto& error = loading_.diagnostics.error(unsupported->code, attribute.key->at,
                                                 fmt::format("'{}' {}", key, unsupported->reason), width);
        place(error);
        error.why = unsupported->advice;
        return;
    }
    const bool scalar =
        attribute.value->kind == Node::Kind::scalar || attribute.value->kind == Node::Kind::null;
    const bool tolerated =
        settings.lenient && scalar;  // with a map or list below it, Liquibase refuses it too
    const Severity severity = tolerated ? Severity::warning : Severity::error;
    if (tolerated && settings.ignored != nullptr) ++*settings.ignored;
    ChangeSetKeys keys;
    if (!in_changeset && reads_key(keys, key)) {
        auto& item =
            loading_.diagnostics.add(severity, codes::misplaced_key, locate(attribute.key->at, width),
                                     fmt::format("'{}' has no effect among the changes of {}", key, what_));
        place(item);
        item.why = "It belongs to the changeSet: put it beside 'changes'. Liquibase passes over it here.";
        return;
    }
    auto& item = loading_.diagnostics.add(severity, codes::unknown_change, locate(attribute.key->at, width),
                                          fmt::format("unknown change '{}' in {}", key, what_));
    place(item);
    const auto above = std::find_if(siblings.begin(), siblings.end(), [&](const Attribute& sibling) {
        return find_operation(sibling.key->raw) != nullptr && is_empty(*sibling.value);
    });
    if (above != siblings.end()) {
        item.why = fmt::format("If it belongs to '{}', indent it further than that.", above->key->raw);
        return;
    }
    item.did_you_mean = nearest(key, names_of_changes());
    if (item.did_you_mean.empty()) return;
    Fix fix = replacement(*attribute.key, item.did_you_mean);
    fix.title = fmt::format("rename '{}' to '{}'", key, item.did_you_mean);
    if (!fix.edits.empty()) item.fixes.push_back(std::move(fix));
}

}  // namespace changelog
