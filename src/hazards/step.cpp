#include "hazards/step.hpp"

#include "core/text.hpp"
#include "hazards/step_names.hpp"
#include "sql/identifier.hpp"

#include <functional>
#include <map>

namespace changelog::hazards {

namespace {

class Steps {
  public:
    Steps(const Parsed& statement, const FactContext& context) : statement_(statement), context_(context) {}

    std::vector<Step> take() {
        using Reader = void (Steps::*)();
        static const std::map<std::string, Reader> kReaders = {{"AlterTableStmt", &Steps::alter_table},
                                                               {"RenameStmt", &Steps::rename},
                                                               {"DropStmt", &Steps::drop},
                                                               {"CreateStmt", &Steps::create_table},
                                                               {"VacuumStmt", &Steps::vacuum},
                                                               {"AlterObjectSchemaStmt", &Steps::set_schema},
                                                               {"TruncateStmt", &Steps::relations},
                                                               {"LockStmt", &Steps::relations},
                                                               {"GrantStmt", &Steps::grant},
                                                               {"CommentStmt", &Steps::comment},
                                                               {"CreatePublicationStmt", &Steps::publication},
                                                               {"AlterPublicationStmt", &Steps::publication},
                                                               {"CreateStatsStmt", &Steps::relations}};
        const auto reader = kReaders.find(statement_.kind());
        if (reader != kReaders.end())
            (this->*reader->second)();
        else
            plain();
        return std::move(out_);
    }

  private:
    Step& add(std::string kind, const Node& node) {
        Step& step = out_.emplace_back(Step{context_, statement_});
        step.kind = std::move(kind);
        step.node = &node;
        return step;
    }
    const Node& node() const { return statement_.node(); }
    static bool is_alone(const Node& range_var) {
        return range_var.is_object() && !flag_of(range_var, "inh");
    }
    ObjectName relation_of(const Node& range_var) const {
        return Step{context_, statement_}.name_of(range_var);
    }
    ObjectName name_in(const Node& list) const {
        return Step{context_, statement_}.name_of(strings_of(list));
    }

    /// "VIEW " and the like before the commands on what is no table.
    std::string prefix(const ObjectName& name) const {
        const std::string type = text_of(node(), "objtype");
        if (type == "OBJECT_TABLE" && context_.before.tables.contains(name)) return "";
        if (type == "OBJECT_INDEX" || context_.before.find_index(name).index != nullptr) return "INDEX ";
        if (type == "OBJECT_SEQUENCE" || context_.before.sequences.contains(name)) return "SEQUENCE ";
        if (type == "OBJECT_VIEW" || type == "OBJECT_MATVIEW" || context_.before.views.contains(name))
            return "VIEW ";
        return type == "OBJECT_TYPE" ? "TYPE " : "";
    }

    void alter_table() {
        const ObjectName name = relation_of(child(node(), "relation"));
        const std::string before = prefix(name);
        std::size_t position = 0;
        for (const Node& item : child(node(), "cmds")) {
            const Node& command = inside(item);
            const std::string subtype = text_of(command, "subtype");
            Step& step = add(before + command_name(subtype), command);
            step.relation = name;
            step.alone = is_alone(child(node(), "relation"));
            step.name = text_of(command, "name");
            step.command = position++;
            step.offset = statement_.offset_of(step.command);
            step.definition = &inside(child(command, "def"));
            if (subtype == "AT_AddConstraint") name_constraint(step);
            if (subtype == "AT_AlterConstraint") step.name = text_of(*step.definition, "conname");
            if (step.stands_for(Newer::set_expression)) step.kind = "SET EXPRESSION";
            if (subtype == "AT_AddColumn") column_constraints(Step(step));
        }
    }

    static void name_constraint(Step& step) {
        step.name = text_of(*step.definition, "conname");
        step.kind = "ADD " + constraint_name(text_of(*step.definition, "contype"));
        if (step.stands_for(Newer::not_null_constraint)) step.kind = "ADD NOT NULL";
    }

