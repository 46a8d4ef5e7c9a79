// The schema model: one value type for the fold of a changelog and for the introspection of a database.
//
// All names are as PostgreSQL stores them. All expressions and types are SQL text that can be put back into a
// statement as it is. A `Table` that the fold did not see created is not in the catalog; see
// `Catalog::uncertain`.
#pragma once

#include "changelog/names.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::catalog {

/// Which object this is, whatever it is called: PostgreSQL's oid (a column's attnum) or a number that
/// number_objects() gave; 0 where nobody asked. A rename keeps it. No part of the value: all compare equal.
struct ObjectId {
    std::uint64_t value = 0;

    bool operator==(const ObjectId&) const { return true; }
};

/// One GRANT: `grantee` empty means PUBLIC. `columns` empty means the whole object.
struct Grant {
    std::string grantee;
    std::vector<std::string> privileges;  ///< upper case, sorted
    std::vector<std::string> columns;
    bool grantable = false;

    bool operator==(const Grant&) const = default;
};

struct SequenceOptions {
    std::string type = "bigint";
    std::optional<std::string> start, increment, minimum, maximum, cache;  ///< absent: PostgreSQL's default
    bool cycle = false;

    bool operator==(const SequenceOptions&) const = default;
};

struct Identity {
    bool always = false;  ///< GENERATED ALWAYS, else BY DEFAULT
    SequenceOptions options;
    std::string sequence;  ///< name of the sequence behind it, if it is not <table>_<column>_seq

    bool operator==(const Identity&) const = default;
};

enum class Generated : std::uint8_t { no, stored, on_read };

struct Column {
    std::string name;
    std::string type;       ///< as format_type() spells it: "character varying(50)"
    std::string collation;  ///< empty: the type's own
    bool not_null = false;
    std::string not_null_name;              ///< PostgreSQL 18 names NOT NULL constraints
    std::optional<std::string> expression;  ///< DEFAULT, or the generation expression
    Generated generated = Generated::no;
    std::optional<Identity> identity;
    std::string storage, compression;  ///< empty: the type's own
    std::optional<int> statistics;
    std::map<std::string, std::string> options;  ///< n_distinct, n_distinct_inherited
    std::optional<std::string> comment;
    bool inherited = false;  ///< from a parent only (not declared here as well)
    ObjectId id;

    bool operator==(const Column&) const = default;
};

enum class ConstraintKind : std::uint8_t { primary_key, unique, foreign_key, check, exclusion };

struct Constraint {
    std::string name;
    ConstraintKind kind = ConstraintKind::check;
    std::vector<std::string> columns;
    std::vector<std::string> include;
    ObjectName referenced_table;
    std::vector<std::string> referenced_columns;
    std::string on_delete, on_update;  ///< "CASCADE", ...; empty: NO ACTION
    std::string match;                 ///< "FULL"; empty: SIMPLE
    std::string expression;            ///< CHECK's condition, or the whole body of an EXCLUDE
    bool deferrable = false, initially_deferred = false;
    bool validated = true, no_inherit = false, nulls_not_distinct = false;
    std::string tablespace;                            ///< of the index behind it
    std::map<std::string, std::string> options;        ///< of the index behind it
    bool clustered = false, replica_identity = false;  ///< by the index behind it
    bool inherited = false;                            ///< from a parent only
    bool enforced = true;                              ///< PostgreSQL 18: NOT ENFORCED
    std::vector<std::string> set_columns;              ///< ON DELETE SET NULL (columns), PostgreSQL 15
    std::optional<std::string> comment;
    std::optional<std::string> index_comment;  ///< COMMENT ON INDEX of the index behind it
    ObjectId id;

    bool operator==(const Constraint&) const = default;
};

struct IndexKey {
    std::string text;  ///< a column's name, or an expression without its outer parentheses
    bool expression = false;
    bool descending = false;
    std::optional<bool> nulls_first;  ///< absent: PostgreSQL's default for the direction
    std::string collation, operator_class;

    bool operator==(const IndexKey&) const = default;
};

struct Index {
    std::string name;
    bool unique = false;
    std::string method = "btree";
    std::vector<IndexKey> keys;
    std::vector<std::string> include;
    std::string predicate;  ///< WHERE; empty: none
    std::map<std::string, std::string> options;
    std::string tablespace;
    bool nulls_not_distinct = false;
    bool valid = true, clustered = false, replica_identity = false;
    bool on_only = false;           ///< of a partitioned table, without its partitions
    ObjectName attached_to;         ///< the index of the partitioned parent that it is a part of
    std::map<int, int> statistics;  ///< of its expressions, by key position from 1
    std::optional<std::string> comment;
    ObjectId id;

