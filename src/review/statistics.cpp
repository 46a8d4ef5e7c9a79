#include "review/statistics.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "hazards/relations.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace changelog::review {

namespace {

using Json = nlohmann::ordered_json;
using postgres::RelationSize;

constexpr int kVersion = 1;

struct KindName {
    char kind;
    std::string_view name;
};
constexpr std::array kKinds = {KindName{'r', "table"},
                               KindName{'p', "partitioned table"},
                               KindName{'m', "materialized view"},
                               KindName{'f', "foreign table"},
                               KindName{'i', "index"},
                               KindName{'I', "partitioned index"}};

std::string_view name_of(char kind) {
    for (const KindName& each : kKinds)
        if (each.kind == kind) return each.name;
    return "table";
}

Json relation_json(const ObjectName& name, const RelationSize& size, long long writes) {
    Json out;
    out["schema"] = name.schema;
    out["name"] = name.name;
    out["kind"] = name_of(size.kind);
    if (size.rows >= 0) out["rows"] = size.rows;
    out["heap"] = size.heap;
    if (!size.is_table()) return out;
    out["table"] = size.table;
    out["indexes"] = size.indexes;
    out["indexCount"] = size.index_count;
    out["writes"] = writes;
    return out;
}

Json applied_json(const AppliedChangeSet& changeset) {
    return {{"path", changeset.key.path},
            {"id", changeset.key.id},
            {"author", changeset.key.author},
            {"checksum", changeset.checksum},
            {"event", changeset.event}};
}

std::string compact(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// One item a line, so that a difference of two files reads well.
std::string lines(const std::vector<std::string>& items) {
    return items.empty() ? "[]" : "[\n    " + join(items, ",\n    ") + "\n  ]";
}

/// Days since 1970 of the date at the beginning of an ISO text.
std::optional<long> day_of(std::string_view text) {
    int year = 0;
    unsigned month = 0, day = 0;
    if (std::sscanf(std::string(text).c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count();
}

Location place_of(const std::string& name, const std::string& text, std::size_t offset) {
    offset = std::min(offset, text.size());
    const std::size_t newline = offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
    const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
    Location out;
    out.file = name;
    out.line =
        static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<long>(begin), '\n')) +
        1;
    out.column = static_cast<std::uint32_t>(offset - begin) + 1;
    out.excerpt = clip_utf8(text.substr(begin, text.find('\n', begin) - begin), 200);
    return out;
}

/// What is wrong with the file's shape; `near` is text that stands about there.
struct Wrong {
    std::string title, near;
};

class Reader {
  public:
    Statistics read(const Json& file) {
        if (!file.is_object()) throw Wrong{"the file is no JSON object", ""};
        if (const long long version = number(file, "version", ""); version != kVersion)
            throw Wrong{
                fmt::format("the file is of version {}, this program reads version {}", version, kVersion),
                "\"version\""};
        Statistics out;
        out.environment = text_or_none(file, "environment");
        out.taken = text(file, "taken", "");
        if (!day_of(out.taken)) throw Wrong{"'taken' is no time such as 2026-11-22T08:15:00Z", "\"taken\""};
        out.server_version =
            file.contains("serverVersion") ? static_cast<int>(number(file, "serverVersion", "")) : 0;
        out.since = text_or_none(file, "since");
        for (const Json& each : list(file, "relations")) relation(each, out);
        if (!file.contains("applied")) return out;
        out.applied.emplace();
        for (const Json& each : list(file, "applied")) out.applied->push_back(applied(each));
        return out;
    }

  private:
    static const Json& list(const Json& object, const char* key) {
        const auto found = object.find(key);
        if (found == object.end()) throw Wrong{fmt::format("key '{}' is missing", key), ""};
        if (!found->is_array()) throw Wrong{fmt::format("'{}' is no list", key), fmt::format("\"{}\"", key)};
        return *found;
    }

    static std::string text(const Json& object, const char* key, const std::string& near) {
        const auto found = object.is_object() ? object.find(key) : object.end();
        if (found == object.end()) throw Wrong{fmt::format("key '{}' is missing", key), near};
        if (!found->is_string()) throw Wrong{fmt::format("'{}' is no text", key), near};
        return found->get<std::string>();
    }

    static std::string text_or_none(const Json& object, const char* key) {
        return object.contains(key) ? text(object, key, fmt::format("\"{}\"", key)) : "";
    }

    static long long number(const Json& object, const char* key, const std::string& near) {
        const auto found = object.find(key);
        if (found == object.end()) throw Wrong{fmt::format("key '{}' is missing", key), near};
        if (!found->is_number_integer() || found->get<long long>() < 0)
            throw Wrong{fmt::format("'{}' is no whole number", key), near};
        return found->get<long long>();
    }

    static void relation(const Json& item, Statistics& out) {
        const std::string name = text(item, "name", "\"relations\""), near = fmt::format("\"{}\"", name);
        const ObjectName at{text(item, "schema", near), name};
        const std::string kind = text(item, "kind", near);
        const auto known = std::find_if(kKinds.begin(), kKinds.end(),
                                        [&](const KindName& each) { return each.name == kind; });
        if (known == kKinds.end()) throw Wrong{fmt::format("'{}' is no kind of relation", kind), near};
        RelationSize& size = out.relations[at];
        size.kind = known->kind;
        size.rows = item.contains("rows") ? number(item, "rows", near) : -1;
        size.heap = number(item, "heap", near);
        size.table = item.contains("table") ? number(item, "table", near) : size.heap;
        size.indexes = item.contains("indexes") ? number(item, "indexes", near) : 0;
        size.index_count =
            item.contains("indexCount") ? static_cast<int>(number(item, "indexCount", near)) : 0;
        if (item.contains("writes")) out.writes[at] = number(item, "writes", near);
    }

    static AppliedChangeSet applied(const Json& item) {
        AppliedChangeSet out;
        out.key.id = text(item, "id", "\"applied\"");
        const std::string near = fmt::format("\"{}\"", out.key.id);
        out.key.author = text(item, "author", near);
        out.key.path = text(item, "path", near);
        out.checksum = text(item, "checksum", near);
        out.event = text(item, "event", near);
        return out;
    }
};

}  // namespace

std::optional<int> Statistics::age_in_days(std::string_view now) const {
    const auto then = day_of(taken), today = day_of(now);
    if (!then || !today) return std::nullopt;
    return static_cast<int>(*today - *then);
}

std::string to_json(const Statistics& statistics) {
    std::vector<std::string> relations, applied, parts;
    for (const auto& [name, size] : statistics.relations) {
        const auto writes = statistics.writes.find(name);
        relations.push_back(
            compact(relation_json(name, size, writes == statistics.writes.end() ? 0 : writes->second)));
    }
    const auto put = [&](std::string_view key, const Json& value) {
        parts.push_back(fmt::format("\"{}\": {}", key, compact(value)));
    };
    put("version", kVersion);
    if (!statistics.environment.empty()) put("environment", statistics.environment);
    put("taken", statistics.taken);
    if (statistics.server_version != 0) put("serverVersion", statistics.server_version);
    if (!statistics.since.empty()) put("since", statistics.since);
    parts.push_back("\"relations\": " + lines(relations));
    if (statistics.applied) {
        for (const AppliedChangeSet& each : *statistics.applied)
            applied.push_back(compact(applied_json(each)));
        parts.push_back("\"applied\": " + lines(applied));
    }
    return "{\n  " + join(parts, ",\n  ") + "\n}\n";
}

std::optional<Statistics> read_statistics(const std::string& name, const std::string& text,
                                          Diagnostics& diagnostics) {
    const auto refuse = [&](Location where, std::string title) {
        Diagnostic& item =
            diagnostics.add(Severity::error, codes::bad_statistics, std::move(where), std::move(title));
        item.next = {"changelog stats pull --url URL --output-file " + name};
        return std::nullopt;
    };
    try {
        Statistics out = Reader().read(Json::parse(text));
        out.source = name;
        return out;
    } catch (const Json::parse_error& error) {
        return refuse(place_of(name, text, error.byte == 0 ? 0 : error.byte - 1), "the file is not JSON");
    } catch (const Wrong& wrong) {
        const std::size_t at = wrong.near.empty() ? 0 : text.find(wrong.near);
        return refuse(place_of(name, text, at == std::string::npos ? 0 : at), wrong.title);
    }
}

void complete_sizes(std::map<ObjectName, RelationSize>& sizes, const catalog::Catalog& catalog) {
    std::erase_if(sizes, [&](const auto& each) {
        const catalog::Table* table = catalog.table(each.first);
        return each.second.kind == 'p' && (table == nullptr || table->partition_by.empty());
    });
    const auto add = [&](const ObjectName& table, const std::string& index) {
        const auto known = sizes.find(table);
        if (known == sizes.end() || known->second.kind == 'p') return;
        const RelationSize& from = known->second;
        RelationSize size;
        size.kind = 'i';
        size.rows = from.rows;
        size.heap = size.table = from.indexes / std::max(from.index_count, 1);
        sizes.emplace(ObjectName{table.schema, index}, size);
    };
    for (const auto& [name, table] : catalog.tables) {
        for (const catalog::Index& index : table.indexes) add(name, index.name);
        for (const catalog::Constraint& each : table.constraints)
            if (hazards::has_index(each)) add(name, each.name);
    }
}

std::map<ObjectName, RelationSize> largest(const std::vector<Statistics>& all) {
    std::map<ObjectName, RelationSize> out;
    for (const Statistics& each : all)
        for (const auto& [name, size] : each.relations) {
            const auto [known, is_new] = out.emplace(name, size);
            if (is_new) continue;
            RelationSize& most = known->second;
            const bool counted = most.rows >= 0 && size.rows >= 0;
            most.rows = counted ? std::max(most.rows, size.rows) : -1;
            most.heap = std::max(most.heap, size.heap);
            most.table = std::max(most.table, size.table);
            most.indexes = std::max(most.indexes, size.indexes);
            most.index_count = std::max(most.index_count, size.index_count);
        }
    return out;
}

}  // namespace changelog::review
