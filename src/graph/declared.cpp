#include "graph/declared.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"

namespace changelog::graph {

namespace {

using ById = std::unordered_multimap<std::string_view, Vertex>;

bool fits(const ChangeSet& changeset, const ChangeSetReference& wanted) {
    if (!wanted.author.empty() && wanted.author != changeset.key.author) return false;
    return wanted.path.empty() || wanted.path == changeset.key.path || wanted.path == changeset.stored_path;
}

std::vector<Vertex> find_all(const Changelog& changelog, const ById& by_id,
                             const ChangeSetReference& wanted) {
    std::vector<Vertex> found;
    const auto [first, last] = by_id.equal_range(wanted.id);
    for (auto it = first; it != last; ++it)
        if (fits(changelog.changesets[it->second], wanted)) found.push_back(it->second);
    std::sort(found.begin(), found.end());
    return found;
}

void report_unknown(const Changelog& changelog, const ChangeSet& changeset, const ChangeSetReference& wanted,
                    Diagnostics& diagnostics) {
    std::vector<std::string_view> ids;
    for (const ChangeSet& other : changelog.changesets)
        if (&other != &changeset) ids.push_back(other.key.id);
    Diagnostic& error = diagnostics.error(codes::unknown_dependency, wanted.at ? wanted.at : changeset.at,
                                          "dependsOn names no changeset: '" + wanted.id + "'");
    error.changeset = changeset.key.id;
    error.got = wanted.id;
    if (!wanted.author.empty() || !wanted.path.empty())
        error.why = "An id with another author or in another file does not count.";
    if (std::string near = nearest(wanted.id, ids); near != wanted.id) error.did_you_mean = std::move(near);
}

void report_ambiguous(const Changelog& changelog, const ChangeSet& changeset,
                      const ChangeSetReference& wanted, const std::vector<Vertex>& found,
                      Diagnostics& diagnostics) {
    Diagnostic& error = diagnostics.error(codes::ambiguous_dependency, wanted.at ? wanted.at : changeset.at,
                                          "dependsOn names several changesets: '" + wanted.id + "'");
    error.changeset = changeset.key.id;
    error.got = wanted.id;
    for (const Vertex vertex : found) error.expected.push_back(to_string(changelog.changesets[vertex].key));
    error.next.emplace_back("name the author and the path too: {id: ..., author: ..., path: ...}");
}

std::optional<ObjectKind> kind_named(std::string_view word) {
    if (word == "view" || word == "materialized view") return ObjectKind::table;
    if (word == "procedure") return ObjectKind::function;
    if (word == "domain" || word == "enum") return ObjectKind::type;
    for (const ObjectKind kind :
         {ObjectKind::schema, ObjectKind::table, ObjectKind::column, ObjectKind::constraint,
          ObjectKind::index, ObjectKind::sequence, ObjectKind::type, ObjectKind::function,
          ObjectKind::trigger, ObjectKind::policy, ObjectKind::extension})
        if (word == to_string(kind)) return kind;
    return std::nullopt;
}

struct Provider {
    const RenderContext& context;
    std::vector<Touch> touches;

    void create(ObjectKind kind, const ObjectName& name, const std::string& part = {}) {
        touches.push_back({Access::create, {kind, name, part}, false});
    }

    /// "s.t.c", "t.c" of a part; "s.t", "t" of a whole object.
    void named(ObjectKind kind, std::vector<std::string> parts) {
        if (kind == ObjectKind::schema || kind == ObjectKind::extension)
            return create(kind, {{}, parts.back()});
        std::string part;
        if (is_part(kind) && parts.size() > 1) {
            part = std::move(parts.back());
            parts.pop_back();
        }
        const std::string schema = parts.size() > 1 ? parts[parts.size() - 2] : context.default_schema;
        create(kind, {schema, parts.back()}, part);
    }

    void unnamed(const std::vector<std::string>& parts) {
        for (const ObjectKind kind : {ObjectKind::table, ObjectKind::sequence, ObjectKind::type,
                                      ObjectKind::function, ObjectKind::index})
            if (parts.size() < 3) named(kind, parts);
        if (parts.size() > 1) named(ObjectKind::column, parts);
        if (parts.size() == 1) named(ObjectKind::schema, parts);
    }
};

}  // namespace

void add_declared(const Changelog& changelog, std::vector<Arrow>& out, Diagnostics& diagnostics) {
    const std::vector<ChangeSet>& all = changelog.changesets;
    const auto declares = [](const ChangeSet& changeset) { return !changeset.depends_on.empty(); };
    if (std::none_of(all.begin(), all.end(), declares)) return;
    ById by_id;
    for (Vertex i = 0; i < all.size(); ++i) by_id.emplace(all[i].key.id, i);
    for (Vertex i = 0; i < all.size(); ++i) {
        for (const ChangeSetReference& wanted : all[i].depends_on) {
            const std::vector<Vertex> found = find_all(changelog, by_id, wanted);
            if (found.empty()) {
                report_unknown(changelog, all[i], wanted, diagnostics);
            } else if (found.size() > 1) {
                report_ambiguous(changelog, all[i], wanted, found, diagnostics);
            } else {
                out.push_back({found.front(), i, EdgeReason::declared, kNoObject});
            }
        }
    }
}

std::vector<Touch> provided(const std::string& entry, const RenderContext& context) {
    std::string text = trim(entry);
    std::optional<ObjectKind> kind;
    if (const std::size_t space = text.find_last_of(' '); space != std::string::npos) {
        kind = kind_named(lower(trim(text.substr(0, space))));
        if (kind) text = text.substr(space + 1);
    }
    std::vector<std::string> parts;
    for (const std::string& part : split(text, '.')) parts.push_back(sql::from_sql(part));
    Provider provider{context, {}};
    if (parts.empty()) return {};
    if (kind) {
        provider.named(*kind, std::move(parts));
    } else {
        provider.unnamed(parts);
    }
    return std::move(provider.touches);
}

}  // namespace changelog::graph
