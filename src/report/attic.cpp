#include "report/attic.hpp"

#include "report/json.hpp"
#include "report/table.hpp"
#include "report/time.hpp"
#include "review/weigh.hpp"

#include <fmt/format.h>

namespace changelog::report {

namespace {

Json item_json(const postgres::AtticItem& item) {
    Json out = {{"id", item.id}, {"kind", item.kind}, {"object", item.object}};
    put(out, "kept_as", item.kept_as);
    put(out, "changeset", item.changeset);
    out["tag"] = item.tag;
    out["kept_at"] = iso_utc(item.kept_at);
    if (!item.purge_after.empty()) out["purge_after"] = iso_utc(item.purge_after);
    out["expired"] = item.expired;
    out["present"] = item.present;
    if (item.rows >= 0) out["rows"] = item.rows;
    if (item.bytes >= 0) out["bytes"] = item.bytes;
    return out;
}

/// The middle of path::id::author: for people there is no room for more.
std::string id_of(const std::string& key) {
    const std::size_t first = key.find("::"), last = key.rfind("::");
    return first == last ? key : key.substr(first + 2, last - first - 2);
}

std::string until(const postgres::AtticItem& item) {
    if (!item.present) return "gone";
    if (item.purge_after.empty()) return "";
    return short_utc(item.purge_after) + (item.expired ? " (over)" : "");
}

}  // namespace

std::string byte_size(long long bytes) {
    return bytes < 0 ? std::string() : review::shown_bytes(static_cast<std::uint64_t>(bytes));
}

std::string attic_text(const std::vector<postgres::AtticItem>& items, std::size_t width) {
    if (items.empty()) return "the attic is empty\n";
    Table table({{"ITEM", Align::right},
                 {"WHAT"},
                 {"CHANGESET"},
                 {"KEPT (UTC)"},
                 {"UNTIL"},
                 {"ROWS", Align::right},
                 {"SIZE", Align::right},
                 {"KEPT AS"}});
    for (const postgres::AtticItem& item : items)
        table.row({std::to_string(item.id), postgres::describe_kept(item.kind, item.object),
                   id_of(item.changeset), short_utc(item.kept_at), until(item),
                   item.rows < 0 ? "" : std::to_string(item.rows), byte_size(item.bytes), item.kept_as});
    return table.to_text(width);
}

std::string attic_json(std::string_view command, const std::vector<postgres::AtticItem>& items,
                       const Diagnostics& diagnostics) {
    Json list = Json::array();
    for (const postgres::AtticItem& item : items) list.push_back(item_json(item));
    Json out = answer(command, diagnostics);
    out["items"] = std::move(list);
    out["diagnostics"] = to_json(diagnostics);
    return dump(out);
}

}  // namespace changelog::report