    bool operator==(const Index&) const = default;
};

struct Trigger {
    std::string name;
    std::string definition;     ///< the whole CREATE TRIGGER statement
    std::string enabled = "O";  ///< pg_trigger.tgenabled: O origin, D disabled, R replica, A always
    bool inherited = false;     ///< cloned from the partitioned parent's
    std::optional<std::string> comment;
    ObjectId id;

    bool operator==(const Trigger&) const = default;
};

struct Policy {
    std::string name;
    std::string definition;  ///< the whole CREATE POLICY statement
    std::optional<std::string> comment;
    ObjectId id;

    bool operator==(const Policy&) const = default;
};

struct Table {
    ObjectName name;
    std::string persistence;  ///< "", "UNLOGGED" or "TEMPORARY"
    std::vector<Column> columns;
    std::vector<Constraint> constraints;
    std::vector<Index> indexes;
    std::vector<Trigger> triggers;
    std::vector<Policy> policies;
    std::map<std::string, std::string> options;  ///< storage parameters
    std::string tablespace;
    std::string partition_by;     ///< "RANGE (day)"; empty: not partitioned
    ObjectName partition_of;      ///< the parent, with `partition_bound`
    std::string partition_bound;  ///< "FOR VALUES ..." or "DEFAULT"
    std::vector<ObjectName> inherits;
    bool row_security = false, force_row_security = false;
    std::string replica_identity;  ///< "", "FULL", "NOTHING" (an index's is kept with the index)
    std::string access_method;     ///< empty: heap
    std::vector<Grant> grants;
    std::optional<std::string> comment;
    std::string owner = {};  ///< its role where that is not the session's own; empty: the runner's
    ObjectId id;

    Column* column(std::string_view column_name);
    const Column* column(std::string_view column_name) const;
    Constraint* constraint(std::string_view constraint_name);
    const Constraint* constraint(std::string_view constraint_name) const;
    Index* index(std::string_view index_name);
    const Index* index(std::string_view index_name) const;
    const Constraint* primary_key() const;

    bool operator==(const Table&) const = default;
};

struct Sequence {
    ObjectName name;
    SequenceOptions options;
    std::optional<ObjectRef> owned_by;  ///< a column
    std::string persistence;            ///< "", "UNLOGGED"
    std::vector<Grant> grants;
    std::optional<std::string> comment;
    std::string owner = {};  ///< its role where that is not the session's own; empty: the runner's
    ObjectId id;

    bool operator==(const Sequence&) const = default;
};

struct View {
    ObjectName name;
    bool materialized = false;
    std::string query;       ///< without a final semicolon
    std::string definition;  ///< set instead of `query` where the author wrote the whole CREATE statement
    std::vector<std::string> columns;  ///< names given in the CREATE statement; empty: the query's
    std::map<std::string, std::string> options;
    std::vector<Index> indexes;      ///< of a materialized view
    std::vector<ObjectRef> depends;  ///< what the query uses
    std::vector<Trigger> triggers;   ///< INSTEAD OF
    std::map<std::string, std::string> column_defaults, column_comments;
    bool populated = true;      ///< of a materialized view
    std::string tablespace;     ///< of a materialized view
    std::string access_method;  ///< of a materialized view; empty: heap
    std::vector<Grant> grants;
    std::optional<std::string> comment;
    std::string owner = {};  ///< its role where that is not the session's own; empty: the runner's
    ObjectId id;

    bool operator==(const View&) const = default;
};

struct Function {
    ObjectName name;
    std::string arguments;        ///< identity arguments: "integer, text"; with the name this is its identity
    bool arguments_known = true;  ///< false where the fold could not tell them from the text
    std::string kind = "FUNCTION";  ///< or "PROCEDURE", "AGGREGATE"
    std::string definition;         ///< the whole CREATE statement
    std::vector<ObjectRef>
        depends;          ///< what PostgreSQL knows that it uses (argument types, SQL-standard bodies)
    bool closed = false;  ///< PUBLIC's own right to execute it was revoked
    std::vector<Grant> grants;
    std::optional<std::string> comment;
    std::string owner = {};  ///< its role where that is not the session's own; empty: the runner's
    ObjectId id;

