// Queries and expressions: the tables, columns, sequences, types and functions that they use.
//
// Columns are told apart only where there is no doubt: in a statement on a single table without sub-queries.
// In all others each table is read in "some columns", which conflicts with a change of any of them.
#include "sql/statement_reader.hpp"

namespace changelog::sql {

namespace {

struct Relation {
    ObjectName name;
    std::string alias;
};

class QueryWalk {
  public:
    QueryWalk(StatementReader& reader, Use use) : reader_(reader), use_(use) {}

    void start_with(Relation relation) { relations_.push_back(std::move(relation)); }

    /// The members of a node, but for some.
    void walk_members(const Node& node, std::initializer_list<std::string_view> except) {
        skipped_ = except;
        top_ = &node;
        walk(node);
    }

    void walk(const Node& node) {
        if (node.is_array()) {
            for (const Node& item : node) walk(item);
        } else if (node.is_object()) {
            object(node);
        }
    }

    /// Adds the touches of the tables and columns that were met.
    void finish() {
        for (const Relation& relation : relations_) {
            reader_.touch(Access::require, ObjectKind::table, relation.name);
            if (use_ == Use::execution) reader_.touch(Access::require, ObjectKind::rows, relation.name);
        }
        if (relations_.size() == 1 && columns_are_certain()) {
            for (const std::string& column : columns_)
                reader_.touch(Access::require, ObjectKind::column, relations_[0].name, column);
            return;
        }
        for (const Relation& relation : relations_)
            reader_.touch(Access::require, ObjectKind::column, relation.name, std::string(kSomeColumns));
    }

  private:
    using Names = std::set<std::string>;

    void object(const Node& node) {
        const Names outer = ctes_;
        if (const Node& with = child(node, "withClause"); !with.is_null()) common_tables(with);
        if (node.contains("op"))
            output_names(child(node, "targetList"));  // only a SELECT has a set operation
        const bool skips = &node == top_;
        for (const auto& [key, value] : node.items())
            if (!skips || std::find(skipped_.begin(), skipped_.end(), key) == skipped_.end())
                member(key, value);
        ctes_ = outer;
    }

    void output_names(const Node& targets) {
        for (const Node& target : targets) aliases_.insert(text_of(inside(target), "name"));
    }

    void member(const std::string& key, const Node& value) {
        if (key == "withClause") return;  // was read first
        if (key == "RangeVar") return relation(value);
        if (key == "ColumnRef") return column(value);
        if (key == "TypeName" || key == "typeName") return reader_.type_use(value);
        if (key == "FuncCall") function(value);
        if (key == "SubLink" || key == "RangeSubselect" || key == "RangeFunction" || key == "JoinExpr")
            in_doubt_ = true;
        if (key == "InsertStmt" || key == "UpdateStmt" || key == "DeleteStmt" || key == "MergeStmt") {
            in_doubt_ = true;
            relation(child(value, "relation"));
            if (use_ == Use::execution) writes(child(value, "relation"));
        }
        walk(value);
    }

    /// A common table expression hides a table of its name from what comes after it, and from itself if
    /// recursive.
    void common_tables(const Node& with) {
        in_doubt_ = true;
        const bool recursive = flag_of(with, "recursive");
        for (const Node& item : child(with, "ctes")) {
            if (recursive) ctes_.insert(text_of(inside(item), "ctename"));
            walk(inside(item));
            ctes_.insert(text_of(inside(item), "ctename"));
        }
    }

    void relation(const Node& range_var) {
        const std::string name = text_of(range_var, "relname");
        if (text_of(range_var, "schemaname").empty() && ctes_.contains(name)) return;
        relations_.push_back({reader_.name_of(range_var), text_of(child(range_var, "alias"), "aliasname")});
    }

    void writes(const Node& range_var) {
        reader_.touch(Access::alter, ObjectKind::rows, reader_.name_of(range_var));
    }

    void column(const Node& column_ref) {
        const Node& fields = child(column_ref, "fields");
        const std::vector<std::string> parts = strings_of(fields);
        if (parts.size() != fields.size() || parts.empty() || parts.size() > 2) {
            in_doubt_ = true;  // a star, or a name with its schema
            return;
        }
        columns_.insert(parts.back());
        if (parts.size() == 2) qualifiers_.insert(parts.front());
    }

    bool columns_are_certain() const {
        if (in_doubt_) return false;
        const Relation& table = relations_.front();
        const std::string& called = table.alias.empty() ? table.name.name : table.alias;
        const auto is_this_table = [&](const std::string& name) {
            return name == called || name == "excluded";
        };
        if (!std::all_of(qualifiers_.begin(), qualifiers_.end(), is_this_table)) return false;
        // A name may also be an output column of the query, the whole row, or one of the system columns.
        const auto is_column = [&](const std::string& name) {
            return name != called && !aliases_.contains(name) && name != "ctid" && name != "tableoid" &&
                   name != "xmin";
        };
        return std::all_of(columns_.begin(), columns_.end(), is_column);
    }

    void function(const Node& call) {
        const std::vector<std::string> parts = strings_of(child(call, "funcname"));
        if (parts.empty()) return;
        const std::string& name = parts.back();
        const bool own = parts.size() > 1 && parts.front() != "pg_catalog";
        if (!own && is_harmless_function(name)) return known_function(name, child(call, "args"));
        const ObjectName full = reader_.name_of(parts);
        reader_.touch(Access::require, ObjectKind::function, full);
        if (use_ == Use::execution)
            reader_.block("it calls function " + full.name + ", which may do anything");
    }

    void known_function(const std::string& name, const Node& arguments) {
        const auto first = arguments.empty() ? std::nullopt : constant_of(arguments[0]);
        if (!first) return;
        if (name == "nextval" || name == "currval")
            reader_.touch(Access::require, ObjectKind::sequence, reader_.name_in_text(*first));
        if (name == "setval")
            reader_.touch(Access::alter, ObjectKind::sequence, reader_.name_in_text(*first));
        if (name == "set_config" && *first == "search_path")
            reader_.block("it sets search_path, so names cannot be resolved");
        if (name == "pg_get_serial_sequence")
            reader_.touch(Access::require, ObjectKind::table, reader_.name_in_text(*first));
    }

    StatementReader& reader_;
    Use use_;
    std::vector<Relation> relations_;
    Names ctes_, columns_, qualifiers_, aliases_;
    std::vector<std::string_view> skipped_;
    const Node* top_ = nullptr;
    bool in_doubt_ = false;
};

}  // namespace

void StatementReader::on_table(const Node& node, const ObjectName& table, const std::string& alias, Use use,
                               std::initializer_list<std::string_view> except) {
    if (node.is_null()) return;
    QueryWalk walk(*this, use);
    walk.start_with({table, alias});
    walk.walk_members(node, except);
    walk.finish();
}

void StatementReader::query(const Node& node, Use use, std::initializer_list<std::string_view> except) {
    QueryWalk walk(*this, use);
    walk.walk_members(node, except);
    walk.finish();
}

}  // namespace changelog::sql
