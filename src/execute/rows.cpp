#include "execute/rows.hpp"

#include "core/text.hpp"
#include "operations/canonical.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>

namespace changelog::execute {

namespace {

std::string statements_to_json(const std::vector<Statement>& statements) {
    std::string out = "[";
    for (const Statement& statement : statements) {
        if (out.size() > 1) out += ',';
        out += json_string(statement.sql);
    }
    return out + "]";
}

void add_list(std::string& json, std::string_view key, const std::vector<std::string>& items) {
    if (items.empty()) return;
    json += fmt::format(",\"{}\":[", key);
    for (const std::string& item : items) {
        if (json.back() != '[') json += ',';
        json += json_string(item);
    }
    json += ']';
}

Undo read_undo(const nlohmann::json& parsed) {
    if (!parsed.is_object()) return Undo::because("the history holds no rollback for it");
    if (parsed.contains("impossible")) return Undo::because(parsed["impossible"].get<std::string>());
    Undo undo;
    for (const auto& item : parsed.value("statements", nlohmann::json::array())) {
        Statement& statement = undo.statements.emplace_back();
        statement.sql = item.value("sql", "");
        statement.transactional = item.value("transactional", true);
        statement.stdin_data = item.value("rows", "");
    }
    for (const auto& loss : parsed.value("losses", nlohmann::json::array()))
        undo.losses.push_back(loss.get<std::string>());
    for (const auto& loss : parsed.value("since", nlohmann::json::array()))
        undo.since.push_back(loss.get<std::string>());
    return undo;
}

}  // namespace

postgres::LedgerRow ledger_row(const ChangeSet& changeset, const RenderedChangeSet* rendered,
                               const std::string& deployment, const std::string& event) {
    postgres::LedgerRow row;
    row.deployment = deployment;
    row.event = event;
    row.key = changeset.key;
    row.checksum = changeset.checksum;
    row.definition = changeset.definition;
    row.contexts = join(changeset.contexts, " AND ");
    row.labels = join(changeset.labels, ",");
    row.comment = changeset.comment;
    row.tag = changeset.tag.value_or("");
    if (rendered != nullptr) {
        row.statements = statements_to_json(rendered->statements);
        row.rollback = undo_to_json(rendered->undo);
        if (rendered->generated) {
            row.rollback.pop_back();
            row.rollback += ",\"generated\":" + undo_to_json(*rendered->generated) + "}";
        }
    }
    return row;
}

std::string undo_to_json(const Undo& undo) {
    std::string out = "{";
    if (undo.impossible) return out + "\"impossible\":" + json_string(*undo.impossible) + "}";
    out += "\"statements\":[";
    for (const Statement& statement : undo.statements) {
        if (out.back() != '[') out += ',';
        out += "{\"sql\":" + json_string(statement.sql);
        if (!statement.transactional) out += ",\"transactional\":false";
        if (!statement.stdin_data.empty()) out += ",\"rows\":" + json_string(statement.stdin_data);
        out += '}';
    }
    out += ']';
    add_list(out, "losses", undo.losses);
    add_list(out, "since", undo.since);
    return out + "}";
}

Undo undo_from_json(const std::string& json) {
    return read_undo(nlohmann::json::parse(json, nullptr, false));
}

std::optional<Undo> generated_from_json(const std::string& json) {
    const auto parsed = nlohmann::json::parse(json, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("generated")) return std::nullopt;
    return read_undo(parsed["generated"]);
}

bool same_beginning(const std::string& stored_statements, const std::vector<Statement>& now,
                    std::size_t count) {
    auto stored = nlohmann::json::parse(stored_statements, nullptr, false);
    if (stored.is_object()) stored = nlohmann::json(stored.value("statements", nlohmann::json::array()));
    if (!stored.is_array() || stored.size() < count || now.size() < count) return false;
    for (std::size_t i = 0; i < count; ++i)
        if ((stored[i].is_object() ? stored[i].value("sql", "") : stored[i].get<std::string>()) != now[i].sql)
            return false;
    return true;
}

std::string with_parts(std::string rollback, const RenderedChangeSet& rendered) {
    rollback.pop_back();
    rollback += ",\"parts\":[";
    for (const RenderedChange& change : rendered.changes) {
        if (rollback.back() != '[') rollback += ',';
        rollback +=
            fmt::format("{{\"change\":{},\"count\":{},\"observe\":{},\"undo\":{}}}", change.change,
                        std::count(rendered.change_of.begin(), rendered.change_of.end(), change.change),
                        change.undo.observe, undo_to_json(change.undo));
    }
    return rollback + "]}";
}

void take_parts(const postgres::HistoryRow& started, std::size_t done, RenderedChangeSet& rendered) {
    const auto progress = nlohmann::json::parse(started.rollback, nullptr, false);
    const auto statements = nlohmann::json::parse(started.statements, nullptr, false);
    if (!progress.is_object() || !statements.is_array()) return;
    std::size_t first = 0;
    for (const auto& part : progress.value("parts", nlohmann::json::array())) {
        const std::size_t change = part.value("change", std::size_t{0});
        const std::size_t last = std::min(first + part.value("count", std::size_t{0}), statements.size());
        std::vector<std::string> then, now;
        for (std::size_t i = first; i < last; ++i) then.push_back(statements[i].get<std::string>());
        for (std::size_t i = 0; i < rendered.statements.size(); ++i)
            if (rendered.change_of[i] == change) now.push_back(rendered.statements[i].sql);
        const bool observe = part.value("observe", false), begun = first < done;
        for (RenderedChange& item : rendered.changes) {
            if (item.change != change || (then != now && !(begun && (observe || last <= done)))) continue;
            item.undo = read_undo(part.value("undo", nlohmann::json()));
            item.undo.observe = observe;
        }
        first = last;
    }
}

postgres::LedgerRow row_of_return(const postgres::HistoryRow& run, const std::string& deployment, int share) {
    postgres::LedgerRow row;
    row.deployment = deployment;
    row.event = "reran";
    row.key = run.key;
    row.checksum = run.checksum;
    row.definition = run.definition;
    auto undo = nlohmann::json::parse(run.rollback, nullptr, false);
    if (!undo.is_object()) undo = nlohmann::json::object();
    undo["back_to"] = run.seq;
    row.rollback = undo.dump();
    row.statements = run.statements;
    row.contexts = run.contexts;
    row.labels = run.labels;
    row.comment = run.comment;
    row.share = share;
    return row;
}

std::vector<postgres::HistoryRow> runs_in_effect(const std::vector<postgres::HistoryRow>& runs) {
    std::vector<postgres::HistoryRow> out;
    std::optional<long long> newest;
    for (const postgres::HistoryRow& run : runs) {
        if (newest && run.seq > *newest) continue;
        const auto undo = nlohmann::json::parse(run.rollback, nullptr, false);
        if (undo.is_object() && undo.contains("back_to"))
            newest = undo["back_to"].get<long long>();
        else
            out.push_back(run);
    }
    return out;
}

std::string new_deployment_id() {
    std::random_device source;
    std::uniform_int_distribution<std::uint32_t> any;
    const std::uint32_t a = any(source), b = any(source), c = any(source), d = any(source);
    return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:04x}{:08x}", a, b >> 16, b & 0xFFF,
                       0x8000 | ((c >> 16) & 0x3FFF), c & 0xFFFF, d);
}

}  // namespace changelog::execute
