#include "execute/rows.hpp"

#include "core/text.hpp"
#include "operations/canonical.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

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
    const auto stored = nlohmann::json::parse(stored_statements, nullptr, false);
    if (!stored.is_array() || stored.size() < count || now.size() < count) return false;
    for (std::size_t i = 0; i < count; ++i)
        if (stored[i] != now[i].sql) return false;
    return true;
}

std::string new_deployment_id() {
    std::random_device source;
    std::uniform_int_distribution<std::uint32_t> any;
    const std::uint32_t a = any(source), b = any(source), c = any(source), d = any(source);
    return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:04x}{:08x}", a, b >> 16, b & 0xFFF,
                       0x8000 | ((c >> 16) & 0x3FFF), c & 0xFFFF, d);
}

}  // namespace changelog::execute
