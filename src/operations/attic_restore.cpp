// How things come back from the attic. What was noted when they were kept is run again; a step that is not
// necessary for the data warns where it fails.
#include "operations/attic_sql.hpp"
#include "sql/identifier.hpp"

namespace changelog::operations {

namespace {

constexpr std::string_view kFind = R"sql(
  item record; step jsonb; statement text; r record;
  target regclass; list text; pairs text; keys text; triggers text[] := '{}'; moved bigint; total bigint;
  present text; former text; role_before CONSTANT text := current_setting('role');
BEGIN
  -- What was purged or restored by hand stands for itself: an older item of the same name is another run's.
  EXECUTE format('SELECT * FROM %1$I.items WHERE id = coalesce($1::bigint, (SELECT max(id) FROM %1$I.items '
      || 'WHERE kind = $2 AND object = $3 AND tag = $4 AND NOT restore ? ''partly''))', attic)
    INTO item USING item_id, item_kind, item_object, item_tag;
  IF item.id IS NULL OR item.restore ? 'purged' THEN
    RAISE EXCEPTION USING ERRCODE = 'P0002', MESSAGE = 'what was kept of ' || item_object ||
        ' is no longer in the attic';
  END IF;)sql";

/// The steps call a column's table by its former name, so it has that meanwhile.
constexpr std::string_view kFormerName = R"sql(
  IF item.kind = 'column' THEN
    SELECT format('%I.%I', n.nspname, c.relname), format('%I.%I', n.nspname, f.name), quote_ident(c.relname)
      INTO present, former, list
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
        LATERAL (SELECT (parse_ident(item.restore->>'table'))[2] AS name) AS f
      WHERE a.attrelid = item.relation AND a.attname = item.kept_as AND c.relname <> f.name;
    IF former IS NOT NULL THEN
      EXECUTE format('ALTER TABLE %s RENAME TO %I', present, (parse_ident(item.restore->>'table'))[2]);
    END IF;
  END IF;)sql";

constexpr std::string_view kPresentName = R"sql(
  IF former IS NOT NULL THEN
    EXECUTE format('ALTER TABLE %s RENAME TO %s', former, list);
  END IF;)sql";

constexpr std::string_view kRunSteps = R"sql(
  FOR step IN SELECT value FROM jsonb_array_elements((item.restore->'before')
      || jsonb_build_array(jsonb_build_object('sql',
           (item.restore->>'rename') || ' ' || quote_ident(coalesce(new_name, item.restore->>'name'))))
      || CASE WHEN item.kind = 'column' AND new_name IS NOT NULL THEN '[]' ELSE item.restore->'after' END)
          LOOP
    BEGIN
      IF step ? 'as' THEN
        EXECUTE 'SET LOCAL ROLE ' || (step->>'as');
      END IF;
      EXECUTE step->>'sql';
      IF step ? 'as' THEN
        PERFORM set_config('role', role_before, true);
      END IF;
    EXCEPTION WHEN OTHERS THEN
      IF step ? 'as' AND SQLSTATE = '42501' THEN
        BEGIN
          EXECUTE step->>'sql';
          RAISE WARNING '%: granted by the owner instead of %: %', item.object, step->>'as', step->>'sql';
          CONTINUE;
        EXCEPTION WHEN insufficient_privilege THEN NULL;
        END;
      END IF;
      IF step->'soft' IS NULL AND SQLSTATE IN ('42P07', '42701') THEN
        RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM, HINT = format(
          'rename what has the name, or run: changelog attic restore %s --as NAME', item.id);
      END IF;
      -- Waiting and deadlocks are for the runner, which tries again.
      IF step->'soft' IS NULL OR SQLSTATE IN ('55P03', '40P01', '40001') THEN RAISE; END IF;
      RAISE WARNING '%: not brought back: %', item.object, SQLERRM;
    END;
  END LOOP;)sql";

/// The table is known by its number, which holds as long as nobody made the attic anew from a dump.
constexpr std::string_view kTarget = R"sql(
  SELECT c.oid INTO target FROM pg_class c WHERE c.oid = (item.restore->>'table_oid')::oid
    AND (item.restore->>'attic_oid')::oid = to_regclass(format('%I.items', attic));
  target := coalesce(target, (item.restore->>'table')::regclass);)sql";

/// Dropping the copy must not lose what has no place to go to.
constexpr std::string_view kNeedColumns = R"sql(
  SELECT string_agg(quote_ident(name), ', ') INTO list
    FROM jsonb_array_elements_text((item.restore->'keys') || (item.restore->'columns')) AS name
    WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attname = name AND NOT
        attisdropped);
  IF list IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = '42703',
      MESSAGE = format('%s has no column %s any more, so what was kept cannot come back', target, list),
      HINT = format('Bring the columns back under these names first; item %s keeps everything.', item.id);
  END IF;)sql";

/// A column that `retain` had renamed when the rows were kept may have been purged with consent.
constexpr std::string_view kNeedAllColumns = R"sql(
  IF item.kept_as IS NOT NULL THEN
    SELECT string_agg(quote_ident(k.attname), ', ' ORDER BY k.attnum) INTO list FROM pg_attribute k
      WHERE k.attrelid = format('%I.%I', attic, item.kept_as)::regclass AND k.attnum > 0 AND NOT k.attisdropped
        AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = target AND a.attname = k.attname AND NOT
          a.attisdropped)
        AND NOT (k.attname ~ '^~.*~[0-9a-f]{8}(_[0-9]+)?$' AND NOT EXISTS (SELECT FROM pg_attribute a
          WHERE a.attrelid = target AND NOT a.attisdropped
            AND a.attname = regexp_replace(k.attname, '^~(.*)~[0-9a-f]{8}(_[0-9]+)?$', '\1')));
    IF list IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = '42703',
        MESSAGE = format('%s has no column %s any more, so the rows that were kept cannot come back whole',
          target, list),
        HINT = format('Bring the columns back under these names first; item %s keeps everything.', item.id);
    END IF;
  END IF;)sql";

