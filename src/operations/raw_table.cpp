// CREATE TABLE: columns and constraints, LIKE, INHERITS, PARTITION BY and PARTITION OF.
#include "catalog/dependents.hpp"
#include "core/text.hpp"
#include "operations/common.hpp"
#include "operations/index_key.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_statement.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

using catalog::Column;
using catalog::Constraint;
using catalog::ConstraintKind;
using catalog::Table;

// What INCLUDING takes, by the bits of the parse tree (TableLikeOption of the server).
enum Like : int {
    kComments = 1,
    kCompression = 2,
    kConstraints = 4,
    kDefaults = 8,
    kGenerated = 16,
    kIdentity = 32,
    kIndexes = 64,
    kStorage = 256,
};

bool has(int options, Like what) { return (options & what) != 0; }

Column like_column(const Column& source, int options) {
    Column made;
    made.name = source.name;
    made.type = source.type;
    made.collation = source.collation;
    made.not_null = source.not_null;
    made.not_null_name = source.not_null_name;
    const bool is_generated = source.generated != catalog::Generated::no;
    if (source.expression && has(options, is_generated ? kGenerated : kDefaults)) {
        made.expression = source.expression;
        made.generated = source.generated;
    }
    if (source.identity && has(options, kIdentity)) {
        made.identity = source.identity;
        made.identity->sequence.clear();
    }
    if (has(options, kStorage)) made.storage = source.storage;
    if (has(options, kCompression)) made.compression = source.compression;
    if (has(options, kComments)) made.comment = source.comment;
    return made;
}

catalog::NameOf name_kind(ConstraintKind kind) {
    if (kind == ConstraintKind::primary_key) return catalog::NameOf::primary_key;
    return kind == ConstraintKind::unique ? catalog::NameOf::unique : catalog::NameOf::exclusion;
}

/// Indexes and what they stand for get names of their own.
bool like_indexes(RawStatement& statement, Table& table, const Table& source, int options) {
    for (Constraint made : source.constraints) {
        if (made.kind == ConstraintKind::check || made.kind == ConstraintKind::foreign_key) continue;
        std::vector<std::string> columns = made.columns;
        columns.insert(columns.end(), made.include.begin(), made.include.end());
        const auto name = statement.choose(table.name, name_kind(made.kind), columns);
        if (!name) return statement.fail("the name of a constraint is not known");
        made.name = *name;
        made.id = {};
        made.clustered = made.replica_identity = made.inherited = false;
        if (!has(options, kComments)) made.comment.reset();
        table.constraints.push_back(std::move(made));
    }
    for (catalog::Index made : source.indexes) {
        made.id = {};
        made.clustered = made.replica_identity = made.on_only = false;
        made.attached_to = {};
        if (!has(options, kComments)) made.comment.reset();
        made.name = chosen_index_name(statement.catalog(), table.name, made);
        table.indexes.push_back(std::move(made));
    }
    return true;
}

/// Its sequence becomes a bigint's with the limits of the source's type, which not all versions agree on.
bool copies_odd_identity(const Table& source, int options) {
    return has(options, kIdentity) &&
           std::any_of(source.columns.begin(), source.columns.end(), [](const Column& column) {
               return column.identity && column.identity->options.type != "bigint";
           });
}

bool take_like(RawStatement& statement, Table& table, const sql::Node& clause) {
    const ObjectName name = statement.relation(child(clause, "relation"));
    const Table* known = statement.catalog().table(name);
    if (known == nullptr || statement.is_invented(name))
        return statement.fail_unknown(ObjectKind::table, name);
    const Table source = *known;
    const sql::Node& bits = child(clause, "options");
    const int options = bits.is_number_integer() ? static_cast<int>(bits.get<long long>()) : 0;
    if (copies_odd_identity(source, options)) return statement.fail("it copies an identity column");
    for (const Column& column : source.columns) table.columns.push_back(like_column(column, options));
    if (has(options, kConstraints))
        for (const Constraint& constraint : source.constraints)
            if (constraint.kind == ConstraintKind::check) {
                table.constraints.push_back(constraint);
                table.constraints.back().id = {};
                table.constraints.back().inherited = false;
                if (!has(options, kComments)) table.constraints.back().comment.reset();
            }
    return !has(options, kIndexes) || like_indexes(statement, table, source, options);
}

/// The columns and CHECKs of a parent; those that the table has itself are merged with them.
void inherit(Table& table, const Table& parent, std::size_t& place, bool partition) {
    for (const Column& source : parent.columns) {
        if (Column* own = table.column(source.name)) {
            // Its own declaration keeps its name.
            if (!source.not_null_name.empty() && own->not_null_name.empty())
                own->not_null_name = own->not_null
                                         ? sql::make_object_name(table.name.name, own->name, "not_null")
                                         : source.not_null_name;
            own->not_null = own->not_null || source.not_null;
            if (!own->expression && !own->identity) own->expression = source.expression;
            continue;
        }
        Column made = like_column(source, kDefaults | kGenerated | kStorage | kCompression);
        made.inherited = true;
        table.columns.insert(table.columns.begin() + static_cast<std::ptrdiff_t>(place++), std::move(made));
    }
    if (partition) return;  // adopt_parent() sees to all constraints
    for (const Constraint& source : parent.constraints) {
        if (source.kind != ConstraintKind::check || source.no_inherit) continue;
        if (table.constraint(source.name) != nullptr) continue;
        Constraint made = source;
        made.id = {};
        made.inherited = true;
        made.comment.reset();
        table.constraints.push_back(std::move(made));
    }
}