    /// A new column's own constraints; the column itself is a step before them.
    void column_constraints(const Step& column) {
        out_.back().name = text_of(*column.definition, "colname");
        for (const Node& item : child(*column.definition, "constraints")) {
            const std::string kind = constraint_name(text_of(inside(item), "contype"));
            if (kind.empty()) continue;
            Step& step = out_.emplace_back(column);
            step.kind = "COLUMN " + kind;
            step.name = text_of(*column.definition, "colname");
            step.definition = &inside(item);
        }
    }

    void rename() {
        const std::string type = object_name(text_of(node(), "renameType"));
        const std::string on = text_of(node(), "relationType");
        const bool of_view = type == "COLUMN" && (on == "OBJECT_VIEW" || on == "OBJECT_MATVIEW");
        Step& step = add("RENAME " + (of_view ? "VIEW COLUMN" : type), node());
        const Node& relation = child(node(), "relation");
        step.relation = relation.is_null() ? name_in(child(node(), "object")) : relation_of(relation);
        step.name = text_of(node(), "subname");
        if (type == "TABLE" && context_.before.find_index(step.relation).index != nullptr)
            step.kind = "RENAME INDEX";
    }

    void set_schema() {
        Step& step = add("SET SCHEMA " + object_name(text_of(node(), "objectType")), node());
        const Node& relation = child(node(), "relation");
        step.relation = relation.is_null() ? name_in(child(node(), "object")) : relation_of(relation);
    }

    void drop() {
        const std::string type = object_name(text_of(node(), "removeType"));
        const bool part = type == "TRIGGER" || type == "POLICY" || type == "RULE";
        for (const Node& object : child(node(), "objects")) {
            Step& step = add("DROP " + type, node());
            std::vector<std::string> parts = names_of_object(object);
            if (part && !parts.empty()) {
                step.name = parts.back();
                parts.pop_back();
            }
            step.relation =
                type == "SCHEMA" && !parts.empty() ? ObjectName{parts.back(), {}} : step.name_of(parts);
        }
    }

    static std::vector<std::string> names_of_object(const Node& object) {
        const std::string kind = kind_of(object);
        if (kind == "TypeName") return strings_of(child(inside(object), "names"));
        if (kind == "ObjectWithArgs") return strings_of(child(inside(object), "objname"));
        if (kind == "String") return {text_of(inside(object), "sval")};
        return strings_of(object);
    }

    void create_table() {
        const ObjectName name = relation_of(child(node(), "relation"));
        add("CREATE TABLE", node()).relation = name;
        const bool partition = !child(node(), "partbound").is_null();
        for (const Node& parent : child(node(), "inhRelations"))
            add(partition ? "PARTITION OF" : "INHERITS FROM", node()).relation = relation_of(inside(parent));
        for (const Node& element : child(node(), "tableElts")) {
            if (kind_of(element) == "TableLikeClause")
                add("LIKE", inside(element)).relation = relation_of(child(inside(element), "relation"));
            if (kind_of(element) == "Constraint") table_constraint(name, inside(element));
            for (const Node& item : child(inside(element), "constraints"))
                if (kind_of(element) == "ColumnDef") table_constraint(name, inside(item));
        }
    }

    void table_constraint(const ObjectName& table, const Node& constraint) {
        if (text_of(constraint, "contype") != "CONSTR_FOREIGN") return;
        Step& step = add("TABLE REFERENCES", constraint);
        step.relation = table;
        step.definition = &constraint;
    }

    void vacuum() {
        const Node& options = child(node(), "options");
        bool full = false;
        for (const Node& option : options)
            full = full ||
                   (text_of(inside(option), "defname") == "full" && !is_off(child(inside(option), "arg")));
        const std::string kind = !flag_of(node(), "is_vacuumcmd") ? "ANALYZE"
                                 : full                           ? "VACUUM FULL"
                                                                  : "VACUUM";
        for (const Node& item : child(node(), "rels"))
            add(kind, node()).relation = relation_of(child(inside(item), "relation"));
        if (out_.empty()) add(kind, node());
    }

    static bool is_off(const Node& argument) {
        const std::string value = lower(text_of(inside(argument), "sval"));
        return value == "false" || value == "off" || text_of(inside(argument), "boolval") == "false";
    }

