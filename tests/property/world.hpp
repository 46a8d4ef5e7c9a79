// Random but valid changes: a small model of a schema that knows which changes it can take.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace changelog::tests {

/// What a generator gives: which kind of change, and numbers that choose among what there is. Any step means
/// something in any world, or nothing; so a list of steps can be shortened at will.
struct Step {
    unsigned kind = 0, a = 0, b = 0, c = 0;
};

/// The schema as far as the choice of valid changes needs it.
class World {
  public:
    /// The change in YAML's flow style, "addColumn: {...}"; nothing where the step means nothing here.
    std::optional<std::string> take(const Step& step);

  private:
    struct Column {
        std::string name, type;
        bool not_null = false, has_default = false;
        int used = 0;  ///< by views, keys, checks: it keeps its name and type then
    };
    struct Named {
        std::string name;
        std::vector<std::string> columns;
    };
    struct Table {
        std::string name;
        std::vector<Column> columns;
        std::string primary_key;  ///< the constraint's name; its column is the first
        std::vector<Named> uniques, checks, indexes, foreign_keys;
        std::vector<std::string> triggers;
        int pointed_at = 0;  ///< foreign keys, views
    };
    struct View {
        std::string name, table;
        std::vector<std::string> columns;
        bool materialized = false;
    };
    struct Enum {
        std::string name;
        std::vector<std::string> labels;
        int used = 0;
    };

    using Change = std::optional<std::string>;
    Change create_table(const Step& step);
    Change drop_table(const Step& step);
    Change rename_table(const Step& step);
    Change add_column(const Step& step);
    Change drop_column(const Step& step);
    Change rename_column(const Step& step);
    Change retype_column(const Step& step);
    Change change_default(const Step& step);
    Change change_not_null(const Step& step);
    Change add_unique(const Step& step);
    Change add_check(const Step& step);
    Change add_foreign_key(const Step& step);
    Change drop_constraint(const Step& step);
    Change create_index(const Step& step);
    Change drop_index(const Step& step);
    Change create_view(const Step& step);
    Change drop_view(const Step& step);
    Change rename_view(const Step& step);
    Change sequence(const Step& step);
    Change enumeration(const Step& step);
    Change remark(const Step& step);
    Change trigger(const Step& step);
    Change insert(const Step& step);
    Change raw_table(const Step& step);
    Change raw_column(const Step& step);

    std::string fresh(const char* stem);
    Table* table(unsigned choice);
    static Column* column(Table& table, unsigned choice);
    static Column* unused_column(Table& table, unsigned choice);
    Table* find(const std::string& name);
    void release(const View& view);

    std::vector<Table> tables_;
    std::vector<View> views_;
    std::vector<std::string> sequences_;
    std::vector<Enum> enums_;
    unsigned next_ = 0;
    bool has_function_ = false;
};

}  // namespace changelog::tests
