// ALTER TABLE, and what has the same form: ALTER INDEX, VIEW, MATERIALIZED VIEW and TYPE with commands.
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_statement.hpp"

namespace changelog::operations {

namespace {

using catalog::Table;

/// The commands with their tokens; empty if the two cannot be told apart.
std::vector<Span> command_spans(const RawStatement& statement) {
    const sql::Node& commands = child(statement.node, "cmds");
    std::size_t at = statement.text.after_name(statement.text.at(child(statement.node, "relation")));
    if (statement.text.is(at, "*") || statement.text.is(at, ")")) ++at;
    std::vector<Span> out;
    for (const auto& [begin, end] : statement.text.items(at, statement.span.end)) out.push_back({begin, end});
    return out.size() == commands.size() ? out : std::vector<Span>{};
}

bool alter_table(RawStatement& statement, Table& table) {
    const std::vector<Span> spans = command_spans(statement);
    if (spans.empty()) return statement.fail("its commands cannot be told apart");
    std::size_t index = 0;
    for (const sql::Node& item : child(statement.node, "cmds")) {
        const sql::Node& command = inside(item);
        const Span span = spans[index++];
        if (text_of(command, "subtype") == "AT_ChangeOwner") {
            if (statement.is_invented(table.name))
                return statement.fail_unknown(ObjectKind::table, table.name);
            take_owner(statement.catalog(), child(command, "newowner"), table);
            continue;
        }
        const auto about_column = follow_column_command(statement, table, command, span);
        if (!(about_column ? *about_column : follow_table_command(statement, table, command, span)))
            return false;
    }
    statement.name_not_nulls(table.name);
    return true;
}

bool alter_options(RawStatement& statement, std::map<std::string, std::string>& options,
                   const sql::Node& command) {
    const bool sets = text_of(command, "subtype") == "AT_SetRelOptions";
    for (auto& [name, value] : statement.options(child(inside(child(command, "def")), "items"))) {
        if (sets)
            options[name] = value;
        else
            options.erase(name);
    }
    return true;
}

bool all_partitions_have(const catalog::Catalog& catalog, const ObjectName& table, const ObjectName& index) {
    return std::all_of(catalog.tables.begin(), catalog.tables.end(), [&](const auto& entry) {
        const auto& indexes = entry.second.indexes;
        return entry.second.partition_of != table ||
               std::any_of(indexes.begin(), indexes.end(),
                           [&](const catalog::Index& each) { return each.attached_to == index; });
    });
}

bool attach_index(RawStatement& statement, const ObjectName& parent, const sql::Node& command) {
    const ObjectName name = statement.relation(child(inside(child(command, "def")), "name"));
    catalog::Catalog& catalog = statement.catalog();
    if (const auto place = catalog.find_index(name); place.index != nullptr) {
        place.index->attached_to = parent;
        const auto above = catalog.find_index(parent);
        if (above.table != nullptr && all_partitions_have(catalog, above.table->name, parent))
            above.index->on_only = false;
        return true;
    }
    // The index of a key: the key becomes its parent's.
    catalog::Constraint* key = key_of_index(catalog, name);
    if (key == nullptr) return statement.fail_unknown(ObjectKind::index, name);
    key->inherited = true;
    return true;
}

bool alter_index_column(RawStatement& statement, catalog::Index& index, const sql::Node& command, Span span) {
    const sql::Node& number = child(command, "num");
    const std::size_t at = statement.text.find("STATISTICS", span.begin, span.end);
    if (!number.is_number_integer() || at == span.end) return statement.fail("it is not understood");
    const std::string value = statement.slice(at + 1, span.end);
    if (value.starts_with('-') || value.empty())
        index.statistics.erase(number.get<int>());
    else
        index.statistics[number.get<int>()] = std::stoi(value);
    return true;
}

bool alter_key(RawStatement& statement, catalog::Constraint& key, const sql::Node& command) {
    const std::string kind = text_of(command, "subtype");
    if (kind == "AT_SetTableSpace") {
        key.tablespace = text_of(command, "name");
        return true;
    }
    if (kind != "AT_SetRelOptions" && kind != "AT_ResetRelOptions")
        return statement.fail("what it does to the index is not understood");
    return alter_options(statement, key.options, command);
}

bool alter_index(RawStatement& statement, const ObjectName& name) {
    const auto place = statement.catalog().find_index(name);
    catalog::Constraint* key = key_of_index(statement.catalog(), name);
    const std::vector<Span> spans = command_spans(statement);
    std::size_t at = 0;
    for (const sql::Node& item : child(statement.node, "cmds")) {
        const sql::Node& command = inside(item);
        const std::string kind = text_of(command, "subtype");
        const Span span = at < spans.size() ? spans[at++] : statement.span;
        if (kind == "AT_AttachPartition") {
            if (!attach_index(statement, name, command)) return false;
            continue;
        }
        if (kind == "AT_ChangeOwner")
            continue;  // it goes with its table; PostgreSQL says so and does nothing
        if (key != nullptr && alter_key(statement, *key, command)) continue;
        if (key != nullptr) return false;
        if (place.index == nullptr) return statement.fail_unknown(ObjectKind::index, name);
        bool followed = true;
        if (kind == "AT_SetRelOptions" || kind == "AT_ResetRelOptions")
            followed = alter_options(statement, place.index->options, command);
        else if (kind == "AT_SetTableSpace")
            place.index->tablespace = text_of(command, "name");
        else if (kind == "AT_SetStatistics")
            followed = alter_index_column(statement, *place.index, command, span);
        else
            followed = statement.fail("what it does to the index is not understood");
        if (!followed) return false;
    }
    return true;
}

bool alter_view_command(RawStatement& statement, catalog::View& view, const sql::Node& command, Span span) {
    const std::string kind = text_of(command, "subtype"), column = text_of(command, "name");
    if (kind == "AT_SetRelOptions" || kind == "AT_ResetRelOptions") {
        if (!view.definition.empty()) return statement.fail("its options are part of its definition");
        return alter_options(statement, view.options, command);
    }
    if (kind == "AT_ColumnDefault") {
        view.column_defaults.erase(column);
        if (!child(command, "def").is_null())
            view.column_defaults[column] =
                statement.slice(statement.text.find("DEFAULT", span.begin, span.end) + 1, span.end);
    } else if (kind == "AT_SetTableSpace") {
        view.tablespace = text_of(command, "name");
    } else if (kind == "AT_ClusterOn" || kind == "AT_DropCluster") {
        for (catalog::Index& index : view.indexes)
            index.clustered = kind == "AT_ClusterOn" && index.name == column;
    } else {
        return statement.fail("what it does to the view is not understood");
    }
    return true;
}

bool alter_view(RawStatement& statement, catalog::View& view) {
    const std::vector<Span> spans = command_spans(statement);
    if (spans.empty()) return statement.fail("its commands cannot be told apart");
    std::size_t index = 0;
    for (const sql::Node& item : child(statement.node, "cmds")) {
        const Span span = spans[index++];
        if (text_of(inside(item), "subtype") == "AT_ChangeOwner") {
            take_owner(child(inside(item), "newowner"), view.owner, view.grants);
            continue;
        }
        if (!alter_view_command(statement, view, inside(item), span)) return false;
    }
    return true;
}

/// ALTER SEQUENCE has commands of ALTER TABLE for what is about the relation.
bool alter_sequence_table(RawStatement& statement, const ObjectName& name) {
    auto* sequence = find_in(statement.catalog().sequences, name);
    for (const sql::Node& item : child(statement.node, "cmds")) {
        const std::string kind = text_of(inside(item), "subtype");
        if (sequence == nullptr) return statement.fail_unknown(ObjectKind::sequence, name);
        if (kind == "AT_ChangeOwner") {
            take_owner(child(inside(item), "newowner"), sequence->owner, sequence->grants);
            continue;
        }
        if (kind != "AT_SetLogged" && kind != "AT_SetUnLogged")
            return statement.fail("what it does to the sequence is not understood");
        sequence->persistence = kind == "AT_SetLogged" ? "" : "UNLOGGED";
    }
    return true;
}

}  // namespace

bool follow_alter_table(RawStatement& statement) {
    const std::string type = text_of(statement.node, "objtype");
    const ObjectName name = statement.relation(child(statement.node, "relation"));
    if (RawStatement::is_temporary(name)) return true;
    if (type == "OBJECT_TYPE") return follow_alter_composite(statement);
    if (type == "OBJECT_INDEX") return alter_index(statement, name);
    if (auto* view = find_in(statement.catalog().views, name)) return alter_view(statement, *view);
    if (type == "OBJECT_SEQUENCE" || statement.catalog().sequences.contains(name)) {
        return alter_sequence_table(statement, name);
    }
    const bool known = statement.catalog().table(name) != nullptr && !statement.is_invented(name);
    if (!known && flag_of(statement.node, "missing_ok"))
        return statement.fail_unknown(ObjectKind::table, name);
    catalog::Table* table = type == "OBJECT_TABLE" ? statement.table(name) : statement.catalog().table(name);
    if (table == nullptr) return statement.fail_unknown(ObjectKind::table, name);
    return alter_table(statement, *table);
}

}  // namespace changelog::operations
