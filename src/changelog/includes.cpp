// include, includeAll and property: what brings other files in. LIQUIBASE.md 1.6 and 1.8.
#include "changelog/changeset_keys.hpp"
#include "changelog/codes.hpp"
#include "changelog/expressions.hpp"
#include "changelog/loading.hpp"
#include "changelog/paths.hpp"

#include "core/text.hpp"

namespace changelog {

namespace {

/// What include and includeAll have in common.
struct IncludeKeys : Described {
    std::string context, context_filter, labels, logical_file_path;
    bool relative = false, ignore = false;

    void describe_common(FieldVisitor& visitor) {
        visitor.flag(optional("relativeToChangelogFile", "From the folder of this file."), relative);
        visitor.text(optional("context", "Joined with that of every changeset in it."), context);
        visitor.text(optional("contextFilter", "The same; wins over context."), context_filter);
        visitor.text(optional("labels", "Joined with those of every changeset in it."), labels);
        visitor.flag(optional("ignore", "Its changesets are skipped."), ignore);
        visitor.text(optional("logicalFilePath", "Replaces the path in the identity of its changesets."),
                     logical_file_path);
    }
};

struct IncludeOneKeys final : IncludeKeys {
    std::string file;
    bool error_if_missing = true;

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("file", "The file to read."), file);
        visitor.flag(optional("errorIfMissing", "Whether the file must be there."), error_if_missing);
        describe_common(visitor);
    }
};

struct IncludeAllKeys final : IncludeKeys {
    std::string path, ends_with, filter, comparator;
    bool error_if_missing = true;
    std::optional<std::string> min_depth, max_depth;

    void describe(FieldVisitor& visitor) override {
        visitor.text(required("path", "The folder to read."), path);
        visitor.flag(optional("errorIfMissingOrEmpty", "Whether there must be something in it."),
                     error_if_missing);
        visitor.integer(
            optional("minDepth", "Files less deep are left out; those in the folder itself have depth 1."),
            min_depth);
        visitor.integer(optional("maxDepth", "Files deeper are left out."), max_depth);
        visitor.text(optional("endsWithFilter", "Only files whose path ends so."), ends_with);
        visitor.text(optional("filter", "A Java class.").also("resourceFilter"), filter);
        visitor.text(optional("resourceComparator", "A Java class."), comparator);
        describe_common(visitor);
    }
};

struct PropertyKeys final : Described {
    std::string name, file, context, labels, dbms;
    std::optional<std::string> value;
    bool global = true, relative = false, error_if_missing = true;

    void describe(FieldVisitor& visitor) override {
        visitor.text(optional("name", "The name in ${...}."), name);
        visitor.text(optional("value", "What it stands for."), value);
        visitor.text(optional("file", "A .properties file to read instead."), file);
        visitor.flag(optional("relativeToChangelogFile", "From the folder of this file."), relative);
        visitor.flag(optional("errorIfMissing", "Whether the file must be there."), error_if_missing);
        visitor.flag(optional("global", "Holds in the files that follow, too."), global);
        visitor.text(optional("context", "Only for runs with this context."), context);
        visitor.text(optional("labels", "Only for runs that select these labels."), labels);
        visitor.text(optional("dbms", "Only on these databases."), dbms);
        visitor.misplaced("contextFilter",
                          "Liquibase filters a property by 'context' only, so this one always held.");
    }
};

const yaml::Node* value_of(const Attribute& entry, std::string_view key) {
    for (const Attribute& attribute : attributes_of(*entry.value))
        if (equal_ignoring_case(attribute.key->raw, key)) return attribute.value;
    return nullptr;
}

Position place_of(const Attribute& entry, std::string_view key) {
    const yaml::Node* value = value_of(entry, key);
    return value == nullptr ? entry.key->at : value->at;
}

std::string resolved(const FileScope& scope, std::string_view path, bool relative) {
    return relative ? joined(folder_of(scope.path), search_path(path)) : search_path(path);
}

