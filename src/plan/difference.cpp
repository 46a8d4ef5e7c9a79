// The difference of meaning between two canonical forms, for people.
#include "changelog/plan.hpp"

#include "catalog/difference_values.hpp"
#include "core/text.hpp"
#include "sql/tokens.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace changelog {

namespace {

using nlohmann::json;

constexpr std::size_t kShortText = 60;    // is shown whole
constexpr std::size_t kShownWidth = 80;   // of a longer one, around the difference
constexpr std::size_t kTokensAround = 4;  // that are equal, so that the place is found

std::string shown(const json& value) {
    if (value.is_string()) {
        const std::string& text = value.get_ref<const std::string&>();
        return text.empty() ? "''" : text;
    }
    if (value.is_array() &&
        std::all_of(value.begin(), value.end(), [](const json& item) { return item.is_string(); })) {
        std::vector<std::string> parts;
        for (const json& item : value) parts.push_back(shown(item));
        return '(' + join(parts, ", ") + ')';
    }
    return value.dump();
}

/// As shown(), but of a text that would fill the screen only the beginning.
std::string shown_clipped(const json& value) {
    const std::string text = shown(value);
    return text.size() <= kShownWidth ? text : clip_utf8(text, kShownWidth) + " ...";
}

/// What a reader would call an item of a list: its name, or the kind of change with the table.
std::string label_of(const json& item, std::size_t position) {
    if (item.is_object() && item.size() == 1 && item.begin()->is_object()) {
        const json& fields = *item.begin();
        for (const char* key :
             {"tableName", "baseTableName", "viewName", "sequenceName", "indexName", "oldTableName"})
            if (fields.contains(key)) return fmt::format("{} {}", item.begin().key(), shown(fields[key]));
        return item.begin().key();
    }
    if (item.is_object() && item.contains("name")) return shown(item["name"]);
    return fmt::format("#{}", position + 1);
}

/// "createTable" of a change; nothing of anything else.
std::string kind_of(const json& item) {
    return item.is_object() && item.size() == 1 && item.begin()->is_object() ? item.begin().key() : "";
}

// ---- texts: SQL as its tokens, all else as it is

std::vector<std::string> tokens_of(const std::string& text) {
    std::vector<std::string> out;
    const auto tokens = sql::tokenize(text);
    if (!tokens) return {text};
    for (const sql::Token& token : *tokens)
        if (token.kind != sql::TokenKind::space && token.kind != sql::TokenKind::comment)
            out.emplace_back(token.text);
    return out;
}

/// The tokens from `begin` to `end` with some around them.
std::string excerpt_of(const std::vector<std::string>& tokens, std::size_t begin, std::size_t end) {
    const std::size_t first = begin > kTokensAround ? begin - kTokensAround : 0;
    const std::size_t last = std::min(tokens.size(), end + kTokensAround);
    std::string out = first > 0 ? "... " : "";
    for (std::size_t i = first; i < last; ++i) out += (i > first ? " " : "") + tokens[i];
    return out + (last < tokens.size() ? " ..." : "");
}

/// Two texts, whole if they are short, else the tokens that differ.
std::string text_difference(const std::string& before, const std::string& after) {
    if (before.size() <= kShortText && after.size() <= kShortText)
        return fmt::format("{} -> {}", shown(before), shown(after));
    const std::vector<std::string> a = tokens_of(before);
    const std::vector<std::string> b = tokens_of(after);
    const std::size_t shorter = std::min(a.size(), b.size());
    std::size_t head = 0;
    while (head < shorter && a[head] == b[head]) ++head;
    std::size_t tail = 0;
    while (tail < shorter - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
    const std::string left = excerpt_of(a, head, a.size() - tail);
    const std::string right = excerpt_of(b, head, b.size() - tail);
    // A body in dollar quotes is one token: then the place within it. Equal tokens: white space of plain
    // text.
    const catalog::TextPair clipped = left == right ? catalog::clipped_difference(before, after, kShownWidth)
                                                    : catalog::clipped_difference(left, right, kShownWidth);
    return fmt::format("{} -> {}", shown(clipped.before), shown(clipped.after));
}

// ---- lists: items are found again by their labels, so that one more is one difference

struct Item {
    const json* value = nullptr;
    std::string label;
    std::string key;  ///< the label, numbered where several have it
};

std::vector<Item> items_of(const json& list) {
    std::vector<Item> out;
    std::map<std::string, int> seen;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string label = label_of(list[i], i);
        out.push_back({&list[i], label, fmt::format("{}\n{}", label, ++seen[label])});
    }
    return out;
}

const Item* find(const std::vector<Item>& items, const std::string& key) {
    const auto found =
        std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.key == key; });
    return found == items.end() ? nullptr : &*found;
}

void compare(const json& before, const json& after, const std::string& where, std::vector<std::string>& out);

