#include "changelog/sql_edits.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "sql/regex.hpp"

namespace changelog {

namespace {

constexpr std::string_view kKinds[] = {"append", "prepend", "replace", "regExpReplace"};

bool is_edit(std::string_view key) {
    return std::find(std::begin(kKinds), std::end(kKinds), key) != std::end(kKinds);
}

struct Options final : Described {
    std::string dbms, context, context_filter, labels;
    bool to_rollback = false;

    void describe(FieldVisitor& visitor) override {
        visitor.text(optional("dbms", "Only on these databases."), dbms);
        visitor.text(optional("context", "Only in these contexts."), context);
        visitor.text(optional("contextFilter", "The same; wins over context."), context_filter);
        visitor.text(optional("labels", "Only for runs that select these labels."), labels);
        visitor.flag(optional("applyToRollback", "Also on the SQL that undoes the changeset."), to_rollback);
    }
};

struct Insertion final : Described {
    std::string value;
    void describe(FieldVisitor& visitor) override {
        visitor.text(required("value", "The text to add.").short_form(), value);
    }
};

struct Replacement final : Described {
    std::string find, with;
    void describe(FieldVisitor& visitor) override {
        visitor.text(required("replace", "What is looked for."), find);
        visitor.text(optional("with", "What takes its place."), with);
    }
};

void check_pattern(const Replacement& given, const Attribute& attribute, const ReadSettings& settings,
                   Diagnostics& diagnostics) {
    const auto problem = sql::regex_error(given.find, given.with);
    if (!problem) return;
    const std::string_view key = problem->in_replacement ? "with" : "replace";
    Position at = attribute.key->at;
    for (const Attribute& item : attributes_of(*attribute.value))
        if (equal_ignoring_case(item.key->raw, key)) at = item.value->at;
    auto& error = diagnostics.error(
        codes::bad_sql_edit, at,
        fmt::format("'{}' of regExpReplace, character {}: {}", key, problem->offset + 1, problem->message));
    error.got = problem->in_replacement ? given.with : given.find;
    error.changeset = settings.changeset;
    error.pointer = settings.pointer;
}

SqlEdit read_edit(const Attribute& attribute, const ReadSettings& settings, Diagnostics& diagnostics) {
    SqlEdit edit;
    edit.kind = attribute.key->raw;
    if (edit.kind == "append" || edit.kind == "prepend") {
        Insertion insertion;
        read_fields(*attribute.value, attribute.key->at, edit.kind, insertion, settings, diagnostics);
        edit.text = std::move(insertion.value);
        return edit;
    }
    Replacement replace;
    read_fields(*attribute.value, attribute.key->at, edit.kind, replace, settings, diagnostics);
    if (edit.kind == "regExpReplace") check_pattern(replace, attribute, settings, diagnostics);
    edit.find = std::move(replace.find);
    edit.text = std::move(replace.with);
    return edit;
}

}  // namespace

void read_sql_edits(const Attribute& entry, const ReadSettings& settings, Diagnostics& diagnostics,
                    std::vector<SqlEdit>& out) {
    if (entry.value->kind == yaml::Node::Kind::scalar) {
        auto& error =
            diagnostics.error(codes::bad_sql_edit, entry.value->at, "modifySql must be a list of edits");
        error.changeset = settings.changeset;
        error.pointer = settings.pointer;
        return;
    }
    std::vector<Attribute> given;
    std::vector<SqlEdit> edits;
    for (const Attribute& attribute : attributes_of(*entry.value)) {
        if (is_edit(attribute.key->raw))
            edits.push_back(read_edit(attribute, settings, diagnostics));
        else
            given.push_back(attribute);
    }
    for (std::size_t i = 0; i < given.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            if (given[i].key->raw != given[k].key->raw) continue;
            auto& error =
                diagnostics.error(codes::bad_sql_edit, given[i].key->at,
                                  fmt::format("'{}' given twice in one modifySql", given[i].key->raw),
                                  given[i].key->raw.size());
            error.why =
                "Its options hold for all of its edits: write a second '- modifySql:' among the changes.";
            error.changeset = settings.changeset;
            return;
        }
    }
    Options options;
    read_attributes(std::move(given), entry.key->at, "modifySql", options,
                    {std::begin(kKinds), std::end(kKinds)}, settings, diagnostics);
    for (SqlEdit& edit : edits) {
        edit.dbms = options.dbms;
        edit.contexts = options.context_filter.empty() ? options.context : options.context_filter;
        edit.labels = lower(options.labels);
        edit.to_rollback = options.to_rollback;
        out.push_back(std::move(edit));
    }
}

}  // namespace changelog
