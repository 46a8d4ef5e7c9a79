// The keys of a changeSet.
#include "changelog/changeset_binder.hpp"
#include "changelog/checksum.hpp"
#include "changelog/codes.hpp"
#include "changelog/expressions.hpp"
#include "changelog/paths.hpp"
#include "changelog/preconditions.hpp"
#include "changelog/sql_edits.hpp"

#include "core/text.hpp"
#include "operations/attic.hpp"

namespace changelog {

namespace {

using yaml::Node;

const Attribute* find(const std::vector<Attribute>& attributes, std::string_view key) {
    for (const Attribute& attribute : attributes)
        if (equal_ignoring_case(attribute.key->raw, key)) return &attribute;
    return nullptr;
}

bool is_structural(std::string_view key) {
    return key == "preconditions" ||
           std::find(kStructuralKeys.begin(), kStructuralKeys.end(), key) != kStructuralKeys.end();
}

bool is_collection(const Node& node) {
    return node.kind == Node::Kind::mapping || node.kind == Node::Kind::sequence;
}

/// Problems that do not matter in a changeset that PostgreSQL never runs.
bool matters_elsewhere(std::string_view code) {
    return code == codes::unknown_key || code == codes::duplicate_key || code == codes::unknown_change ||
           code == codes::surprising_scalar || code == codes::bad_expression;
}

struct ReferenceKeys final : Described {
    std::string id, author, path;

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("id", "Id of the changeset.").short_form(), id);
        visitor.text(optional("author", "Its author, where the id alone is not clear."), author);
        visitor.text(optional("path", "Its file, where the id alone is not clear."), path);
    }
};

struct SuppressionKeys final : Described {
    std::string rule, reason;
    std::optional<std::string> until;

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("rule", "Code of the finding."), rule);
        visitor.text(required("reason", "Why it does not matter here."), reason);
        visitor.date(optional("until", "The day from which it is reported again."), until);
    }
};

/// The values of a list, or the one value that stands in its place.
std::vector<const Node*> items_of(const Node& node) {
    std::vector<const Node*> out;
    if (node.kind == Node::Kind::sequence)
        for (const Node& item : node.items) out.push_back(&item);
    else if (node.kind != Node::Kind::null)
        out.push_back(&node);
    return out;
}

}  // namespace

void bind_changeset(Loading& loading, const FileScope& scope, const Attribute& entry,
                    const std::string& pointer) {
    ChangeSetBinder(loading, scope, entry, pointer).bind();
}

ChangeSetBinder::ChangeSetBinder(Loading& loading, const FileScope& scope, const Attribute& entry,
                                 std::string pointer)
    : loading_(loading),
      scope_(scope),
      entry_(entry),
      settings_(loading.settings(scope, std::move(pointer))) {
    set_.at = entry.key->at;
    set_.stored_path = scope.path;
    what_ = "changeSet";
    const std::vector<Attribute> attributes = attributes_of(*entry.value);
    if (const Attribute* id = find(attributes, "id")) {
        settings_.changeset = yaml::scalar_text(*id->value);
        what_ = fmt::format("changeSet '{}'", settings_.changeset);
    }
}

void ChangeSetBinder::bind() {
    const std::size_t first_problem = loading_.diagnostics.items().size();
    const std::vector<Attribute> attributes =
        unique_attributes(*entry_.value, what_, settings_, loading_.diagnostics);
    check_identity_scalars(attributes);
    read_keys(attributes);
    const std::size_t first_of_changes = loading_.diagnostics.items().size();
    for (const Attribute& attribute : attributes) {
        const std::string& key = attribute.key->raw;
        if (is_structural(key))
            read_structural(attribute);
        else if (const OperationType* type = find_operation(key))
            read_operation(*type, attribute, settings(key), set_.changes);
    }
    if (!is_for_postgresql() || set_.ignore) drop_irrelevant_problems(first_problem);
    if (set_.mark_ran_on_invalid) accept_invalid(first_of_changes);
    complete();
    if (set_.invalid) set_.changes.clear();
    loading_.included_at.push_back(scope_.included_at);
    loading_.changelog.changesets.push_back(std::move(set_));
}

bool ChangeSetBinder::is_for_postgresql() const { return dbms_allows_postgresql(set_.dbms); }

void ChangeSetBinder::drop_irrelevant_problems(std::size_t first) const {
    auto& items = loading_.diagnostics.items();
    items.erase(std::remove_if(items.begin() + static_cast<std::ptrdiff_t>(first), items.end(),
                               [](const Diagnostic& item) { return !matters_elsewhere(item.code); }),
                items.end());
}

