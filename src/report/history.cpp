#include "report/history.hpp"

#include "report/json.hpp"
#include "report/table.hpp"
#include "report/time.hpp"

namespace changelog::report {

namespace {

Json row_json(const postgres::HistoryRow& row) {
    Json out = {{"seq", row.seq},
                {"event", row.event},
                {"id", row.key.id},
                {"author", row.key.author},
                {"path", row.key.path}};
    put(out, "deployment", row.deployment);
    put(out, "checksum", row.checksum);
    put(out, "tag", row.tag);
    put(out, "contexts", row.contexts);
    put(out, "labels", row.labels);
    put(out, "comment", row.comment);
    out["at"] = iso_utc(row.at);
    out["seconds"] = row.seconds;
    put(out, "actor", row.actor);
    put(out, "tool_version", row.tool_version);
    return out;
}

}  // namespace

std::string history_text(const std::vector<postgres::HistoryRow>& rows, std::size_t width) {
    if (rows.empty()) return "nothing has happened yet\n";
    Table table({{"SEQ", Align::right},
                 {"AT (UTC)"},
                 {"EVENT"},
                 {"ID"},
                 {"AUTHOR"},
                 {"PATH"},
                 {"TAG"},
                 {"TOOK", Align::right},
                 {"BY"},
                 {"DEPLOYMENT"}});
    for (const postgres::HistoryRow& row : rows)
        table.row({std::to_string(row.seq), short_utc(row.at), row.event, row.key.id, row.key.author,
                   row.key.path, row.tag, duration(row.seconds), row.actor, row.deployment.substr(0, 8)});
    return table.to_text(width);
}

std::string history_json(const std::vector<postgres::HistoryRow>& rows, const Diagnostics& diagnostics) {
    Json events = Json::array();
    for (const postgres::HistoryRow& row : rows) events.push_back(row_json(row));
    Json out = answer("history", diagnostics);
    out["events"] = std::move(events);
    out["diagnostics"] = to_json(diagnostics);
    return dump(out);
}

}  // namespace changelog::report