/// Triggers and rules would change what comes back, and did their work when it went.
constexpr std::string_view kTriggersOff = R"sql(
  FOR r IN SELECT g.tgname, g.tgenabled FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
      WHERE g.tgrelid = target AND NOT g.tgisinternal AND g.tgenabled IN ('O', 'A') AND c.relkind IN ('r',
          'p')
        AND pg_has_role(c.relowner, 'USAGE') LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', target, r.tgname);
    triggers := triggers || format('ALTER TABLE %s ENABLE %s TRIGGER %I', target,
      CASE r.tgenabled WHEN 'A' THEN 'ALWAYS' ELSE '' END, r.tgname);
  END LOOP;
  -- ON CONFLICT does not go with rules, not even with disabled ones.
  FOR r IN SELECT w.rulename, w.ev_enabled, pg_get_ruledef(w.oid) AS made, obj_description(w.oid,
        'pg_rewrite') AS note
      FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class WHERE w.ev_class = target
        AND c.relkind IN ('r', 'p') AND w.ev_type IN ('2', '3') AND pg_has_role(c.relowner, 'USAGE') LOOP
    EXECUTE format('DROP RULE %I ON %s', r.rulename, target);
    triggers := triggers || r.made;
    IF r.ev_enabled <> 'O' THEN
      triggers := triggers || format('ALTER TABLE %s %s RULE %I', target, CASE r.ev_enabled WHEN 'D' THEN
        'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, r.rulename);
    END IF;
    IF r.note IS NOT NULL THEN
      triggers := triggers || format('COMMENT ON RULE %I ON %s IS %L', r.rulename, target, r.note);
    END IF;
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
    IF item_id IS NOT NULL AND moved = 0 AND total > 0 THEN
      RAISE EXCEPTION USING ERRCODE = '23505', MESSAGE = format('the keys of all %s rows are taken', total);
    END IF;
  END IF;)sql";

/// Rows whose keys are taken stay in the attic.
constexpr std::string_view kEndRows = R"sql(
  IF moved < total THEN
    RAISE WARNING '% of % rows of % did not come back, since their keys are taken; item % keeps all of them',
      total - moved, total, item.object, item.id;
    IF item_id IS NULL THEN  -- it was that changeset's, and the next one to look for is older
      EXECUTE format('UPDATE %I.items SET restore = restore || ''{"partly": true}'' WHERE id = $1', attic)
        USING item.id;
    END IF;
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
  IF item_id IS NULL THEN
    EXECUTE format('DELETE FROM %I.items WHERE id = $1', attic) USING item.id;
  ELSE
    EXECUTE when_gone;
    EXECUTE forget;
  END IF;
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
        return body_of(kFind, kTarget, kNeedAllColumns, kTriggersOff, kInsertRows, kTriggersOn, kEndRows,
                       kDropCopy, kEnd);
    if (kind == "values")
        return body_of(kFind, kTarget, kNeedColumns, kTriggersOff, kMatch, kUpdateValues, kTriggersOn,
                       kDropCopy, kEnd);
    return body_of(kFind, kFormerName, kRunSteps, kPresentName, kEnd);
}

}  // namespace

std::string item_is_gone(const std::string& attic, long long id) {
    return fmt::format(
        "UPDATE {}.items SET kept_as = NULL, relation = NULL, restore = '{{\"purged\": true}}' WHERE id = {}",
        sql::identifier(attic), id);
}

std::string forget_gone(const std::string& attic) {
    return fmt::format(
        "DELETE FROM {0}.items AS i WHERE i.restore ? 'purged' AND NOT EXISTS (SELECT FROM {0}.items AS o "
        "WHERE o.kind = i.kind AND o.object = i.object AND o.tag = i.tag AND o.id < i.id "
        "AND NOT o.restore ?| ARRAY['purged', 'partly'])",
        sql::identifier(attic));
}

Statement bring_back(const Kept& kept) {
    BlockConstants constants;
    constants.identity(kept).optional_text("item_id", "").optional_text("new_name", "");
    constants.optional_text("when_gone", "").optional_text("forget", "");
    return statement(block(constants, body_for(kept.kind)));
}

Statement bring_back_values(const Kept& kept, const FormerType& former) {
    BlockConstants constants;
    constants.identity(kept).optional_text("item_id", "");
    constants.optional_text("when_gone", "").optional_text("forget", "");
    constants.text("place", former.table).text("its_column", former.column);
    constants.text("former_type", former.type).text("former_collation", former.collation);
    constants.text("present_type", former.now).optional_text("default_value", former.expression.value_or(""));
    constants.text("was_not_null_text", former.not_null ? "true" : "false");
    constexpr std::string_view kFlags =
        "  was_not_null CONSTANT boolean := was_not_null_text::boolean;\n  not_null_again boolean := false;";
    return statement(
        block(constants, body_of(kFlags, kFind, kTarget, kNeedColumns, kTriggersOff, kMatch, kRevertType,
                                 kMatch, kUpdateValues, kTriggersOn, kEndType, kDropCopy, kEnd)));
}

std::string restore_item(const std::string& attic, const std::string& kind, long long id,
                         const std::optional<std::string>& name) {
    BlockConstants constants;
    constants.identity({attic, kind, "item " + std::to_string(id), "", "", ""});
    constants.text("item_id", std::to_string(id)).optional_text("new_name", name.value_or(""));
    constants.text("when_gone", item_is_gone(attic, id)).text("forget", forget_gone(attic));
    return block(constants, body_for(kind));
}

}  // namespace changelog::operations
