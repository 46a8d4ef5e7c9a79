#include "operations/user_type.hpp"

#include "catalog/ddl.hpp"
#include "core/text.hpp"
#include "operations/lookup.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

namespace {

/// Where the dot between schema and name is, quotes considered.
std::size_t last_dot(std::string_view text) {
    bool quoted = false;
    std::size_t dot = std::string_view::npos;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') quoted = !quoted;
        if (text[i] == '.' && !quoted) dot = i;
    }
    return dot;
}

}  // namespace

std::string type_words(const catalog::Type& type) {
    return (type.kind == catalog::TypeKind::domain ? "DOMAIN " : "TYPE ") + sql::qualified(type.name);
}

Undo recreate_type(const RenderContext& context, const ObjectName& name) {
    const auto* known = find_in(context.before->types, name);
    if (known == nullptr) return not_known(context, {ObjectKind::type, name, {}});
    return undo(catalog::create_type_statements(*known));
}

bool is_type(const std::string& column_type, const ObjectName& type, const std::string& default_schema) {
    const std::string element = trim(std::string_view(column_type).substr(0, column_type.find('[')));
    const std::size_t dot = last_dot(element);
    if (dot == std::string::npos) return type.name == sql::from_sql(element) && type.schema == default_schema;
    return type.name == sql::from_sql(element.substr(dot + 1)) &&
           type.schema == sql::from_sql(element.substr(0, dot));
}

void append_comment(std::vector<Statement>& statements, const std::string& what,
                    const std::optional<std::string>& remarks) {
    if (remarks)
        statements.push_back(statement(fmt::format("COMMENT ON {} IS {}", what, sql::literal(*remarks))));
}

}  // namespace changelog::operations