/// "a.yaml -> b.yaml -> a.yaml" if the file is being read already; empty if not.
std::string cycle_to(const FileScope& scope, const std::string& path) {
    std::string chain = path;
    for (const FileScope* at = &scope; at != nullptr; at = at->parent) {
        chain = at->path + " -> " + chain;
        if (at->path == path) return chain;
    }
    return {};
}

FileScope scope_below(const FileScope& scope, const IncludeKeys& keys, std::string path,
                      const Attribute& entry) {
    FileScope below;
    below.identity =
        keys.logical_file_path.empty() ? identity_path(path) : identity_path(keys.logical_file_path);
    below.path = std::move(path);
    below.contexts = scope.contexts;
    below.labels = scope.labels;
    below.ignore = scope.ignore || keys.ignore;
    below.parent = &scope;
    below.included_at = entry.key->at;
    const std::string& context = keys.context_filter.empty() ? keys.context : keys.context_filter;
    if (!context.empty()) below.contexts.push_back(context);
    if (!keys.labels.empty()) below.labels.push_back(lower(keys.labels));
    return below;
}

void check_expressions(Loading& loading, const Attribute& entry) {
    for (const std::string_view key : {"context", "contextFilter"})
        if (const yaml::Node* value = value_of(entry, key))
            check_expression(loading.diagnostics, *value, {}, {});
}

bool is_changelog_file(const std::string& path) {
    const std::string kind = extension_of(path);
    return kind == "yaml" || kind == "yml" || kind == "json" || kind == "xml" || kind == "sql";
}

std::size_t depth_below(const std::string& folder, const std::string& path) {
    const std::size_t skip = folder.empty() || folder.ends_with('/') ? folder.size() : folder.size() + 1;
    return static_cast<std::size_t>(std::count(
               path.begin() + static_cast<std::ptrdiff_t>(std::min(skip, path.size())), path.end(), '/')) +
           1;
}

std::size_t number_or(const std::optional<std::string>& text, std::size_t otherwise) {
    if (!text || text->starts_with('-')) return otherwise;
    return text->size() > 9 ? otherwise : static_cast<std::size_t>(std::stoul(*text));
}

/// The files of an includeAll in Liquibase's order: whole paths as plain strings.
std::vector<std::string> selected_files(std::vector<std::string> files, const std::string& folder,
                                        const IncludeAllKeys& keys) {
    const std::size_t least = number_or(keys.min_depth, 0);
    const std::size_t most = number_or(keys.max_depth, static_cast<std::size_t>(-1));
    std::erase_if(files, [&](const std::string& file) {
        const std::size_t depth = depth_below(folder, file);
        return depth < least || depth > most || !file.ends_with(keys.ends_with);
    });
    std::sort(files.begin(), files.end());
    return files;
}

void report_empty(Loading& loading, const Attribute& entry, const std::string& folder, bool there) {
    auto& error = loading.diagnostics.error(
        codes::include_empty, place_of(entry, "path"),
        there ? fmt::format("no file to include below '{}'", folder) : fmt::format("no folder '{}'", folder),
        std::max<std::size_t>(1, folder.size()));
    error.why = "With errorIfMissingOrEmpty: false that is no error.";
}

}  // namespace

void report_missing_file(Loading& loading, const std::string& path, Position at, std::size_t length,
                         std::string_view code) {
    auto& error = loading.diagnostics.error(code, at, fmt::format("file '{}' not found", path),
                                            std::max<std::size_t>(1, length));
    if (at.file == nullptr) error.where.file = path;
    error.got = path;
    const std::optional<std::vector<std::string>> beside = loading.files.list(folder_of(path));
    if (!beside) return;
    const std::vector<std::string_view> names(beside->begin(), beside->end());
    error.did_you_mean = nearest(path, names);
}

