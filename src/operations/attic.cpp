#include "operations/attic.hpp"

#include "changelog/codes.hpp"

#include "catalog/dependents.hpp"
#include "core/text.hpp"
#include "operations/attic_sql.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

constexpr std::string_view kNoTag = "00000000";  // a context that knows no changeset

struct Unit {
    std::string_view written, meant;
};

// "m" is missing: PostgreSQL takes it for minutes, people for months.
constexpr Unit kUnits[] = {
    {"s", "seconds"},       {"sec", "seconds"}, {"secs", "seconds"}, {"second", "seconds"},
    {"seconds", "seconds"}, {"min", "minutes"}, {"mins", "minutes"}, {"minute", "minutes"},
    {"minutes", "minutes"}, {"h", "hours"},     {"hr", "hours"},     {"hrs", "hours"},
    {"hour", "hours"},      {"hours", "hours"}, {"d", "days"},       {"day", "days"},
    {"days", "days"},       {"w", "weeks"},     {"week", "weeks"},   {"weeks", "weeks"},
    {"mon", "months"},      {"mons", "months"}, {"month", "months"}, {"months", "months"},
    {"y", "years"},         {"yr", "years"},    {"yrs", "years"},    {"year", "years"},
    {"years", "years"},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string take(std::string_view& text, bool (*wanted)(char)) {
    std::size_t size = 0;
    while (size < text.size() && wanted(text[size])) ++size;
    const std::string out(text.substr(0, size));
    text.remove_prefix(size);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return out;
}

std::string_view unit_of(std::string_view word) {
    for (const Unit& unit : kUnits)
        if (equal_ignoring_case(word, unit.written)) return unit.meant;
    return {};
}

/// What the author of an unknown unit may have meant.
std::string near_unit(std::string_view word) {
    if (word.empty()) return "days";
    std::vector<std::string_view> known;
    for (const Unit& unit : kUnits)
        if (unit.written.size() > 3) known.push_back(unit.written);
    return nearest(word, known);
}

std::optional<Retention> read_period(std::string_view text, std::string& did_you_mean) {
    constexpr std::size_t kMostDigits = 5;
    Retention out;
    do {
        const std::string count = take(text, is_digit), word = take(text, is_letter);
        if (count.empty() || count.size() > kMostDigits || count.find_first_not_of('0') == std::string::npos)
            return std::nullopt;
        const std::string_view unit = unit_of(word);
        if (unit.empty()) {
            if (const std::string near = near_unit(word); !near.empty() && text.empty())
                did_you_mean = count + ' ' + near;
            return std::nullopt;
        }
        out.period += (out.period.empty() ? "" : " ") + count + ' ' + std::string(unit);
    } while (!text.empty());
    return out;
}

constexpr std::string_view kPrepare = R"sql(
BEGIN
  IF to_regnamespace(quote_ident(attic)) IS NULL THEN
    EXECUTE format('CREATE SCHEMA %I', attic);
  ELSIF NOT (has_schema_privilege(attic, 'USAGE') AND has_schema_privilege(attic, 'CREATE')) THEN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('the attic %s belongs to another role, %s',
        quote_ident(attic), (SELECT nspowner::regrole FROM pg_namespace WHERE nspname = attic)),
      HINT = 'Run as a member of that role, or write retain: false.';
  END IF;
  IF to_regclass(format('%I.items', attic)) IS NULL THEN
    EXECUTE format('CREATE TABLE %I.items (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, '
      || 'kind text NOT NULL, '
      || 'object text NOT NULL, kept_as text, tag text NOT NULL, '
      || 'changeset text DEFAULT nullif(current_setting(''changelog.changeset'', true), ''''), '
      || 'kept_at timestamptz NOT NULL DEFAULT now(), purge_after timestamptz, relation oid, '
      || 'restore jsonb NOT NULL)', attic);
  END IF;
END
)sql";

/// What is below the domains of a column's type.
std::string base_of(const catalog::Catalog& catalog, const std::string& type) {
    const std::size_t dot = type.rfind('.');
    if (dot == std::string::npos) return type;
    const auto found =
        catalog.types.find({sql::from_sql(type.substr(0, dot)), sql::from_sql(type.substr(dot + 1))});
    if (found == catalog.types.end() || found->second.kind != catalog::TypeKind::domain) return type;
    return base_of(catalog, found->second.base_type);
}

/// The text of a constant in the declarations of a block that block() made.
std::optional<std::string> constant_in(std::string_view sql, std::string_view name) {
    const std::string begin = fmt::format("\n  {} CONSTANT text := '", name);
    const std::size_t found = sql.find(begin);
    if (found == std::string_view::npos) return std::nullopt;
    std::string out;
    for (std::size_t at = found + begin.size(); at < sql.size(); ++at) {
        if (sql[at] == '\'' && (at + 1 == sql.size() || sql[++at] != '\'')) return out;
        out += sql[at];
    }
    return std::nullopt;
}

}  // namespace

std::optional<RetainChoice> read_retain(std::string_view text, std::string* did_you_mean) {
    const std::string word = trim(text);
    if (equal_ignoring_case(word, "true")) return RetainChoice{Retention{}};
    if (equal_ignoring_case(word, "false")) return RetainChoice{};
    std::string near = nearest(word, {"true", "false"});
    const std::optional<Retention> period = read_period(word, near);
    if (period) return RetainChoice{period};
    if (did_you_mean != nullptr) *did_you_mean = near;
    return std::nullopt;
}

void check_retain(const std::string& text, Position at, Diagnostics& diagnostics) {
    std::string near;
    if (read_retain(text, &near)) return;
    Diagnostic& found =
        diagnostics.error(codes::bad_value, at, fmt::format("'retain' is no period: '{}'", one_line(text)));
    found.got = text;
    found.expected = {"true", "false", "30 days", "12 hours", "6 months"};
    found.did_you_mean = near;
}

void RetainKey::describe(FieldVisitor& visitor) {
    visitor.text(optional("retain",
                          "Keep what this destroys so that it can be undone: true, false, or for how long "
                          "(\"30 days\").")
                     .own()
                     .cosmetic(),
                 text_);
}

void RetainKey::check(Diagnostics& diagnostics, Position at) const {
    if (text_) check_retain(*text_, at, diagnostics);
}

bool RetainKey::asks() const {
    const auto choice = read_retain(text_.value_or(""));
    return choice && choice->keep;
}

std::optional<Retention> RetainKey::in(const RenderContext& context) const {
    if (text_) return read_retain(*text_).value_or(RetainChoice{}).keep;
    if (context.undoing || context.retain.empty()) return std::nullopt;
    // A default that cannot be read was reported where it was set; keeping too much harms nobody.
    return read_retain(context.retain).value_or(RetainChoice{Retention{}}).keep;
}

Kept Kept::of(const RenderContext& context, std::string kind, const ObjectName& table,
              const std::string& column, const Retention& retention) {
    constexpr std::size_t kTableBytes = 43, kColumnBytes = 48;  // the rest is for tag and numbers
    Kept out;
    out.attic = context.attic;
    out.kind = std::move(kind);
    out.object = sql::qualified(table);
    if (!column.empty()) out.object += '.' + sql::identifier(column);
    out.tag = context.tag.empty() ? std::string(kNoTag) : context.tag;
    out.name = out.kind == "column" ? '~' + clip_utf8(column, kColumnBytes) + '~' + out.tag
                                    : clip_utf8(table.name, kTableBytes) + "__" + out.tag;
    out.period = retention.period;
    return out;
}

Statement prepare_attic(const std::string& attic) {
    return statement(block(BlockConstants().text("attic", attic), kPrepare));
}

std::optional<Kept> needed_by(const std::string& sql) {
    const auto attic = constant_in(sql, "attic"), kind = constant_in(sql, "item_kind");
    const auto object = constant_in(sql, "item_object"), tag = constant_in(sql, "item_tag");
    if (!sql.starts_with("DO $attic") || !attic || !kind || !object || !tag) return std::nullopt;
    if (sql.find("\n  item_id CONSTANT ") == std::string::npos) return std::nullopt;
    return Kept{*attic, *kind, *object, *tag, {}, {}};
}

std::optional<FormerType> former_type_in(const std::string& sql) {
    const auto type = constant_in(sql, "former_type"), now = constant_in(sql, "present_type");
    if (!needed_by(sql) || !type || !now) return std::nullopt;
    return FormerType{{}, {}, *type, {}, *now, {}, false};
}

void hide_column(catalog::Catalog& catalog, const ObjectName& table, const std::string& column,
                 const Kept& kept) {
    std::vector<ObjectName> tables = catalog::descendants(catalog, table);
    tables.insert(tables.begin(), table);
    struct Place {
        ObjectName table;
        std::ptrdiff_t at;
        catalog::Column column;
    };
    std::vector<Place> places;
    for (const ObjectName& name : tables)
        if (catalog::Table* found = catalog.table(name))
            for (std::size_t i = 0; i < found->columns.size(); ++i)
                if (found->columns[i].name == column)
                    places.push_back({name, static_cast<std::ptrdiff_t>(i), found->columns[i]});
    catalog.drop_column(table, column);
    if (places.empty()) return;
    std::string hidden = kept.name;
    for (int number = 2; catalog.table(places[0].table)->column(hidden) != nullptr; ++number)
        hidden = fmt::format("{}_{}", kept.name, number);
    for (Place& place : places) {
        place.column.name = hidden;
        place.column.type = base_of(catalog, place.column.type);
        place.column.not_null = false;
        place.column.not_null_name.clear();
        place.column.expression.reset();
        place.column.identity.reset();
        auto& columns = catalog.table(place.table)->columns;
        columns.insert(columns.begin() + place.at, std::move(place.column));
    }
}

bool has_stable_key(const catalog::Table* table, const std::vector<std::string>& columns) {
    const catalog::Constraint* key = table == nullptr ? nullptr : table->primary_key();
    if (key == nullptr) return false;
    return std::none_of(columns.begin(), columns.end(), [&](const std::string& column) {
        return std::find(key->columns.begin(), key->columns.end(), column) != key->columns.end();
    });
}

}  // namespace changelog::operations
