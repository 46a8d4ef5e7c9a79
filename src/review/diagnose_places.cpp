#include "review/diagnose_places.hpp"

#include "core/text.hpp"
#include "review/diagnose_lines.hpp"
#include "review/diagnose_masking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace changelog::review {

namespace {

constexpr std::size_t kMostPlaces = 6;

std::string said(const ObjectRef& object) {
    std::string name =
        object.name.schema.empty() ? object.name.name : object.name.schema + '.' + object.name.name;
    if (!object.part.empty()) name += name.empty() ? object.part : '.' + object.part;
    return fmt::format("{} {}", to_string(object.kind), name);
}

std::string_view verb(Access access) {
    switch (access) {
        case Access::create:
            return "makes";
        case Access::require:
            return "needs";
        case Access::alter:
            return "changes";
        case Access::drop:
            return "drops";
    }
    return "";
}

/// Relations share their names; so an index or sequence is found where a relation is asked for.
bool is_relation(ObjectKind kind) {
    return kind == ObjectKind::table || kind == ObjectKind::index || kind == ObjectKind::sequence ||
           kind == ObjectKind::type;
}

bool is_meant(const ObjectRef& touched, const ObjectRef& wanted) {
    const bool same_schema = wanted.name.schema.empty() || wanted.name.schema == touched.name.schema;
    if (wanted.kind == ObjectKind::constraint || wanted.kind == ObjectKind::index) {
        const bool kind = touched.kind == ObjectKind::constraint || touched.kind == ObjectKind::index;
        const std::string& name = touched.part.empty() ? touched.name.name : touched.part;
        return kind && same_schema && name == (wanted.part.empty() ? wanted.name.name : wanted.part);
    }
    if (wanted.kind == ObjectKind::table ? !is_relation(touched.kind) : touched.kind != wanted.kind)
        return false;
    if (touched.part != wanted.part || !same_schema) return false;
    return wanted.name.name.empty() || wanted.name.name == touched.name.name;
}

}  // namespace

std::vector<ObjectRef> objects_of(const PastedError& error) {
    struct Place {
        const char* name;
        ObjectKind kind;
    };
    static constexpr std::array<Place, 12> kAlone = {{{"relation", ObjectKind::table},
                                                      {"index", ObjectKind::index},
                                                      {"type", ObjectKind::type},
                                                      {"function", ObjectKind::function},
                                                      {"sequence", ObjectKind::sequence},
                                                      {"extension", ObjectKind::extension},
                                                      {"schema", ObjectKind::schema},
                                                      {"table", ObjectKind::table},
                                                      {"referenced", ObjectKind::table},
                                                      {"", ObjectKind::table},
                                                      {"", ObjectKind::table},
                                                      {"", ObjectKind::table}}};
    std::vector<ObjectRef> out;
    std::string table = error.name("table");
    if (table.empty()) table = error.name("relation");
    const ObjectName owner = name_in(table, error.name("schema"));
    const auto part = [&](const char* place, ObjectKind kind) {
        const std::string name = error.name(place);
        if (name.empty()) return;
        const ObjectName column = name_in(name, "");  // "orders.note": of an alias or a table
        out.push_back({kind, owner, column.name});
    };
    const ObjectRef object = object_in(error.name("object"));
    if (!object.name.name.empty() || !object.part.empty()) out.push_back(object);
    part("constraint", ObjectKind::constraint);
    part("column", ObjectKind::column);
    part("trigger", ObjectKind::trigger);
    part("policy", ObjectKind::policy);
    for (const auto& [place, kind] : kAlone) {
        const std::string name = error.name(place);
        if (name.empty()) continue;
        const bool field =
            kind == ObjectKind::schema && error.match.name(place).empty();  // of another object
        if (!field) out.push_back({kind, name_in(name.substr(0, name.find('(')), error.name("schema")), ""});
    }
    return out;
}

PlaceSearch::PlaceSearch(const DiagnoseContext& context) : context_(context) {}

FoundPlaces PlaceSearch::find(const PastedError& error) {
    FoundPlaces out;
    if (context_.changelog == nullptr || context_.graph == nullptr) return out;
    by_name(error, out);
    by_statement(error, out);
    by_file(error, out);
    by_object(error, out);
    if (out.places.size() > kMostPlaces) out.places.resize(kMostPlaces);
    return out;
}

void PlaceSearch::render() {
    if (rendered_) return;
    rendered_.emplace();
    Renderer renderer(*context_.changelog, *context_.graph, context_.render);
    for (const std::size_t index : context_.graph->order) {
        const RenderedChangeSet one = renderer.render({index, Action::apply});
        for (std::size_t i = 0; i < one.statements.size(); ++i)
            rendered_->push_back({index, one.change_of[i], collapsed(one.statements[i].sql)});
    }
    end_ = renderer.catalog();
}

