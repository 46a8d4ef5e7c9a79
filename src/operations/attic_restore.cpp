// How things come back from the attic. What was noted when they were kept is run again; a step that is not
// necessary for the data warns where it fails.
#include "operations/attic_sql.hpp"

namespace changelog::operations {

namespace {

constexpr std::string_view kFind = R"sql(
  item record; step jsonb; statement text; r record;
  target regclass; list text; pairs text; keys text; triggers text[] := '{}'; moved bigint; total bigint;
BEGIN
  EXECUTE format('SELECT * FROM %1$I.items WHERE id = coalesce($1::bigint, '
      || '(SELECT max(id) FROM %1$I.items WHERE kind = $2 AND object = $3 AND tag = $4))', attic)
    INTO item USING item_id, item_kind, item_object, item_tag;
  IF item.id IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'P0002', MESSAGE = 'what was kept of ' || item_object ||
        ' is no longer in the attic';
  END IF;)sql";

constexpr std::string_view kRunSteps = R"sql(
  FOR step IN SELECT value FROM jsonb_array_elements((item.restore->'before')
      || jsonb_build_array(jsonb_build_object('sql',
           (item.restore->>'rename') || ' ' || quote_ident(coalesce(new_name, item.restore->>'name'))))
      || CASE WHEN item.kind = 'column' AND new_name IS NOT NULL THEN '[]' ELSE item.restore->'after' END)
          LOOP
    BEGIN
      EXECUTE step->>'sql';
    EXCEPTION WHEN OTHERS THEN
      -- Waiting and deadlocks are for the runner, which tries again.
      IF step->'soft' IS NULL OR SQLSTATE IN ('55P03', '40P01', '40001') THEN RAISE; END IF;
      RAISE WARNING '%: not brought back: %', item.object, SQLERRM;
    END;
  END LOOP;)sql";

/// Triggers would change what comes back, and did their work when it went.
constexpr std::string_view kTriggersOff = R"sql(
  target := (item.restore->>'table')::regclass;
  FOR r IN SELECT g.tgname, g.tgenabled FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
      WHERE g.tgrelid = target AND NOT g.tgisinternal AND g.tgenabled IN ('O', 'A') AND c.relkind IN ('r',
          'p')
        AND pg_has_role(c.relowner, 'USAGE') LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', target, r.tgname);
    triggers := triggers || format('ALTER TABLE %s ENABLE %s TRIGGER %I', target,
      CASE r.tgenabled WHEN 'A' THEN 'ALWAYS' ELSE '' END, r.tgname);
  END LOOP;)sql";

constexpr std::string_view kTriggersOn = R"sql(
  FOREACH statement IN ARRAY triggers LOOP
    EXECUTE statement;
  END LOOP;)sql";

constexpr std::string_view kInsertRows = R"sql(
  IF item.kept_as IS NOT NULL THEN
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), string_agg(format('%I::%s', a.attname,
        format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum) INTO list, pairs
      FROM pg_attribute a JOIN pg_attribute k ON k.attname = a.attname AND k.attnum > 0 AND NOT k.attisdropped
        AND k.attrelid = format('%I.%I', attic, item.kept_as)::regclass
      WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
    EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %I.%I ON CONFLICT DO NOTHING',
      target, list, pairs, attic, item.kept_as);
    GET DIAGNOSTICS moved = ROW_COUNT;
    EXECUTE format('SELECT count(*) FROM %I.%I', attic, item.kept_as) INTO total;
  END IF;)sql";

/// Rows whose keys are taken stay in the attic.
constexpr std::string_view kEndRows = R"sql(
  IF moved < total THEN
    RAISE WARNING '% of % rows of % did not come back, since their keys are taken; item % keeps all of them',
      total - moved, total, item.object, item.id;
    RETURN;
  END IF;)sql";

constexpr std::string_view kMatch = R"sql(
  SELECT string_agg(format('%I = k.%I::%s', a.attname, a.attname, format_type(a.atttypid, a.atttypmod)), ', ')
      FILTER (WHERE item.restore->'columns' ? a.attname),
    string_agg(format('t.%I = k.%I::%s', a.attname, a.attname, format_type(a.atttypid, a.atttypmod)), ' AND ')
      FILTER (WHERE item.restore->'keys' ? a.attname) INTO pairs, keys
    FROM pg_attribute a WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped;)sql";

constexpr std::string_view kUpdateValues = R"sql(
  EXECUTE format('UPDATE %s AS t SET %s FROM %I.%I AS k WHERE %s',
    target, pairs, attic, item.kept_as, keys);)sql";

