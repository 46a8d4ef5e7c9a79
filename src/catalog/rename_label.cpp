// A value of an enumeration that is renamed: PostgreSQL keeps constants of the type by number, so they
// follow.
#include "catalog/rename.hpp"
#include "catalog/texts.hpp"
#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"
#include "sql/mentions.hpp"
#include "sql/tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace changelog::catalog {

namespace {

using sql::Mention;
using sql::Mentions;
using What = sql::Mention::What;

class LabelRename {
  public:
    LabelRename(const Catalog& catalog, const ObjectName& type, const std::string& from,
                const std::string& to)
        : catalog_(catalog), from_(from), to_(to) {
        types_.push_back(type);
        for (const auto& [name, other] : catalog.types)
            if (other.kind == TypeKind::domain && is_of_type(catalog, other.base_type, type))
                types_.push_back(name);
    }

    bool is_one(const std::string& written) const {
        return std::any_of(types_.begin(), types_.end(),
                           [&](const ObjectName& type) { return is_of_type(catalog_, written, type); });
    }

    /// Every constant of a text that is of the type.
    bool in_value(std::string& text) const {
        return change(text, sql::mentions_of_expression(text), [](const Mention&) { return true; });
    }

    bool operator()(std::string& text, const TextOwner& owner) const {
        if (owner.bound) return in_bound(text, owner.name);
        if (owner.kind == ObjectKind::type && owner.name != types_.front() && is_type(owner.name))
            return in_value(text);
        if (owner.exclusion) return !has_word(text, sql::literal(from_));
        const auto found =
            owner.whole_statement ? sql::mentions_of_statement(text) : sql::mentions_of_expression(text);
        if (!found) return !has_word(text, from_);
        const Columns columns = owner.view || found->nested || owner.kind == ObjectKind::function
                                    ? Columns::unclear
                                    : columns_of(*found, owner.name);
        bool clear = true;
        const bool changed = change(text, found, [&](const Mention& mention) {
            if (!mention.cast.empty()) return is_name_of_type(mention.cast);
            if (columns == Columns::unclear) clear = false;
            return columns == Columns::all;
        });
        return changed && clear;
    }

  private:
    enum class Columns { none, all, unclear };

    bool is_type(const ObjectName& name) const {
        return std::find(types_.begin(), types_.end(), name) != types_.end();
    }

    bool is_name_of_type(const std::string& name) const {
        return std::any_of(types_.begin(), types_.end(),
                           [&](const ObjectName& type) { return type.name == name; });
    }

    /// Whether the columns that an expression names have the type: then its constants do, too.
    Columns columns_of(const Mentions& found, const ObjectName& on) const {
        const Table* table = catalog_.table(on);
        if (table == nullptr) return Columns::unclear;
        bool some = false, others = false;
        for (const Mention& mention : found.all) {
            if (mention.what != What::column || mention.parts.empty()) continue;
            const Column* column = table->column(mention.parts.back());
            if (column == nullptr) return Columns::unclear;
            (is_one(column->type) ? some : others) = true;
        }
        if (some && others) return Columns::unclear;
        return some ? Columns::all : Columns::none;
    }

    template <typename Takes>
    bool change(std::string& text, const std::optional<Mentions>& found, const Takes& takes) const {
        if (!found) return false;
        std::vector<sql::NameEdit> edits;
        for (const Mention& mention : found->all) {
            if (mention.what != What::constant) continue;
            const std::string& value = mention.parts.front();
            const bool list = value.starts_with('{') && has_word(value, from_);
            if ((value != from_ && !list) || !takes(mention)) continue;
            const auto changed = list ? in_list(value) : to_;
            if (!changed) return false;
            edits.push_back({mention.offset, 0, sql::literal(*changed)});
        }
        text = sql::with_edits(text, std::move(edits));
        return true;
    }

    /// "{a,b}"; nothing where a value is quoted.
    std::optional<std::string> in_list(const std::string& value) const {
        if (value.find_first_of("\"\\") != std::string::npos ||
            to_.find_first_of(" ,{}\"\\") != std::string::npos)
            return std::nullopt;
        std::vector<std::string> items = split(value.substr(1, value.size() - 2), ',');
        std::replace(items.begin(), items.end(), from_, to_);
        return '{' + join(items, ",") + '}';
    }

    bool in_bound(std::string& text, const ObjectName& partition) const {
        const Table* table = catalog_.table(partition);
        const Table* parent = table == nullptr ? nullptr : catalog_.table(table->partition_of);
        const bool known = parent != nullptr;
        const bool is_key =
            known && std::any_of(parent->columns.begin(), parent->columns.end(), [&](const Column& column) {
                return is_one(column.type) && has_word(parent->partition_by, column.name);
            });
        if (known && !is_key) return true;
        const auto tokens = sql::tokenize(text);
        if (!tokens || !known) return false;
        std::string out;
        for (const sql::Token& token : *tokens)
            out += token.text == sql::literal(from_) ? sql::literal(to_) : std::string(token.text);
        text = out;
        return true;
    }

    const Catalog& catalog_;
    std::vector<ObjectName> types_;
    const std::string& from_;
    const std::string& to_;
};

}  // namespace

void rename_label(Catalog& catalog, const ObjectName& type, const std::string& from, const std::string& to) {
    const Catalog before = catalog;
    const LabelRename rename(before, type, from, to);
    const std::string what = fmt::format("a value of type {}.{} was renamed", type.schema, type.name);
    std::vector<ObjectName> stale;
    for (auto& [name, table] : catalog.tables)
        for (Column& column : table.columns)
            if (column.expression && column.generated == Generated::no && rename.is_one(column.type) &&
                !rename.in_value(*column.expression))
                stale.push_back(name);
    for (const ObjectName& table : stale) forget_object(catalog, {ObjectKind::table, table}, what);
    change_texts(catalog, {from}, what, rename);
    if (const auto found = catalog.types.find(type); found != catalog.types.end())
        std::replace(found->second.labels.begin(), found->second.labels.end(), from, to);
}

}  // namespace changelog::catalog
