// What the parts of an introspection share: the catalog as far as it is filled, and which oid became what.
#pragma once

#include "changelog/catalog.hpp"

#include "postgres/introspect.hpp"
#include "postgres/introspect_prepared.hpp"
#include "postgres/introspect_rows.hpp"

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace changelog::postgres {

struct Attribute {
    std::string name;          ///< empty: dropped
    std::size_t position = 0;  ///< in the columns of its table
    Oid type = 0, collation = 0;
};

struct Relation {
    char kind = 'r';  ///< pg_class.relkind
    ObjectName name;
    std::vector<Attribute> attributes;   ///< by attnum - 1
    catalog::Table* table = nullptr;     ///< kinds r and p
    catalog::View* view = nullptr;       ///< kinds v and m
    catalog::Type* composite = nullptr;  ///< kind c
    catalog::Sequence* sequence = nullptr;

    std::string attribute(Oid number) const {
        return number >= 1 && number <= attributes.size() ? attributes[number - 1].name : std::string();
    }
};

/// Which objects are looked at.
struct Scope {
    bool all = true;
    std::map<std::string, std::vector<Oid>> reached;  ///< by catalog ("pg_class"); not used where all are

    /// A condition on an oid of the catalog.
    std::string holds(const std::string& oid, const std::string& catalog_name) const;
};

struct Introspection {
    Connection& connection;
    const IntrospectOptions& options;
    int version;  ///< 150020
    Scope scope = {};
    catalog::Catalog catalog = {};
    std::unordered_map<Oid, Relation> relations = {};
    std::unordered_map<Oid, catalog::Type*> types = {};
    std::unordered_map<Oid, catalog::Function*> functions = {};
    std::unordered_map<Oid, catalog::Schema*> schemas = {};
    std::unordered_map<Oid, catalog::Extension*> extensions = {};
    /// NOT NULLs that columns and domains stand for: what COMMENT ON calls them, and what they are of.
    std::unordered_map<Oid, std::pair<std::string, ObjectRef>> not_nulls = {};
    std::set<Oid> excluded = {};                   ///< relations that the options leave out
    std::optional<PreparedQueries> prepared = {};  ///< where few objects are looked at

    bool at_least(int major) const { return version >= major * 10000; }
    /// The expression, on servers that have its column; else what stands for it.
    std::string since(int major, const std::string& expression, const std::string& otherwise) const {
        return at_least(major) ? expression : otherwise;
    }
    Rows ask(const std::string& sql) { return prepared ? prepared->run(sql) : connection.execute(sql); }
    /// Relations of the given kinds, in the order of their oids.
    std::vector<Oid> relations_of(std::string_view kinds) const;
    Relation* relation(Oid oid);
    /// A table's column; null for anything else.
    catalog::Column* column(Oid relation_oid, int number);
    void add_other(catalog::Other other);
};

/// What `only` names, and what a statement about it can reach.
Scope find_scope(PreparedQueries& queries, const std::vector<ObjectRef>& only);

/// Conditions on an object that hold for those of users: its schema's name, and that no extension owns it.
std::string in_user_schema(const std::string& schema_name);
std::string not_of_extension(const std::string& catalog_name, const std::string& oid);
/// The same of rows with columns `class` and `oid`, and that they are no part of another object, as a range
/// type's constructors are.
std::string stands_alone(const std::string& row);

/// The name of the role with this oid; NULL where it is the session's own.
std::string other_owner(const std::string& oid);

// Each fills its part. They run in this order.
void read_schemas(Introspection& state);
void read_extensions(Introspection& state);
void read_relations(Introspection& state);
void read_types(Introspection& state);
void read_columns(Introspection& state);
void read_defaults(Introspection& state);
void read_parents(Introspection& state);
void read_sequences(Introspection& state);
void read_constraints(Introspection& state);
void read_indexes(Introspection& state);
void read_triggers(Introspection& state);
void read_policies(Introspection& state);
void read_functions(Introspection& state);
void read_dependencies(Introspection& state);
void read_grants(Introspection& state);
void read_comments(Introspection& state);
void read_others(Introspection& state);

}  // namespace changelog::postgres