/// Values that were written since stay as far as the former type can hold them; all others come back exactly.
constexpr std::string_view kRevertType = R"sql(
  EXECUTE format('DELETE FROM %I.%I AS k USING %s AS t WHERE %s '
    || 'AND t.%I::text IS DISTINCT FROM (k.%I::%s::%s)::text',
    attic, item.kept_as, target, keys, item.restore->>'column', item.restore->>'column', former_type,
        present_type);
  IF default_value IS NOT NULL THEN
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT', place, its_column);
  END IF;
  BEGIN
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %s TYPE %s%s USING (%s::%s)', place, its_column, former_type,
      former_collation, its_column, former_type);
  EXCEPTION WHEN data_exception OR integrity_constraint_violation OR cannot_coerce THEN
    -- A function may catch the error of one value, where the statement cannot.
    EXECUTE format('CREATE FUNCTION pg_temp.changelog_cast(v %s) RETURNS %s LANGUAGE plpgsql AS '
      || '''BEGIN RETURN v::%s; '
      || 'EXCEPTION WHEN data_exception OR integrity_constraint_violation OR cannot_coerce '
      || 'THEN RETURN NULL; END''', present_type, former_type, replace(former_type, '''', ''''''));
    IF was_not_null THEN
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL', place, its_column);
    END IF;
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %s TYPE %s%s USING (pg_temp.changelog_cast(%s))', place,
        its_column,
      former_type, former_collation, its_column);
    EXECUTE format('DROP FUNCTION pg_temp.changelog_cast(%s)', present_type);
    not_null_again := was_not_null;
  END;)sql";

constexpr std::string_view kEndType = R"sql(
  IF not_null_again THEN
    BEGIN
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %s SET NOT NULL', place, its_column);
    EXCEPTION WHEN not_null_violation THEN
      RAISE WARNING '% stays without NOT NULL: values that were written since did not fit', item.object;
    END;
  END IF;
  IF default_value IS NOT NULL THEN
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s', place, its_column, default_value);
  END IF;)sql";

constexpr std::string_view kDropCopy = R"sql(
  IF item.kept_as IS NOT NULL THEN
    EXECUTE format('DROP TABLE %I.%I', attic, item.kept_as);
  END IF;)sql";

constexpr std::string_view kEnd = R"sql(
  EXECUTE format('DELETE FROM %I.items WHERE id = $1', attic) USING item.id;
END
)sql";

template <typename... Parts>
std::string body_of(const Parts&... parts) {
    std::string out;
    (out.append(parts), ...);
    return out;
}

std::string body_for(const std::string& kind) {
    if (kind == "rows")
        return body_of(kFind, kTriggersOff, kInsertRows, kTriggersOn, kEndRows, kDropCopy, kEnd);
    if (kind == "values")
        return body_of(kFind, kTriggersOff, kMatch, kUpdateValues, kTriggersOn, kDropCopy, kEnd);
    return body_of(kFind, kRunSteps, kEnd);
}

}  // namespace

Statement bring_back(const Kept& kept) {
    BlockConstants constants;
    constants.identity(kept).optional_text("item_id", "").optional_text("new_name", "");
    return statement(block(constants, body_for(kept.kind)));
}

Statement bring_back_values(const Kept& kept, const FormerType& former) {
    BlockConstants constants;
    constants.identity(kept).optional_text("item_id", "");
    constants.text("place", former.table).text("its_column", former.column);
    constants.text("former_type", former.type).text("former_collation", former.collation);
    constants.text("present_type", former.now).optional_text("default_value", former.expression.value_or(""));
    constants.text("was_not_null_text", former.not_null ? "true" : "false");
    constexpr std::string_view kFlags =
        "  was_not_null CONSTANT boolean := was_not_null_text::boolean;\n  not_null_again boolean := false;";
    return statement(block(constants, body_of(kFlags, kFind, kTriggersOff, kMatch, kRevertType, kMatch,
                                              kUpdateValues, kTriggersOn, kEndType, kDropCopy, kEnd)));
}

std::string restore_item(const std::string& attic, const std::string& kind, long long id,
                         const std::optional<std::string>& name) {
    BlockConstants constants;
    constants.identity({attic, kind, "item " + std::to_string(id), "", "", ""});
    constants.text("item_id", std::to_string(id)).optional_text("new_name", name.value_or(""));
    return block(constants, body_for(kind));
}

}  // namespace changelog::operations
