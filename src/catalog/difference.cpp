#include "catalog/difference.hpp"

#include "catalog/ddl.hpp"
#include "catalog/difference_fields.hpp"
#include "catalog/difference_normal.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::catalog {

namespace {

constexpr std::size_t kShownWidth = 100;

std::string object_of(ObjectKind kind, const ObjectName& name, const std::string& part = {}) {
    return to_string(ObjectRef{kind, name, part});
}

/// What a missing or extra object was, in a few words; "" where that would be long.
std::string definition_of(const Column& column) { return column_definition(column); }
std::string definition_of(const Constraint& constraint) { return constraint_definition(constraint); }
std::string definition_of(const Trigger& trigger) { return trigger.definition; }
std::string definition_of(const Policy& policy) { return policy.definition; }
std::string definition_of(const Sequence& sequence) { return create_sequence(sequence); }
std::string definition_of(const View& view) { return create_view(view); }
std::string definition_of(const Function& function) { return function.definition; }
std::string definition_of(const Type& type) { return create_type(type); }
std::string definition_of(const Other& other) { return other.create; }
std::string definition_of(const Extension& extension) { return extension.version; }
std::string definition_of(const Schema&) { return {}; }
std::string definition_of(const Table& table) {
    std::vector<std::string> names;
    for (const Column& column : table.columns) names.push_back(column.name);
    return '(' + join(names, ", ") + ')';
}

std::string label_of(const Extension& extension) { return "extension " + extension.name; }
std::string label_of(const Schema& schema) { return "schema " + schema.name; }
std::string label_of(const Other& other) { return other.kind + ' ' + other.identity; }
std::string label_of(const Table& table) { return object_of(ObjectKind::table, table.name); }
std::string label_of(const Sequence& sequence) { return object_of(ObjectKind::sequence, sequence.name); }
std::string label_of(const Type& type) { return object_of(ObjectKind::type, type.name); }
std::string label_of(const View& view) {
    return (view.materialized ? "materialized view " : "view ") + text_of(view.name);
}
std::string label_of(const Function& function) {
    const std::string name = lower(function.kind) + ' ' + text_of(function.name);
    return function.arguments_known ? name + '(' + function.arguments + ')' : name;
}

template <typename Item>
std::vector<const Item*> by_name(const std::vector<Item>& items) {
    std::vector<const Item*> out;
    for (const Item& item : items) out.push_back(&item);
    std::stable_sort(out.begin(), out.end(), [](const Item* a, const Item* b) { return a->name < b->name; });
    return out;
}

class Comparison {
  public:
    explicit Comparison(const DifferenceOptions& options) : options_(options) {}

    std::vector<Difference> run(const Catalog& a, const Catalog& b) {
        // Every member of a catalog, so that a new one is not forgotten here.
        const auto& [schemas, extensions, tables, sequences, views, types, functions, others, uncertain] = a;
        compared_one_by_one(uncertain);
        maps(schemas, b.schemas);
        maps(extensions, b.extensions);
        maps(types, b.types);
        maps(sequences, b.sequences);
        maps(tables, b.tables);
        maps(views, b.views);
        compare_functions(functions, b.functions);
        maps(others, b.others);
        return std::move(out_);
    }

  private:
    template <typename Map>
    void maps(const Map& a, const Map& b) {
        auto left = a.begin();
        auto right = b.begin();
        while (left != a.end() || right != b.end()) {
            if (right == b.end() || (left != a.end() && left->first < right->first)) {
                missing(label_of(left->second), definition_of(left->second));
                ++left;
            } else if (left == a.end() || right->first < left->first) {
                extra(label_of(right->second), definition_of(right->second));
                ++right;
            } else {
                object(label_of(left->second), left->second, right->second);
                ++left, ++right;
            }
        }
    }

    /// Parts of a table, view or type, by name; `label` gives a part's name in full, `text` its definition.
    template <typename Item, typename Label, typename Text>
    void parts(const std::vector<Item>& a, const std::vector<Item>& b, const Label& label, const Text& text) {
        const std::vector<const Item*> lefts = by_name(a);
        const std::vector<const Item*> rights = by_name(b);
        auto left = lefts.begin();
        auto right = rights.begin();
        while (left != lefts.end() || right != rights.end()) {
            if (right == rights.end() || (left != lefts.end() && (*left)->name < (*right)->name)) {
                missing(label((*left)->name), text(**left));
                ++left;
            } else if (left == lefts.end() || (*right)->name < (*left)->name) {
                extra(label((*right)->name), text(**right));
                ++right;
            } else {
                object(label((*left)->name), **left, **right);
                ++left, ++right;
            }
        }
    }

    template <typename Item>
    void parts_of_relation(ObjectKind kind, const ObjectName& relation, const std::vector<Item>& a,
                           const std::vector<Item>& b) {
        const auto label = [&](const std::string& name) {
            return kind == ObjectKind::index ? object_of(kind, {relation.schema, name})
                                             : object_of(kind, relation, name);
        };
        const auto text = [&](const Item& item) {
            if constexpr (std::is_same_v<Item, Index>)
                return create_index(relation, item);
            else
                return definition_of(item);
        };
        parts(a, b, label, text);
    }

    /// One object with its parts. What compares unequal and is not found field by field is not lost either.
    template <typename T>
    void object(const std::string& label, const T& a, const T& b) {
        if (a == b) return;
        const std::size_t before = out_.size();
        std::apply(
            [&](const auto&... left) {
                std::apply([&](const auto&... right) { (value(label, left, right), ...); }, fields_of(b));
            },
            fields_of(a));
        parts_within(a, b);
        if (out_.size() == before && normal(a) != normal(b)) changed(label, "definition", {}, {});
    }

