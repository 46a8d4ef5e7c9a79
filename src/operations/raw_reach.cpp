// How much of the schema raw SQL can reach. Most of it touches what it names and nothing else; then only that
// is copied, since following every link of a large schema takes its time.
#include "catalog/dependents.hpp"
#include "catalog/difference.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_text.hpp"

#include <unordered_set>

namespace changelog::operations {

namespace {

/// Commands of ALTER TABLE after which something else than the table and its partitions may be different.
bool reaches_out(const sql::Node& command) {
    static const std::unordered_set<std::string> kinds = {
        "AT_DropColumn", "AT_AlterColumnType", "AT_AttachPartition", "AT_DetachPartition",
        "AT_AddInherit", "AT_DropInherit",     "AT_SetLogged",       "AT_SetUnLogged"};
    return kinds.contains(text_of(command, "subtype")) || text_of(command, "behavior") == "DROP_CASCADE";
}

bool makes_something_new(const std::string& kind) {
    static const std::unordered_set<std::string> kinds = {
        "CreateStmt",        "IndexStmt",        "CreateSeqStmt",       "CreateEnumStmt",
        "CompositeTypeStmt", "CreateDomainStmt", "CreateRangeStmt",     "CreateTrigStmt",
        "CreatePolicyStmt",  "CreateSchemaStmt", "CreateExtensionStmt", "CommentStmt"};
    return kinds.contains(kind);
}

bool stays_near(const std::string& kind, const sql::Node& node) {
    if (kind == "CreateStmt") return child(node, "inhRelations").empty();
    if (kind == "ViewStmt" || kind == "CreateFunctionStmt") return !flag_of(node, "replace");
    if (kind == "GrantStmt") return text_of(node, "targtype") == "ACL_TARGET_OBJECT";
    if (kind != "AlterTableStmt") return makes_something_new(kind) || kind == "VariableSetStmt";
    const sql::Node& commands = child(node, "cmds");
    return std::none_of(commands.begin(), commands.end(),
                        [](const sql::Node& command) { return reaches_out(inside(command)); });
}

template <typename Map>
bool copy(const Map& from, Map& to, const ObjectName& name) {
    const auto [first, last] = from.equal_range(name);
    if (first == last || to.contains(name)) return first != last;
    to.insert(first, last);
    return true;
}

void copy_table(const catalog::Catalog& from, catalog::Catalog& to, const ObjectName& name) {
    if (to.tables.contains(name) || !copy(from.tables, to.tables, name)) return;
    for (const ObjectName& each : catalog::descendants(from, name)) copy(from.tables, to.tables, each);
}

void copy_index_owner(const catalog::Catalog& from, catalog::Catalog& to, const ObjectName& name) {
    const auto place = from.find_index(name);
    if (place.table != nullptr) copy_table(from, to, place.table->name);
    if (place.view != nullptr) copy(from.views, to.views, place.view->name);
}

}  // namespace

bool RawText::is_local() const {
    return std::all_of(tree_.statements.begin(), tree_.statements.end(),
                       [](const sql::Node& parsed) { return stays_near(kind_of(parsed), inside(parsed)); });
}

catalog::Catalog named_objects(const catalog::Catalog& catalog, const std::vector<ObjectRef>& objects) {
    catalog::Catalog out;
    out.schemas = catalog.schemas;
    out.extensions = catalog.extensions;
    out.uncertain = catalog.uncertain;
    for (const ObjectRef& object : objects) {
        copy_table(catalog, out, object.name);
        copy(catalog.views, out.views, object.name);
        copy(catalog.sequences, out.sequences, object.name);
        copy(catalog.types, out.types, object.name);
        copy(catalog.functions, out.functions, object.name);
        if (object.kind == ObjectKind::index) copy_index_owner(catalog, out, object.name);
    }
    return out;
}

}  // namespace changelog::operations
