// load_changelog(): the root of each file, entry by entry.
#include "changelog/changelog.hpp"
#include "changelog/changeset_keys.hpp"
#include "changelog/codes.hpp"
#include "changelog/expressions.hpp"
#include "changelog/formatted_sql.hpp"
#include "changelog/loading.hpp"
#include "changelog/paths.hpp"
#include "changelog/preconditions.hpp"

#include "core/sha256.hpp"
#include "core/text.hpp"
#include "yaml/reader.hpp"
#include "yaml/tree_bytes.hpp"

#include <system_error>

namespace changelog {

namespace {

using yaml::Node;

constexpr std::string_view kRootKey = "databaseChangeLog";

const std::vector<std::string_view> kRootEntries = {"changeSet",
                                                    "include",
                                                    "includeAll",
                                                    "property",
                                                    "preConditions",
                                                    "logicalFilePath",
                                                    "objectQuotingStrategy",
                                                    "context",
                                                    "contextFilter",
                                                    "removeChangeSetProperty",
                                                    "modifyChangeSets"};

/// removeChangeSetProperty.
struct RemoveKeys final : Described {
    std::string change, dbms, remove;

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("change", "The change type."), change);
        visitor.text(required("dbms", "Where it is to be removed."), dbms);
        visitor.text(required("remove", "The key to remove."), remove);
    }
};

bool is_lenient(const LoadOptions& options, const std::string& path) {
    return options.lenient || std::any_of(options.lenient_paths.begin(), options.lenient_paths.end(),
                                          [&](const std::string& glob) { return matches_glob(path, glob); });
}

/// An unchanged file is not parsed again; one with anything to report is.
std::optional<Node> read_document(Loading& loading, const SourceFile& file) {
    DocumentCache* cache = loading.options.cache;
    if (cache == nullptr) return yaml::read(file, loading.diagnostics);
    const std::string digest = sha256(file.text);
    if (auto tree = yaml::from_bytes(cache->find(digest), file)) return tree;
    const std::size_t problems = loading.diagnostics.items().size();
    std::optional<Node> tree = yaml::read(file, loading.diagnostics);
    if (tree && loading.diagnostics.items().size() == problems) cache->add(digest, yaml::to_bytes(*tree));
    return tree;
}

std::optional<Node> read_tree(Loading& loading, FileScope& scope) {
    const std::string kind = extension_of(scope.path);
    if (kind == "xml") return yaml::read_xml(*scope.file, loading.diagnostics);
    if (kind != "sql") return read_document(loading, *scope.file);
    if (is_formatted_sql(scope.file->text)) return read_formatted_sql(*scope.file, loading.diagnostics);
    scope.expands = false;
    return read_plain_sql(*scope.file, loading.diagnostics);
}

/// The value of databaseChangeLog; null if there is none or it has the wrong form, which has been reported.
Node* root_list(Loading& loading, const FileScope& scope, Node& root) {
    Node* found = nullptr;
    std::vector<Attribute> others;
    if (root.kind == Node::Kind::mapping) {
        for (yaml::Entry& entry : root.entries) {
            if (entry.key.raw != kRootKey) continue;
            if (found != nullptr)
                loading.diagnostics
                    .add(scope.lenient ? Severity::warning : Severity::error, codes::duplicate_key,
                         locate(entry.key.at, kRootKey.size()), "databaseChangeLog given twice")
                    .why = "Liquibase reads the last one and passes over the first.";
            found = &entry.value;
        }
    }
    if (found == nullptr) {
        Position at = root.at.file != nullptr ? root.at : Position{scope.file, 1, 1};
        auto& error =
            loading.diagnostics.error(codes::no_changelog_root, at, "the file has no databaseChangeLog");
        error.why = "A changelog begins with the line 'databaseChangeLog:' and has a list below it.";
        for (const yaml::Entry& entry : root.entries) {
            if (nearest(entry.key.raw, {kRootKey}).empty()) continue;
            error.where = locate(entry.key.at, entry.key.raw.size());
            error.got = entry.key.raw;
            error.did_you_mean = kRootKey;
            error.fixes.push_back(replacement(entry.key, std::string(kRootKey)));
        }
        return nullptr;
    }
    if (found->kind == Node::Kind::sequence || found->kind == Node::Kind::null) return found;
    loading.diagnostics.error(codes::wrong_type, found->at, "databaseChangeLog must be a list").why =
        "Put '- ' in front of every entry below it.";
    return nullptr;
}

/// Keys that hold for the whole file wherever they stand; read before anything else.
class FileSettings {
  public:
    FileSettings(Loading& loading, FileScope& scope) : loading_(loading), scope_(scope) {}

