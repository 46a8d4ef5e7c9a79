#include "operations/describe_document.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace changelog {

namespace {

using Json = nlohmann::ordered_json;

struct Key {
    std::string_view name;
    std::string_view kind;  ///< the definition of its value; "a|b|c" for a choice
    std::string_view meaning;
    bool required = false, own = false;
};

Json reference(std::string_view name) { return {{"$ref", "#/$defs/" + std::string(name)}}; }

Json value_schema(std::string_view kind) {
    if (kind.find('|') == std::string_view::npos) return reference(kind);
    Json choices = Json::array();
    for (std::size_t begin = 0; begin <= kind.size();) {
        const std::size_t end = std::min(kind.find('|', begin), kind.size());
        choices.push_back(kind.substr(begin, end - begin));
        begin = end + 1;
    }
    return {{"anyOf", {{{"enum", choices}}, reference("parameter")}}};
}

Json properties_of(const std::vector<Key>& keys) {
    Json properties = Json::object();
    for (const Key& key : keys) {
        Json schema = value_schema(key.kind);
        schema["description"] =
            std::string(key.meaning) + (key.own ? " Not in Liquibase's format, which ignores it." : "");
        if (key.own) schema["x-own"] = true;
        properties[std::string(key.name)] = std::move(schema);
    }
    return properties;
}

Json map_of(const std::vector<Key>& keys) {
    Json required = Json::array();
    for (const Key& key : keys)
        if (key.required) required.push_back(key.name);
    Json out = {{"type", "object"}, {"properties", properties_of(keys)}};
    if (!required.empty()) out["required"] = std::move(required);
    out["additionalProperties"] = false;
    return out;
}

/// Liquibase takes a list of maps for one map with all their keys; which of them are required cannot be said
/// then.
Json map_or_list(Json map) {
    Json part = map;
    part.erase("required");
    return {{"anyOf", {std::move(map), {{"type", "array"}, {"items", std::move(part)}}, {{"type", "null"}}}}};
}

Json described(std::string_view text, Json schema) {
    Json out = {{"description", text}};
    out.update(schema);
    return out;
}

void add_scalars(Json& definitions) {
    definitions["text"] = {{"type", {"string", "number", "boolean", "null"}}};
    definitions["parameter"] =
        described("A value that a property gives.", {{"type", "string"}, {"pattern", R"(\$\{)"}});
    definitions["flag"] = {
        {"anyOf",
         {{{"type", "boolean"}},
          {{"type", "string"}, {"pattern", R"(^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$|\$\{)"}}}}};
    definitions["integer"] = {
        {"anyOf", {{{"type", "integer"}}, {{"type", "string"}, {"pattern", R"(^[-+]?[0-9]+$|\$\{)"}}}}};
    definitions["names"] =
        described("Names, separated by commas or as a list.",
                  {{"anyOf", {reference("text"), {{"type", "array"}, {"items", reference("text")}}}}});
}

const std::vector<Key>& filters() {
    static const std::vector<Key> keys = {{"context", "text", "Run only in these contexts: an expression."},
                                          {"contextFilter", "text", "The same; wins over context."},
                                          {"labels", "names", "Labels that --labels selects by."}};
    return keys;
}

std::vector<Key> with_filters(std::vector<Key> keys) {
    keys.insert(keys.end(), filters().begin(), filters().end());
    return keys;
}

std::vector<Key> change_set_keys() {
    return with_filters({
        {"id", "text", "Identifies the changeset, together with author and file.", true},
        {"author", "text", "Who wrote it."},
        {"changes", "changeList", "What it does, in this order."},
        {"rollback", "rollback", "How it is undone; without it, that is derived from the changes."},
        {"comment", "text", "For readers; kept in the history."},
        {"dbms", "names", "Databases that it is for; all if not given."},
        {"runOnChange", "flag", "Run again whenever it was edited."},
        {"runAlways", "flag", "Run at every update."},
        {"alwaysRun", "flag", "The same as runAlways."},
        {"failOnError", "flag", "false: an error is reported, and the run goes on without it."},
        {"runInTransaction", "flag", "false: each statement commits by itself."},
        {"runOrder", "first|last", "Run before or after all others."},
        {"ignore", "flag", "Leave it out."},
        {"created", "text", "Free text; has no effect."},
        {"onValidationFail", "HALT|MARK_RAN", "What happens if it is not valid."},
        {"validCheckSum", "names", "Checksums that count as unchanged; `any` for all."},
        {"validCheckSums", "names", "The same as validCheckSum."},
        {"preConditions", "preConditions", "What must hold before it runs."},
        {"preconditions", "preConditions", "The same as preConditions."},
        {"modifySql", "modifySql", "Edits of the SQL text."},
        {"logicalFilePath", "text", "Stands for the file's path in the changeset's identity."},
        {"objectQuotingStrategy", "LEGACY|QUOTE_ALL_OBJECTS|QUOTE_ONLY_RESERVED_WORDS",
         "Which names are quoted."},
        {"runWith", "text", "jdbc or nothing; other executors are refused."},
        {"runWithSpoolFile", "text", "Has no effect."},
        {"dependsOn", "dependsOn", "Changesets that must be applied before.", false, true},
        {"provides", "names", "Objects that its SQL creates, where that cannot be read from it.", false,
         true},
        {"strategy", "auto|direct|online", "How changes of large tables are made.", false, true},
        {"retain", "text", "Keep what its changes destroy: true, false, or for how long (\"30 days\").",
         false, true},
        {"suppress", "suppress", "Findings that are known and accepted.", false, true},
    });
}

void add_changes(Json& definitions) {
    const Json names = definitions["changes"]["properties"];
    Json change = {{"type", "object"}, {"properties", names}, {"minProperties", 1}};
    change["properties"]["modifySql"] = reference("modifySql");
    change["properties"]["rollback"] = reference("rollback");
    change["additionalProperties"] = false;
    definitions.erase("changes");
    definitions["change"] = described("One change; a map of several runs them in order.", std::move(change));
    definitions["changeList"] = {
        {"anyOf",
         {{{"type", "array"}, {"items", reference("change")}}, reference("change"), {{"type", "null"}}}}};

    Json map = map_of(change_set_keys());
    map["properties"].update(names);  // Liquibase takes changes without `changes:` too
    definitions["changeSet"] =
        described("A unit of change: applied once, and undone as a whole.", map_or_list(std::move(map)));
}

void add_rollback(Json& definitions) {
    const Json other =
        map_of({{"changeSetId", "text", "Undo by running the changes of this changeset.", true},
                {"changeSetAuthor", "text", "Its author."},
                {"changeSetPath", "text", "Its file, if that is another one."}});
    const Json item = {{"anyOf", {reference("change"), other, reference("text")}}};
    definitions["rollback"] =
        described("SQL text, changes, the name of a changeset, or nothing: `empty`, [] or {}.",
                  {{"anyOf",
                    {reference("text"),
                     {{"type", "array"}, {"items", item}},
                     reference("change"),
                     other,
                     {{"type", "object"}, {"maxProperties", 0}}}}});
}

void add_modify_sql(Json& definitions) {
    const Json value = map_of({{"value", "text", "The text.", true}});
    const Json replacement = map_of(
        {{"replace", "text", "What is looked for.", true}, {"with", "text", "What is put in its place."}});
    Json map = map_of(with_filters({{"dbms", "names", "Databases that it is for."},
                                    {"applyToRollback", "flag", "Edit the SQL of the rollback too."}}));
    map["properties"]["append"] = described("Put the text at the end.", value);
    map["properties"]["prepend"] = described("Put the text at the beginning.", value);
    map["properties"]["replace"] = described("Replace text.", replacement);
    map["properties"]["regExpReplace"] = described("Replace what matches a regular expression.", replacement);
    definitions["modifySql"] =
        described("Edits of the SQL text, made in order.", map_or_list(std::move(map)));
}

struct ConditionKind {
    std::string_view name, meaning;
    std::vector<Key> keys;
};

const std::vector<ConditionKind>& condition_kinds() {
    static const Key schema = {"schemaName", "text", "Schema of the object."},
                     catalog = {"catalogName", "text", "Has no effect."};
    static const Key table = {"tableName", "text", "Name of the table.", true};
    static const std::vector<ConditionKind> kinds = {
        {"dbms", "The database is one of these.", {{"type", "names", "A comma list; postgresql.", true}}},
        {"runningAs", "The user is this one.", {{"username", "text", "Name of the user.", true}}},
        {"changeSetExecuted",
         "That changeset was applied.",
         {{"id", "text", "Its id.", true},
          {"author", "text", "Its author.", true},
          {"changeLogFile", "text", "Its file."}}},
        {"tableExists", "There is this table.", {table, schema, catalog}},
        {"viewExists",
         "There is this view.",
         {{"viewName", "text", "Name of the view.", true}, schema, catalog}},
        {"columnExists",
         "There is this column.",
         {{"columnName", "text", "Name of the column.", true}, table, schema, catalog}},
        {"indexExists",
         "There is this index.",
         {{"indexName", "text", "Name of the index."},
          {"tableName", "text", "Its table."},
          {"columnNames", "names", "All its columns, in order."},
          schema,
          catalog}},
        {"primaryKeyExists",
         "There is this primary key.",
         {{"primaryKeyName", "text", "Its name."}, {"tableName", "text", "Its table."}, schema, catalog}},
        {"uniqueConstraintExists",
         "There is this unique constraint.",
         {table,
          {"constraintName", "text", "Its name."},
          {"columnNames", "names", "Its columns."},
          schema,
          catalog}},
        {"foreignKeyConstraintExists",
         "There is this foreign key.",
         {{"foreignKeyName", "text", "Its name."},
          {"foreignKeyTableName", "text", "Its table."},
          schema,
          catalog,
          {"foreignKeyTableSchemaName", "text", "Schema of its table."}}},
        {"sequenceExists",
         "There is this sequence.",
         {{"sequenceName", "text", "Name of the sequence.", true}, schema, catalog}},
        {"sqlCheck",
         "A query gives this value.",
         {{"expectedResult", "text", "The value, as text.", true},
          {"sql", "text", "A query of one row and column.", true}}},
        {"rowCount",
         "The table has so many rows.",
         {table, {"expectedRows", "integer", "How many.", true}, schema, catalog}},
        {"tableIsEmpty", "The table has no rows.", {table, schema, catalog}},
        {"changeLogPropertyDefined",
         "The property is set.",
         {{"property", "text", "Its name.", true}, {"value", "text", "Its value, if that matters."}}},
        {"expectedQuotingStrategy",
         "The changelog's quoting strategy is this one.",
         {{"strategy", "text", "Its name.", true}}},
    };
    return kinds;
}

void add_preconditions(Json& definitions) {
    Json conditions = Json::object();
    for (const std::string_view name : {"and", "or", "not"})
        conditions[std::string(name)] = reference("conditions");
    for (const ConditionKind& kind : condition_kinds())
        conditions[std::string(kind.name)] = described(kind.meaning, map_or_list(map_of(kind.keys)));
    conditions["sqlCheck"]["anyOf"][0]["properties"].emplace("dbms", reference("text"));
    const Json map = {{"type", "object"}, {"properties", conditions}, {"additionalProperties", false}};
    definitions["conditions"] = {{"anyOf", {map, {{"type", "array"}, {"items", map}}, {{"type", "null"}}}}};

    Json whole =
        map_of({{"onFail", "HALT|CONTINUE|MARK_RAN|WARN", "What happens if a condition does not hold."},
                {"onError", "HALT|CONTINUE|MARK_RAN|WARN", "What happens if a condition cannot be checked."},
                {"onFailMessage", "text", "Said if a condition does not hold."},
                {"onErrorMessage", "text", "Said if a condition cannot be checked."},
                {"onSqlOutput", "IGNORE|TEST|FAIL", "What a dry run does about them."},
                {"onUpdateSQL", "IGNORE|TEST|FAIL", "The same as onSqlOutput."}});
    whole["properties"].update(conditions);
    definitions["preConditions"] = described("Conditions that must all hold.", map_or_list(std::move(whole)));
}

void add_own(Json& definitions) {
    const Json named = map_of({{"id", "text", "Its id.", true},
                               {"author", "text", "Its author."},
                               {"path", "text", "Its file."},
                               {"file", "text", "The same as path."}});
    const Json one = {{"anyOf", {reference("text"), named}}};
    definitions["dependsOn"] = {{"anyOf", {one, {{"type", "array"}, {"items", one}}}}};
    const Json rule = map_of({{"rule", "text", "The code of the finding.", true},
                              {"reason", "text", "Why it is accepted.", true},
                              {"until", "text", "The day on which it stops to be."}});
    definitions["suppress"] = {{"anyOf", {rule, {{"type", "array"}, {"items", rule}}}}};
}

void add_root(Json& definitions) {
    const std::vector<Key> include = with_filters(
        {{"file", "text", "The file.", true},
         {"relativeToChangelogFile", "flag", "Its path starts at this file, not at the search path."},
         {"errorIfMissing", "flag", "false: a missing file is passed over."},
         {"ignore", "flag", "Leave its changesets out."},
         {"logicalFilePath", "text", "Stands for its path in the changesets' identity."}});
    const std::vector<Key> include_all = with_filters(
        {{"path", "text", "The folder.", true},
         {"relativeToChangelogFile", "flag", "Its path starts at this file, not at the search path."},
         {"errorIfMissingOrEmpty", "flag", "false: a missing folder is passed over."},
         {"minDepth", "integer", "Leave out what is less deep; direct files have 1."},
         {"maxDepth", "integer", "Leave out what is deeper."},
         {"endsWithFilter", "text", "Take only files whose names end so."},
         {"ignore", "flag", "Leave its changesets out."},
         {"logicalFilePath", "text", "Stands for their paths in the changesets' identity."},
         {"filter", "text", "A Java class; refused."},
         {"resourceFilter", "text", "A Java class; refused."},
         {"resourceComparator", "text", "A Java class; refused."}});
    const std::vector<Key> property =
        with_filters({{"name", "text", "What ${...} names."},
                      {"value", "text", "What stands in its place."},
                      {"file", "text", "A .properties file with many of them."},
                      {"relativeToChangelogFile", "flag", "Its path starts at this file."},
                      {"errorIfMissing", "flag", "false: a missing file is passed over."},
                      {"global", "flag", "false: only for this file."},
                      {"dbms", "names", "Databases that it is for."}});
    Json entry =
        map_of({{"changeSet", "changeSet", "A unit of change."},
                {"preConditions", "preConditions", "What must hold before anything runs."},
                {"preconditions", "preConditions", "The same as preConditions."},
                {"logicalFilePath", "text", "Stands for this file's path in its changesets' identity."},
                {"objectQuotingStrategy", "LEGACY|QUOTE_ALL_OBJECTS|QUOTE_ONLY_RESERVED_WORDS",
                 "Which names are quoted."},
                {"context", "text", "Holds for every changeset of the file."},
                {"contextFilter", "text", "The same as context."}});
    const auto put = [&](const char* name, std::string_view meaning, const std::vector<Key>& keys) {
        entry["properties"][name] = described(meaning, map_or_list(map_of(keys)));
    };
    put("include", "Read another file here.", include);
    put("includeAll", "Read all files of a folder here, sorted by path.", include_all);
    put("property", "Define what ${...} stands for.", property);
    put("removeChangeSetProperty", "Take an attribute away from changes.",
        {{"change", "text", "The change.", true},
         {"dbms", "names", "Databases that it is for.", true},
         {"remove", "text", "The attribute.", true}});
    entry["properties"]["modifyChangeSets"] = {{"description", "Set attributes of included changesets."}};
    definitions["databaseChangeLog"] = {
        {"anyOf", {{{"type", "array"}, {"items", std::move(entry)}}, {{"type", "null"}}}}};
}

}  // namespace

void add_document_definitions(Json& definitions) {
    add_scalars(definitions);
    add_root(definitions);
    add_changes(definitions);
    add_rollback(definitions);
    add_modify_sql(definitions);
    add_preconditions(definitions);
    add_own(definitions);
}

}  // namespace changelog
