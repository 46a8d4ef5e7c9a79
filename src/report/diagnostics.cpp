#include "report/diagnostics.hpp"

#include "report/json.hpp"
#include "report/visible.hpp"

namespace changelog::report {

namespace {

const char* name_of(Severity severity) {
    switch (severity) {
        case Severity::note:
            return "note";
        case Severity::warning:
            return "warning";
        case Severity::error:
            return "error";
    }
    return "error";
}

Json where_json(const Diagnostic& item) {
    Json where = Json::object();
    put(where, "file", item.where.file);
    if (item.where.line != 0) {
        where["line"] = item.where.line;
        where["col"] = item.where.column;
        where["endLine"] = item.where.line;
        where["endCol"] = item.where.column + item.where.length;
    }
    put(where, "pointer", item.pointer);
    put(where, "changeset", item.changeset);
    return where;
}

Json fix_json(const Fix& fix) {
    Json edits = Json::array();
    for (const Edit& edit : fix.edits)
        edits.push_back({{"file", edit.file},
                         {"startLine", edit.start_line},
                         {"startCol", edit.start_column},
                         {"endLine", edit.end_line},
                         {"endCol", edit.end_column},
                         {"newText", edit.text}});
    return {{"title", fix.title}, {"safe", fix.safe}, {"edits", std::move(edits)}};
}

/// A step that begins with our own name is a command that can be run as it is.
Json next_json(const std::string& step) {
    const bool runs = step.starts_with("changelog ");
    Json next = {{"kind", runs ? "run" : "edit"}};
    if (runs) next["command"] = step;
    next["label"] = step;
    return next;
}

Json server_json(const ServerError& server) {
    Json out = Json::object();
    put(out, "sqlstate", server.sqlstate);
    put(out, "message", server.message);
    put(out, "detail", server.detail);
    put(out, "hint", server.hint);
    put(out, "statement", server.statement);
    if (server.position != 0) out["position"] = server.position;
    put(out, "schema", server.schema);
    put(out, "table", server.table);
    put(out, "column", server.column);
    put(out, "constraint", server.constraint);
    return out;
}

}  // namespace

std::string dump(const Json& value) {
    return value.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json to_json(const Diagnostic& item) {
    Json out = {{"code", item.code}, {"severity", name_of(item.severity)}, {"title", item.title}};
    put(out, "why", item.why);
    if (Json where = where_json(item); !where.empty()) out["where"] = std::move(where);
    put(out, "got", item.got);
    put(out, "expected", item.expected);
    put(out, "did_you_mean", item.did_you_mean);
    Json fixes = Json::array(), next = Json::array();
    for (const Fix& fix : item.fixes) fixes.push_back(fix_json(fix));
    for (const std::string& step : item.next) next.push_back(next_json(step));
    put(out, "fixes", fixes);
    put(out, "next", next);
    if (item.server) out["pg"] = server_json(*item.server);
    out["docs"] = "changelog explain " + item.code;
    return out;
}

Json to_json(const Diagnostics& diagnostics) {
    Json out = Json::array();
    for (const Diagnostic& item : diagnostics.items()) out.push_back(to_json(item));
    return out;
}

Json answer(std::string_view command, const Diagnostics& diagnostics) {
    return {{"command", std::string(command)}, {"ok", !diagnostics.has_errors()}};
}

std::string diagnostics_text(const Diagnostics& diagnostics, bool colour) {
    std::string out;
    for (const Diagnostic& item : diagnostics.items()) out += to_text(visible(item), colour);
    return out;
}

std::string diagnostics_json(std::string_view command, const Diagnostics& diagnostics) {
    Json out = answer(command, diagnostics);
    out["diagnostics"] = to_json(diagnostics);
    return dump(out);
}

std::string script_json(std::string_view command, std::string_view sql, const Diagnostics& diagnostics) {
    Json out = answer(command, diagnostics);
    out["sql"] = std::string(sql);
    out["diagnostics"] = to_json(diagnostics);
    return dump(out);
}

std::string version_json(std::string_view version) {
    Json out = answer("version", {});
    out["name"] = "changelog";
    out["version"] = std::string(version);
    out["diagnostics"] = Json::array();
    return dump(out);
}

std::string counted(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string validation_summary(const ValidationCounts& counts, const Diagnostics& diagnostics) {
    return fmt::format("{}, {}: {}, {}", counted(counts.files, "file"),
                       counted(counts.changesets, "changeset"),
                       counted(diagnostics.count(Severity::error), "error"),
                       counted(diagnostics.count(Severity::warning), "warning"));
}

std::string validation_json(const ValidationCounts& counts, const Diagnostics& diagnostics) {
    Json out = answer("validate", diagnostics);
    out["files"] = counts.files;
    out["changesets"] = counts.changesets;
    out["errors"] = diagnostics.count(Severity::error);
    out["warnings"] = diagnostics.count(Severity::warning);
    out["diagnostics"] = to_json(diagnostics);
    return dump(out);
}

}  // namespace changelog::report