    void read(Node& list) {
        for (const Node& item : list.items)
            for (const yaml::Entry& entry : item.entries)
                if (entry.key.raw == "property")
                    bind_property(loading_, scope_, {&entry.key, &entry.value},
                                  loading_.settings(scope_, "/property"));
        std::string context, context_filter;
        for (Node& item : list.items) {
            for (yaml::Entry& entry : item.entries) {
                const std::string& key = entry.key.raw;
                if (key == "logicalFilePath")
                    scope_.identity = identity_path(text(entry.value));
                else if (key == "objectQuotingStrategy")
                    scope_.quoting = strategy(entry.value);
                else if (key == "context")
                    context = text(entry.value);
                else if (key == "contextFilter")
                    context_filter = text(entry.value);
                else
                    continue;
                if (key == "context" || key == "contextFilter")
                    check_expression(loading_.diagnostics, entry.value, {}, {});
            }
        }
        if (!context_filter.empty()) context = context_filter;
        if (!context.empty()) scope_.contexts.push_back(context);
    }

  private:
    std::string text(Node& value) {
        if (scope_.expands) loading_.properties.expand(value, scope_.locals);
        return yaml::scalar_text(value);
    }

    std::string strategy(Node& value) {
        std::string name = text(value);
        if (quoting_strategy(name)) return name;
        auto& error =
            loading_.diagnostics.error(codes::not_a_choice, value.at,
                                       fmt::format("'{}' is no objectQuotingStrategy", name), name.size());
        error.expected.assign(kQuotingStrategies.begin(), kQuotingStrategies.end());
        error.did_you_mean = nearest(name, error_choices());
        return {};
    }

    static std::vector<std::string_view> error_choices() {
        return {kQuotingStrategies.begin(), kQuotingStrategies.end()};
    }

    Loading& loading_;
    FileScope& scope_;
};

void bind_removal(Loading& loading, const Attribute& entry, const ReadSettings& settings) {
    RemoveKeys keys;
    read_fields(*entry.value, entry.key->at, "removeChangeSetProperty", keys, settings, loading.diagnostics);
    if (dbms_allows_postgresql(keys.dbms)) loading.removed.push_back({keys.change, keys.remove});
}

void report_unknown_entry(Loading& loading, const FileScope& scope, const Attribute& entry,
                          const ReadSettings& settings) {
    const bool scalar = entry.value->kind == Node::Kind::scalar || entry.value->kind == Node::Kind::null;
    const bool tolerated = scope.lenient && scalar;  // with a map or list below it, Liquibase refuses it too
    const Severity severity = tolerated ? Severity::warning : Severity::error;
    const std::string& key = entry.key->raw;
    auto& item = loading.diagnostics.add(severity, codes::unknown_root_entry,
                                         locate(entry.key->at, std::max<std::size_t>(1, key.size())),
                                         fmt::format("unknown entry '{}' in databaseChangeLog", key));
    item.pointer = settings.pointer;
    item.got = key;
    item.did_you_mean = nearest(key, kRootEntries);
    if (!item.did_you_mean.empty())
        item.fixes.push_back(replacement(*entry.key, item.did_you_mean));
    else if (find_operation(key) != nullptr)
        item.why = "A change stands in the 'changes' of a changeSet.";
}

void bind_entry(Loading& loading, FileScope& scope, const Attribute& entry, const ReadSettings& settings);

/// modifyChangeSets: only its includes have a meaning here, since there is one way to run SQL.
void bind_modified(Loading& loading, FileScope& scope, const Attribute& entry, const ReadSettings& settings) {
    for (const Attribute& inner :
         unique_attributes(*entry.value, "modifyChangeSets", settings, loading.diagnostics)) {
        const std::string& key = inner.key->raw;
        if (key == "include" || key == "includeAll")
            bind_entry(loading, scope, inner, settings);
        else if (key != "runWith" && key != "runWithSpoolFile")
            report_unknown_key(inner, "modifyChangeSets",
                               {"runWith", "runWithSpoolFile", "include", "includeAll"}, settings,
                               loading.diagnostics);
    }
}

void bind_entry(Loading& loading, FileScope& scope, const Attribute& entry, const ReadSettings& settings) {
    const std::string& key = entry.key->raw;
    if (key == "changeSet") return bind_changeset(loading, scope, entry, settings.pointer);
    if (key == "include") return bind_include(loading, scope, entry, settings);
    if (key == "includeAll") return bind_include_all(loading, scope, entry, settings);
    if (key == "removeChangeSetProperty") return bind_removal(loading, entry, settings);
    if (key == "modifyChangeSets") return bind_modified(loading, scope, entry, settings);
    if (key == "preConditions" || key == "preconditions") {
        if (auto found = bind_preconditions(entry, settings, loading.diagnostics))
            loading.changelog.preconditions.push_back(std::move(*found));
        return;
    }
    // What FileSettings has read.
    if (std::find(kRootEntries.begin(), kRootEntries.end(), key) != kRootEntries.end()) return;
    report_unknown_entry(loading, scope, entry, settings);
}

