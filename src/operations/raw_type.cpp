// CREATE and ALTER TYPE and DOMAIN.
#include "catalog/ddl.hpp"
#include "catalog/migration_follow.hpp"
#include "catalog/rename.hpp"
#include "core/text.hpp"
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_statement.hpp"

namespace changelog::operations {

namespace {

using catalog::Constraint;
using catalog::Type;
using catalog::TypeKind;

void add_type(RawStatement& statement, Type made) {
    const ObjectName name = made.name;
    statement.catalog().types.insert_or_assign(name, std::move(made));
}

std::optional<catalog::TypeAttribute> attribute_of(const RawStatement& statement,
                                                   const sql::Node& definition) {
    catalog::TypeAttribute out{text_of(definition, "colname"), statement.type(child(definition, "typeName")),
                               RawStatement::collation(child(definition, "collClause"))};
    return out.type.empty() ? std::nullopt : std::optional(std::move(out));
}

/// The known type of this name and kind, or null with the reason.
Type* known_type(RawStatement& statement, const ObjectName& name, TypeKind kind) {
    Type* known = find_in(statement.catalog().types, name);
    if (known != nullptr && known->kind == kind) return known;
    statement.fail_unknown(ObjectKind::type, name);
    return nullptr;
}

bool add_check(RawStatement& statement, Type& type, const sql::Node& node, Span span) {
    Constraint made;
    made.name = text_of(node, "conname");
    made.expression = statement.bracketed_after("CHECK", span.begin, span.end);
    made.validated = !flag_of(node, "skip_validation");
    if (made.name.empty()) {
        const auto chosen = statement.choose(type.name, catalog::NameOf::check, {});
        if (!chosen) return statement.fail("the name that the constraint gets is not known");
        made.name = *chosen;
        for (int number = 1; find_named(type.constraints, made.name) != nullptr; ++number)
            made.name = *chosen + std::to_string(number);
    }
    type.constraints.push_back(std::move(made));
    return true;
}

/// Where a clause of CREATE DOMAIN ends: at the next one.
std::size_t clause_end(const RawStatement& statement, std::size_t begin) {
    std::size_t end = statement.span.end;
    const auto stop_at = [&](const sql::Node& located) {
        const std::size_t at = statement.text.at(located);
        if (!located.is_null() && at > begin && at < end) end = at;
    };
    for (const sql::Node& other : child(statement.node, "constraints")) stop_at(inside(other));
    stop_at(child(statement.node, "collClause"));
    return end;
}

bool take_domain_clause(RawStatement& statement, Type& type, const sql::Node& node) {
    const std::string kind = text_of(node, "contype");
    const std::size_t at = statement.text.at(node);
    const Span span{at, clause_end(statement, at)};
    if (kind == "CONSTR_NOTNULL") {
        type.not_null = true;
        const std::string name = text_of(node, "conname");
        if (statement.scope.server_version >= catalog::kNamedDomainNotNull && !name.empty() &&
            name != catalog::usual_not_null_name(type.name)) {
            type.not_null = false;
            type.constraints.push_back(catalog::domain_not_null(name));
        }
    } else if (kind == "CONSTR_DEFAULT") {
        type.expression = statement.slice(statement.text.find("DEFAULT", span.begin, span.end) + 1, span.end);
    } else if (kind == "CONSTR_CHECK") {
        return add_check(statement, type, node, span);
    }
    return true;
}

bool drop_check(RawStatement& statement, Type& type) {
    const std::string name = text_of(statement.node, "name");
    if (type.not_null && name == catalog::usual_not_null_name(type.name) &&
        statement.scope.server_version >= catalog::kNamedDomainNotNull) {
        type.not_null = false;
        return true;
    }
    const bool found = std::erase_if(type.constraints, [&](const Constraint& constraint) {
                           return constraint.name == name;
                       }) > 0;
    if (found || flag_of(statement.node, "missing_ok")) return true;
    return statement.fail_unknown(ObjectKind::type, type.name);
}

bool alter_attribute(RawStatement& statement, Type& type, const sql::Node& command) {
    const std::string kind = text_of(command, "subtype"), name = text_of(command, "name");
    const auto has_name = [&](const catalog::TypeAttribute& attribute) { return attribute.name == name; };
    if (kind == "AT_DropColumn") {
        const bool found = std::erase_if(type.attributes, has_name) > 0;
        return found || flag_of(command, "missing_ok") || statement.fail("an attribute of it is not known");
    }
    auto attribute = attribute_of(statement, inside(child(command, "def")));
    if (!attribute) return statement.fail("the type of an attribute is not known");
    if (kind == "AT_AddColumn") {
        type.attributes.push_back(std::move(*attribute));
        return true;
    }
    auto* known = find_named(type.attributes, name);
    if (kind != "AT_AlterColumnType" || known == nullptr)
        return statement.fail("what it does to the type is not understood");
    known->type = attribute->type;
    known->collation = attribute->collation;
    return true;
}

}  // namespace

bool follow_enum(RawStatement& statement) {
    Type made;
    made.name = statement.name(strings_of(child(statement.node, "typeName")));
    made.kind = TypeKind::enumeration;
    made.labels = strings_of(child(statement.node, "vals"));
    add_type(statement, std::move(made));
    return true;
}

bool follow_alter_enum(RawStatement& statement) {
    const sql::Node& node = statement.node;
    const ObjectName name = statement.name(strings_of(child(node, "typeName")));
    Type* type = known_type(statement, name, TypeKind::enumeration);
    if (type == nullptr) return false;
    std::vector<std::string>& labels = type->labels;
    const std::string added = text_of(node, "newVal"), old = text_of(node, "oldVal"),
                      neighbour = text_of(node, "newValNeighbor");
    if (!old.empty()) {
        if (statement.scope.invent_tables)  // as the migration does on the way back
            catalog::follow_label(statement.catalog(), name, old, added);
        else
            catalog::rename_label(statement.catalog(), name, old, added);
        return true;
    }
    if (std::find(labels.begin(), labels.end(), added) != labels.end()) return true;  // IF NOT EXISTS
    auto place = neighbour.empty() ? labels.end() : std::find(labels.begin(), labels.end(), neighbour);
    if (!neighbour.empty() && place == labels.end()) return statement.fail_unknown(ObjectKind::type, name);
    if (flag_of(node, "newValIsAfter") && place != labels.end()) ++place;
    labels.insert(place, added);
    return true;
}

bool follow_composite(RawStatement& statement) {
    Type made;
    made.name = statement.relation(child(statement.node, "typevar"));
    made.kind = TypeKind::composite;
    for (const sql::Node& item : child(statement.node, "coldeflist")) {
        auto attribute = attribute_of(statement, inside(item));
        if (!attribute) return statement.fail("the type of an attribute is not known");
        made.attributes.push_back(std::move(*attribute));
    }
    add_type(statement, std::move(made));
    return true;
}

bool follow_alter_composite(RawStatement& statement) {
    Type* type =
        known_type(statement, statement.relation(child(statement.node, "relation")), TypeKind::composite);
    if (type == nullptr) return false;
    for (const sql::Node& command : child(statement.node, "cmds"))
        if (!alter_attribute(statement, *type, inside(command))) return false;
    return true;
}

bool follow_range(RawStatement& statement) {
    Type made;
    made.name = statement.name(strings_of(child(statement.node, "typeName")));
    made.kind = TypeKind::range;
    made.definition = statement.bracketed_after("RANGE", statement.span.begin, statement.span.end);
    add_type(statement, std::move(made));
    return true;
}

bool follow_domain(RawStatement& statement) {
    Type made;
    made.name = statement.name(strings_of(child(statement.node, "domainname")));
    made.kind = TypeKind::domain;
    made.base_type = statement.type(child(statement.node, "typeName"));
    made.collation = RawStatement::collation(child(statement.node, "collClause"));
    if (made.base_type.empty()) return statement.fail("the type under the domain is not known");
    for (const sql::Node& item : child(statement.node, "constraints"))
        if (!take_domain_clause(statement, made, inside(item))) return false;
    add_type(statement, std::move(made));
    return true;
}

bool follow_alter_domain(RawStatement& statement) {
    const sql::Node& node = statement.node;
    const ObjectName name = statement.name(strings_of(child(node, "typeName")));
    Type* type = known_type(statement, name, TypeKind::domain);
    if (type == nullptr) return false;
    const std::string kind = text_of(node, "subtype");
    const std::size_t begin = statement.span.begin, end = statement.span.end;
    if (kind == "T") {
        type->expression.reset();
        if (!child(node, "def").is_null())
            type->expression = statement.slice(statement.text.find("DEFAULT", begin, end) + 1, end);
    } else if (kind == "N" || kind == "O") {
        if (kind == "N") std::erase_if(type->constraints, catalog::is_not_null);
        const bool named =
            std::any_of(type->constraints.begin(), type->constraints.end(), catalog::is_not_null);
        type->not_null = kind == "O" && !named;
    } else if (kind == "C") {
        const sql::Node& constraint = inside(child(node, "def"));
        if (text_of(constraint, "contype") != "CONSTR_CHECK")
            return statement.fail("what it adds to the domain is not understood");
        return add_check(statement, *type, constraint, statement.span);
    } else if (kind == "X") {
        return drop_check(statement, *type);
    } else if (kind == "V") {
        if (auto* constraint = find_named(type->constraints, text_of(node, "name")))
            constraint->validated = true;
    } else {
        return statement.fail("what it does to the domain is not understood");
    }
    return true;
}

}  // namespace changelog::operations
