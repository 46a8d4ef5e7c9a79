// What operations share: names in SQL and as stored, references for footprints, small statement builders.
#pragma once

#include "changelog/operation.hpp"

#include "operations/fields.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace changelog::operations {

/// The names of an operation in one context. "Written" names are as in the file; "stored" ones as PostgreSQL
/// has them.
class Naming {
  public:
    explicit Naming(const RenderContext& context) : context_(context) {}

    /// A column, constraint or other unqualified name in SQL.
    std::string name(std::string_view written) const;
    std::string names(const std::vector<std::string>& written) const;  ///< "a, b"
    /// A table, index, sequence or view in SQL, with its schema in front.
    std::string object(std::string_view written_schema, std::string_view written) const;
    /// A schema in SQL.
    std::string schema(std::string_view written_schema) const;

    std::string stored(std::string_view written) const;
    std::vector<std::string> stored(const std::vector<std::string>& written) const;
    ObjectName stored_object(std::string_view written_schema, std::string_view written) const;

    /// A stored name without its schema where this context writes names without it; for DDL out of the
    /// catalog.
    ObjectName shown(ObjectName stored_name) const;
    catalog::Table shown(catalog::Table table) const;
    catalog::Constraint shown(catalog::Constraint constraint) const;
    catalog::Sequence shown(catalog::Sequence sequence) const;
    catalog::View shown(catalog::View view) const;

    /// A stored name in SQL, in the way in which this context writes names (qualified or not).
    std::string sql(const ObjectName& stored) const;

    ObjectRef table_ref(std::string_view written_schema, std::string_view written) const;
    ObjectRef ref(ObjectKind kind, std::string_view written_schema, std::string_view written) const;
    ObjectRef part_ref(ObjectKind kind, std::string_view written_schema, std::string_view written_table,
                       std::string_view written_part) const;
    ObjectRef column_ref(std::string_view written_schema, std::string_view written_table,
                         std::string_view written_column) const {
        return part_ref(ObjectKind::column, written_schema, written_table, written_column);
    }

  private:
    const RenderContext& context_;
};

/// The table of these names in the schema before, or null if the fold does not know it.
const catalog::Table* find_table(const RenderContext& context, std::string_view written_schema,
                                 std::string_view written);

/// The column of these names in the schema before, or null if the fold does not know it.
const catalog::Column* find_column(const RenderContext& context, std::string_view written_schema,
                                   std::string_view written_table, std::string_view written);

inline Statement statement(std::string sql) { return Statement{std::move(sql), true, {}}; }
inline std::vector<Statement> one(std::string sql) { return {statement(std::move(sql))}; }
inline Undo undo(std::string sql) { return Undo{one(std::move(sql)), {}, {}}; }
inline Undo undo(std::vector<Statement> statements, std::vector<std::string> losses = {}) {
    return Undo{std::move(statements), std::move(losses), {}};
}

void append(std::vector<Statement>& statements, std::vector<Statement> more);

/// "public.orders", for messages.
std::string to_text(const ObjectName& name);

/// With a space for every control character: names may have line breaks in them, messages may not.
std::string one_line(std::string text);

/// The type of a column, unless it is one of PostgreSQL's own.
void require_type(const std::string& sql_type, const RenderContext& context, Footprint& out);

/// "the definition of table public.orders is not known: it was made outside this changelog"
std::string unknown_definition(const ObjectRef& object);

/// The undo of a change of something that the fold does not know: nothing where it is known that it does not
/// exist (IF EXISTS), else only the database can tell.
Undo not_known(const RenderContext& context, const ObjectRef& object);

/// "whether table public.orders was there before is not known": for IF NOT EXISTS and OR REPLACE.
std::string may_be_there(const ObjectRef& object);

// Fields that many operations have.
inline Field ignored(std::string_view name, std::string_view meaning) {
    return optional(name, meaning).ignored().cosmetic();
}
/// Reads a key that has no effect on PostgreSQL, and forgets it.
inline void ignore(FieldVisitor& visitor, std::string_view name, std::string_view meaning) {
    std::string unused;
    visitor.text(ignored(name, meaning), unused);
}
inline Field schema_name() {
    return optional("schemaName", "Schema of the object; the default schema if not given.");
}
inline Field catalog_name() {
    return optional("catalogName", "Read and ignored: PostgreSQL has one catalog per database.")
        .ignored()
        .cosmetic();
}
inline void ignore_catalog_name(FieldVisitor& visitor) {
    ignore(visitor, "catalogName", "Read and ignored: PostgreSQL has one catalog per database.");
}
inline Field table_name() { return required("tableName", "Name of the table."); }

}  // namespace changelog::operations