void ChangeSetBinder::read_keys(const std::vector<Attribute>& attributes) {
    ChangeSetKeys keys;
    std::vector<Attribute> plain;
    std::vector<std::string_view> others(kStructuralKeys.begin(), kStructuralKeys.end());
    for (const Attribute& attribute : attributes) {
        const std::string& key = attribute.key->raw;
        if (is_structural(key) || find_operation(key) != nullptr) continue;
        // An unknown key with a map or list below it is a change, unless it looks like a mistyped key.
        if (is_collection(*attribute.value) && !reads_key(keys, key) && nearest(key, others).empty())
            report_unknown_change(attribute, attributes, true, settings_);
        else
            plain.push_back(attribute);
    }
    read_attributes(std::move(plain), entry_.key->at, what_, keys, others, settings_, loading_.diagnostics);
    if (const Attribute* retain = find(attributes, "retain")) check_retain_of(*retain, keys.retain);
    take_over(keys);
    for (const std::string_view key : {"context", "contextFilter"})
        if (const Attribute* given = find(attributes, key))
            check_expression(loading_.diagnostics, *given->value, settings_.changeset, settings(key).pointer);
}

void ChangeSetBinder::check_retain_of(const Attribute& attribute, const std::string& text) {
    if (!is_collection(*attribute.value) && yaml::scalar_type(*attribute.value) == yaml::ScalarType::null)
        return;  // as if it were not there
    const std::size_t before = loading_.diagnostics.items().size();
    operations::check_retain(text, attribute.value->at, loading_.diagnostics);
    for (std::size_t i = before; i < loading_.diagnostics.items().size(); ++i) {
        loading_.diagnostics.items()[i].changeset = settings_.changeset;
        loading_.diagnostics.items()[i].pointer = settings("retain").pointer;
    }
}

/// onValidationFail: MARK_RAN takes what is wrong with the changes for a reason not to run them.
void ChangeSetBinder::accept_invalid(std::size_t first_problem) {
    static const std::set<std::string_view> accepted = {codes::missing_key,  codes::conflicting_keys,
                                                        codes::not_a_choice, codes::bad_value,
                                                        codes::bad_csv,      codes::unsupported_change};
    auto& items = loading_.diagnostics.items();
    for (std::size_t i = first_problem; i < items.size(); ++i) {
        if (items[i].severity != Severity::error || !accepted.contains(items[i].code)) continue;
        items[i].severity = Severity::warning;
        set_.invalid = true;
    }
}

void ChangeSetBinder::take_over(ChangeSetKeys& keys) {
    set_.key.id = std::move(keys.id);
    set_.key.author = std::move(keys.author);
    set_.key.path = keys.logical_file_path.empty() ? scope_.identity : identity_path(keys.logical_file_path);
    set_.comment = std::move(keys.comment);
    set_.created = std::move(keys.created);
    set_.contexts = scope_.contexts;
    const std::string& context = keys.context_filter.empty() ? keys.context : keys.context_filter;
    if (!context.empty()) set_.contexts.push_back(context);
    set_.labels = scope_.labels;
    if (!keys.label_names.empty()) set_.labels.push_back(lower(join(keys.label_names, ",")));
    set_.dbms = std::move(keys.dbms);
    set_.run_always = keys.run_always;
    set_.run_on_change = keys.run_on_change;
    set_.fail_on_error = keys.fail_on_error;
    set_.run_in_transaction = keys.run_in_transaction;
    set_.ignore = keys.ignore || scope_.ignore;
    set_.mark_ran_on_invalid = keys.on_validation_fail == "MARK_RAN";
    set_.run_order = keys.run_order == "first"  ? RunOrder::first
                     : keys.run_order == "last" ? RunOrder::last
                                                : RunOrder::normal;
    const std::string& quoting = keys.quoting.empty() ? scope_.quoting : keys.quoting;
    set_.quoting = quoting_strategy(quoting).value_or(QuotingStrategy::legacy);
    set_.valid_checksums = std::move(keys.valid_checksums);
    set_.provides = std::move(keys.provides);
    set_.strategy = std::move(keys.strategy);
    set_.retain = std::move(keys.retain);
}

