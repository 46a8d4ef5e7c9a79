// The vocabulary in which operations describe their fields. A visitor is the reader, the writer of the
// canonical form, the JSON Schema or the reference page; each operation is described once and knows none of
// them.
#pragma once

#include "changelog/operation.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog {

/// One key of the format. Built by `required()` or `optional()` and refined by the chained setters.
struct Field {
    std::string_view name;
    std::string_view meaning;  ///< one sentence for the schema and the reference page
    bool is_required = false;
    bool is_short_form = false;  ///< also taken from a scalar in place of the map: `sql: "SELECT 1"`
    bool is_cosmetic = false;    ///< no part of the checksum
    bool is_sql = false;         ///< hashed as its token stream
    bool is_ignored = false;     ///< read because Liquibase reads it; has no effect on PostgreSQL
    bool is_own = false;         ///< not in Liquibase's format
    std::string_view alias;      ///< another name for the same key
    std::vector<std::string_view> choices;  ///< the allowed values; empty: any

    Field&& short_form() && {
        is_short_form = true;
        return std::move(*this);
    }
    Field&& cosmetic() && {
        is_cosmetic = true;
        return std::move(*this);
    }
    Field&& sql() && {
        is_sql = true;
        return std::move(*this);
    }
    Field&& ignored() && {
        is_ignored = true;
        return std::move(*this);
    }
    Field&& own() && {
        is_own = true;
        return std::move(*this);
    }
    Field&& also(std::string_view other) && {
        alias = other;
        return std::move(*this);
    }
    Field&& one_of(std::vector<std::string_view> values) && {
        choices = std::move(values);
        return std::move(*this);
    }
};

inline Field required(std::string_view name, std::string_view meaning) {
    Field field;
    field.name = name;
    field.meaning = meaning;
    field.is_required = true;
    return field;
}

inline Field optional(std::string_view name, std::string_view meaning) {
    Field field;
    field.name = name;
    field.meaning = meaning;
    return field;
}

/// A list of described things, of which the visitor may make more: `columns: [{column: {...}}]`.
class DescribedList {
  public:
    virtual ~DescribedList() = default;
    virtual std::string_view wrapper() const = 0;  ///< "column"
    virtual std::size_t size() const = 0;
    virtual Described& at(std::size_t index) = 0;
    virtual Described& add() = 0;
    virtual void remove_last() = 0;
};

template <typename T>
class ListOf final : public DescribedList {
  public:
    ListOf(std::string_view wrapper, std::vector<T>& items) : wrapper_(wrapper), items_(items) {}
    std::string_view wrapper() const override { return wrapper_; }
    std::size_t size() const override { return items_.size(); }
    Described& at(std::size_t index) override { return items_[index]; }
    Described& add() override { return items_.emplace_back(); }
    void remove_last() override { items_.pop_back(); }

  private:
    std::string_view wrapper_;
    std::vector<T>& items_;
};

/// Absent fields keep the value that they had. A reader reports what does not fit; it never throws.
class FieldVisitor {
  public:
    virtual ~FieldVisitor() = default;

    /// Text, in Liquibase's reading of the scalar (LIQUIBASE.md 1.2). A required text may be empty.
    virtual void text(const Field& field, std::string& value) = 0;
    virtual void text(const Field& field, std::optional<std::string>& value) = 0;
    /// As text, but an unquoted YAML date keeps its ISO form.
    virtual void date(const Field& field, std::optional<std::string>& value) = 0;
    /// `true` in any case is true, all else is false (Java's Boolean.valueOf). The initial value is the
    /// default.
    virtual void flag(const Field& field, bool& value) = 0;
    virtual void flag(const Field& field, std::optional<bool>& value) = 0;
    /// A whole number, kept as text because it may be longer than 64 bits.
    virtual void integer(const Field& field, std::optional<std::string>& value) = 0;
    /// A comma list or a YAML list; items trimmed.
    virtual void names(const Field& field, std::vector<std::string>& value) = 0;
    /// A nested map; `present` tells whether it was there.
    virtual void object(const Field& field, Described& value, bool& present) = 0;
    virtual void list(const Field& field, DescribedList&& list) = 0;
    /// A key that is in the file but belongs to another place, with what its author probably meant.
    virtual void misplaced(std::string_view name, std::string_view advice) = 0;

    /// Text that came out of a file (Operation::attach) and is part of what the operation means: it is hashed
    /// under `name`, as a token stream if it is SQL. Not a key of the format: every other visitor passes it
    /// over. The path that it was read from is then cosmetic.
    virtual void content(std::string_view /*name*/, const std::string& /*text*/, bool /*is_sql*/) {}
};

}  // namespace changelog
