#include "changelog/preconditions.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"

namespace changelog {

namespace {

using yaml::Node;

/// An attribute of a condition. A '*' in front marks a required one.
struct ConditionType {
    std::string_view name;
    std::vector<std::string_view> attributes;
};

const std::vector<ConditionType>& condition_types() {
    static const std::vector<ConditionType> types = {
        {"dbms", {"*type"}},
        {"runningAs", {"*username"}},
        {"changeSetExecuted", {"*id", "*author", "changeLogFile"}},
        {"tableExists", {"*tableName", "schemaName", "catalogName"}},
        {"viewExists", {"*viewName", "schemaName", "catalogName"}},
        {"columnExists", {"*columnName", "*tableName", "schemaName", "catalogName"}},
        {"indexExists", {"indexName", "tableName", "columnNames", "schemaName", "catalogName"}},
        {"primaryKeyExists", {"primaryKeyName", "tableName", "schemaName", "catalogName"}},
        {"uniqueConstraintExists",
         {"*tableName", "constraintName", "columnNames", "schemaName", "catalogName"}},
        {"foreignKeyConstraintExists",
         {"foreignKeyName", "foreignKeyTableName", "foreignKeyTableSchemaName", "foreignKeyTableCatalogName",
          "schemaName", "catalogName"}},
        {"sequenceExists", {"*sequenceName", "schemaName", "catalogName"}},
        {"sqlCheck", {"*expectedResult", "*sql"}},
        {"rowCount", {"*tableName", "*expectedRows", "schemaName", "catalogName"}},
        {"tableIsEmpty", {"*tableName", "schemaName", "catalogName"}},
        {"changeLogPropertyDefined", {"*property", "value"}},
        {"expectedQuotingStrategy", {"*strategy"}},
    };
    return types;
}

constexpr std::string_view kGroups[] = {"and", "or", "not"};

bool is_group(std::string_view key) {
    return std::find(std::begin(kGroups), std::end(kGroups), key) != std::end(kGroups);
}

bool is_option(std::string_view key) {
    for (const std::string_view option :
         {"onFail", "onError", "onFailMessage", "onErrorMessage", "onSqlOutput", "onUpdateSQL"})
        if (key == option) return true;
    return key == "onUpdateSql";
}

bool is_remark(std::string_view key) {
    return key == "comment" || key == "comments" || key == "remarks" || key == "description";
}

const ConditionType* find_type(std::string_view name) {
    for (const ConditionType& type : condition_types())
        if (type.name == name) return &type;
    return nullptr;
}

/// The attributes of one condition as described fields, so that they are read as strictly as any others.
struct ConditionFields final : Described {
    const ConditionType& type;
    std::map<std::string, std::string>& values;

    ConditionFields(const ConditionType& of, std::map<std::string, std::string>& into)
        : type(of), values(into) {}

    void describe(FieldVisitor& visitor) override {
        for (std::string_view name : type.attributes) {
            const bool is_required = name.starts_with('*');
            if (is_required) name.remove_prefix(1);
            std::optional<std::string> value;
            visitor.text(is_required ? required(name, {}) : optional(name, {}), value);
            if (value) values[std::string(name)] = *value;
        }
    }
};

struct PreconditionOptions final : Described {
    std::string on_fail = "HALT", on_error = "HALT", on_fail_message, on_error_message,
                on_sql_output = "IGNORE";

    void describe(FieldVisitor& visitor) override {
        const std::vector<std::string_view> outcomes = {"HALT", "CONTINUE", "MARK_RAN", "WARN"};
        visitor.text(optional("onFail", "What happens if they do not hold.").one_of(outcomes), on_fail);
        visitor.text(optional("onError", "What happens if they cannot be checked.").one_of(outcomes),
                     on_error);
        visitor.text(optional("onFailMessage", "Printed if they do not hold."), on_fail_message);
        visitor.text(optional("onErrorMessage", "Printed if they cannot be checked."), on_error_message);
        visitor.text(optional("onSqlOutput", "What a dry run does with them.")
                         .also("onUpdateSQL")
                         .one_of({"IGNORE", "TEST", "FAIL"}),
                     on_sql_output);
    }
};

OnFail outcome(std::string_view name) {
    if (name == "CONTINUE") return OnFail::carry_on;
    if (name == "MARK_RAN") return OnFail::mark_ran;
    if (name == "WARN") return OnFail::warn;
    return OnFail::halt;
}

class ConditionBinder {
  public:
    ConditionBinder(const ReadSettings& settings, Diagnostics& diagnostics)
        : settings_(settings), diagnostics_(diagnostics) {}

    /// All conditions below a node, in order; keys for which `skip` says so are passed over.
    void read_all(const Node& node, std::vector<Condition>& out, bool at_top) {
        for (const Node& item : node.items) {
            if (item.kind != Node::Kind::scalar) {
                read_all(item, out, at_top);
                continue;
            }
            auto& error = diagnostics_.error(codes::wrong_type, item.at, "a condition must be a map");
            error.changeset = settings_.changeset;
            error.got = yaml::scalar_text(item);
        }
        if (node.kind != Node::Kind::mapping) return;
        // A condition may occur twice in one map only by mistake: the last one holds.
        for (const Attribute& attribute : unique_attributes(node, "preConditions", settings_, diagnostics_)) {
            if (at_top && is_option(attribute.key->raw)) continue;
            read_one(attribute, out);
        }
    }