bool take_parents(RawStatement& statement, Table& table, const sql::Node& node, bool partition) {
    std::size_t place = 0;
    for (const sql::Node& item : child(node, "inhRelations")) {
        const ObjectName name = statement.relation(inside(item));
        const Table* parent = statement.catalog().table(name);
        if (parent == nullptr || statement.is_invented(name))
            return statement.fail_unknown(ObjectKind::table, name);
        if (partition)
            table.partition_of = name;
        else
            table.inherits.push_back(name);
        inherit(table, *parent, place, partition);
    }
    return true;
}

/// "DEFAULT b" of PARTITION OF: options for a column that the parent has.
bool adjust_column(RawStatement& statement, Table& table, const sql::Node& definition, Span span) {
    Column* column = table.column(text_of(definition, "colname"));
    if (column == nullptr) return statement.fail("a column of its parent is not known");
    for (const sql::Node& item : child(definition, "constraints")) {
        const sql::Node& constraint = inside(item);
        const std::string kind = text_of(constraint, "contype");
        const std::size_t at = statement.text.at(constraint);
        if (kind == "CONSTR_NOTNULL") {
            column->not_null = true;
        } else if (kind == "CONSTR_DEFAULT" && child(definition, "constraints").size() == 1) {
            column->expression = statement.slice(at + 1, statement.text.item_end(at, span.end));
        } else {
            return statement.fail("an option of a column of the partition is not understood");
        }
    }
    return true;
}

bool take_elements(RawStatement& statement, Table& table, const sql::Node& node, bool partition) {
    for (const sql::Node& element : child(node, "tableElts")) {
        const std::string kind = kind_of(element);
        const std::size_t at = statement.text.at(inside(element));
        const Span span{at, statement.text.item_end(at, statement.span.end)};
        bool followed = false;
        if (kind == "ColumnDef" && !child(inside(element), "typeName").is_null())
            followed = define_column(statement, table, inside(element), span);
        else if (kind == "ColumnDef")
            followed = partition && adjust_column(statement, table, inside(element), span);
        else if (kind == "Constraint")
            followed = define_constraint(statement, table, inside(element), {}, span);
        else if (kind == "TableLikeClause")
            followed = take_like(statement, table, inside(element));
        if (!followed) return false;
    }
    return true;
}

std::string partition_key(const RawStatement& statement, const sql::Node& partspec) {
    if (partspec.is_null()) return {};
    const std::size_t at = statement.text.at(partspec);  // PARTITION BY strategy (...)
    const std::size_t open = statement.text.find("(", at, statement.span.end);
    return upper(statement.text[open - 1]) + ' ' + statement.slice(open, statement.text.close(open) + 1);
}

/// A foreign key to the table itself may stand before its primary key.
void complete_own_keys(Table& table) {
    const Constraint* key = table.primary_key();
    if (key == nullptr) return;
    const std::vector<std::string> columns = key->columns;
    for (Constraint& constraint : table.constraints)
        if (constraint.kind == ConstraintKind::foreign_key && constraint.referenced_table == table.name &&
            constraint.referenced_columns.empty())
            constraint.referenced_columns = columns;
}

void take_settings(const RawStatement& statement, Table& table, const sql::Node& node) {
    if (text_of(child(node, "relation"), "relpersistence") == "u") table.persistence = "UNLOGGED";
    table.options = statement.options(child(node, "options"));
    std::erase_if(table.options, [](const auto& option) { return option.first == "oids"; });
    table.tablespace = text_of(node, "tablespacename");
    table.access_method = text_of(node, "accessMethod");
    if (table.access_method == "heap") table.access_method.clear();
    table.partition_by = partition_key(statement, child(node, "partspec"));
}

bool is_there(const catalog::Catalog& catalog, const ObjectName& name) {
    return catalog.tables.contains(name) || catalog.views.contains(name);
}

/// Of a partition, without its parent's name: where FOR VALUES or DEFAULT begins.
std::size_t bound_begin(const RawStatement& statement) {
    const sql::DdlText& text = statement.text;
    std::size_t at = text.find("PARTITION", statement.span.begin, statement.span.end);
    at = text.after_name(at + 2);
    return text.is(at, "(") ? text.close(at) + 1 : at;
}

}  // namespace

std::string partition_bound(const sql::DdlText& text, std::size_t begin) {
    if (text.is(begin, "DEFAULT")) return "DEFAULT";
    std::size_t end = text.close(begin + 3);  // FOR VALUES IN (...)
    if (text.is(end + 1, "TO")) end = text.close(end + 2);
    return text.slice(begin, end + 1);
}

bool follow_create_table(RawStatement& statement, const sql::Node& node) {
    const ObjectName name = statement.relation(child(node, "relation"));
    catalog::Catalog& catalog = statement.catalog();
    if (RawStatement::is_temporary(name)) {
        statement.scope.temporary.insert(name.name);
        return true;
    }
    const bool optional = flag_of(node, "if_not_exists");
    if (optional && is_there(catalog, name)) return true;
    if (!child(node, "ofTypename").is_null()) return statement.fail("tables of a type are not modelled");
    // It is in the catalog while it is made, so that the names of its constraints are seen.
    Table& table = catalog.tables.insert_or_assign(name, Table{}).first->second;
    table.name = name;
    take_settings(statement, table, node);
    const bool partition = !child(node, "partbound").is_null();
    if (partition) table.partition_bound = partition_bound(statement.text, bound_begin(statement));
    // A partition's own elements speak of its parent's columns.
    if (partition && !take_parents(statement, table, node, true)) return false;
    if (!take_elements(statement, table, node, partition)) return false;
    if (!partition && !take_parents(statement, table, node, false)) return false;
    if (partition && !adopt_parent(statement, table, *catalog.table(table.partition_of))) return false;
    complete_own_keys(table);
    statement.name_not_nulls(name);
    return !optional || statement.unsure(ObjectKind::table, name);
}

}  // namespace changelog::operations
