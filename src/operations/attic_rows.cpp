// Keeping rows and values: copies in the attic, made by the statement that destroys them or under the locks
// that it needs, so that no change of another session falls between. Columns of types that may be dropped
// some day are copied as text.
#include "operations/attic_sql.hpp"

namespace changelog::operations {

namespace {

constexpr std::string_view kDeclare = R"sql(
  t regclass := place::regclass;
  kept text; kept_oid oid; number int := 1; steps jsonb; affected bigint;
  copied text; made text; matched text; keys text[]; chosen text[];
BEGIN)sql";

constexpr std::string_view kFindKey = R"sql(
  keys := ARRAY(SELECT a.attname::text FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid
      AND a.attnum = ANY (x.indkey::int2[]) WHERE x.indrelid = t AND x.indisprimary ORDER BY a.attnum);
  IF keys = '{}' THEN
    RAISE EXCEPTION USING ERRCODE = '0A000',
      MESSAGE = format('what rows of %s held cannot be kept: it has no primary key to find them by', place),
      HINT = 'Give the table a primary key, or write retain: false.';
  ELSIF keys && columns THEN
    RAISE EXCEPTION USING ERRCODE = '0A000',
      MESSAGE = format('what rows of %s held cannot be kept: their primary key itself is changed', place),
      HINT = 'Write retain: false.';
  END IF;
  chosen := keys || columns;)sql";

constexpr std::string_view kAllColumns = R"sql(
  chosen := ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = t AND attnum > 0 AND NOT
      attisdropped);)sql";

/// Keys keep their types: rows are found by them.
constexpr std::string_view kShape = R"sql(
  SELECT string_agg(format(CASE WHEN as_text THEN '%I::text' ELSE '%I' END, name), ', ' ORDER BY place_of),
    string_agg(format('%I %s', name, CASE WHEN as_text THEN 'text' ELSE type END), ', ' ORDER BY place_of)
    INTO copied, made
    FROM (SELECT a.attname AS name, a.attnum AS place_of, format_type(a.atttypid, a.atttypmod) AS type,
        y.typnamespace <> 'pg_catalog'::regnamespace AND NOT coalesce(a.attname = ANY (keys), false) AS
            as_text
      FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
      WHERE a.attrelid = t AND a.attnum > 0 AND NOT a.attisdropped AND a.attname = ANY (chosen)) AS c;
  EXECUTE format('CREATE TABLE %I.%I (%s)', attic, kept, made);
  kept_oid := to_regclass(format('%I.%I', attic, kept));)sql";

constexpr std::string_view kDelete = R"sql(
  EXECUTE 'WITH gone AS (' || deletion || E'\nRETURNING *) ' ||
      format('INSERT INTO %I.%I SELECT %s FROM gone',
    attic, kept, copied);
  GET DIAGNOSTICS affected = ROW_COUNT;)sql";

constexpr std::string_view kUpdate = R"sql(
  SELECT string_agg(quote_ident(k), ', ') INTO matched FROM unnest(keys) AS k;
  EXECUTE format('INSERT INTO %I.%I SELECT %s FROM %s', attic, kept, copied, place) || condition ||
      E'\nFOR UPDATE';
  GET DIAGNOSTICS affected = ROW_COUNT;
  EXECUTE update || format(E'\nWHERE (%s) IN (SELECT %s FROM %I.%I)', matched, matched, attic, kept);)sql";

/// What was written is noted beside what was there, so that an undo can tell whether it was written since.
constexpr std::string_view kRemember = R"sql(
  SELECT string_agg(format('ADD %I %s', '~' || c.place, format_type(a.atttypid, a.atttypmod)), ', '),
    string_agg(format('%I = t.%I::%s', '~' || c.place, c.name, format_type(a.atttypid, a.atttypmod)), ', ')
    INTO made, copied
    FROM unnest(columns) WITH ORDINALITY AS c(name, place)
    JOIN pg_attribute a ON a.attrelid = kept_oid AND a.attname = c.name;
  EXECUTE format('ALTER TABLE %I.%I %s', attic, kept, made);
  SELECT string_agg(format('k.%1$I = t.%1$I', k), ' AND ') INTO matched FROM unnest(keys) AS k;
  EXECUTE format('UPDATE %I.%I AS k SET %s FROM %s AS t WHERE %s', attic, kept, copied, place, matched);)sql";

constexpr std::string_view kNoteThat = R"sql(
  steps := steps || '{"remembers": true}';)sql";

constexpr std::string_view kLock = R"sql(
  EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', place);)sql";

constexpr std::string_view kCopyAll = R"sql(
  EXECUTE format('INSERT INTO %I.%I SELECT %s FROM %s', attic, kept, copied, place);
  GET DIAGNOSTICS affected = ROW_COUNT;)sql";

/// Of nothing nothing needs to be kept, but that it was nothing.
constexpr std::string_view kDropEmpty = R"sql(
  IF affected = 0 AND item_kind = 'rows' THEN
    EXECUTE format('DROP TABLE %I.%I', attic, kept);
    kept := NULL;
    kept_oid := NULL;
  END IF;)sql";

constexpr std::string_view kDescribe = R"sql(
  SELECT jsonb_build_object('table', format('%I.%I', n.nspname, c.relname), 'columns', to_jsonb(columns),
      'column', columns[1], 'keys', coalesce(to_jsonb(keys), '[]'), 'rows', affected, 'table_oid', t::oid::bigint,
      'attic_oid', to_regclass(format('%I.items', attic))::oid::bigint) INTO steps
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = t;)sql";

constexpr std::string_view kEnd = R"sql(
END
)sql";

Statement keeping(const BlockConstants& constants, std::initializer_list<std::string_view> parts) {
    std::string body;
    for (const std::string_view part : parts) body += part;
    return statement(block(constants, body));
}

}  // namespace

Statement keep_rows(const Kept& kept, const std::string& table, const std::string& deletion) {
    BlockConstants constants;
    constants.making(kept).text("place", table).names("columns", {}).text("deletion", deletion);
    return keeping(constants, {kDeclare, kAllColumns, kFreeName, kShape, kDelete, kDropEmpty, kDescribe,
                               kAddItem, kEnd});
}

Statement keep_updated(const Kept& kept, const std::string& table, const std::vector<std::string>& columns,
                       const std::string& update, const std::string& condition) {
    BlockConstants constants;
    constants.making(kept).text("place", table).names("columns", columns);
    constants.text("update", update).text("condition", condition);
    return keeping(constants, {kDeclare, kFindKey, kFreeName, kShape, kUpdate, kRemember, kDescribe,
                               kNoteThat, kAddItem, kEnd});
}

Statement keep_values(const Kept& kept, const std::string& table, const std::string& column) {
    BlockConstants constants;
    constants.making(kept).text("place", table).names("columns", {column});
    return keeping(constants,
                   {kDeclare, kLock, kFindKey, kFreeName, kShape, kCopyAll, kDescribe, kAddItem, kEnd});
}

}  // namespace changelog::operations
