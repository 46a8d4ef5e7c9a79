#include "review/diagnose_edits.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace changelog::review {

namespace {

/// Whether an error is about something that is there already, or that is not.
bool is_any(const std::string& sqlstate, std::initializer_list<std::string_view> codes) {
    return std::find(codes.begin(), codes.end(), sqlstate) != codes.end();
}

/// The line of the changeset's id, where its keys stand in block style; the new keys go before it.
struct KeyPlace {
    std::uint32_t line = 0;
    std::string indent;
};

std::optional<KeyPlace> key_place(Position at) {
    if (at.file == nullptr || !(at.file->name.ends_with(".yaml") || at.file->name.ends_with(".yml")))
        return std::nullopt;
    constexpr std::uint32_t kNear = 12;
    const std::string_view text = at.file->text;
    std::size_t begin = 0;
    for (std::uint32_t number = 1; begin < text.size() && number < at.line + kNear; ++number) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = text.substr(begin, end - begin);
        const std::size_t key = line.find_first_not_of(' ');
        if (number > at.line && key != std::string_view::npos && line.substr(key).starts_with("id:"))
            return KeyPlace{number, std::string(line.substr(0, key))};
        begin = end + 1;
    }
    return std::nullopt;
}

/// New keys of a changeset, as lines without their indent.
std::optional<Fix> with_keys(const ChangeSet& changeset, std::string title, bool safe,
                             const std::vector<std::string>& lines) {
    const auto place = key_place(changeset.at);
    if (!place) return std::nullopt;
    std::string text;
    for (const std::string& line : lines) text += place->indent + line + '\n';
    Fix fix{std::move(title), safe, {}};
    fix.edits.push_back({changeset.at.file->name, place->line, 1, place->line, 1, std::move(text)});
    return fix;
}

/// A name in YAML's flow style; others than plain words are quoted.
std::string yaml_word(const std::string& name) {
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    });
    if (plain && !is_any(lower(name), {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}))
        return name;
    std::string out = "'";
    for (const char c : name) out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + "'";
}

/// The condition under which the change is needed: that what it makes is not there.
std::string absence(const ObjectRef& object) {
    const std::string name = yaml_word(object.name.name), part = yaml_word(object.part);
    if (object.kind == ObjectKind::table) return fmt::format("tableExists: {{tableName: {}}}", name);
    if (object.kind == ObjectKind::index) return fmt::format("indexExists: {{indexName: {}}}", name);
    if (object.kind == ObjectKind::sequence) return fmt::format("sequenceExists: {{sequenceName: {}}}", name);
    if (object.kind == ObjectKind::column && !object.name.name.empty())
        return fmt::format("columnExists: {{tableName: {}, columnName: {}}}", name, part);
    return {};
}

/// What the changeset itself says that it makes: the message calls tables and indexes alike relations.
std::optional<ObjectRef> made_by(std::size_t changeset, const ObjectRef& wanted, const Graph& graph) {
    for (const Touch& touch : graph.footprints[changeset].touches) {
        const bool same = touch.object.name.name == wanted.name.name && touch.object.part == wanted.part;
        if (touch.access == Access::create && same) return touch.object;
    }
    return std::nullopt;
}

std::optional<Fix> guard(const FoundPlaces& found, const DiagnoseContext& context) {
    if (!found.object || found.makers.size() != 1) return std::nullopt;
    const std::size_t index = found.failing.value_or(found.makers.front());
    const ChangeSet& changeset = context.changelog->changesets[index];
    const auto object = made_by(index, *found.object, *context.graph);
    if (!object || changeset.preconditions || changeset.changes.size() != 1) return std::nullopt;
    const std::string condition = absence(*object);
    if (condition.empty()) return std::nullopt;
    return with_keys(changeset, "mark the changeset as run where the object is there already", false,
                     {"preConditions:", "  - onFail: MARK_RAN", "  - not:", "      - " + condition});
}