void bind_include(Loading& loading, const FileScope& scope, const Attribute& entry,
                  const ReadSettings& settings) {
    IncludeOneKeys keys;
    const std::size_t errors = loading.diagnostics.count(Severity::error);
    read_fields(*entry.value, entry.key->at, "include", keys, settings, loading.diagnostics);
    check_expressions(loading, entry);
    if (loading.diagnostics.count(Severity::error) != errors && keys.file.empty()) return;

    const Position at = place_of(entry, "file");
    std::string path = resolved(scope, keys.file, keys.relative);
    if (!is_changelog_file(path)) {
        auto& error =
            loading.diagnostics.error(codes::include_unknown_type, at,
                                      fmt::format("'{}' is no changelog file", path), keys.file.size());
        error.expected = {".yaml", ".yml", ".json", ".xml", ".sql"};
        return;
    }
    if (const std::string cycle = cycle_to(scope, path); !cycle.empty()) {
        loading.diagnostics.error(codes::include_cycle, at, "files include each other", keys.file.size())
            .why = cycle;
        return;
    }
    std::optional<std::string> text =
        read_file(loading, path, at, keys.error_if_missing ? codes::include_not_found : "");
    if (text) load_file(loading, scope_below(scope, keys, std::move(path), entry), std::move(*text));
}

void bind_include_all(Loading& loading, const FileScope& scope, const Attribute& entry,
                      const ReadSettings& settings) {
    IncludeAllKeys keys;
    read_fields(*entry.value, entry.key->at, "includeAll", keys, settings, loading.diagnostics);
    check_expressions(loading, entry);
    if (value_of(entry, "path") == nullptr) return;
    if (!keys.filter.empty() || !keys.comparator.empty()) {
        auto& error = loading.diagnostics.error(codes::external_code, entry.key->at,
                                                "includeAll with a Java class", 10);
        error.why = "Use endsWithFilter, minDepth and maxDepth, or name the files one by one.";
        return;
    }
    const std::string folder = resolved(scope, keys.path, keys.relative);
    const std::optional<std::vector<std::string>> there = loading.files.list(folder);
    const std::vector<std::string> files =
        selected_files(there.value_or(std::vector<std::string>{}), folder, keys);
    if (files.empty() && keys.error_if_missing)
        return report_empty(loading, entry, folder, there.has_value());
    for (const std::string& file : files) {
        if (!cycle_to(scope, file).empty()) continue;  // the folder holds the file that includes it
        if (!is_changelog_file(file)) {
            loading.diagnostics.warning(codes::include_unknown_type, place_of(entry, "path"),
                                        fmt::format("'{}' is no changelog file and is passed over", file),
                                        keys.path.size());
            continue;
        }
        std::optional<std::string> text =
            read_file(loading, file, place_of(entry, "path"), codes::include_not_found);
        if (text) load_file(loading, scope_below(scope, keys, file, entry), std::move(*text));
    }
}

void bind_property(Loading& loading, FileScope& scope, const Attribute& entry, const ReadSettings& settings) {
    PropertyKeys keys;
    read_fields(*entry.value, entry.key->at, "property", keys, settings, loading.diagnostics);
    check_expressions(loading, entry);
    if (!context_holds(keys.context, loading.options.contexts) ||
        !labels_match(keys.labels, loading.options.labels) || !dbms_allows_postgresql(keys.dbms))
        return;
    const auto define = [&](const std::string& name, const std::string& value) {
        if (keys.global)
            loading.properties.define(name, value);
        else
            scope.locals[lower(name)] = value;
    };
    if (keys.file.empty()) {
        if (keys.name.empty()) {
            auto& error = loading.diagnostics.error(codes::missing_key, entry.key->at,
                                                    "property needs 'name' or 'file'", 8);
            error.expected = {"name", "file"};
            error.pointer = settings.pointer;
            return;
        }
        return define(keys.name, keys.value.value_or(""));
    }
    const std::string file = loading.properties.expand(keys.file, scope.locals);
    const std::optional<std::string> text =
        read_file(loading, resolved(scope, file, keys.relative), place_of(entry, "file"),
                  keys.error_if_missing ? codes::property_file_not_found : std::string_view());
    if (!text) return;
    for (const auto& [name, value] : parse_properties(*text)) {
        define(name, value);
        if (value.find('\0') != std::string::npos)
            loading.diagnostics.error(codes::bad_value, place_of(entry, "file"),
                                      fmt::format("U+0000 in property '{}' of '{}'", name, file),
                                      file.size());
    }
}

}  // namespace changelog
