#include "hazards/type_change.hpp"

#include "hazards/type_form.hpp"
#include "sql/ddl_type.hpp"
#include "sql/identifier.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

namespace changelog::hazards {

namespace {

/// A domain's base type, at whatever depth; the type itself if it is none.
std::string unwrapped(std::string type, const FactContext& context) {
    for (int depth = 0; depth < 16; ++depth) {
        const catalog::Type* known = user_type(type, context);
        if (known == nullptr || known->kind != catalog::TypeKind::domain) break;
        type = known->base_type;
    }
    return type;
}

bool is_utc_shift(const TypeForm& from, const TypeForm& to) {
    return from.base != to.base && from.base.starts_with("timestamp") && to.base.starts_with("timestamp");
}

/// Whether a cast leaves the stored values as they are.
bool keeps_values(const std::string& from, const std::string& to, const FactContext& context) {
    if (from == to) return true;
    if (is_constrained_domain(to, context)) return false;
    const TypeForm source = type_form(unwrapped(from, context)), target = type_form(unwrapped(to, context));
    if (source == target) return true;
    if (source.array || target.array) return false;
    if (is_utc_shift(source, target)) return context.utc && is_wider(source, target);
    return is_relabelled(source.base, target.base) && is_wider(source, target);
}

/// The types that USING goes through from the column on, or nothing if it is more than casts of the column.
std::optional<std::vector<std::string>> casts_of(const Node& expression, const Step& step) {
    if (kind_of(expression) == "ColumnRef") {
        const auto names = strings_of(child(inside(expression), "fields"));
        if (names.empty() || names.back() != step.name) return std::nullopt;
        return std::vector<std::string>{};
    }
    if (kind_of(expression) != "TypeCast") return std::nullopt;
    auto before = casts_of(child(inside(expression), "arg"), step);
    if (before)
        before->push_back(sql::ddl_type(child(inside(expression), "typeName"), step.statement.text()).text);
    return before;
}

bool keeps_by_using(const Node& expression, const std::string& from, const std::string& to,
                    const Step& step) {
    const auto casts = casts_of(expression, step);
    if (!casts) return false;
    std::string at = from;
    for (const std::string& next : *casts) {
        if (!keeps_values(at, next, step.context)) return false;
        at = next;
    }
    return keeps_values(at, to, step.context);
}

constexpr std::size_t kAnyLength = std::numeric_limits<std::size_t>::max();

/// How many characters the longest value of a type takes.
std::size_t longest_text(const std::string& type, const FactContext& context) {
    static const std::map<std::string, std::size_t> kLongest = {
        {"smallint", 6}, {"integer", 11},          {"bigint", 20}, {"boolean", 5}, {"uuid", 36},
        {"real", 15},    {"double precision", 24}, {"oid", 10},    {"date", 13}};
    const std::string base = unwrapped(type, context);
    const TypeForm form = type_form(base);
    if (form.array) return kAnyLength;
    if (const catalog::Type* known = user_type(base, context)) {
        std::size_t out = known->labels.empty() ? kAnyLength : 0;
        for (const std::string& label : known->labels) out = std::max(out, label.size());
        return out;
    }
    if (is_character(form.base) && !form.mods.empty()) return static_cast<std::size_t>(form.mods[0]);
    const auto found = kLongest.find(form.base);
    return found == kLongest.end() ? kAnyLength : found->second;
}

/// USING c::varchar(5): an explicit cast cuts what an assignment refuses.
bool cuts_by_using(const Node& expression, const std::string& from, const Step& step) {
    const auto casts = casts_of(expression, step);
    if (!casts) return false;
    std::size_t longest = from.empty() ? kAnyLength : longest_text(from, step.context);
    for (const std::string& cast : *casts) {
        const TypeForm target = type_form(unwrapped(cast, step.context));
        if (target.array || !is_character(target.base) || target.mods.empty()) continue;
        const auto most = static_cast<std::size_t>(target.mods[0]);
        if (most < longest) return true;
        longest = most;
    }
    return false;
}

/// Nothing is known of the old type: most changes to the widest of a kind that people write are free.
bool is_usually_free(const TypeForm& to) {
    if (to.array) return false;
    if (to.base == "text" || to.base == "inet" || to.base == "interval") return true;
    if (to.base == "numeric" || to.base == "bit varying") return to.mods.empty();
    return to.base == "character varying" ||
           (to.base.starts_with("time") && to.base.find("zone") != std::string::npos && to.mods.empty());
}

void judge_unknown(TypeChange& out, const Node& expression, const Step& step) {
    const auto casts = casts_of(expression, step);
    const bool computed = !expression.is_null() && !casts;
    // Who writes a cast mostly needs it.
    out.rewrite = computed || (casts && !casts->empty()) || !is_usually_free(type_form(out.to));
    // An integer comes from a wider number more often than from a smallint.
    out.may_fail = type_form(out.to).base == "smallint" || type_form(out.to).base == "integer";
}

}  // namespace

std::string type_of(const Node& definition, const Step& step) {
    const sql::DdlType type = sql::ddl_type(child(definition, "typeName"), step.statement.text());
    if (type.user.size() != 1) return type.text;
    const ObjectName known{step.context.default_schema, type.user.front()};
    return step.context.before.types.contains(known) ? sql::qualified(known) + type.suffix : type.text;
}

const catalog::Type* user_type(const std::string& type, const FactContext& context) {
    if (type.ends_with(']')) return nullptr;
    const std::string base = type_form(type).base;
    for (const auto& [name, known] : context.before.types) {
        if (base == sql::qualified(name)) return &known;
        if (name.schema == context.default_schema && base == sql::identifier(name.name)) return &known;
    }
    return nullptr;
}

bool is_constrained_domain(const std::string& type, const FactContext& context) {
    const catalog::Type* known = user_type(type, context);
    if (known == nullptr || known->kind != catalog::TypeKind::domain) return false;
    return known->not_null || !known->constraints.empty() || is_constrained_domain(known->base_type, context);
}

std::vector<ObjectName> tables_with_type(const ObjectName& type, const FactContext& context) {
    std::vector<ObjectName> out;
    const auto uses = [&](std::string text) {
        for (int depth = 0; depth < 16; ++depth) {
            const catalog::Type* known = user_type(text, context);
            if (known == nullptr) return false;
            if (known->name == type) return true;
            text = known->base_type;
        }
        return false;
    };
    for (const auto& [name, table] : context.before.tables)
        if (std::any_of(table.columns.begin(), table.columns.end(),
                        [&](const catalog::Column& column) { return uses(column.type); }))
            out.push_back(name);
    return out;
}

TypeChange type_change_of(const Step& step) {
    TypeChange out;
    out.to = type_of(*step.definition, step);
    const Node& expression = child(*step.definition, "raw_default");
    const catalog::Column* column = step.column();
    if (column == nullptr || column->type.empty()) {
        judge_unknown(out, expression, step);
        out.cuts = cuts_by_using(expression, {}, step);
        return out;
    }
    out.known = true;
    out.from = column->type;
    const TypeForm from = type_form(unwrapped(out.from, step.context)),
                   to = type_form(unwrapped(out.to, step.context));
    out.rewrite = expression.is_null() ? !keeps_values(out.from, out.to, step.context)
                                       : !keeps_by_using(expression, out.from, out.to, step);
    const auto collation = strings_of(child(child(*step.definition, "collClause"), "collname"));
    const std::string written = collation.empty() ? std::string() : collation.back();
    out.reindex = !out.rewrite && (sort_family(from.base) != sort_family(to.base) ||
                                   (is_character(to.base) && column->collation != written));
    const catalog::Type* enumeration = user_type(out.from, step.context);
    const bool to_text = is_character(to.base) && !to.array;
    out.assignable =
        out.from == out.to || to_text ||
        (enumeration == nullptr || enumeration->kind == catalog::TypeKind::domain ? is_assignable(from, to)
                                                                                  : false);
    out.cuts = cuts_by_using(expression, out.from, step);
    out.rounds = rounds(from, to);
    out.may_fail = may_overflow(from, to);
    return out;
}

}  // namespace changelog::hazards
