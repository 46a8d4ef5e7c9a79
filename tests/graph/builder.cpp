#include "graph/builder.hpp"

#include "core/text.hpp"
#include "support/catch.hpp"

namespace changelog::test {

namespace {

const OperationType& test_type() {
    static const OperationType type = {"test", "Touches things.", "test", nullptr};
    return type;
}

struct Touching final : Operation {
    Footprint fixed;

    const OperationType& type() const override { return test_type(); }
    void describe(FieldVisitor&) override {}
    void footprint(Footprint& out, const RenderContext&) const override { out = fixed; }
    std::vector<Statement> statements(const RenderContext&) const override { return {}; }
    Undo inverse(const RenderContext&) const override { return {}; }
    void apply(catalog::Catalog&, const RenderContext&) const override {}
};

ObjectName named(const std::string& text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string::npos) return {"public", text};
    return {text.substr(0, slash), text.substr(slash + 1)};
}

ObjectRef object(std::string text) {
    if (text.starts_with("rows_")) return {ObjectKind::rows, named(text.substr(5)), {}};
    if (text.starts_with("schema_")) return {ObjectKind::schema, {"", text.substr(7)}, {}};
    if (text.ends_with("()")) return {ObjectKind::function, named(text.substr(0, text.size() - 2)), {}};
    if (const std::size_t dot = text.find('.'); dot != std::string::npos)
        return {ObjectKind::column, named(text.substr(0, dot)), text.substr(dot + 1)};
    if (const std::size_t colon = text.find(':'); colon != std::string::npos)
        return {ObjectKind::constraint, named(text.substr(0, colon)), text.substr(colon + 1)};
    return {ObjectKind::table, named(text), {}};
}

Touch touch(std::string text) {
    Touch out;
    const std::size_t access = std::string_view("+.~-").find(text.front());
    REQUIRE(access != std::string_view::npos);
    out.access = static_cast<Access>(access);
    out.tentative = text.ends_with('?');
    out.object = object(text.substr(1, text.size() - (out.tentative ? 2 : 1)));
    return out;
}

}  // namespace

std::unique_ptr<Operation> touching(const std::string& touches) {
    auto operation = std::make_unique<Touching>();
    for (const std::string& word : split(touches, ' ')) {
        if (word == "!") {
            operation->fixed.block("cannot be seen through");
        } else {
            operation->fixed.touches.push_back(touch(word));
        }
    }
    return operation;
}

Changelog changelog_of(const std::vector<std::string>& changesets) {
    Changelog changelog;
    changelog.sources = std::make_shared<Sources>();
    const SourceFile& file = changelog.sources->add("db/a.yaml", "");
    for (const std::string& line : changesets) {
        const std::size_t colon = line.find(": ");
        ChangeSet& changeset = changelog.changesets.emplace_back();
        changeset.key = {line.substr(0, colon), "me", "db/a.yaml"};
        changeset.stored_path = "db/a.yaml";
        changeset.at = {&file, static_cast<std::uint32_t>(changelog.changesets.size()), 5};
        if (colon == std::string::npos) continue;
        for (const std::string& operation : split(line.substr(colon + 2), ';'))
            changeset.changes.push_back(touching(operation));
    }
    return changelog;
}

Graph graph_of(const Changelog& changelog, Diagnostics& diagnostics) {
    const catalog::Catalog empty;
    RenderContext context;
    context.before = &empty;
    return resolve(changelog, context, diagnostics);
}

Graph graph_of(const Changelog& changelog) {
    Diagnostics diagnostics;
    Graph graph = graph_of(changelog, diagnostics);
    for (const Diagnostic& diagnostic : diagnostics.items())
        FAIL_CHECK(diagnostic.title << "\n" << diagnostic.why);
    return graph;
}

std::string edges(const Changelog& changelog, const Graph& graph) {
    std::vector<std::string> out;
    for (const Edge& edge : graph.edges)
        out.push_back(changelog.changesets[edge.from].key.id + '>' + changelog.changesets[edge.to].key.id);
    return join(out, " ");
}

std::string ids(const Changelog& changelog, const std::vector<std::size_t>& indexes) {
    std::vector<std::string> out;
    for (const std::size_t index : indexes) out.push_back(changelog.changesets[index].key.id);
    return join(out, " ");
}

std::string order(const std::vector<std::string>& changesets) {
    const Changelog changelog = changelog_of(changesets);
    return ids(changelog, graph_of(changelog).order);
}

}  // namespace changelog::test