std::optional<Fix> outside_transaction(const FoundPlaces& found, const DiagnoseContext& context) {
    if (!found.failing) return std::nullopt;
    const ChangeSet& changeset = context.changelog->changesets[*found.failing];
    if (!changeset.run_in_transaction) return std::nullopt;
    const bool alone = changeset.changes.size() == 1;  // else half of it could stay behind
    return with_keys(changeset,
                     alone ? "run the changeset outside of a transaction"
                           : "run the changeset outside of a transaction (better: split it)",
                     alone, {"runInTransaction: false"});
}

/// What is missing is made by a changeset that comes later.
std::optional<Fix> after_maker(const FoundPlaces& found, const DiagnoseContext& context) {
    if (!found.failing || found.makers.size() != 1) return std::nullopt;
    const auto& order = context.graph->order;
    const auto place = [&](std::size_t index) { return std::find(order.begin(), order.end(), index); };
    if (place(found.makers.front()) <= place(*found.failing)) return std::nullopt;
    const ChangeSet& failing = context.changelog->changesets[*found.failing];
    if (!failing.depends_on.empty()) return std::nullopt;
    const std::string id = context.changelog->changesets[found.makers.front()].key.id;
    return with_keys(failing, fmt::format("run it after changeset '{}', which makes it", id), false,
                     {fmt::format("dependsOn: [{}]", yaml_word(id))});
}

std::optional<Fix> other_name(const PastedError& error, const FoundPlaces& found,
                              const DiagnoseContext& context) {
    const std::string name = meant_name(error, found);
    if (name.empty() || found.places.empty() || !found.failing || !found.object) return std::nullopt;
    const Location& where = found.places.front().where;
    const std::string& wrong = found.object->part.empty() ? found.object->name.name : found.object->part;
    if (where.line == 0) return std::nullopt;
    for (const SourceFile& file : context.changelog->sources->files()) {
        if (file.name != where.file) continue;
        const auto word = find_word(file, where.line, where.line + 1, wrong);
        if (!word) return std::nullopt;
        const auto end = word->column + static_cast<std::uint32_t>(wrong.size());
        Fix fix{fmt::format("'{}' instead of '{}'", name, wrong), false, {}};
        fix.edits.push_back({file.name, word->line, word->column, word->line, end, name});
        return fix;
    }
    return std::nullopt;
}

}  // namespace

std::string meant_name(const PastedError& error, const FoundPlaces& found) {
    if (!is_any(error.sqlstate, {"42703", "42P01"}) || !found.object) return {};
    static constexpr std::string_view kHint = "Perhaps you meant to reference the column \"";
    if (const std::size_t at = error.hint.find(kHint); at != std::string::npos) {
        const std::size_t begin = at + kHint.size(), end = error.hint.find('"', begin);
        if (end != std::string::npos) return name_in(error.hint.substr(begin, end - begin), "").name;
    }
    const std::string& wrong = found.object->part.empty() ? found.object->name.name : found.object->part;
    std::vector<std::string_view> known;
    for (const std::string& each : found.known_names)
        if (each != wrong) known.push_back(each);
    if (known.size() != found.known_names.size()) return {};  // it is there under this very name
    return nearest(wrong, known);
}

std::vector<Fix> edits_for(const PastedError& error, const FoundPlaces& found,
                           const DiagnoseContext& context) {
    std::vector<Fix> out;
    if (context.changelog == nullptr || context.graph == nullptr) return out;
    const auto take = [&](std::optional<Fix> fix) {
        if (fix) out.push_back(std::move(*fix));
    };
    if (is_any(error.sqlstate, {"42P07", "42701"})) take(guard(found, context));
    if (error.sqlstate == "25001") take(outside_transaction(found, context));
    if (is_any(error.sqlstate, {"42P01", "42704", "42883", "3F000"})) take(after_maker(found, context));
    if (is_any(error.sqlstate, {"42703", "42P01"})) take(other_name(error, found, context));
    return out;
}

}  // namespace changelog::review