    bool operator==(const Function&) const = default;
};

enum class TypeKind : std::uint8_t { enumeration, composite, domain, range };

struct TypeAttribute {
    std::string name, type, collation;

    bool operator==(const TypeAttribute&) const = default;
};

struct Type {
    ObjectName name;
    TypeKind kind = TypeKind::enumeration;
    std::vector<std::string> labels;        ///< of an enumeration, in order
    std::vector<TypeAttribute> attributes;  ///< of a composite type
    std::string base_type, collation;       ///< of a domain
    bool not_null = false;
    std::optional<std::string> expression;  ///< a domain's DEFAULT
    std::vector<Constraint> constraints;    ///< a domain's CHECKs
    std::string definition;                 ///< a range's options: "subtype = float8"
    std::string owner;                      ///< its role where that is not the session's own
    bool closed = false;                    ///< PUBLIC's own right to use it was revoked
    std::vector<Grant> grants;
    std::optional<std::string> comment;
    ObjectId id;

    bool operator==(const Type&) const = default;
};

struct Extension {
    std::string name, schema, version;
    std::optional<std::string> comment = {};
    bool operator==(const Extension&) const = default;
};

struct Schema {
    std::string name;
    std::vector<Grant> grants;
    std::optional<std::string> comment;
    std::string owner = {};  ///< its role where that is not the session's own; empty: the runner's
    ObjectId id = {};
    bool operator==(const Schema&) const = default;
};

/// An object of a kind that the model has no type for: a rule, extended statistics, an event trigger, a cast,
/// a publication, ... Kept so that no difference is passed over in silence.
struct Other {
    std::string kind;      ///< as pg_identify_object() calls it: "event trigger"
    std::string identity;  ///< as pg_identify_object() writes it, schema-qualified: what DROP <kind> takes
    std::string create;    ///< the statement that makes it; empty: PostgreSQL has no function that tells
    std::string drop;      ///< the statement that drops it; empty: it cannot be dropped by itself
    std::string state;     ///< whatever else tells two of them apart
    ObjectRef on;          ///< the relation that it goes with; empty name: none
    std::optional<std::string> comment;
    ObjectId id = {};
    bool operator==(const Other&) const = default;
};

/// A whole database schema as a value. Maps are ordered, so that everything derived from it is too.
struct Catalog {
    std::map<std::string, Schema> schemas;
    std::map<std::string, Extension> extensions;
    std::map<ObjectName, Table> tables;
    std::map<ObjectName, Sequence> sequences;
    std::map<ObjectName, View> views;
    std::map<ObjectName, Type> types;
    std::multimap<ObjectName, Function> functions;
    std::map<std::string, Other> others;  ///< by "kind identity"

    /// Why the fold may differ from the database ("changeset 12 runs a DO block"); empty: it does not.
    std::vector<std::string> uncertain;

    Table* table(const ObjectName& name);
    const Table* table(const ObjectName& name) const;

    /// The table or view that has an index of this name in this schema, with the index; null if none.
    struct IndexPlace {
        Table* table = nullptr;
        View* view = nullptr;
        Index* index = nullptr;
    };
    IndexPlace find_index(const ObjectName& index_name);

    struct ConstIndexPlace {
        const Table* table = nullptr;
        const View* view = nullptr;
        const Index* index = nullptr;
    };
    ConstIndexPlace find_index(const ObjectName& index_name) const;

    // What PostgreSQL carries along by itself. Each does nothing where the object is not known.
    void rename_table(const ObjectName& from, const std::string& to);
    /// In constraints, indexes, owned sequences and partition keys of the table, and in foreign keys that
    /// point at it.
    void rename_column(const ObjectName& table_name, const std::string& from, const std::string& to);
    /// With its constraints, indexes and owned sequences (manual, ALTER TABLE: DROP COLUMN).
    void drop_column(const ObjectName& table_name, const std::string& column_name);
    /// With its owned sequences; `cascade` also drops foreign keys that point at it and views that read it.
    void drop_table(const ObjectName& table_name, bool cascade);
    void drop_constraint(const ObjectName& table_name, const std::string& constraint_name);
    void drop_view(const ObjectName& view_name);

    bool operator==(const Catalog&) const = default;
};

}  // namespace changelog::catalog