void bind_item(Loading& loading, FileScope& scope, Node& item, std::size_t index) {
    if (item.kind == Node::Kind::null) return;
    if (item.kind != Node::Kind::mapping) {
        auto& error = loading.diagnostics.error(codes::wrong_type, item.at,
                                                "an entry of databaseChangeLog must be a map");
        error.got = yaml::scalar_text(item);
        return;
    }
    for (yaml::Entry& entry : item.entries) {
        if (scope.expands) loading.properties.expand(entry.value, scope.locals);
        const ReadSettings settings =
            loading.settings(scope, fmt::format("/{}/{}/{}", kRootKey, index, entry.key.raw));
        bind_entry(loading, scope, {&entry.key, &entry.value}, settings);
        entry.value = Node{};  // bound: its memory is not needed again
    }
}

/// Liquibase runs `runOrder: first` and `last` before and after everything else, each group in file order.
void apply_run_order(std::vector<ChangeSet>& changesets) {
    std::stable_sort(changesets.begin(), changesets.end(), [](const ChangeSet& a, const ChangeSet& b) {
        const auto rank = [](const ChangeSet& set) {
            return set.run_order == RunOrder::first ? 0 : set.run_order == RunOrder::normal ? 1 : 2;
        };
        return rank(a) < rank(b);
    });
}

}  // namespace

void bind_root(Loading& loading, FileScope& scope, Node& root) {
    Node* list = root_list(loading, scope, root);
    if (list == nullptr) return;
    FileSettings(loading, scope).read(*list);
    for (std::size_t i = 0; i < list->items.size(); ++i) bind_item(loading, scope, list->items[i], i);
}

void load_file(Loading& loading, FileScope scope, std::string text) {
    scope.file = &loading.changelog.sources->add(scope.path, std::move(text));
    scope.lenient = is_lenient(loading.options, scope.path);
    std::optional<Node> root = read_tree(loading, scope);
    if (root) bind_root(loading, scope, *root);
}

std::optional<std::string> read_file(Loading& loading, const std::string& path, Position at,
                                     std::string_view missing) {
    std::optional<std::string> text;
    try {
        text = loading.files.read(path);
    } catch (const std::system_error& problem) {
        loading.diagnostics.error(codes::file_unreadable, at,
                                  fmt::format("cannot read '{}': {}", path, problem.what()));
        return std::nullopt;
    }
    if (!text) {
        if (!missing.empty()) report_missing_file(loading, path, at, path.size(), missing);
        return std::nullopt;
    }
    if (text->size() <= loading.options.max_file_bytes) return text;
    auto& error =
        loading.diagnostics.error(codes::file_too_large, at, fmt::format("'{}' is too large", path));
    error.why =
        fmt::format("It has {} bytes; the limit is {}.", text->size(), loading.options.max_file_bytes);
    return std::nullopt;
}

namespace {

/// The binder looks at some keys of a map before others; people read from the top.
void in_reading_order(const Sources& sources, Diagnostics& diagnostics) {
    std::map<std::string, std::size_t> rank;
    for (const SourceFile& file : sources.files()) rank.emplace(file.name, rank.size());
    const auto place = [&](const Diagnostic& item) {
        const auto found = rank.find(item.where.file);
        return std::make_tuple(found == rank.end() ? rank.size() : found->second, item.where.line,
                               item.where.column);
    };
    std::stable_sort(diagnostics.items().begin(), diagnostics.items().end(),
                     [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
}

}  // namespace

Changelog load_changelog(const std::string& path, FileSource& files, const LoadOptions& options,
                         Diagnostics& diagnostics) {
    Changelog changelog;
    changelog.sources = std::make_shared<Sources>();
    Loading loading{files, options, diagnostics, changelog, Properties(options), {}, 0, {}};
    std::optional<std::string> text = read_file(loading, path, {}, codes::file_not_found);
    if (!text) return changelog;
    FileScope scope;
    scope.path = normal_path(path);
    scope.identity = identity_path(path);
    load_file(loading, std::move(scope), std::move(*text));
    report_duplicates(loading);
    in_reading_order(*changelog.sources, diagnostics);
    apply_run_order(changelog.changesets);
    if (loading.ignored > 0) {
        Location where;
        where.file = path;
        diagnostics.add(Severity::note, codes::lenient_summary, std::move(where),
                        fmt::format("{} unknown keys were ignored, as Liquibase does", loading.ignored));
    }
    return changelog;
}

std::string to_string(const ChangeSetKey& key) {
    return fmt::format("{}::{}::{}", key.path, key.id, key.author);
}

}  // namespace changelog