/// Liquibase and this program name the changeset.
void PlaceSearch::by_name(const PastedError& error, FoundPlaces& out) const {
    if (error.changeset.empty()) return;
    for (std::size_t i = 0; i < context_.changelog->changesets.size(); ++i) {
        const ChangeSetKey& key = changeset(i).key;
        if (to_string(key) != error.changeset && key.id != error.changeset) continue;
        // An id alone may stand for several.
        if (out.failing) return void(out.failing.reset());
        out.failing = i;
    }
    if (out.failing) add_failing(*out.failing, kNoChange, error, true, out);
}

void PlaceSearch::by_statement(const PastedError& error, FoundPlaces& out) {
    render();
    const std::string statement = collapsed(error.statement), line = collapsed(error.line);
    constexpr std::size_t kTelling = 12;  // shorter texts stand in many statements
    std::vector<const Rendered*> found;
    for (const Rendered& each : *rendered_) {
        const bool same =
            !statement.empty() &&
            (each.plain == statement || (statement.size() > kTelling && each.plain.size() > kTelling &&
                                         (each.plain.find(statement) != std::string::npos ||
                                          statement.find(each.plain) != std::string::npos)));
        const bool has_line =
            statement.empty() && line.size() > kTelling && each.plain.find(line) != std::string::npos;
        if (same || has_line) found.push_back(&each);
    }
    if (out.failing)
        std::erase_if(found, [&](const Rendered* each) { return each->changeset != *out.failing; });
    if (found.empty()) return;
    if (out.failing) {  // its place is known better now
        out.places.clear();
        out.failing.reset();
    }
    const bool one = std::all_of(found.begin(), found.end(), [&](const Rendered* each) {
        return each->changeset == found[0]->changeset;
    });
    for (const Rendered* each : found) {
        if (one && each != found.front()) continue;
        add_failing(each->changeset, each->change, error, one, out);
    }
    if (!one) return;
    out.failing = found[0]->changeset;
    out.change = found[0]->change;
}

void PlaceSearch::add_failing(std::size_t index, std::size_t change, const PastedError& error, bool certain,
                              FoundPlaces& out) const {
    ErrorPlace place;
    const bool by_text = change != kNoChange;
    place.what = !by_text                  ? "is the changeset that the text names"
                 : error.statement.empty() ? "has the line that the error shows"
                                           : "runs the statement that failed";
    place.certain = certain;
    place.where = inside(index, by_text ? change : 0, error);
    place.changeset = to_string(changeset(index).key);
    out.places.push_back(std::move(place));
}

/// As near to the word in question as the file allows.
Location PlaceSearch::inside(std::size_t index, std::size_t change, const PastedError& error) const {
    const ChangeSet& it = changeset(index);
    const Position at = change < it.changes.size() ? it.changes[change]->at : it.at;
    if (at.file == nullptr) return {};
    const std::uint32_t end = lines_end(at);
    const ErrorLine wanted = error_line(error);
    if (!wanted.text.empty()) {
        if (const auto found = find_line(*at.file, at.line, end, wanted)) return *found;
        if (const auto found = in_sql_file(at, end, wanted)) return *found;
    }
    for (const char* place :
         {"token", "column", "constraint", "index", "relation", "type", "function", "table"}) {
        const ObjectName name = name_in(error.match.name(place), "");
        if (name.name.empty()) continue;
        if (const auto found = find_word(*at.file, at.line, end, name.name)) return *found;
    }
    return without_data(locate(at));
}

/// SQL files are read by their operations and not kept, so they are read again.
std::optional<Location> PlaceSearch::in_sql_file(Position from, std::uint32_t end,
                                                 const ErrorLine& wanted) const {
    if (context_.files == nullptr) return std::nullopt;
    const std::string folder = from.file->name.substr(0, from.file->name.rfind('/') + 1);
    for (const std::string& name : sql_files_named(*from.file, from.line, end))
        for (const std::string& path : {name, folder + name})
            if (auto text = context_.files->read(path)) {
                const SourceFile file{path, std::move(*text)};
                if (const auto found = find_line(file, 1, 0, wanted)) return found;
            }
    return std::nullopt;
}

std::uint32_t PlaceSearch::lines_end(Position at) const {
    std::uint32_t out = 0;
    const auto next = [&](Position other) {
        if (other.file == at.file && other.line > at.line && (out == 0 || other.line < out)) out = other.line;
    };
    for (const ChangeSet& each : context_.changelog->changesets) {
        if (each.at.file != at.file) continue;
        next(each.at);
        for (const auto& change : each.changes) next(change->at);
    }
    return out;
}

