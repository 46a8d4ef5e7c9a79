// Conditions of steps about columns.
#include "core/text.hpp"
#include "hazards/conditions.hpp"
#include "hazards/proofs.hpp"
#include "hazards/relations.hpp"
#include "hazards/type_change.hpp"
#include "hazards/volatility.hpp"
#include "sql/ddl_type.hpp"

#include <algorithm>

namespace changelog::hazards {

namespace {

/// The constraint of a column definition; null if it has none of the kind.
const Node& constraint_of(const Step& step, const char* contype) {
    static const Node nothing;
    for (const Node& item : child(*step.definition, "constraints"))
        if (text_of(inside(item), "contype") == contype) return inside(item);
    return nothing;
}

/// The definition of the column that a constraint stands with.
const Node& column_definition(const Step& step) { return inside(child(*step.node, "def")); }

bool is_null_constant(const Node& expression) {
    if (kind_of(expression) == "TypeCast") return is_null_constant(child(inside(expression), "arg"));
    return kind_of(expression) == "A_Const" && flag_of(inside(expression), "isnull");
}

bool domain_default_is_volatile(const Step& step) {
    std::string type = type_of(*step.definition, step);
    for (int depth = 0; depth < 16; ++depth) {
        const catalog::Type* known = user_type(type, step.context);
        if (known == nullptr) return false;
        if (known->expression) return is_volatile(expression_tree(*known->expression), step.context);
        type = known->base_type;
    }
    return false;
}

bool contains_kind(const Node& node, std::string_view kind) {
    if (node.is_array())
        return std::any_of(node.begin(), node.end(),
                           [&](const Node& item) { return contains_kind(item, kind); });
    if (!node.is_object()) return false;
    for (const auto& [key, value] : node.items())
        if (key == kind || contains_kind(value, kind)) return true;
    return false;
}

}  // namespace

bool column_exists(const Step& step) { return step.column() != nullptr; }
bool column_is_new(const Step& step) { return step.column() == nullptr; }

bool default_is_volatile(const Step& step) {
    if (column_exists(step)) return false;
    const Node& given = constraint_of(step, "CONSTR_DEFAULT");
    if (given.is_null()) return domain_default_is_volatile(step);
    return is_volatile(child(given, "raw_expr"), step.context);
}

bool is_generated_stored(const Step& step) {
    return !constraint_of(step, "CONSTR_GENERATED").is_null() && !step.stands_for(Newer::virtual_column);
}

bool is_identity(const Step& step) {
    if (!constraint_of(step, "CONSTR_IDENTITY").is_null()) return true;
    return !sql::ddl_type(child(*step.definition, "typeName"), step.statement.text()).serial.empty();
}

bool is_of_constrained_domain(const Step& step) {
    return is_constrained_domain(type_of(*step.definition, step), step.context);
}

bool has_default_clause(const Step& step) {
    for (const Node& item : child(column_definition(step), "constraints")) {
        const std::string kind = text_of(inside(item), "contype");
        if (kind == "CONSTR_DEFAULT" || kind == "CONSTR_GENERATED" || kind == "CONSTR_IDENTITY") return true;
    }
    return false;
}

bool rewrites_for_column(const Step& step) {
    return column_is_new(step) && (default_is_volatile(step) || is_generated_stored(step) ||
                                   is_identity(step) || is_of_constrained_domain(step));
}

bool lacks_needed_default(const Step& step) {
    if (column_exists(step) || constraint_of(step, "CONSTR_NOTNULL").is_null()) return false;
    if (is_identity(step) || !constraint_of(step, "CONSTR_GENERATED").is_null()) return false;
    const Node& given = constraint_of(step, "CONSTR_DEFAULT");
    if (!given.is_null()) return is_null_constant(child(given, "raw_expr"));
    const catalog::Type* domain = user_type(type_of(*step.definition, step), step.context);
    return domain == nullptr || !domain->expression;
}

bool default_has_subquery(const Step& step) {
    return contains_kind(child(constraint_of(step, "CONSTR_DEFAULT"), "raw_expr"), "SubLink");
}

bool not_null_unproven(const Step& step) {
    const catalog::Table* table = step.table();
    if (table == nullptr) return true;
    const catalog::Column* column = table->column(step.name);
    if (column != nullptr && column->not_null) return false;
    return !proves_not_null(*table, step.name, step.names_of("DROP CONSTRAINT"));
}

bool proof_is_dropped(const Step& step) {
    const catalog::Table* table = step.table();
    return table != nullptr && not_null_unproven(step) && proves_not_null(*table, step.name);
}

bool is_stored(const Step& step) {
    const catalog::Column* column = step.column();
    return column == nullptr || column->generated == catalog::Generated::stored;
}

bool is_on_read(const Step& step) {
    const catalog::Column* column = step.column();
    return column != nullptr && column->generated == catalog::Generated::on_read;
}

bool column_has_view(const Step& step) { return !views_of_column(step).empty(); }
bool drops_dependents(const Step& step) { return step.cascade(); }

/// Views, and keys that other tables point at, keep a column from being dropped.
bool restricts_dependents(const Step& step) {
    return !step.cascade() && column_exists(step) &&
           (column_has_view(step) || !referencing_column(step).empty());
}

/// Storage parameters of ALTER TABLE that need more than SHARE UPDATE EXCLUSIVE (manual, ALTER TABLE: SET).
bool option_needs_exclusive(const Step& step) {
    static constexpr std::array kExclusive = {"user_catalog_table", "security_barrier", "check_option",
                                              "security_invoker"};
    const Node& options = child(*step.definition, "items");
    return std::any_of(options.begin(), options.end(), [](const Node& item) {
        const std::string name = lower(text_of(inside(item), "defname"));
        return std::find(kExclusive.begin(), kExclusive.end(), name) != kExclusive.end();
    });
}

bool column_is_inherited(const Step& step) {
    const catalog::Column* column = step.column();
    return column != nullptr && column->inherited;
}

bool column_may_be_null(const Step& step) { return column_exists(step) && !step.column()->not_null; }

}  // namespace changelog::hazards
