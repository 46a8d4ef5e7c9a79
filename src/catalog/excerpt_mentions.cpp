#include "catalog/excerpt_mentions.hpp"

#include "sql/identifier.hpp"

#include <algorithm>
#include <optional>

namespace changelog::catalog {

namespace {

bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

/// A name with the schema before it, if any, and what stands around both.
struct Mention {
    std::string schema, name;
    char before = ' ', after = ' ';
};

/// Every name of a text. Strings are not told from the rest: nextval('public.q') names public.q, too.
class MentionReader {
  public:
    explicit MentionReader(std::string_view text) : text_(text) {}

    std::optional<Mention> next() {
        while (at_ < text_.size() && !begins_word()) ++at_;
        if (at_ >= text_.size()) return std::nullopt;
        Mention out;
        out.before = last_before(at_);
        out.name = word();
        while (at_ + 1 < text_.size() && text_[at_] == '.') {
            const std::size_t dot = at_++;
            if (!begins_word()) {
                at_ = dot;
                break;
            }
            out.schema = std::exchange(out.name, word());
        }
        out.after = first_from(at_);
        return out;
    }

  private:
    bool begins_word() const { return text_[at_] == '"' || is_word_char(text_[at_]); }

    std::string word() {
        const std::size_t begin = at_;
        if (text_[at_] != '"') {
            while (at_ < text_.size() && is_word_char(text_[at_])) ++at_;
            return sql::from_sql(text_.substr(begin, at_ - begin));
        }
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] != '"') continue;
            if (at_ + 1 == text_.size() || text_[at_ + 1] != '"') break;
            ++at_;
        }
        at_ = std::min(at_ + 1, text_.size());
        const std::string_view quoted = text_.substr(begin, at_ - begin);
        return quoted.size() > 1 && quoted.back() == '"' ? sql::from_sql(quoted) : std::string();
    }

    char last_before(std::size_t place) const {
        while (place > 0 && text_[place - 1] == ' ') --place;
        return place == 0 ? ' ' : text_[place - 1];
    }
    char first_from(std::size_t place) const {
        while (place < text_.size() && text_[place] == ' ') ++place;
        return place == text_.size() ? ' ' : text_[place];
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// A catalog's texts, asked one by one until one of them names something.
class MentionFinder {
  public:
    explicit MentionFinder(const Sought& sought) : sought_(sought) {}

    bool in(const Table& table) const {
        return any(table.columns) || any(table.constraints) || any(table.indexes) || any(table.triggers) ||
               any(table.policies) || sought_.in_expression(table.partition_by);
    }
    bool in(const View& view) const { return any(view.indexes) || any(view.triggers); }
    bool in(const Type& type) const {
        return sought_.in_type(type.base_type) || any(type.attributes) || any(type.constraints) ||
               (type.expression && sought_.in_expression(*type.expression)) ||
               (type.kind == TypeKind::range &&
                (sought_.in_type(type.definition) || sought_.in_expression(type.definition)));
    }

  private:
    template <typename Items>
    bool any(const Items& items) const {
        return std::any_of(items.begin(), items.end(), [&](const auto& item) { return in(item); });
    }

    bool in(const Column& column) const {
        return sought_.in_type(column.type) ||
               (column.expression && sought_.in_expression(*column.expression));
    }
    bool in(const Constraint& constraint) const { return sought_.in_expression(constraint.expression); }
    bool in(const IndexKey& key) const { return key.expression && sought_.in_expression(key.text); }
    bool in(const Index& index) const { return any(index.keys) || sought_.in_expression(index.predicate); }
    bool in(const Trigger& trigger) const { return sought_.in_expression(trigger.definition); }
    bool in(const Policy& policy) const { return sought_.in_expression(policy.definition); }
    bool in(const TypeAttribute& attribute) const { return sought_.in_type(attribute.type); }

    const Sought& sought_;
};

}  // namespace

void Sought::add(ObjectKind kind, const ObjectName& name) {
    Names& names = kind == ObjectKind::type ? types_ : kind == ObjectKind::function ? functions_ : sequences_;
    names.emplace(name.name, name.schema);
}

bool Sought::has(const Names& names, const std::string& schema, const std::string& name) {
    const auto [begin, end] = names.equal_range(name);
    return std::any_of(begin, end, [&](const auto& item) { return schema.empty() || item.second == schema; });
}

bool Sought::in_type(std::string_view text) const {
    if (types_.empty()) return false;
    MentionReader reader(text);
    while (const auto mention = reader.next())
        if (has(types_, mention->schema, mention->name)) return true;
    return false;
}

bool Sought::in_expression(std::string_view text) const {
    if (text.empty()) return false;
    MentionReader reader(text);
    while (const auto mention = reader.next()) {
        if (mention->after == '(' && has(functions_, mention->schema, mention->name)) return true;
        if (mention->before == ':' && has(types_, mention->schema, mention->name)) return true;
        if (mention->before == '\'' && has(sequences_, mention->schema, mention->name)) return true;
    }
    return false;
}

Mentions mentions_of(const Catalog& catalog, const Sought& sought) {
    const MentionFinder finder(sought);
    Mentions out;
    for (const auto& [name, table] : catalog.tables)
        if (finder.in(table)) out.relations.push_back(name);
    for (const auto& [name, view] : catalog.views)
        if (finder.in(view)) out.relations.push_back(name);
    for (const auto& [name, type] : catalog.types)
        if (finder.in(type)) out.types.push_back(name);
    return out;
}

bool is_named(const Other& other, const ObjectRef& object) {
    if (object.kind == ObjectKind::extension) return false;
    if (object.kind == ObjectKind::schema) {
        const std::string& schema = object.name.name.empty() ? object.name.schema : object.name.name;
        return other.on.name.schema == schema || other.identity.starts_with(sql::identifier(schema) + '.');
    }
    const std::string name = sql::qualified(object.name);  // "public.f" names "public.f(integer)", too
    return other.identity.starts_with(name) &&
           (other.identity.size() == name.size() || !is_word_char(other.identity[name.size()]));
}

}  // namespace changelog::catalog
