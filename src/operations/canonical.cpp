#include "operations/canonical.hpp"

#include "sql/tokens.hpp"

namespace changelog {

namespace {

constexpr int kDeepest = 8;  // described things hold described things, but never themselves

/// The fields of a fresh instance: what is left out because it is the default.
struct Defaults {
    std::map<std::string, std::string, std::less<>> values;
    std::map<std::string, Defaults, std::less<>> nested;
};

std::string object_of(std::map<std::string, std::string>& members) {
    std::string out = "{";
    for (const auto& [key, value] : members) {
        if (out.size() > 1) out += ',';
        out += json_string(key);
        out += ':';
        out += value;
    }
    return out + '}';
}

/// What the canonical writer and the collector of defaults share: each field as JSON.
class JsonVisitor : public FieldVisitor {
  public:
    void text(const Field& field, std::string& value) override { put_text(field, value); }
    void text(const Field& field, std::optional<std::string>& value) override {
        if (value) put_text(field, *value);
    }
    void date(const Field& field, std::optional<std::string>& value) override {
        if (value) put_text(field, *value);
    }
    void flag(const Field& field, bool& value) override { put(field, value ? "true" : "false"); }
    void flag(const Field& field, std::optional<bool>& value) override {
        if (value) put(field, *value ? "true" : "false");
    }
    void integer(const Field& field, std::optional<std::string>& value) override {
        if (value) put_text(field, *value);
    }
    void names(const Field& field, std::vector<std::string>& value) override {
        std::string out = "[";
        for (const std::string& name : value) out += (out.size() > 1 ? "," : "") + json_string(name);
        put(field, out + ']');
    }
    void misplaced(std::string_view, std::string_view) override {}

  protected:
    virtual void add(std::string_view name, std::string json) = 0;
    static bool counts(const Field& field) { return !field.is_cosmetic && !field.is_ignored; }

  private:
    void put(const Field& field, std::string json) {
        if (counts(field)) add(field.name, std::move(json));
    }
    void put_text(const Field& field, const std::string& value) {
        if (counts(field)) add(field.name, json_string(field.is_sql ? sql::token_stream(value) : value));
    }
};

class DefaultsCollector final : public JsonVisitor {
  public:
    DefaultsCollector(Defaults& out, int depth) : out_(out), depth_(depth) {}

    void object(const Field& field, Described& value, bool&) override { descend(field.name, value); }
    void list(const Field& field, DescribedList&& list) override { descend(field.name, list.add()); }

  protected:
    void add(std::string_view name, std::string json) override {
        out_.values[std::string(name)] = std::move(json);
    }

  private:
    void descend(std::string_view name, Described& value) {
        if (depth_ >= kDeepest) return;
        DefaultsCollector below(out_.nested[std::string(name)], depth_ + 1);
        value.describe(below);
    }

    Defaults& out_;
    int depth_;
};

class CanonicalWriter final : public JsonVisitor {
  public:
    explicit CanonicalWriter(const Defaults& defaults) : defaults_(defaults) {}

    std::string take() { return object_of(members_); }

    void object(const Field& field, Described& value, bool& present) override {
        if (present && counts(field)) members_[std::string(field.name)] = nested(field.name, value);
    }
    void list(const Field& field, DescribedList&& list) override {
        if (list.size() == 0 || !counts(field)) return;
        std::string out = "[";
        for (std::size_t i = 0; i < list.size(); ++i)
            out += (i == 0 ? "" : ",") + nested(field.name, list.at(i));
        members_[std::string(field.name)] = out + ']';
    }
    void content(std::string_view name, const std::string& text, bool is_sql) override {
        if (!text.empty()) members_[std::string(name)] = json_string(is_sql ? sql::token_stream(text) : text);
    }

  protected:
    void add(std::string_view name, std::string json) override {
        const auto same = defaults_.values.find(name);
        if (same == defaults_.values.end() || same->second != json)
            members_[std::string(name)] = std::move(json);
    }

  private:
    std::string nested(std::string_view name, Described& value) {
        static const Defaults kNone;
        const auto found = defaults_.nested.find(name);
        CanonicalWriter below(found == defaults_.nested.end() ? kNone : found->second);
        value.describe(below);
        return below.take();
    }

    const Defaults& defaults_;
    std::map<std::string, std::string> members_;
};

}  // namespace

std::string json_string(std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out = "\"";
    out.reserve(text.size() + 2);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else if (c == '\t') {
            out += "\\t";
        } else if (byte < 0x20 || byte == 0x7F) {
            out += "\\u00";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string canonical_fields(Described& value) {
    Defaults defaults;
    if (const auto* operation = dynamic_cast<const Operation*>(&value)) {
        DefaultsCollector collector(defaults, 0);
        operation->type().make()->describe(collector);
    }
    CanonicalWriter writer(defaults);
    value.describe(writer);
    return writer.take();
}

}  // namespace changelog
