#include "operations/describe_schema.hpp"

#include "operations/describe_document.hpp"
#include "operations/fields.hpp"

#include <nlohmann/json.hpp>

namespace changelog {

namespace {

using Json = nlohmann::ordered_json;

Json reference(const std::string& name) { return {{"$ref", "#/$defs/" + name}}; }

Json one_or_many(const Json& schema) { return {{"anyOf", {{{"type", "array"}, {"items", schema}}, schema}}}; }

/// Turns a description into the schema of a map. Maps that several operations share become definitions of
/// their own.
class SchemaWriter final : public FieldVisitor {
  public:
    SchemaWriter(Json& definitions, std::string owner)
        : definitions_(definitions), owner_(std::move(owner)) {}

    void text(const Field& field, std::string& /*value*/) override { add(field, reference("text")); }
    void text(const Field& field, std::optional<std::string>& /*value*/) override {
        add(field, reference("text"));
    }
    void date(const Field& field, std::optional<std::string>& /*value*/) override {
        add(field, reference("text"));
    }
    void flag(const Field& field, bool& value) override {
        Json schema = reference("flag");
        if (!field.is_required) schema["default"] = value;
        add(field, std::move(schema));
    }
    void flag(const Field& field, std::optional<bool>& value) override {
        Json schema = reference("flag");
        if (value) schema["default"] = *value;
        add(field, std::move(schema));
    }
    void integer(const Field& field, std::optional<std::string>& /*value*/) override {
        add(field, reference("integer"));
    }
    void names(const Field& field, std::vector<std::string>& /*value*/) override {
        add(field, reference("names"));
    }
    void object(const Field& field, Described& value, bool& /*present*/) override {
        add(field, share(std::string(field.name), value));
    }
    void list(const Field& field, DescribedList&& list) override {
        const std::string wrapper(list.wrapper());
        const Json element = share(wrapper, list.add());
        const Json entry = {
            {"type", "object"}, {"properties", {{wrapper, element}}}, {"additionalProperties", false}};
        add(field, one_or_many(entry));
        if (field.alias == wrapper) {  // `column: {...}` in place of `columns: [{column: {...}}]`
            Json& direct = properties_[wrapper];
            Json other = one_or_many(element);
            other["description"] = direct["description"];
            direct = std::move(other);
        }
    }
    void misplaced(std::string_view /*name*/, std::string_view /*advice*/) override {}

    Json schema_of(Described& value) {
        value.describe(*this);
        Json map = {{"type", required_ ? Json("object") : Json({"object", "null"})},
                    {"properties", properties_}};
        if (!must_.empty()) map["required"] = must_;
        if (!either_.empty()) map["allOf"] = either_;
        map["additionalProperties"] = false;
        return short_form_ ? Json{{"anyOf", {reference("text"), map}}} : map;
    }

  private:
    void add(const Field& field, Json schema) {
        if (!field.choices.empty()) {
            Json choices = Json::array();
            for (const std::string_view choice : field.choices) choices.push_back(choice);
            schema = {{"anyOf", {{{"enum", choices}}, reference("parameter")}}};
        }
        std::string meaning(field.meaning);
        if (field.is_own) meaning += " Not in Liquibase's format, which ignores it.";
        schema["description"] = meaning;
        if (field.is_own) schema["x-own"] = true;
        if (field.is_ignored) schema["x-no-effect"] = true;
        properties_[std::string(field.name)] = schema;
        if (!field.alias.empty()) properties_[std::string(field.alias)] = schema;
        short_form_ = short_form_ || field.is_short_form;
        if (field.is_required) require(field);
    }

    void require(const Field& field) {
        required_ = true;
        if (field.alias.empty()) return must_.push_back(field.name);
        const auto one = [](std::string_view name) { return Json{{"required", {name}}}; };
        either_.push_back({{"anyOf", {one(field.name), one(field.alias)}}});
    }

    /// A definition of this name if it says the same, else one that carries the operation's name.
    Json share(const std::string& name, Described& value) {
        SchemaWriter inner(definitions_, owner_);
        Json schema = inner.schema_of(value);
        for (const std::string& candidate : {name, owner_ + "." + name}) {
            const auto found = definitions_.find(candidate);
            if (found == definitions_.end())
                definitions_[candidate] = schema;
            else if (*found != schema)
                continue;
            return reference(candidate);
        }
        return schema;
    }

    Json& definitions_;
    std::string owner_;
    Json properties_ = Json::object(), must_ = Json::array(), either_ = Json::array();
    bool required_ = false, short_form_ = false;
};

Json operation_schema(const OperationType& type, Json& shared) {
    SchemaWriter writer(shared, std::string(type.name));
    Json out = {{"description", type.summary}};
    out.update(writer.schema_of(*type.make()));
    return out;
}

}  // namespace

std::string json_schema() {
    Json operations = Json::object(), shared = Json::object(), properties = Json::object();
    for (const OperationType* type : operation_types()) {
        const std::string name(type->name);
        operations["change." + name] = operation_schema(*type, shared);
        properties[name] = reference("change." + name);
    }
    Json definitions = Json::object();
    definitions["changes"] = {{"description", "Every kind of change by its key."},
                              {"properties", properties}};
    add_document_definitions(definitions);
    definitions.update(shared);
    definitions.update(operations);
    const Json out = {
        {"$schema", "https://json-schema.org/draft/2020-12/schema"},
        {"title", "changelog"},
        {"description", "A file of database changes for PostgreSQL, in the YAML or JSON form of Liquibase."},
        {"type", "object"},
        {"properties", {{"databaseChangeLog", reference("databaseChangeLog")}}},
        {"required", {"databaseChangeLog"}},
        {"$defs", definitions}};
    return out.dump(2) + '\n';
}

}  // namespace changelog