/// psql and Flyway name a file and a line, Prisma a migration.
void PlaceSearch::by_file(const PastedError& error, FoundPlaces& out) const {
    if (error.file.empty() || out.failing) return;
    for (std::size_t i = 0; i < context_.changelog->changesets.size(); ++i) {
        const ChangeSet& it = changeset(i);
        if (it.at.file == nullptr || error.file_line == 0 || !it.at.file->name.ends_with(error.file))
            continue;
        const std::uint32_t end =
            i + 1 < context_.changelog->changesets.size() && changeset(i + 1).at.file == it.at.file
                ? changeset(i + 1).at.line
                : UINT32_MAX;
        if (error.file_line < it.at.line || error.file_line >= end) continue;
        ErrorPlace place;
        place.what = "stands at the line that the text names";
        place.where = without_data(locate(Position{it.at.file, error.file_line, 1}));
        place.changeset = to_string(it.key);
        out.places.push_back(std::move(place));
        out.failing = i;
    }
}

/// `users`: also changesets that only need it. False if there is none.
bool PlaceSearch::add_touching(const ObjectRef& object, bool users, FoundPlaces& out) const {
    bool any = false;
    for (const std::size_t index : context_.graph->order) {
        const Touch* best = nullptr;  // what it does to the object in the end
        for (const Touch& touch : context_.graph->footprints[index].touches)
            if (is_meant(touch.object, object) &&
                (best == nullptr || best->access == Access::require || touch.access == Access::create))
                best = &touch;
        if (best == nullptr || (best->access == Access::require && !users)) continue;
        any = true;
        if (!object.part.empty() && object.name.name.empty()) out.owners.insert(best->object.name);
        if (best->access == Access::create) out.makers.push_back(index);
        if (best->access == Access::drop) out.droppers.push_back(index);
        const std::string name = to_string(changeset(index).key);
        const auto known = std::find_if(out.places.begin(), out.places.end(),
                                        [&](const ErrorPlace& each) { return each.changeset == name; });
        const std::string what = fmt::format("{} {}", verb(best->access), said(best->object));
        if (known != out.places.end()) {
            known->what += (known->what.empty() ? "" : "; ") + what;
            continue;
        }
        ErrorPlace place;
        place.what = what;
        place.changeset = name;
        place.where = touch_place(index, best->object);
        out.places.push_back(std::move(place));
    }
    return any;
}

/// The change that does it, as near as its lines tell.
Location PlaceSearch::touch_place(std::size_t index, const ObjectRef& object) const {
    const ChangeSet& it = changeset(index);
    const std::string& word = object.part.empty() ? object.name.name : object.part;
    for (const auto& change : it.changes) {
        Footprint own;
        RenderContext context = context_.render;
        context.before = &end_;
        change->footprint(own, context);
        const bool touches = std::any_of(own.touches.begin(), own.touches.end(),
                                         [&](const Touch& each) { return each.object == object; });
        if (!touches || change->at.file == nullptr) continue;
        const auto found = find_word(*change->at.file, change->at.line, lines_end(change->at), word);
        return found ? *found : without_data(locate(change->at));
    }
    return without_data(locate(it.at));
}

void PlaceSearch::by_object(const PastedError& error, FoundPlaces& out) const {
    const std::size_t first = out.places.size();
    for (const ObjectRef& object : objects_of(error)) {
        if (!out.object) out.object = object;
        // Who needs it matters where it is missing, or where nothing else is known of it.
        const bool missing = error.sqlstate.starts_with("42") && error.sqlstate != "42P07" &&
                             error.sqlstate != "42701" && error.sqlstate != "42710";
        bool any = add_touching(object, missing, out) || (!missing && add_touching(object, true, out));
        // A constraint that PostgreSQL named is in no file; its table is.
        if (!any && object.kind == ObjectKind::constraint)
            for (const auto& [name, table] : end_.tables)
                if (table.constraint(object.part) != nullptr || table.index(object.part) != nullptr)
                    any = add_touching({ObjectKind::table, name, ""}, false, out) || any;
        if (any) break;
    }
    // Which table is meant nobody says.
    for (std::size_t i = first; i < out.places.size() && out.owners.size() > 1; ++i)
        out.places[i].certain = false;
    for (const auto& [name, table] : end_.tables) {
        const bool columns = out.object && out.object->kind == ObjectKind::column;
        if (!columns) out.known_names.push_back(name.name);
        if (columns && (out.object->name.name.empty() || out.object->name.name == name.name))
            for (const catalog::Column& column : table.columns) out.known_names.push_back(column.name);
    }
    if (out.object && out.object->kind == ObjectKind::table)
        for (const auto& [name, view] : end_.views) out.known_names.push_back(name.name);
}

}  // namespace changelog::review
