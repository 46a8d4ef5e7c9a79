// The strict reader: every key that a description does not visit is an error with a suggestion.
#include "operations/reader.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"

namespace changelog {

namespace {

using yaml::Node;

constexpr std::string_view kRemarkKeys[] = {"remarks", "comment", "comments", "description"};

bool is_remark(std::string_view key) {
    return std::find(std::begin(kRemarkKeys), std::end(kRemarkKeys), key) != std::end(kRemarkKeys);
}

/// The one scalar that a node stands for: itself, or the only item of a list.
const Node* scalar_of(const Node& node) {
    if (node.kind == Node::Kind::scalar || node.kind == Node::Kind::null) return &node;
    if (node.kind == Node::Kind::sequence && node.items.size() == 1) return scalar_of(node.items.front());
    return nullptr;
}

bool is_absent(const Node& node) {
    if (node.kind != Node::Kind::scalar && node.items.empty() && node.entries.empty()) return true;
    const Node* scalar = scalar_of(node);
    return scalar != nullptr && yaml::scalar_type(*scalar) == yaml::ScalarType::null;
}

bool is_whole_number(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view kind_of(const Node& node) {
    switch (node.kind) {
        case Node::Kind::mapping:
            return "a map";
        case Node::Kind::sequence:
            return "a list";
        case Node::Kind::scalar:
            return "a text";
        case Node::Kind::null:
            return "nothing";
    }
    return "nothing";
}

class Binder final : public FieldVisitor {
  public:
    Binder(const Node& node, Position key_at, std::string_view what, const ReadSettings& settings,
           Diagnostics& diagnostics)
        : Binder(unique_attributes(node, what, settings, diagnostics), key_at, what, settings, diagnostics) {
        const Node* scalar = scalar_of(node);
        if (scalar != nullptr && !is_absent(*scalar)) short_form_ = scalar;
    }

    Binder(std::vector<Attribute> attributes, Position key_at, std::string_view what,
           const ReadSettings& settings, Diagnostics& diagnostics)
        : attributes_(std::move(attributes)),
          used_(attributes_.size(), false),
          key_at_(key_at),
          what_(what),
          settings_(settings),
          diagnostics_(diagnostics) {}

    /// Keys that someone else reads: they may be suggested.
    void also_known(const std::vector<std::string_view>& others) {
        known_.insert(known_.end(), others.begin(), others.end());
    }

    /// What no field took.
    void finish(bool required_keys = true) {
        if (!required_keys) missing_.clear();
        if (short_form_ != nullptr)
            problem(codes::wrong_type, short_form_->at,
                    fmt::format("{} takes a map of keys, not a text", what_))
                .got = yaml::scalar_text(*short_form_);
        std::vector<const Attribute*> unknown;
        for (std::size_t i = 0; i < attributes_.size(); ++i)
            if (!used_[i] && !is_remark(attributes_[i].key->raw)) unknown.push_back(&attributes_[i]);
        for (const std::string_view name : missing_)
            if (!is_misspelt(name, unknown)) report_missing(name);
        for (const Attribute* attribute : unknown)
            report_unknown_key(*attribute, what_, known_, settings_, diagnostics_);
    }

    void text(const Field& field, std::string& value) override {
        const Node* node = wanted(field);
        if (node == nullptr) return;
        if (const auto text = text_of(field, *node)) value = *text;
    }

    void text(const Field& field, std::optional<std::string>& value) override {
        const Node* node = wanted(field);
        if (node == nullptr) return;
        if (auto text = text_of(field, *node)) value = std::move(text);
    }

    void date(const Field& field, std::optional<std::string>& value) override {
        const Node* node = wanted(field);
        if (node == nullptr) return;
        if (const Node* scalar = scalar_in(field, *node)) value = yaml::scalar_date_text(*scalar);
    }

    void flag(const Field& field, bool& value) override {
        std::optional<bool> given;
        flag(field, given);
        if (given) value = *given;
    }

    void flag(const Field& field, std::optional<bool>& value) override {
        const Node* node = wanted(field);
        if (node == nullptr) return;
        const Node* scalar = scalar_in(field, *node);
        if (scalar == nullptr) return;
        const std::string text = yaml::scalar_text(*scalar);
        value = equal_ignoring_case(text, "true");
        if (*value || equal_ignoring_case(text, "false")) return;
        auto& warning = diagnostics_.warning(codes::surprising_scalar, scalar->at,
                                             fmt::format("'{}' of {} is read as false", field.name, what_),
                                             std::max<std::size_t>(1, text.size()));
        describe_place(warning, field.name);
        warning.got = text;
        warning.expected = {"true", "false"};
        warning.why = "Only the text true, in any case, counts as true.";
    }

    void integer(const Field& field, std::optional<std::string>& value) override {
        const Node* node = wanted(field);
        if (node == nullptr) return;
        const auto text = text_of(field, *node);
        if (!text) return;
        if (is_whole_number(*text)) {
            value = *text;
            return;
        }
        auto& error =
            problem(codes::wrong_type, scalar_of(*node)->at,
                    fmt::format("'{}' of {} must be a whole number", field.name, what_), text->size());
        describe_place(error, field.name);
        error.got = *text;
    }

    void names(const Field& field, std::vector<std::string>& value) override {
        const Node* node = wanted(field);
        if (node == nullptr) return;
        if (node->kind != Node::Kind::sequence) {
            if (const Node* scalar = scalar_in(field, *node)) value = split(yaml::scalar_text(*scalar), ',');
            return;
        }
        value.clear();
        for (const Node& item : node->items) {
            const Node* scalar = scalar_in(field, item);
            if (scalar == nullptr) return;
            for (std::string& name : split(yaml::scalar_text(*scalar), ',')) value.push_back(std::move(name));
        }
    }

    void object(const Field& field, Described& value, bool& present) override {
        const std::optional<Attribute> attribute = find(field);
        if (!attribute || is_absent(*attribute->value)) {
            require(field);
            return;
        }
        present = true;
        read_fields(*attribute->value, attribute->key->at, field.name, value, below(field.name),
                    diagnostics_);
    }

    void list(const Field& field, DescribedList&& list) override;

    void misplaced(std::string_view name, std::string_view advice) override {
        std::size_t i = 0;
        while (i < attributes_.size() && (used_[i] || attributes_[i].key->raw != name)) ++i;
        if (i == attributes_.size()) return;
        used_[i] = true;
        const Attribute* attribute = &attributes_[i];
        if (is_remark(name)) return;
        auto& item = tolerated(codes::misplaced_key, attribute->key->at,
                               fmt::format("'{}' has no effect in {}", name, what_), name.size());
        describe_place(item, name);
        item.why = advice;
    }

  private:
    std::optional<Attribute> find(const Field& field) {
        known_.push_back(field.name);
        if (!field.alias.empty()) known_.push_back(field.alias);
        for (std::size_t i = 0; i < attributes_.size(); ++i) {
            const std::string_view key = attributes_[i].key->raw;
            if (!equal_ignoring_case(key, field.name) &&
                (field.alias.empty() || !equal_ignoring_case(key, field.alias)))
                continue;
            used_[i] = true;
            return attributes_[i];
        }
        return std::nullopt;
    }

    void require(const Field& field) {
        if (field.is_required) missing_.push_back(field.name);
    }

    void report_missing(std::string_view name) {
        auto& error = problem(codes::missing_key, key_at_, fmt::format("{} needs '{}'", what_, name));
        error.expected = {std::string(name)};
    }

    /// Whether one of the unknown keys is probably this one: then one error is enough.
    bool is_misspelt(std::string_view name, const std::vector<const Attribute*>& unknown) const {
        return std::any_of(unknown.begin(), unknown.end(), [&](const Attribute* attribute) {
            return !settings_.lenient && nearest(attribute->key->raw, known_) == name;
        });
    }

    /// The value of a field, or null where it is absent; then a required one has been reported.
    const Node* wanted(const Field& field) {
        if (const std::optional<Attribute> attribute = find(field);
            attribute && !is_absent(*attribute->value))
            return attribute->value;
        if (field.is_short_form && short_form_ != nullptr) return std::exchange(short_form_, nullptr);
        require(field);
        return nullptr;
    }

    const Node* scalar_in(const Field& field, const Node& node) {
        const Node* scalar = scalar_of(node);
        if (scalar != nullptr) return scalar;
        auto& error =
            problem(codes::wrong_type, node.at, fmt::format("'{}' of {} must be a text", field.name, what_));
        describe_place(error, field.name);
        error.got = kind_of(node);
        return nullptr;
    }

    std::optional<std::string> text_of(const Field& field, const Node& node) {
        const Node* scalar = scalar_in(field, node);
        if (scalar == nullptr) return std::nullopt;
        std::string text = yaml::scalar_text(*scalar);
        if (!field.choices.empty()) check_choice(field, *scalar, text);
        return text;
    }

    void check_choice(const Field& field, const Node& scalar, const std::string& text) {
        if (std::find(field.choices.begin(), field.choices.end(), text) != field.choices.end()) return;
        auto& error = problem(codes::not_a_choice, scalar.at,
                              fmt::format("'{}' is not allowed for '{}' of {}", text, field.name, what_),
                              std::max<std::size_t>(1, text.size()));
        describe_place(error, field.name);
        error.got = text;
        error.expected.assign(field.choices.begin(), field.choices.end());
        error.did_you_mean = nearest(text, field.choices);
        if (!error.did_you_mean.empty()) error.fixes.push_back(replacement(scalar, error.did_you_mean));
    }

    Diagnostic& problem(std::string_view code, Position at, std::string title, std::size_t length = 1) {
        auto& error = diagnostics_.error(code, at, std::move(title), length);
        describe_place(error, {});
        return error;
    }

    /// An error, or in lenient reading a warning.
    Diagnostic& tolerated(std::string_view code, Position at, std::string title, std::size_t length) {
        if (!settings_.lenient) return diagnostics_.error(code, at, std::move(title), length);
        if (settings_.ignored != nullptr) ++*settings_.ignored;
        return diagnostics_.warning(code, at, std::move(title), length);
    }

    void describe_place(Diagnostic& item, std::string_view key) const {
        item.changeset = settings_.changeset;
        item.pointer = settings_.pointer;
        if (!key.empty()) item.pointer += "/" + std::string(key);
    }

    ReadSettings below(std::string_view key) const {
        ReadSettings settings = settings_;
        settings.pointer += "/" + std::string(key);
        return settings;
    }

    struct Group;
    void add_groups(const Node& node, std::string_view wrapper, std::vector<Group>& groups);
    void add_item(const Node& item, std::string_view wrapper, std::vector<Group>& groups);

    std::vector<Attribute> attributes_;
    std::vector<bool> used_;
    Position key_at_;
    std::string_view what_;
    const ReadSettings& settings_;
    Diagnostics& diagnostics_;
    const Node* short_form_ = nullptr;
    std::vector<std::string_view> known_, missing_;
};

/// One item of a list: what stands below its wrapper, or keys that stand without one.
struct Binder::Group {
    const Attribute wrapped;
    std::vector<Attribute> bare;
};

/// `column:` with nothing below it, and the keys of the column beside it: one level of indentation is
/// missing.
bool is_misindented(const std::vector<Attribute>& keys, std::string_view wrapper) {
    return keys.size() > 1 && std::any_of(keys.begin(), keys.end(), [&](const Attribute& attribute) {
               return attribute.key->raw == wrapper && is_absent(*attribute.value);
           });
}

void Binder::add_item(const Node& item, std::string_view wrapper, std::vector<Group>& groups) {
    std::vector<Attribute> keys = unique_attributes(item, wrapper, settings_, diagnostics_);
    if (is_misindented(keys, wrapper)) {
        const auto at = std::find_if(keys.begin(), keys.end(), [&](const Attribute& attribute) {
            return attribute.key->raw == wrapper;
        });
        auto& report = tolerated(codes::misplaced_key, at->key->at,
                                 fmt::format("the keys of this {} stand beside it, not below it", wrapper),
                                 wrapper.size());
        describe_place(report, {});
        report.why = fmt::format("Indent them further than '{}:'.", wrapper);
        keys.erase(at);
        groups.push_back({{}, std::move(keys)});
        return;
    }
    std::vector<Attribute> bare;
    for (const Attribute& attribute : keys) {
        if (attribute.key->raw == wrapper)
            groups.push_back({attribute, {}});
        else
            bare.push_back(attribute);
    }
    if (bare.empty()) return;
    // Liquibase merges all keys without a wrapper into one item.
    const auto open =
        std::find_if(groups.begin(), groups.end(), [](const Group& group) { return !group.bare.empty(); });
    if (open == groups.end()) {
        groups.push_back({{}, std::move(bare)});
        return;
    }
    for (const Attribute& attribute : bare) {
        const bool again = std::any_of(open->bare.begin(), open->bare.end(), [&](const Attribute& other) {
            return equal_ignoring_case(other.key->raw, attribute.key->raw);
        });
        if (!again) {
            open->bare.push_back(attribute);
            continue;
        }
        auto& error = problem(codes::wrong_type, attribute.key->at,
                              fmt::format("several items without '{}:' in {}", wrapper, what_),
                              attribute.key->raw.size());
        error.why = fmt::format("Write each as '- {}:' with its keys below.", wrapper);
        return;
    }
}

void Binder::add_groups(const Node& node, std::string_view wrapper, std::vector<Group>& groups) {
    if (node.kind == Node::Kind::mapping) return add_item(node, wrapper, groups);
    for (const Node& item : node.items) {
        if (item.kind == Node::Kind::mapping) {
            add_item(item, wrapper, groups);
        } else if (item.kind == Node::Kind::sequence) {
            add_groups(item, wrapper, groups);
        } else if (!is_absent(item)) {
            auto& error =
                problem(codes::wrong_type, item.at, fmt::format("{} of {} must be a map", wrapper, what_),
                        std::max<std::size_t>(1, item.raw.size()));
            error.got = yaml::scalar_text(item);
            error.why = fmt::format("Write '- {}: {{name: {}}}'.", wrapper, error.got);
        }
    }
}

void Binder::list(const Field& field, DescribedList&& list) {
    const std::string_view wrapper = list.wrapper();
    std::vector<Group> groups;
    const std::optional<Attribute> plural = find(field);
    if (plural && !is_absent(*plural->value)) {
        if (scalar_of(*plural->value) != nullptr && plural->value->kind == Node::Kind::scalar) {
            auto& error = problem(codes::wrong_type, plural->value->at,
                                  fmt::format("'{}' of {} must be a list", field.name, what_));
            error.got = yaml::scalar_text(*plural->value);
            return;
        }
        add_groups(*plural->value, wrapper, groups);
    }
    if (!equal_ignoring_case(wrapper, field.name)) {
        Field direct;
        direct.name = wrapper;
        const std::size_t known_before = known_.size();
        if (const auto single = find(direct);
            single && !is_absent(*single->value) && !(plural && plural->key == single->key))
            add_groups(*single->value, wrapper, groups);
        known_.resize(known_before);  // a tolerated form is not one to suggest
    }
    if (groups.empty()) return require(field);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const Group& group = groups[i];
        ReadSettings settings = below(fmt::format("{}/{}", field.name, i));
        Described& target = list.add();
        if (group.wrapped.value != nullptr) {
            settings.pointer += "/" + std::string(wrapper);
            read_fields(*group.wrapped.value, group.wrapped.key->at, wrapper, target, settings, diagnostics_);
            continue;
        }
        Binder binder(group.bare, group.bare.front().key->at, wrapper, settings, diagnostics_);
        target.describe(binder);
        // What has no key of an item is none: Liquibase passes over it.
        const bool is_item =
            std::any_of(group.bare.begin(), group.bare.end(),
                        [&](const Attribute& attribute) { return reads_key(target, attribute.key->raw); });
        binder.finish(is_item);
        if (!is_item) list.remove_last();
    }
}

}  // namespace

void read_fields(const yaml::Node& node, Position key_at, std::string_view what, Described& target,
                 const ReadSettings& settings, Diagnostics& diagnostics) {
    Binder binder(node, key_at, what, settings, diagnostics);
    target.describe(binder);
    binder.finish();
}

void read_attributes(std::vector<Attribute> attributes, Position key_at, std::string_view what,
                     Described& target, const std::vector<std::string_view>& others,
                     const ReadSettings& settings, Diagnostics& diagnostics) {
    Binder binder(std::move(attributes), key_at, what, settings, diagnostics);
    target.describe(binder);
    binder.also_known(others);
    binder.finish();
}

}  // namespace changelog
