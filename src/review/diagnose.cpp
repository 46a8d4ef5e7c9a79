#include "review/diagnose.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "review/diagnose_conditions.hpp"
#include "review/diagnose_edits.hpp"
#include "review/diagnose_masking.hpp"
#include "review/diagnose_places.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::review {

namespace {

/// What the statement could not be read from: a word of SQL may be shown, a piece of a text may not.
void hide_token(PastedError& error) {
    for (auto& [place, content] : error.match.names)
        if (place == "token" && !sql::is_reserved(content) && content.size() > 1) {
            const bool word = std::all_of(content.begin(), content.end(), [](char c) {
                return std::isupper(static_cast<unsigned char>(c)) != 0 || c == '_';
            });
            if (!word) content = "***";
        }
}

std::string cause_of(const PastedError& error, const SqlCondition* condition) {
    std::string out;
    if (error.match.form != nullptr && !error.match.form->cause.empty())
        out = with_names(error.match.form->cause, error.match);
    else if (condition != nullptr)
        out = condition->cause;
    else
        out = fmt::format("PostgreSQL reports an error of the class \"{}\".", class_of(error.sqlstate));
    return out;
}

std::string remedy_of(const PastedError& error, const SqlCondition* condition) {
    if (error.match.form != nullptr && !error.match.form->remedy.empty())
        return with_names(error.match.form->remedy, error.match);
    return condition == nullptr ? std::string() : std::string(condition->remedy);
}

/// What the changelog adds to the cause.
std::string evidence(const PastedError& error, const FoundPlaces& found, const DiagnoseContext& context) {
    if (context.changelog == nullptr || !found.object) return {};
    const auto id = [&](std::size_t index) { return context.changelog->changesets[index].key.id; };
    const bool there = error.sqlstate == "42P07" || error.sqlstate == "42701" || error.sqlstate == "42710";
    if (there && found.makers.size() > 1)
        return fmt::format("Changesets '{}' and '{}' both make it.", id(found.makers[0]),
                           id(found.makers[1]));
    if (there && found.makers.size() == 1)
        return "One changeset makes it. A guess: it was made outside of the changelog, or by a run that is "
               "not in the history.";
    const bool missing = error.sqlstate == "42P01" || error.sqlstate == "42703" || error.sqlstate == "42704";
    if (missing && !found.droppers.empty() && found.owners.size() > 1)
        return fmt::format("A guess: changeset '{}' drops or renames one of this name.",
                           id(found.droppers.back()));
    if (missing && !found.droppers.empty())
        return fmt::format("Changeset '{}' drops or renames it.", id(found.droppers.back()));
    if (missing && found.makers.empty()) return "No changeset makes it.";
    if (missing && found.failing && found.makers.size() == 1) {
        const auto& order = context.graph->order;
        if (std::find(order.begin(), order.end(), found.makers[0]) >
            std::find(order.begin(), order.end(), *found.failing))
            return fmt::format("Changeset '{}' makes it, and comes later.", id(found.makers[0]));
    }
    return {};
}

/// What the text says, without data.
std::string without_values(const std::string& text, const PastedError& error) {
    // Text of somebody's own code may hold anything.
    if (error.sqlstate == "P0001") return {};
    if (error.match.form != nullptr || text.starts_with("Key (") || text.starts_with("Failing row"))
        return masked(text);
    const bool quotes = error.sqlstate.starts_with("22") || error.sqlstate == "42601";
    return quotes || error.sqlstate.starts_with("23") ? masked_foreign(text, quotes) : masked(text);
}

std::string title_of(const PastedError& error, const SqlCondition* condition) {
    std::string message = error.match.form != nullptr ? error.match.message() : std::string();
    if (message.empty()) message = without_values(error.message, error);
    if (message.empty() && condition != nullptr) message = condition->name;
    return message.empty() ? error.sqlstate : error.sqlstate + ": " + message;
}

ServerError server_of(const PastedError& error) {
    ServerError out;
    out.sqlstate = error.sqlstate;
    out.message = error.match.form != nullptr ? error.match.message() : without_values(error.message, error);
    out.detail = without_values(error.detail, error);
    out.hint = without_values(error.hint, error);
    out.schema = error.name("schema");
    out.table = error.name("table");
    out.column = error.name("column");
    out.constraint = error.name("constraint");
    out.position = static_cast<int>(std::min<std::size_t>(error.position, 1 << 30));
    return out;
}

Diagnosis explain(PastedError error, PlaceSearch& search, const DiagnoseContext& context) {
    Diagnosis out;
    const SqlCondition* condition = condition_of(error.sqlstate);
    out.sqlstate = error.sqlstate;
    out.name = condition == nullptr ? std::string() : std::string(condition->name);
    out.source = error.source;
    FoundPlaces found = search.find(error);
    Diagnostic& item = out.item;
    item.fixes = edits_for(error, found, context);
    item.did_you_mean = meant_name(error, found);
    hide_token(error);
    out.cause = cause_of(error, condition);
    if (const std::string more = evidence(error, found, context); !more.empty()) out.cause += ' ' + more;
    out.remedy = remedy_of(error, condition);
    out.places = std::move(found.places);
    item.code = codes::statement_failed;
    item.title = title_of(error, condition);
    item.why = out.cause;
    if (!out.remedy.empty()) item.next.push_back(out.remedy);
    if (!out.places.empty() && out.places.front().certain) {
        item.where = out.places.front().where;
        item.changeset = out.places.front().changeset;
    }
    item.server = server_of(error);
    return out;
}

}  // namespace

std::vector<Diagnosis> diagnose(std::string_view pasted, const DiagnoseContext& context) {
    PlaceSearch search(context);
    std::vector<Diagnosis> out;
    for (PastedError& error : read_errors(pasted)) {
        if (out.size() == kMostErrors) break;
        out.push_back(explain(std::move(error), search, context));
    }
    return out;
}

}  // namespace changelog::review