void ChangeSetBinder::check_identity_scalars(const std::vector<Attribute>& attributes) {
    for (const std::string_view name : {"id", "author"}) {
        const Attribute* given = find(attributes, name);
        if (given == nullptr || given->value->kind != Node::Kind::scalar || given->value->quoted) continue;
        const Node& value = *given->value;
        const std::string text = yaml::scalar_text(value);
        if (text == value.raw || yaml::scalar_type(value) == yaml::ScalarType::null) continue;
        auto& warning = loading_.diagnostics.warning(
            codes::surprising_scalar, value.at,
            fmt::format("{} {} is read as '{}', not as '{}'", name, value.raw, text, value.raw),
            value.raw.size());
        warning.why = fmt::format(
            "YAML 1.1, which Liquibase follows, takes it for {}. Write \"{}\" to keep the identity, "
            "or \"{}\" if it was never applied.",
            describe(yaml::scalar_type(value)), text, value.raw);
        warning.changeset = settings_.changeset;
        warning.pointer = settings(name).pointer;
        warning.got = value.raw;
        Fix keep = replacement(value, fmt::format("\"{}\"", text));
        keep.title = fmt::format("quote it as it is read: \"{}\"", text);
        keep.safe = true;
        Fix rename = replacement(value, fmt::format("\"{}\"", value.raw));
        rename.title = fmt::format("quote it as it is written: \"{}\" (another identity)", value.raw);
        warning.fixes = {std::move(keep), std::move(rename)};
    }
}

void ChangeSetBinder::read_structural(const Attribute& attribute) {
    const std::string& key = attribute.key->raw;
    const ReadSettings below = settings(key);
    if (key == "changes") return read_changes(*attribute.value, below);
    if (key == "rollback") return read_rollback(attribute, below);
    if (key == "modifySql") return read_sql_edits(attribute, below, loading_.diagnostics, set_.sql_edits);
    if (key == "dependsOn") return read_depends_on(attribute);
    if (key == "suppress") return read_suppressions(attribute);
    if (auto found = bind_preconditions(attribute, below, loading_.diagnostics))
        set_.preconditions = std::move(found);
}

void ChangeSetBinder::read_depends_on(const Attribute& attribute) {
    for (const Node* item : items_of(*attribute.value)) {
        ReferenceKeys keys;
        read_fields(*item, attribute.key->at, "dependsOn", keys, settings("dependsOn"), loading_.diagnostics);
        set_.depends_on.push_back(
            {keys.id, keys.author, keys.path.empty() ? "" : identity_path(keys.path), item->at});
    }
}

void ChangeSetBinder::read_suppressions(const Attribute& attribute) {
    for (const Node* item : items_of(*attribute.value)) {
        SuppressionKeys keys;
        read_fields(*item, attribute.key->at, "suppress", keys, settings("suppress"), loading_.diagnostics);
        std::string until = keys.until.value_or("");
        if (until.ends_with(" 00:00:00")) until.resize(until.size() - 9);
        set_.suppressions.push_back({keys.rule, keys.reason, until, item->at});
    }
}

void ChangeSetBinder::complete() {
    set_.definition = canonical_definition(set_);
    set_.checksum = checksum_of(set_.definition);
    const LoadOptions& options = loading_.options;  // edits for other databases and runs never apply
    std::erase_if(set_.sql_edits, [&](const SqlEdit& edit) {
        return !dbms_allows_postgresql(edit.dbms) || !context_holds(edit.contexts, options.contexts) ||
               !labels_match(edit.labels, options.labels);
    });
}

void report_duplicates(Loading& loading) {
    const std::vector<ChangeSet>& sets = loading.changelog.changesets;
    std::map<std::string, std::size_t> first;
    std::set<std::string> files_read_twice;
    for (std::size_t i = 0; i < sets.size(); ++i) {
        const auto [place, is_new] = first.emplace(to_string(sets[i].key), i);
        if (is_new || sets[i].key.id.empty()) continue;
        const ChangeSet& earlier = sets[place->second];
        const bool same_file = earlier.stored_path == sets[i].stored_path &&
                               earlier.at.line == sets[i].at.line && earlier.at.file != sets[i].at.file;
        if (same_file) {
            if (!files_read_twice.insert(sets[i].stored_path).second) continue;
            loading.diagnostics
                .error(codes::duplicate_changeset, loading.included_at[i],
                       fmt::format("'{}' is included twice", sets[i].stored_path))
                .why = fmt::format(
                "Its changesets would be defined twice, beginning with '{}'. It is included at {}:{} "
                "already.",
                sets[i].key.id,
                loading.included_at[place->second].file == nullptr
                    ? ""
                    : loading.included_at[place->second].file->name,
                loading.included_at[place->second].line);
            continue;
        }
        auto& error = loading.diagnostics.error(
            codes::duplicate_changeset, sets[i].at,
            fmt::format("changeset '{}' by '{}' is defined twice", sets[i].key.id, sets[i].key.author), 9);
        error.why = fmt::format(
            "It is defined at {}:{}:{} already; id, author and path together must differ.",
            earlier.at.file == nullptr ? "" : earlier.at.file->name, earlier.at.line, earlier.at.column);
        error.changeset = sets[i].key.id;
    }
}

}  // namespace changelog
