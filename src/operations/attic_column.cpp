// Keeping a column: what DROP COLUMN would take along is noted as SQL and taken off, then the column gets a
// name that nobody asks for. Its values stay where they are, so neither way rewrites the table.
#include "operations/attic_sql.hpp"

namespace changelog::operations {

namespace {

constexpr std::string_view kTrial = R"sql(
  t regclass := place::regclass;
  path CONSTANT text := current_setting('search_path');
  kept text := wanted; kept_oid oid := place::regclass; number int := 1; i int := 0;
  values_first jsonb := '[]'; keys jsonb := '[]'; links jsonb := '[]'; steps jsonb;
  sequences jsonb := '[]'; is_generated boolean; base text; base_oid oid; not_null_name text; r record; s
      record;
BEGIN
  -- What DROP COLUMN refuses is refused here: the column is dropped, and that is taken back.
  BEGIN
    EXECUTE format('ALTER TABLE %s DROP COLUMN %I', t, its_column);
    RAISE EXCEPTION USING ERRCODE = 'CL000';
  EXCEPTION WHEN SQLSTATE 'CL000' THEN NULL;
  END;
  SELECT attgenerated <> '' INTO is_generated FROM pg_attribute WHERE attrelid = t AND attname = its_column;
  IF is_generated THEN
    EXECUTE format('ALTER TABLE %s DROP COLUMN %I', t, its_column);
    RETURN;
  END IF;
  PERFORM set_config('search_path', '', true);
  WHILE EXISTS (SELECT FROM pg_attribute WHERE attrelid = t AND attname = kept) LOOP
    number := number + 1;
    kept := wanted || '_' || number;
  END LOOP;
  FOR r IN WITH RECURSIVE below AS (SELECT t::oid AS oid, 0 AS depth UNION
      SELECT h.inhrelid, depth + 1 FROM pg_inherits h JOIN below ON h.inhparent = below.oid)
      SELECT b.oid, b.oid::regclass AS owner, a.attnum, c.relkind, n.nspname
      FROM below b JOIN pg_attribute a ON a.attrelid = b.oid AND a.attname = its_column
      JOIN pg_class c ON c.oid = b.oid JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY b.depth, b.oid
          LOOP)sql";

/// An index counts when the column is a key, is included, or stands in an expression or in its condition.
constexpr std::string_view kKeys = R"sql(
    FOR s IN SELECT k.conname, k.contype, k.convalidated, pg_get_constraintdef(k.oid) AS made, c.reloptions,
        x.indisclustered, x.indisreplident, obj_description(k.oid, 'pg_constraint') AS note,
        obj_description(x.indexrelid, 'pg_class') AS index_note
        FROM pg_constraint k LEFT JOIN pg_index x ON x.indexrelid = k.conindid AND k.contype IN ('p', 'u',
            'x')
        LEFT JOIN pg_class c ON c.oid = x.indexrelid
        WHERE k.conrelid = r.oid AND k.contype IN ('p', 'u', 'x', 'c', 'f') AND k.conparentid = 0
          AND k.coninhcount = 0 AND (r.attnum = ANY (k.conkey) OR r.attnum = ANY (x.indkey::int2[])
            OR EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid =
                x.indexrelid
              AND d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.refobjsubid = r.attnum))
        ORDER BY k.contype = 'f' DESC, k.conname LOOP
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', r.owner, s.conname);
      IF s.contype = 'f' AND s.convalidated
          AND (r.relkind <> 'p' OR current_setting('server_version_num')::int >= 180000) THEN
        links := links || jsonb_build_object('soft', true, 'sql',
          format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', r.owner, s.conname, s.made)) ||
              jsonb_build_object(
          'soft', true, 'sql', format('ALTER TABLE %s VALIDATE CONSTRAINT %I', r.owner, s.conname));
      ELSIF s.contype = 'f' THEN
        links := links || jsonb_build_object('soft', true, 'sql',
          format('ALTER TABLE %s ADD CONSTRAINT %I %s', r.owner, s.conname, s.made));
      ELSE
        keys := keys || jsonb_build_object('soft', true, 'sql',
          format('ALTER TABLE %s ADD CONSTRAINT %I %s', r.owner, s.conname, s.made));
      END IF;
      IF s.reloptions IS NOT NULL THEN
        keys := keys || jsonb_build_object('soft', true, 'sql', format('ALTER INDEX %I.%I SET (%s)',
            r.nspname, s.conname,
          array_to_string(s.reloptions, ', ')));
      END IF;
      IF s.index_note IS NOT NULL THEN
        keys := keys || jsonb_build_object('soft', true, 'sql',
          format('COMMENT ON INDEX %I.%I IS %L', r.nspname, s.conname, s.index_note));
      END IF;
      IF s.note IS NOT NULL THEN
        links := links || jsonb_build_object('soft', true, 'sql',
          format('COMMENT ON CONSTRAINT %I ON %s IS %L', s.conname, r.owner, s.note));
      END IF;
      IF s.indisclustered THEN
        keys := keys || jsonb_build_object('soft', true, 'sql', format('ALTER TABLE %s CLUSTER ON %I',
            r.owner, s.conname));
      END IF;
      IF s.indisreplident THEN
        keys := keys || jsonb_build_object('soft', true, 'sql',
          format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', r.owner, s.conname));
      END IF;
    END LOOP;
    FOR s IN SELECT c.relname, x.indisclustered, x.indisreplident, obj_description(c.oid, 'pg_class') AS note,
        regexp_replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ') AS made
        FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
        WHERE x.indrelid = r.oid AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid)
          AND (r.attnum = ANY (x.indkey::int2[]) OR EXISTS (SELECT FROM pg_depend d
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
              AND d.refobjid = r.oid AND d.refobjsubid = r.attnum)) ORDER BY 1 LOOP
      EXECUTE format('DROP INDEX %I.%I', r.nspname, s.relname);
      keys := keys || jsonb_build_object('soft', true, 'sql', s.made);
      IF s.note IS NOT NULL THEN
        keys := keys || jsonb_build_object('soft', true, 'sql',
          format('COMMENT ON INDEX %I.%I IS %L', r.nspname, s.relname, s.note));
      END IF;
      IF s.indisclustered THEN
        keys := keys || jsonb_build_object('soft', true, 'sql', format('ALTER TABLE %s CLUSTER ON %I',
            r.owner, s.relname));
      END IF;
      IF s.indisreplident THEN
        keys := keys || jsonb_build_object('soft', true, 'sql',
          format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', r.owner, s.relname));
      END IF;
    END LOOP;)sql";

/// New rows leave the column empty, so nothing may ask for a value: neither NOT NULL nor a domain.
constexpr std::string_view kValues = R"sql(
    FOR s IN SELECT pg_get_expr(d.adbin, d.adrelid) AS made FROM pg_attrdef d
        WHERE d.adrelid = r.oid AND d.adnum = r.attnum LOOP
      EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %I DROP DEFAULT', r.owner, its_column);
      values_first := values_first || jsonb_build_object('soft', true, 'sql',
        format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT %s', r.owner, its_column, s.made));
    END LOOP;
    FOR s IN SELECT a.attidentity, c.oid, c.relname, n.nspname, q.* FROM pg_attribute a
        JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
          AND d.refobjid = r.oid AND d.refobjsubid = a.attnum AND d.deptype = 'i'
        JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_sequence q ON q.seqrelid = c.oid
        WHERE a.attrelid = r.oid AND a.attnum = r.attnum AND a.attidentity <> '' AND a.attislocal LOOP
      -- Nobody has counted with it meanwhile, so it goes on above every value that there is.
      EXECUTE format('SELECT jsonb_build_object(''sql'', '
        || 'format(''SELECT setval(%%L, %%s, %%L)'', %L, last_value, is_called), '
        || '''soft'', true) FROM %I.%I', format('%I.%I', s.nspname, s.relname), s.nspname, s.relname) INTO
            steps;
      values_first := values_first || jsonb_build_object('soft', true, 'last', true, 'sql', format(
        'ALTER TABLE %s ALTER COLUMN %I ADD GENERATED %s AS IDENTITY (SEQUENCE NAME %I.%I '
        || 'START WITH %s INCREMENT BY %s '
        || 'MINVALUE %s MAXVALUE %s CACHE %s %s)', r.owner, its_column,
        CASE s.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, s.nspname, s.relname, s.seqstart,
            s.seqincrement,
        s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END)) || (steps ||
            '{"last": true}');
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP IDENTITY', r.owner, its_column);
    END LOOP;
    IF (SELECT attnotnull FROM pg_attribute WHERE attrelid = r.oid AND attnum = r.attnum) THEN
      SELECT conname INTO not_null_name FROM pg_constraint
        WHERE conrelid = r.oid AND contype = 'n' AND conkey = ARRAY[r.attnum];
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', r.owner, its_column);
      values_first := values_first || jsonb_build_object('soft', true, 'sql', CASE WHEN not_null_name IS NULL
        THEN format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', r.owner, its_column)
        ELSE format('ALTER TABLE %s ADD CONSTRAINT %I NOT NULL %I', r.owner, not_null_name, its_column) END);
    END IF;
    FOR s IN SELECT c.relname, n.nspname FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind =
        'S'
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE d.classid = 'pg_class'::regclass
          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.refobjsubid = r.attnum
          AND d.deptype = 'a' ORDER BY 1 LOOP
      i := i + 1;
      WHILE to_regclass(format('%I.%I', attic, free_name || '_s' || i)) IS NOT NULL LOOP
        i := i + 1;
      END LOOP;
      EXECUTE format('ALTER SEQUENCE %I.%I OWNED BY NONE', s.nspname, s.relname);
      EXECUTE format('ALTER SEQUENCE %I.%I RENAME TO %I', s.nspname, s.relname, free_name || '_s' || i);
      EXECUTE format('ALTER SEQUENCE %I.%I SET SCHEMA %I', s.nspname, free_name || '_s' || i, attic);
      sequences := sequences || to_jsonb(free_name || '_s' || i);
      values_first := jsonb_build_array(
        jsonb_build_object('sql', format('ALTER SEQUENCE %I.%I SET SCHEMA %I', attic, free_name || '_s' ||
            i, s.nspname)),
        jsonb_build_object('sql', format('ALTER SEQUENCE %I.%I RENAME TO %I', s.nspname, free_name || '_s'
            || i, s.relname)),
        jsonb_build_object('sql', format('ALTER SEQUENCE %I.%I OWNED BY %s.%I', s.nspname, s.relname,
            r.owner, its_column)))
        || values_first;
    END LOOP;)sql";

constexpr std::string_view kRights = R"sql(
    FOR s IN SELECT format('GRANT %s ON TABLE %s TO %s%s', string_agg(g.privilege_type || ' (' ||
        quote_ident(its_column)
          || ')', ', ' ORDER BY g.place), r.owner, g.grantee, CASE WHEN g.is_grantable THEN
              ' WITH GRANT OPTION' ELSE '' END) AS given,
        format('REVOKE ALL (%I) ON TABLE %s FROM %s CASCADE', its_column, r.owner, g.grantee) AS taken, g.giver
        FROM (SELECT CASE e.grantee WHEN 0 THEN 'PUBLIC' ELSE e.grantee::regrole::text END AS grantee,
            CASE WHEN e.grantor <> c.relowner THEN e.grantor::regrole::text END AS giver, e.privilege_type,
            e.is_grantable, x.place FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, LATERAL
                unnest(a.attacl) WITH ORDINALITY AS x(item, place),
            LATERAL aclexplode(ARRAY[x.item]) AS e WHERE a.attrelid = r.oid AND a.attnum = r.attnum) AS g
        GROUP BY g.grantee, g.giver, g.is_grantable ORDER BY min(g.place) LOOP
      keys := keys || jsonb_strip_nulls(jsonb_build_object('soft', true, 'sql', s.given, 'as', s.giver));
      EXECUTE s.taken;
    END LOOP;
  END LOOP;
  SELECT y.typbasetype INTO base_oid FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
    WHERE a.attrelid = t AND a.attname = its_column AND y.typtype = 'd';
  IF base_oid IS NOT NULL THEN
    WITH RECURSIVE under AS (SELECT a.atttypid AS oid, a.atttypmod AS modifier, 0 AS depth FROM pg_attribute a
        WHERE a.attrelid = t AND a.attname = its_column
        UNION ALL SELECT y.typbasetype, y.typtypmod, depth + 1 FROM pg_type y JOIN under ON y.oid =
            under.oid WHERE y.typtype = 'd')
      SELECT format_type(oid, modifier) INTO base FROM under ORDER BY depth DESC LIMIT 1;
    SELECT jsonb_build_object('soft', true, 'sql', format('ALTER TABLE %s ALTER COLUMN %I TYPE %s', t,
        its_column,
        format_type(a.atttypid, a.atttypmod))) || values_first INTO values_first
      FROM pg_attribute a WHERE a.attrelid = t AND a.attname = its_column;
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s', t, its_column, base);
  END IF;
  EXECUTE format('ALTER TABLE %s RENAME COLUMN %I TO %I', t, its_column, kept);
  steps := jsonb_build_object('before', '[]'::jsonb, 'name', its_column, 'table', t::text, 'sequences',
      sequences,
    'rename', format('ALTER TABLE %s RENAME COLUMN %I TO', t, kept),
    'after', jsonb_path_query_array(values_first, '$[*] ? (!exists(@.last))')
      || jsonb_path_query_array(values_first, '$[*] ? (exists(@.last))') || keys || links);)sql";

constexpr std::string_view kEnd = R"sql(
  PERFORM set_config('search_path', path, true);
END
)sql";

}  // namespace

Statement keep_column(const Kept& kept, const std::string& table, const std::string& column) {
    std::string body;
    for (const std::string_view part : {kTrial, kKeys, kValues, kRights, kAddItem, kEnd}) body += part;
    BlockConstants constants;
    constants.making(kept).text("place", table).text("its_column", column);
    constants.text("free_name", kept.name.substr(1));
    return statement(block(constants, body));
}

}  // namespace changelog::operations
