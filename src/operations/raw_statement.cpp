#include "operations/raw_statement.hpp"

#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "sql/ddl_type.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

bool RawStatement::fail_unknown(ObjectKind object, const ObjectName& name, const std::string& part) {
    return fail(
        one_line(fmt::format("the definition of {} is not known", to_string(ObjectRef{object, name, part}))));
}

bool RawStatement::unsure(ObjectKind object, const ObjectName& name, Before before) {
    const std::string shown = to_string(ObjectRef{object, name, {}});
    tentative = true;
    why = one_line(fmt::format("whether {} was there before is not known", shown));
    // One that was replaced is what the statement says now; one that was kept is not.
    if (before == Before::kept)
        mark_uncertain(catalog(), one_line(fmt::format("SQL makes {} if it is not there", shown)));
    return true;
}

ObjectName RawStatement::relation(const sql::Node& range_var) const {
    const std::string schema = text_of(range_var, "schemaname"), called = text_of(range_var, "relname");
    if (text_of(range_var, "relpersistence") == "t") return {"pg_temp", called};
    return schema.empty() ? name({called}) : ObjectName{schema, called};
}

ObjectName RawStatement::name(std::vector<std::string> parts) const {
    if (parts.empty()) return {};
    if (parts.size() > 1) return {parts[parts.size() - 2], parts.back()};
    return {scope.temporary.contains(parts.back()) ? "pg_temp" : scope.default_schema, parts.back()};
}

catalog::Table* RawStatement::table(const ObjectName& name) const {
    if (catalog::Table* known = catalog().table(name)) return known;
    if (!scope.invent_tables || is_temporary(name) || catalog().views.contains(name)) return nullptr;
    constexpr std::uint64_t kFirst = std::uint64_t{1} << 62U;  // beyond every oid and every number of a fold
    catalog::Table& made = catalog().tables[name];
    made.name = name;
    made.id.value = kFirst + scope.invented.size();
    scope.invented.emplace(name, made.id);
    return &made;
}

bool RawStatement::is_invented(const ObjectName& name) const {
    const catalog::Table* table = catalog().table(name);
    if (table == nullptr || scope.invented.empty()) return false;
    return std::any_of(scope.invented.begin(), scope.invented.end(),
                       [&](const auto& entry) { return entry.second.value == table->id.value; });
}

std::string RawStatement::bracketed_after(std::string_view word, std::size_t from, std::size_t end) const {
    const std::size_t found = text.find(word, from, end);
    const std::size_t open = text.find("(", found, end);
    return found == end || open == end ? std::string() : text.within(open);
}

std::string RawStatement::type(const sql::Node& type_name) const {
    const sql::DdlType found = sql::ddl_type(type_name, text);
    if (found.user.size() != 1) return found.text;
    const ObjectName known{scope.default_schema, found.user.front()};
    return catalog().types.contains(known) ? sql::qualified(known) + found.suffix : found.text;
}

std::string RawStatement::collation(const sql::Node& coll_clause) {
    std::vector<std::string> parts = strings_of(child(coll_clause, "collname"));
    if (parts.size() == 2 && parts.front() == "pg_catalog") parts.erase(parts.begin());
    return sql::identifiers(parts, ".");
}

std::map<std::string, std::string> RawStatement::options(const sql::Node& list) const {
    std::map<std::string, std::string> out;
    for (const sql::Node& item : list) {
        const sql::Node& option = inside(item);
        const std::string space = text_of(option, "defnamespace");
        const std::size_t name_at = text.at(option), behind = text.after_name(name_at);
        const bool has_value = text.is(behind, "=");
        std::string value = has_value ? slice(behind + 1, text.item_end(behind + 1, text.size())) : "true";
        if (value.size() > 1 && value.starts_with('\'')) value = value.substr(1, value.size() - 2);
        out[(space.empty() ? "" : space + '.') + text_of(option, "defname")] = value;
    }
    return out;
}

std::optional<std::string> RawStatement::choose(const ObjectName& table, catalog::NameOf what,
                                                const std::vector<std::string>& columns) const {
    if (is_invented(table)) return std::nullopt;
    std::string chosen = catalog::chosen_name(catalog(), table, what, columns);
    return is_taken_elsewhere({table.schema, chosen}) ? std::nullopt : std::optional(std::move(chosen));
}

void RawStatement::name_not_nulls(const ObjectName& table) const {
    catalog::name_not_nulls(catalog(), table, scope.server_version);
}

bool RawStatement::is_taken_elsewhere(const ObjectName& name) const {
    const auto there = [&](const catalog::Catalog& names) {
        return catalog::relation_exists(names, name) || catalog::constraint_exists(names, name);
    };
    return scope.all != nullptr && there(*scope.all) && !there(*scope.part);
}

bool RawStatement::is_certain() const {
    return (scope.all != nullptr ? *scope.all : scope.catalog).uncertain.empty();
}

std::string RawStatement::whole_with_schema(const sql::Node& range_var) const {
    std::string out = whole();
    if (!text_of(range_var, "schemaname").empty() || scope.default_schema.empty()) return out;
    const std::size_t place = text.offset(text.at(range_var)) - text.offset(span.begin);
    return out.insert(place, sql::identifier(scope.default_schema) + '.');
}

bool reaches_children(const RawStatement& statement) {
    return flag_of(child(statement.node, "relation"), "inh");
}

}  // namespace changelog::operations
