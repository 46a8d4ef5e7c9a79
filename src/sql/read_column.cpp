// Columns and constraints, as CREATE TABLE and ALTER TABLE define them. Unnamed constraints get the names
// that the server would choose where those follow from the statement alone.
#include "sql/identifier.hpp"
#include "sql/statement_reader.hpp"

namespace changelog::sql {

namespace {

using enum Access;

bool is_serial(const Node& type_name) {
    const std::vector<std::string> parts = strings_of(child(type_name, "names"));
    static const std::set<std::string> serials = {"serial",  "serial2",     "serial4",
                                                  "serial8", "smallserial", "bigserial"};
    return parts.size() == 1 && serials.contains(parts.front());
}

void create_owned_sequence(StatementReader& reader, const ObjectName& table, const std::string& column,
                           bool tentative) {
    const std::string name = make_object_name(table.name, column, "seq");
    reader.touch(create, ObjectKind::sequence, {table.schema, name}, {}, tentative);
}

std::string joined(const std::vector<std::string>& columns) {
    std::string out;
    for (const std::string& column : columns) out += (out.empty() ? "" : "_") + column;
    return out;
}

std::string server_name(const ObjectName& table, const std::string& kind,
                        const std::vector<std::string>& columns) {
    if (kind == "CONSTR_PRIMARY") return make_object_name(table.name, {}, "pkey");
    if (kind == "CONSTR_UNIQUE") return make_object_name(table.name, joined(columns), "key");
    if (kind == "CONSTR_FOREIGN") return make_object_name(table.name, joined(columns), "fkey");
    return {};
}

std::vector<std::string> constrained_columns(const Node& constraint, const std::string& column) {
    if (!column.empty()) return {column};
    std::vector<std::string> names = strings_of(child(constraint, "keys"));
    if (names.empty()) names = strings_of(child(constraint, "fk_attrs"));
    for (const Node& exclusion : child(constraint, "exclusions"))
        for (const Node& item : child(inside(exclusion), "items"))
            if (const std::string name = text_of(inside(item), "name"); !name.empty()) names.push_back(name);
    return names;
}

/// A foreign key without columns points at the primary key, of which only the usual name can be known here.
void require_referenced(StatementReader& reader, const Node& constraint) {
    const ObjectName other = reader.name_of(child(constraint, "pktable"));
    const std::vector<std::string> names = strings_of(child(constraint, "pk_attrs"));
    reader.touch(require, ObjectKind::table, other);
    reader.columns(require, other, names);
    if (names.empty())
        reader.touch(require, ObjectKind::constraint, other, make_object_name(other.name, {}, "pkey"));
    reader.touch(require, ObjectKind::rows, other);
}

}  // namespace

void read_column_definition(StatementReader& reader, const ObjectName& table, const Node& column,
                            bool tentative) {
    const std::string name = text_of(column, "colname");
    const Node& type = child(column, "typeName");
    reader.touch(create, ObjectKind::column, table, name, tentative);
    if (is_serial(type)) {
        create_owned_sequence(reader, table, name, tentative);
    } else {
        reader.type_use(type);
    }
    reader.expression(child(column, "raw_default"), table);
    for (const Node& constraint : child(column, "constraints")) {
        if (text_of(inside(constraint), "contype") == "CONSTR_IDENTITY")
            create_owned_sequence(reader, table, name, tentative);
        read_constraint(reader, table, inside(constraint), name);
    }
}

void read_constraint(StatementReader& reader, const ObjectName& table, const Node& constraint,
                     const std::string& column) {
    const std::string kind = text_of(constraint, "contype");
    if (const Node& expression = child(constraint, "raw_expr"); !expression.is_null()) {
        const bool of_a_column_only = kind == "CONSTR_DEFAULT";
        if (of_a_column_only) {
            reader.query(expression, Use::definition);
        } else {
            reader.expression(expression, table);
        }
    }
    static const std::set<std::string> lasting = {"CONSTR_PRIMARY", "CONSTR_UNIQUE", "CONSTR_FOREIGN",
                                                  "CONSTR_CHECK", "CONSTR_EXCLUSION"};
    if (!lasting.contains(kind)) return;
    const std::vector<std::string> columns = constrained_columns(constraint, column);
    reader.columns(require, table, columns);
    if (kind == "CONSTR_FOREIGN") require_referenced(reader, constraint);
    if (const std::string index = text_of(constraint, "indexname"); !index.empty())
        reader.touch(require, ObjectKind::index, {table.schema, index});
    std::string name = text_of(constraint, "conname");
    if (name.empty()) name = server_name(table, kind, columns);
    if (!name.empty()) reader.touch(create, ObjectKind::constraint, table, name);
    reader.touch(require, ObjectKind::rows, table);
}

}  // namespace changelog::sql