    template <typename T>
    void parts_within(const T&, const T&) {}

    void parts_within(const Table& a, const Table& b) {
        if (options_.column_order) compare_column_order(a, b);
        parts_of_relation(ObjectKind::column, a.name, a.columns, b.columns);
        parts_of_relation(ObjectKind::constraint, a.name, a.constraints, b.constraints);
        parts_of_relation(ObjectKind::index, a.name, a.indexes, b.indexes);
        parts_of_relation(ObjectKind::trigger, a.name, a.triggers, b.triggers);
        parts_of_relation(ObjectKind::policy, a.name, a.policies, b.policies);
    }

    void parts_within(const View& a, const View& b) {
        parts_of_relation(ObjectKind::index, a.name, a.indexes, b.indexes);
        parts_of_relation(ObjectKind::trigger, a.name, a.triggers, b.triggers);
    }

    void parts_within(const Type& a, const Type& b) {
        parts_of_relation(ObjectKind::constraint, a.name, a.constraints, b.constraints);
    }

    template <typename T>
    void value(const std::string& label, const Field<T>& a, const Field<T>& b) {
        if (!(a.value == b.value)) changed(label, std::string(a.name), text_of(a.value), text_of(b.value));
    }

    /// The order of those that both have: a missing column is a difference of its own.
    void compare_column_order(const Table& a, const Table& b) {
        const auto common = [](const Table& table, const Table& other) {
            std::vector<std::string> names;
            for (const Column& column : table.columns)
                if (other.column(column.name) != nullptr) names.push_back(column.name);
            return names;
        };
        const std::vector<std::string> left = common(a, b);
        const std::vector<std::string> right = common(b, a);
        if (left != right) changed(label_of(a), "column order", text_of(left), text_of(right));
    }

    using Functions = std::multimap<ObjectName, Function>;

    void compare_functions(const Functions& a, const Functions& b) {
        auto left = a.begin();
        auto right = b.begin();
        while (left != a.end() || right != b.end()) {
            const bool from_a = right == b.end() || (left != a.end() && left->first <= right->first);
            const ObjectName& name = from_a ? left->first : right->first;
            const auto left_end = a.upper_bound(name);
            const auto right_end = b.upper_bound(name);
            compare_overloads(overloads(left, left_end), overloads(right, right_end));
            left = left_end;
            right = right_end;
        }
    }

    /// Sorted by arguments; empty unless the iterators enclose something.
    static std::vector<const Function*> overloads(Functions::const_iterator begin,
                                                  Functions::const_iterator end) {
        std::vector<const Function*> out;
        for (; begin != end; ++begin) out.push_back(&begin->second);
        std::stable_sort(out.begin(), out.end(), [](const Function* a, const Function* b) {
            return std::tie(a->arguments, a->kind) < std::tie(b->arguments, b->kind);
        });
        return out;
    }

    /// By their arguments; what then is left, in order where the arguments of one of them are not known.
    void compare_overloads(std::vector<const Function*> a, std::vector<const Function*> b) {
        pair_up(a, b, [](const Function& x, const Function& y) {
            return x.arguments_known && y.arguments_known && x.arguments == y.arguments;
        });
        pair_up(a, b, [](const Function& x, const Function& y) {
            return !x.arguments_known || !y.arguments_known;
        });
        for (const Function* function : a) missing(label_of(*function), definition_of(*function));
        for (const Function* function : b) extra(label_of(*function), definition_of(*function));
    }

    template <typename Same>
    void pair_up(std::vector<const Function*>& a, std::vector<const Function*>& b, const Same& same) {
        std::erase_if(a, [&](const Function* left) {
            const auto right =
                std::find_if(b.begin(), b.end(), [&](const Function* item) { return same(*left, *item); });
            if (right == b.end()) return false;
            object(label_of(left->arguments_known ? *left : **right), *left, **right);
            b.erase(right);
            return true;
        });
    }

    void missing(std::string label, std::string definition) {
        out_.push_back({Difference::Kind::missing, std::move(label), {}, std::move(definition), {}});
    }
    void extra(std::string label, std::string definition) {
        out_.push_back({Difference::Kind::extra, std::move(label), {}, {}, std::move(definition)});
    }
    void changed(std::string label, std::string property, std::string before, std::string after) {
        out_.push_back({Difference::Kind::changed, std::move(label), std::move(property), std::move(before),
                        std::move(after)});
    }

    const DifferenceOptions& options_;
    std::vector<Difference> out_;
};

}  // namespace

std::vector<Difference> difference(const Catalog& a, const Catalog& b, const DifferenceOptions& options) {
    return Comparison(options).run(a, b);
}

std::string to_string(const Difference& difference) {
    if (difference.kind == Difference::Kind::missing) return "- " + difference.object;
    if (difference.kind == Difference::Kind::extra) return "+ " + difference.object;
    const TextPair shown = clipped_difference(difference.before, difference.after, kShownWidth);
    const auto text = [](const std::string& value) { return value.empty() ? "(none)" : value; };
    if (difference.before.empty() && difference.after.empty())
        return fmt::format("{}: {}", difference.object, difference.property);
    return fmt::format("{}: {}: {} -> {}", difference.object, difference.property, text(shown.before),
                       text(shown.after));
}

}  // namespace changelog::catalog