class ListComparison {
  public:
    ListComparison(const json& before, const json& after, const std::string& where,
                   std::vector<std::string>& out)
        : before_(items_of(before)), after_(items_of(after)), where_(where), out_(out) {}

    void run() {
        match_same_keys();
        match_renamed();
        for (const Item& item : before_) {
            if (const Item* other = partner(item))
                compare(*item.value, *other->value, where_ + item.label + ": ", out_);
            else
                out_.push_back(fmt::format("{}removed: {}", where_, item.label));
        }
        for (const Item& item : after_)
            if (!taken_.contains(&item)) out_.push_back(fmt::format("{}added: {}", where_, item.label));
        report_order();
    }

  private:
    const Item* partner(const Item& item) const {
        const auto found = partners_.find(&item);
        return found == partners_.end() ? nullptr : found->second;
    }

    void match(const Item& item, const Item& other) {
        partners_[&item] = &other;
        taken_[&other] = &item;
    }

    void match_same_keys() {
        for (const Item& item : before_)
            if (const Item* other = find(after_, item.key)) match(item, *other);
    }

    /// One that stands at the same place, between the same neighbours, and is of the same kind: another name
    /// was given to it.
    void match_renamed() {
        for (std::size_t i = 0; i < before_.size(); ++i) {
            if (partner(before_[i]) != nullptr) continue;
            std::size_t place = 0;
            if (i > 0) {
                const Item* neighbour = partner(before_[i - 1]);
                if (neighbour == nullptr) continue;
                place = static_cast<std::size_t>(neighbour - after_.data()) + 1;
            }
            if (place < after_.size() && !taken_.contains(&after_[place]) &&
                kind_of(*before_[i].value) == kind_of(*after_[place].value))
                match(before_[i], after_[place]);
        }
    }

    /// Of what both have.
    void report_order() {
        std::vector<std::string> left, right;
        std::vector<const Item*> order;
        for (const Item& item : before_)
            if (const Item* other = partner(item)) {
                left.push_back(item.label);
                order.push_back(other);
            }
        if (std::is_sorted(order.begin(), order.end())) return;
        for (const Item& item : after_)
            if (const auto found = taken_.find(&item); found != taken_.end())
                right.push_back(found->second->label);
        out_.push_back(fmt::format("{}order: {} -> {}", where_, join(left, ", "), join(right, ", ")));
    }

    const std::vector<Item> before_, after_;
    const std::string& where_;
    std::vector<std::string>& out_;
    std::map<const Item*, const Item*> partners_, taken_;
};

/// Lists whose items say enough.
bool is_wrapper(const std::string& key) { return key == "changes" || key == "columns"; }

const json* member(const json& object, const std::string& key) {
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

void compare_objects(const json& before, const json& after, const std::string& where,
                     std::vector<std::string>& out) {
    const std::string kind = kind_of(before);
    if (!kind.empty() && kind == kind_of(after)) return compare(*before.begin(), *after.begin(), where, out);
    for (const auto& [key, value] : before.items()) {
        const std::string below = is_wrapper(key) ? where : fmt::format("{}{}: ", where, key);
        if (const json* other = member(after, key))
            compare(value, *other, below, out);
        else if (value.is_object())
            compare(value, json::object(), below, out);
        else
            out.push_back(fmt::format("{}{}: {} -> (none)", where, key, shown_clipped(value)));
    }
    for (const auto& [key, value] : after.items()) {
        if (before.contains(key)) continue;
        if (value.is_object())
            compare(json::object(), value, fmt::format("{}{}: ", where, key), out);
        else
            out.push_back(fmt::format("{}{}: (none) -> {}", where, key, shown_clipped(value)));
    }
}

bool has_objects(const json& list) {
    return std::any_of(list.begin(), list.end(), [](const json& item) { return item.is_object(); });
}

void compare(const json& before, const json& after, const std::string& where, std::vector<std::string>& out) {
    if (before == after) return;
    if (before.is_array() && after.is_array() && (has_objects(before) || has_objects(after)))
        return ListComparison(before, after, where, out).run();
    if (before.is_object() && after.is_object()) return compare_objects(before, after, where, out);
    if (before.is_string() && after.is_string()) {
        out.push_back(where + text_difference(before.get<std::string>(), after.get<std::string>()));
        return;
    }
    out.push_back(fmt::format("{}{} -> {}", where, shown(before), shown(after)));
}

}  // namespace

std::vector<std::string> definition_difference(const std::string& before, const std::string& after) {
    std::vector<std::string> out;
    const json a = json::parse(before, nullptr, false);
    const json b = json::parse(after, nullptr, false);
    if (a.is_discarded() || b.is_discarded()) return out;
    compare(a, b, "", out);
    return out;
}

}  // namespace changelog
