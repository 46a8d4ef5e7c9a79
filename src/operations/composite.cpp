#include "operations/composite.hpp"

#include "changelog/codes.hpp"

#include "sql/identifier.hpp"
#include "sql/type.hpp"

namespace changelog::operations {

namespace {

std::string written(const std::string& name, std::string_view between, const std::string& type,
                    const std::string& collation) {
    return fmt::format("{} {}{}{}", name, between, type,
                       collation.empty() ? "" : fmt::format(" COLLATE \"{}\"", collation));
}

}  // namespace

void AttributeConfig::describe(FieldVisitor& visitor) {
    visitor.text(required("name", "Name of the attribute."), name);
    visitor.text(optional("type", "Type of the attribute."), type);
    visitor.text(optional("collation", "Collation of its values."), collation);
}

std::string AttributeConfig::sql_type() const { return sql::column_type(type, sql::TypeUse::elsewhere).sql; }

std::string AttributeConfig::definition(const Naming& naming, std::string_view between) const {
    return written(naming.name(name), between, sql_type(), collation);
}

catalog::TypeAttribute AttributeConfig::stored(const Naming& naming) const {
    return {naming.stored(name), sql::canonical_type(sql_type()), collation};
}

std::string definition(const catalog::TypeAttribute& attribute, std::string_view between) {
    return written(sql::identifier(attribute.name), between, attribute.type, attribute.collation);
}

void check_types(const std::vector<AttributeConfig>& attributes, Position at, Diagnostics& diagnostics) {
    for (const AttributeConfig& attribute : attributes)
        if (attribute.type.empty())
            diagnostics.error(codes::missing_key, at,
                              fmt::format("attribute '{}' has no 'type'", attribute.name));
}

}  // namespace changelog::operations