    void relations() {
        for (const Node& item : child(node(), "relations")) {
            Step& step = add(statement_name(statement_.kind()), node());
            step.relation = relation_of(inside(item));
            step.alone = is_alone(inside(item));
        }
    }

    void publication() {
        for (const Node& item : child(node(), "pubobjects"))
            if (const Node& table = child(child(inside(item), "pubtable"), "relation"); !table.is_null())
                add("PUBLISH", node()).relation = relation_of(table);
        if (out_.empty()) plain();
    }

    void grant() {
        for (const Node& object : child(node(), "objects"))
            if (kind_of(object) == "RangeVar") add("GRANT", node()).relation = relation_of(inside(object));
        if (out_.empty()) plain();
    }

    void comment() {
        const std::string type = object_name(text_of(node(), "objtype"));
        Step& step = add("COMMENT ON " + type, node());
        std::vector<std::string> parts = names_of_object(child(node(), "object"));
        const bool part = type == "COLUMN" || type == "CONSTRAINT" || type == "TRIGGER" || type == "POLICY";
        if (part && parts.size() > 1) {
            step.name = parts.back();
            parts.pop_back();
        }
        step.relation = step.name_of(parts);
    }

    void plain() {
        const std::string kind = statement_name(statement_.kind());
        Step& step = add(kind.empty() ? statement_.kind() : kind, node());
        static constexpr std::array kRelationKeys = {"relation", "sequence", "table", "view"};
        for (const char* key : kRelationKeys)
            if (const Node& relation = child(node(), key); !relation.is_null()) {
                step.relation = relation_of(relation);
                step.alone = is_alone(relation);
            }
        if (const Node& into = child(child(node(), "into"), "rel"); !into.is_null())
            step.relation = relation_of(into);
        for (const char* key : {"typeName", "domainname", "funcname"})
            if (step.relation.name.empty() && child(node(), key).is_array())
                step.relation = name_in(child(node(), key));
        if (step.kind == "CREATE TABLE AS" && text_of(node(), "objtype") == "OBJECT_MATVIEW")
            step.kind = "CREATE MATERIALIZED VIEW";
        step.name = text_of(node(), "name").empty() ? text_of(node(), "trigname") : text_of(node(), "name");
        if (step.kind == "CREATE INDEX") step.name = text_of(node(), "idxname");
        if (step.kind == "CREATE POLICY" || step.kind == "ALTER POLICY")
            step.name = text_of(node(), "policy_name");
        step.definition = &inside(child(node(), "def"));
    }

    const Parsed& statement_;
    const FactContext& context_;
    std::vector<Step> out_;
};

}  // namespace

const catalog::Column* Step::column() const {
    const catalog::Table* known = table();
    return known == nullptr ? nullptr : known->column(name);
}

const catalog::Constraint* Step::constraint() const {
    const catalog::Table* known = table();
    return known == nullptr ? nullptr : known->constraint(name);
}

ObjectName Step::name_of(const Node& range_var) const {
    const std::string schema = text_of(range_var, "schemaname"), called = text_of(range_var, "relname");
    if (text_of(range_var, "relpersistence") == "t") return {"pg_temp", called};
    return {schema.empty() ? context.default_schema : schema, called};
}

ObjectName Step::name_of(std::vector<std::string> parts) const {
    if (parts.empty()) return {};
    if (parts.size() > 1) return {parts[parts.size() - 2], parts.back()};
    return {context.default_schema, parts.back()};
}

std::vector<std::string> Step::names_of(const std::string& command_kind) const {
    std::vector<std::string> out;
    for (const Node& item : child(statement.node(), "cmds"))
        if (command_name(text_of(inside(item), "subtype")) == command_kind)
            out.push_back(text_of(inside(item), "name"));
    return out;
}

std::vector<Step> steps_of(const Parsed& statement, const FactContext& context) {
    return statement.readable() ? Steps(statement, context).take() : std::vector<Step>{};
}

std::string shown(const ObjectName& name, const FactContext& context) {
    if (name.name.empty()) return name.schema;  // a schema itself
    return name.schema.empty() || name.schema == context.default_schema ? name.name
                                                                        : name.schema + '.' + name.name;
}

}  // namespace changelog::hazards