  private:
    void read_one(const Attribute& attribute, std::vector<Condition>& out) {
        const std::string& key = attribute.key->raw;
        Condition condition;
        condition.kind = key;
        condition.at = attribute.key->at;
        if (is_group(key)) {
            read_all(*attribute.value, condition.children, false);
            out.push_back(std::move(condition));
            return;
        }
        if (key == "customPrecondition") return report_custom(attribute, std::move(condition), out);
        const ConditionType* type = find_type(key);
        if (type == nullptr) return report_unknown(attribute);
        ConditionFields fields(*type, condition.attributes);
        ReadSettings below = settings_;
        below.pointer += "/" + key;
        read_fields(*attribute.value, attribute.key->at, key, fields, below, diagnostics_);
        out.push_back(std::move(condition));
    }

    void report_custom(const Attribute& attribute, Condition condition, std::vector<Condition>& out) {
        const Severity severity = settings_.lenient ? Severity::warning : Severity::error;
        auto& item = diagnostics_.add(severity, codes::external_code,
                                      locate(attribute.key->at, attribute.key->raw.size()),
                                      "customPrecondition runs a Java class");
        item.changeset = settings_.changeset;
        item.why =
            "Write it as 'sqlCheck'. A class that is not there counts as a condition that does not hold.";
        out.push_back(std::move(condition));
    }

    void report_unknown(const Attribute& attribute) {
        const std::string& key = attribute.key->raw;
        if (is_remark(key)) return;
        const bool scalar =
            attribute.value->kind == Node::Kind::scalar || attribute.value->kind == Node::Kind::null;
        const bool tolerated =
            settings_.lenient && scalar;  // with a map or list below it, Liquibase refuses it too
        if (tolerated && settings_.ignored != nullptr) ++*settings_.ignored;
        auto& item =
            diagnostics_.add(tolerated ? Severity::warning : Severity::error, codes::unknown_precondition,
                             locate(attribute.key->at, std::max<std::size_t>(1, key.size())),
                             fmt::format("unknown precondition '{}'", key));
        item.changeset = settings_.changeset;
        item.pointer = settings_.pointer + "/" + key;
        item.got = key;
        std::vector<std::string_view> names(std::begin(kGroups), std::end(kGroups));
        for (const ConditionType& type : condition_types()) names.push_back(type.name);
        for (const std::string_view option :
             {"onFail", "onError", "onFailMessage", "onErrorMessage", "onSqlOutput"})
            names.push_back(option);
        item.did_you_mean = nearest(key, names);
        if (!item.did_you_mean.empty()) item.fixes.push_back(replacement(*attribute.key, item.did_you_mean));
        if (belongs_to_a_condition(key))
            item.why = "If it belongs to the condition above it, indent it further than that.";
    }

    static bool belongs_to_a_condition(std::string_view key) {
        const auto& types = condition_types();
        return std::any_of(types.begin(), types.end(), [&](const ConditionType& type) {
            return std::any_of(
                type.attributes.begin(), type.attributes.end(), [&](std::string_view attribute) {
                    return attribute == key || (attribute.starts_with('*') && attribute.substr(1) == key);
                });
        });
    }

    const ReadSettings& settings_;
    Diagnostics& diagnostics_;
};

}  // namespace

std::optional<Preconditions> bind_preconditions(const Attribute& entry, const ReadSettings& settings,
                                                Diagnostics& diagnostics) {
    const Node& value = *entry.value;
    if (yaml::scalar_type(value) == yaml::ScalarType::null) return std::nullopt;
    if (value.kind == Node::Kind::scalar) {
        diagnostics.error(codes::wrong_type, value.at, "preConditions must be a list of conditions")
            .changeset = settings.changeset;
        return std::nullopt;
    }
    std::vector<Attribute> given;
    for (const Attribute& attribute : attributes_of(value))
        if (is_option(attribute.key->raw)) given.push_back(attribute);
    Diagnostics reported;  // where they stand in a map, the conditions beside them report them
    given = unique_attributes(given, "preConditions", settings,
                              value.kind == Node::Kind::sequence ? diagnostics : reported);
    PreconditionOptions options;
    read_attributes(std::move(given), entry.key->at, "preConditions", options, {}, settings, diagnostics);

    Preconditions out;
    out.at = entry.key->at;
    out.on_fail = outcome(options.on_fail);
    out.on_error = outcome(options.on_error);
    out.on_fail_message = std::move(options.on_fail_message);
    out.on_error_message = std::move(options.on_error_message);
    out.on_sql_output = std::move(options.on_sql_output);
    ConditionBinder(settings, diagnostics).read_all(value, out.all, true);
    return out;
}

}  // namespace changelog
