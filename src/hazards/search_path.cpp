#include "hazards/search_path.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/parse.hpp"

#include <algorithm>
#include <array>

namespace changelog::hazards {

namespace {

/// Stands for the schema that is looked for; no schema is called so.
constexpr const char* kAsked = "\x01";

bool is_there(const ObjectName& name, const catalog::Catalog& catalog) {
    return catalog.tables.contains(name) || catalog.views.contains(name) || catalog.types.contains(name) ||
           catalog.sequences.contains(name) || catalog.find_index(name).index != nullptr;
}

/// What the statement needs to be there by unqualified names.
std::vector<std::string> needed(const std::string& sql) {
    Footprint footprint;
    sql::footprint_of(sql, kAsked, footprint);
    std::vector<std::string> out;
    for (const Touch& touch : footprint.touches)
        if (touch.object.name.schema == kAsked && touch.access != Access::create && touch.object.part.empty())
            out.push_back(touch.object.name.name);
    return out;
}

}  // namespace

std::vector<std::string> SearchPath::path() const {
    const auto all = settings_.all();
    const auto found = all.find("search_path");
    std::vector<std::string> out;
    if (found == all.end()) return out;
    for (const std::string& each : split(found->second, ',')) {
        const std::string name = sql::from_sql(each);
        const bool own = name == "$user" || name == "pg_catalog" || name == "pg_temp";  // not for new objects
        if (!own && !name.empty()) out.push_back(name);
    }
    return out;
}

std::string SearchPath::schema_for(const std::string& sql, const catalog::Catalog& catalog) const {
    const std::vector<std::string> schemas = path();
    if (schemas.empty()) return default_;
    if (schemas.size() > 1) {
        const std::vector<std::string> names = needed(sql);
        for (const std::string& schema : schemas)
            if (std::any_of(names.begin(), names.end(), [&](const std::string& name) {
                    return is_there({schema, name}, catalog);
                }))
                return schema;
    }
    return schemas.front();
}

void SearchPath::go_on(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
        settings_.read(step, in_transaction_);
        if (step.kind != "TRANSACTION") continue;
        const std::string kind = text_of(*step.node, "kind");
        if (kind == "TRANS_STMT_BEGIN" || kind == "TRANS_STMT_START") {
            in_transaction_ = true;
        } else if (kind == "TRANS_STMT_COMMIT" || kind == "TRANS_STMT_ROLLBACK" ||
                   kind == "TRANS_STMT_PREPARE") {
            in_transaction_ = flag_of(*step.node, "chain");
            settings_.end_transaction();
        }
    }
}

void SearchPath::go_on(const std::string& sql) {
    static constexpr std::array kWords = {"search_path", "begin",    "start", "commit",
                                          "end",         "rollback", "reset", "abort"};
    const std::string text = lower(sql);  // most statements have none of them, and need not be parsed
    if (std::none_of(kWords.begin(), kWords.end(),
                     [&](const char* word) { return text.find(word) != std::string::npos; }))
        return;
    const Parsed statement(sql);
    const catalog::Catalog nothing;
    const FactContext context{nothing};
    go_on(steps_of(statement, context));
}

}  // namespace changelog::hazards
