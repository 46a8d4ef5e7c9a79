#include "operations/describe_reference.hpp"

#include "core/text.hpp"
#include "operations/fields.hpp"

namespace changelog {

namespace {

/// A bar would end the cell of a table.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|') out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out;
}

/// Writes a table of keys; what is nested follows as tables of its own.
class PageWriter final : public FieldVisitor {
  public:
    void text(const Field& field, std::string& value) override { row(field, "text", value); }
    void text(const Field& field, std::optional<std::string>& value) override {
        row(field, "text", value.value_or(""));
    }
    void date(const Field& field, std::optional<std::string>& value) override {
        row(field, "date", value.value_or(""));
    }
    void flag(const Field& field, bool& value) override {
        row(field, "boolean", field.is_required || !value ? "" : "true");
    }
    void flag(const Field& field, std::optional<bool>& value) override {
        row(field, "boolean", !value ? "" : *value ? "true" : "false");
    }
    void integer(const Field& field, std::optional<std::string>& value) override {
        row(field, "number", value.value_or(""));
    }
    void names(const Field& field, std::vector<std::string>& /*value*/) override {
        row(field, "list of names", "");
    }
    void object(const Field& field, Described& value, bool& /*present*/) override {
        row(field, "map", "");
        nest(std::string(field.name), value);
    }
    void list(const Field& field, DescribedList&& list) override {
        row(field, fmt::format("list of `{}`", list.wrapper()), "");
        nest(std::string(list.wrapper()), list.add());
    }
    void misplaced(std::string_view /*name*/, std::string_view /*advice*/) override {}

    /// `title` empty: the operation itself.
    std::string page_of(Described& value, const std::string& title = {}) {
        value.describe(*this);
        std::string out;
        if (rows_.empty())
            out = title.empty() ? "It has no keys.\n\n" : "";
        else
            out = fmt::format("{}| key | kind | required | meaning |\n|---|---|---|---|\n{}\n",
                              title.empty() ? "" : fmt::format("Keys of `{}`:\n\n", title), rows_);
        return out + nested_;
    }

  private:
    void row(const Field& field, std::string_view kind, std::string_view standard) {
        std::string meaning(field.meaning);
        if (field.is_short_form) meaning += " Also written as a plain value in place of the map.";
        if (!field.choices.empty()) meaning += fmt::format(" One of: {}.", fmt::join(field.choices, ", "));
        if (!standard.empty()) meaning += fmt::format(" Default: `{}`.", standard);
        if (field.is_own) meaning += " Not in Liquibase's format, which ignores it.";
        std::string name = fmt::format("`{}`", field.name);
        if (!field.alias.empty()) name += fmt::format(", `{}`", field.alias);
        rows_ +=
            fmt::format("| {} | {} | {} | {} |\n", name, kind, field.is_required ? "yes" : "", cell(meaning));
    }

    void nest(const std::string& title, Described& value) {
        PageWriter inner;
        nested_ += inner.page_of(value, title);
    }

    std::string rows_, nested_;
};

std::string title_of(std::string_view group) {
    std::string out(group);
    if (!out.empty() && out.front() >= 'a' && out.front() <= 'z')
        out.front() = static_cast<char>(out.front() - 'a' + 'A');
    return out;
}

std::string file_of(std::string_view group) {
    std::string out;
    for (const char c : group) out += c == ' ' || c == '/' ? '-' : c;
    return out + ".md";
}

constexpr std::string_view kNotice =
    "<!-- generated from the descriptions in src/operations; see docs/development.md -->\n";

}  // namespace

std::map<std::string, std::string> reference_pages() {
    std::map<std::string, std::string> pages;
    std::map<std::string_view, std::string> lists;
    for (const OperationType* type : operation_types()) {
        std::string& page = pages[file_of(type->group)];
        if (page.empty()) page = fmt::format("{}# {}\n\n", kNotice, title_of(type->group));
        PageWriter writer;
        page += fmt::format("## {}\n\n{}\n\n{}", type->name, type->summary, writer.page_of(*type->make()));
        lists[type->group] += fmt::format("- [`{}`]({}#{}): {}\n", type->name, file_of(type->group),
                                          lower(type->name), type->summary);
    }
    std::string index =
        fmt::format("{}# Operations\n\nWhat may stand in the `changes` of a changeset.\n", kNotice);
    for (const auto& [group, list] : lists) index += fmt::format("\n## {}\n\n{}", title_of(group), list);
    pages["README.md"] = index + "\nHow each compares with Liquibase: [compatibility](compatibility.md).\n";
    pages["compatibility.md"] = compatibility_page();
    for (auto& [name, page] : pages)
        while (page.ends_with("\n\n")) page.pop_back();
    return pages;
}

}  // namespace changelog
