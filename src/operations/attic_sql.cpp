#include "operations/attic_sql.hpp"

#include "core/text.hpp"
#include "sql/literal.hpp"

namespace changelog::operations {

BlockConstants& BlockConstants::text(std::string_view name, std::string_view value) {
    sql_ += fmt::format("  {} CONSTANT text := {};\n", name, sql::literal(value));
    return *this;
}

BlockConstants& BlockConstants::optional_text(std::string_view name, const std::string& value) {
    if (!value.empty()) return text(name, value);
    sql_ += fmt::format("  {} CONSTANT text := NULL;\n", name);
    return *this;
}

BlockConstants& BlockConstants::names(std::string_view name, const std::vector<std::string>& values) {
    std::vector<std::string> literals;
    for (const std::string& value : values) literals.push_back(sql::literal(value));
    sql_ += fmt::format("  {} CONSTANT text[] := ARRAY[{}]::text[];\n", name, join(literals, ", "));
    return *this;
}

BlockConstants& BlockConstants::identity(const Kept& kept) {
    return text("attic", kept.attic)
        .text("item_kind", kept.kind)
        .text("item_object", kept.object)
        .text("item_tag", kept.tag);
}

BlockConstants& BlockConstants::making(const Kept& kept) {
    return identity(kept).text("wanted", kept.name).optional_text("period", kept.period);
}

std::string block(const BlockConstants& constants, std::string_view body, std::string_view stem) {
    std::string text = "\nDECLARE\n" + constants.sql();
    // A body with declarations of its own goes on with them.
    text += body.substr(body.starts_with('\n') ? 1 : 0);
    std::string mark = fmt::format("${}$", stem);
    for (int number = 1; text.find(mark) != std::string::npos; ++number)
        mark = fmt::format("${}{}$", stem, number);
    return "DO " + mark + text + mark;
}

const std::string_view kFreeName = R"sql(
  kept := wanted;
  WHILE to_regclass(format('%I.%I', attic, kept)) IS NOT NULL LOOP
    number := number + 1;
    kept := wanted || '_' || number;
  END LOOP;)sql";

const std::string_view kAddItem = R"sql(
  EXECUTE format('INSERT INTO %I.items (kind, object, kept_as, tag, purge_after, relation, restore) '
    || 'VALUES ($1, $2, $3, $4, now() + $5::interval, $6, $7)', attic)
    USING item_kind, item_object, kept, item_tag, period, kept_oid, steps;)sql";

}  // namespace changelog::operations
