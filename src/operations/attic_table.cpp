// Keeping a whole table: what DROP TABLE would take along is noted as SQL, in the order in which it comes
// back, and taken off; then the table is moved. All of it is asked of the database, since a schema's fold
// does not know publications and default privileges.
#include "operations/attic_sql.hpp"

namespace changelog::operations {

namespace {

constexpr std::string_view kTrial = R"sql(
  t regclass := place::regclass;
  path CONSTANT text := current_setting('search_path');
  home text; its_name text; parent text; bound text; kept text; kept_oid oid;
  tree oid[]; cloned oid[]; now_called text; number int := 1; i int := 0;
  first jsonb := '[]'; links jsonb := '[]'; moves jsonb := '[]'; last jsonb := '[]'; steps jsonb;
  clones jsonb := '[]'; fallen jsonb := '[]'; givers jsonb := '[]'; r record; s record;
BEGIN
  -- CASCADE takes every key that points at it, through its parent as well: for other tables, too.
  FOR r IN WITH RECURSIVE below AS (SELECT t::oid AS oid UNION ALL
        SELECT h.inhrelid FROM pg_inherits h JOIN below ON h.inhparent = below.oid),
      up AS (SELECT k.oid, k.conparentid FROM pg_constraint k WHERE k.contype = 'f' AND cascades IS NOT NULL
          AND k.confrelid IN (SELECT oid FROM below) AND k.conrelid NOT IN (SELECT oid FROM below)
        UNION SELECT k.oid, k.conparentid FROM pg_constraint k JOIN up ON k.oid = up.conparentid)
      SELECT k.conname, n.nspname, c.relname, c.relkind, k.convalidated, pg_get_constraintdef(k.oid) AS made,
        obj_description(k.oid, 'pg_constraint') AS note
      FROM up JOIN pg_constraint k ON k.oid = up.oid JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE k.conparentid = 0 ORDER BY 2, 3, 1 LOOP
    EXECUTE format('ALTER TABLE %I.%I DROP CONSTRAINT %I', r.nspname, r.relname, r.conname);
    fallen := fallen || jsonb_build_object('soft', true, 'sql', format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s',
      r.nspname, r.relname, r.conname, r.made) || CASE WHEN r.convalidated AND r.relkind <> 'p' THEN ' NOT VALID'
        ELSE '' END);
    IF r.convalidated AND r.relkind <> 'p' THEN
      fallen := fallen || jsonb_build_object('soft', true, 'sql',
        format('ALTER TABLE %I.%I VALIDATE CONSTRAINT %I', r.nspname, r.relname, r.conname));
    END IF;
    IF r.note IS NOT NULL THEN
      fallen := fallen || jsonb_build_object('soft', true, 'sql',
        format('COMMENT ON CONSTRAINT %I ON %I.%I IS %L', r.conname, r.nspname, r.relname, r.note));
    END IF;
  END LOOP;
  -- What DROP TABLE refuses is refused here: the table is dropped, and that is taken back.
  BEGIN
    EXECUTE format('DROP TABLE %s', t);
    RAISE EXCEPTION USING ERRCODE = 'CL000';
  EXCEPTION WHEN SQLSTATE 'CL000' THEN NULL;
  END;
  IF EXISTS (SELECT FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid
             WHERE h.inhrelid = t AND NOT c.relispartition) THEN
    RAISE EXCEPTION USING ERRCODE = '0A000',
      MESSAGE = format('table %s inherits from another one, so it cannot be kept', item_object),
      HINT = 'Write retain: false where it is dropped, or end the inheritance before.';
  END IF;
  PERFORM set_config('search_path', '', true);
  SELECT n.nspname, c.relname INTO home, its_name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = t;
  tree := ARRAY(WITH RECURSIVE below AS (SELECT t::oid AS oid, 0 AS depth UNION ALL
      SELECT h.inhrelid, depth + 1 FROM pg_inherits h JOIN below ON h.inhparent = below.oid)
    SELECT oid FROM below ORDER BY depth, oid);
  -- A partition may have switched a trigger of its parent off for itself. They are made anew with the parent's.
  clones := (WITH RECURSIVE root AS (SELECT g.oid, g.tgparentid, g.oid AS clone FROM pg_trigger g
        WHERE g.tgparentid <> 0 AND g.tgrelid = ANY (tree)
      UNION ALL SELECT g.oid, g.tgparentid, root.clone FROM pg_trigger g JOIN root ON g.oid = root.tgparentid)
    SELECT coalesce(jsonb_agg(jsonb_build_object('table', c.tgrelid::bigint, 'name', g.tgname, 'state',
        c.tgenabled) ORDER BY c.tgrelid, g.tgname), '[]')
    FROM root JOIN pg_trigger g ON g.oid = root.oid JOIN pg_trigger c ON c.oid = root.clone
    WHERE root.tgparentid = 0 AND NOT g.tgisinternal AND c.tgenabled <> g.tgenabled);
)sql";

/// A partition leaves its parent; keys and triggers that it has from there come back when it is attached.
constexpr std::string_view kLeaveParent = R"sql(
  cloned := ARRAY(SELECT oid FROM pg_constraint WHERE conrelid = t AND contype = 'f' AND conparentid <> 0);
  SELECT h.inhparent::regclass::text, pg_get_expr(c.relpartbound, c.oid) INTO parent, bound
    FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid WHERE h.inhrelid = t;
  IF parent IS NOT NULL THEN
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', parent, t);
  END IF;
)sql";

/// What others than the owner gave they give again when all is in its place: the attic is not for them.
constexpr std::string_view kNoteGivers = R"sql(
  FOR r IN SELECT format('GRANT %s ON %s %I.%I TO %s%s', string_agg(g.privilege || g.part, ', '), g.what, g.home,
        g.name, g.grantee, CASE WHEN g.grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS given, g.giver
      FROM (SELECT n.nspname AS home, c.relname AS name, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END
          AS what, coalesce(' (' || quote_ident(l.attname) || ')', '') AS part, a.privilege_type AS privilege,
          a.is_grantable AS grantable, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END AS
          grantee, a.grantor::regrole::text AS giver, l.attnum, x.place
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, LATERAL (SELECT c.relacl AS acl, NULL AS
            attname, 0 AS attnum UNION ALL SELECT b.attacl, b.attname, b.attnum FROM pg_attribute b
            WHERE b.attrelid = c.oid AND NOT b.attisdropped) AS l,
          LATERAL unnest(l.acl) WITH ORDINALITY AS x(item, place), LATERAL aclexplode(ARRAY[x.item]) AS a
        WHERE (c.oid = ANY (tree) OR c.relkind = 'S' AND c.oid IN (SELECT d.objid FROM pg_depend d
            WHERE d.classid = 'pg_class'::regclass AND d.refobjid = ANY (tree) AND d.deptype IN ('a', 'i')))
          AND a.grantor <> c.relowner) AS g
      GROUP BY g.what, g.home, g.name, g.grantee, g.giver, g.grantable, g.attnum, g.part
      ORDER BY g.home, g.name, g.attnum, min(g.place) LOOP
    givers := givers || jsonb_build_object('soft', true, 'sql', r.given, 'as', r.giver);
  END LOOP;
)sql";

/// Indexes and sequences move with their table, and their names must be free in the attic.
constexpr std::string_view kMove = R"sql(
  FOR r IN SELECT c.oid, c.relname, n.nspname, x.pos FROM unnest(tree) WITH ORDINALITY AS x(oid, pos)
      JOIN pg_class c ON c.oid = x.oid JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY x.pos LOOP
    now_called := kept || CASE WHEN r.pos = 1 THEN '' ELSE '_p' || r.pos END;
    FOR s IN SELECT c.relname, 'INDEX' AS kind FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
        WHERE x.indrelid = r.oid
        UNION ALL SELECT c.relname, 'SEQUENCE' FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
          AND d.refobjid = r.oid AND d.deptype IN ('a', 'i') AND c.relkind = 'S' ORDER BY 2, 1 LOOP
      i := i + 1;
      EXECUTE format('ALTER %s %I.%I RENAME TO %I', s.kind, r.nspname, s.relname, kept || '_i' || i);
      last := last || jsonb_build_object('soft', true, 'sql',
        format('ALTER %s %I.%I RENAME TO %I', s.kind, r.nspname, kept || '_i' || i, s.relname));
    END LOOP;
    FOR s IN SELECT x.stxname, n.nspname FROM pg_statistic_ext x JOIN pg_namespace n ON n.oid = x.stxnamespace
        WHERE x.stxrelid = r.oid ORDER BY 1 LOOP
      i := i + 1;
      EXECUTE format('ALTER STATISTICS %I.%I RENAME TO %I', s.nspname, s.stxname, kept || '_i' || i);
      EXECUTE format('ALTER STATISTICS %I.%I SET SCHEMA %I', s.nspname, kept || '_i' || i, attic);
      last := last || jsonb_build_object('soft', true, 'sql', format(
        'ALTER STATISTICS %I.%I SET SCHEMA %I', attic, kept || '_i' || i, s.nspname)) || jsonb_build_object(
        'soft', true, 'sql', format('ALTER STATISTICS %I.%I RENAME TO %I', s.nspname, kept || '_i' || i,
            s.stxname));
    END LOOP;
    EXECUTE format('ALTER TABLE %s RENAME TO %I', r.oid::regclass, now_called);
    EXECUTE format('ALTER TABLE %s SET SCHEMA %I', r.oid::regclass, attic);
    moves := moves || jsonb_build_object('sql', format('ALTER TABLE %I.%I SET SCHEMA %I', attic, now_called,
        r.nspname));
    IF r.pos > 1 THEN
      moves := moves || jsonb_build_object('sql',
        format('ALTER TABLE %I.%I RENAME TO %I', r.nspname, now_called, r.relname));
    END IF;
  END LOOP;
)sql";

/// From here on the table is called by its name in the attic, and so it is when these come back.
constexpr std::string_view kTakeTies = R"sql(
  IF parent IS NOT NULL THEN
    first := first || jsonb_build_object('sql', format('ALTER TABLE %s ATTACH PARTITION %s %s', parent, t,
        bound));
  END IF;
  FOR r IN SELECT g.tgname, g.tgenabled, g.tgrelid::regclass AS owner, pg_get_triggerdef(g.oid) AS made,
      obj_description(g.oid, 'pg_trigger') AS note FROM pg_trigger g
      WHERE g.tgrelid = ANY (tree) AND NOT g.tgisinternal AND g.tgparentid = 0 ORDER BY g.tgrelid, g.tgname
          LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', r.tgname, r.owner);
    first := first || jsonb_build_object('soft', true, 'sql', r.made);
    IF r.tgenabled <> 'O' THEN
      first := first || jsonb_build_object('soft', true, 'sql', format('ALTER TABLE %s %s TRIGGER %I',
          r.owner,
        CASE r.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END,
            r.tgname));
    END IF;
    IF r.note IS NOT NULL THEN
      first := first || jsonb_build_object('soft', true, 'sql',
        format('COMMENT ON TRIGGER %I ON %s IS %L', r.tgname, r.owner, r.note));
    END IF;
  END LOOP;
  FOR r IN SELECT (x->>'table')::oid::regclass AS owner, x->>'name' AS name, x->>'state' AS state
      FROM jsonb_array_elements(clones) AS x LOOP
    first := first || jsonb_build_object('soft', true, 'sql', format('ALTER TABLE ONLY %s %s TRIGGER %I',
      r.owner, CASE r.state WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS'
        ELSE 'ENABLE' END, r.name));
  END LOOP;
  FOR r IN SELECT k.oid, k.conname, k.conrelid::regclass AS owner, k.convalidated,
      pg_get_constraintdef(k.oid) AS made,
      c.relkind, obj_description(k.oid, 'pg_constraint') AS note
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
      WHERE k.conrelid = ANY (tree) AND k.contype = 'f' AND k.conparentid = 0 AND k.confrelid <> ALL (tree)
      ORDER BY k.conrelid, k.conname LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', r.owner, r.conname);
    CONTINUE WHEN r.oid = ANY (cloned);
    IF r.convalidated AND (r.relkind <> 'p' OR current_setting('server_version_num')::int >= 180000) THEN
      links := links || jsonb_build_object('soft', true, 'sql',
        format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', r.owner, r.conname, r.made)) ||
            jsonb_build_object(
        'soft', true, 'sql', format('ALTER TABLE %s VALIDATE CONSTRAINT %I', r.owner, r.conname));
    ELSE
      links := links || jsonb_build_object('soft', true, 'sql',
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', r.owner, r.conname, r.made));
    END IF;
    IF r.note IS NOT NULL THEN
      links := links || jsonb_build_object('soft', true, 'sql',
        format('COMMENT ON CONSTRAINT %I ON %s IS %L', r.conname, r.owner, r.note));
    END IF;
  END LOOP;
)sql";

/// Columns and conditions of publications are there from PostgreSQL 15 on, and unknown to older servers.
constexpr std::string_view kTakeRights = R"sql(
  FOR r IN EXECUTE 'SELECT p.pubname, x.prrelid::regclass AS member, ' ||
      CASE WHEN current_setting('server_version_num')::int < 150000 THEN
          'NULL AS attributes, NULL AS condition' ELSE
        '(SELECT string_agg(quote_ident(a.attname), '', '' ORDER BY a.attnum) FROM pg_attribute a '
        'WHERE a.attrelid = x.prrelid AND a.attnum = ANY (x.prattrs::int2[])) AS attributes, '
        'pg_get_expr(x.prqual, x.prrelid) AS condition' END ||
      ' FROM pg_publication_rel x JOIN pg_publication p ON p.oid = x.prpubid '
      'WHERE x.prrelid = ANY ($1) ORDER BY 1, 2'
      USING tree LOOP
    EXECUTE format('ALTER PUBLICATION %I DROP TABLE %s', r.pubname, r.member);
    links := links || jsonb_build_object('soft', true, 'sql', format('ALTER PUBLICATION %I ADD TABLE %s',
        r.pubname, r.member)
      || coalesce(' (' || r.attributes || ')', '') || coalesce(' WHERE (' || r.condition || ')', ''));
  END LOOP;
  FOR r IN SELECT format('%s ON %s %s TO %s%s', string_agg(g.privilege || g.part, ', ' ORDER BY g.place),
      g.what, g.owner,
        g.grantee, CASE WHEN g.grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS given,
      format('ALL ON %s %s FROM %s CASCADE', g.what, g.owner, g.grantee) AS taken
      FROM (SELECT c.oid::regclass AS owner, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS
          what, '' AS part,
          a.privilege_type AS privilege, a.is_grantable AS grantable, a.grantee AS who, x.place, 0 AS attnum,
          CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END AS grantee
        FROM pg_class c, LATERAL unnest(c.relacl) WITH ORDINALITY AS x(item, place), LATERAL
            aclexplode(ARRAY[x.item]) AS a
        WHERE (c.oid = ANY (tree) OR c.relkind = 'S' AND c.oid IN (SELECT d.objid FROM pg_depend d
            WHERE d.classid = 'pg_class'::regclass AND d.refobjid = ANY (tree) AND d.deptype IN ('a', 'i')))
          AND a.grantee <> c.relowner AND a.grantor = c.relowner
        UNION ALL SELECT c.oid::regclass, 'TABLE', ' (' || quote_ident(b.attname) || ')', a.privilege_type,
            a.is_grantable,
          a.grantee, x.place, b.attnum, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END
        FROM pg_class c JOIN pg_attribute b ON b.attrelid = c.oid AND NOT b.attisdropped,
          LATERAL unnest(b.attacl) WITH ORDINALITY AS x(item, place), LATERAL aclexplode(ARRAY[x.item]) AS a
        WHERE c.oid = ANY (tree) AND a.grantee <> c.relowner AND a.grantor = c.relowner) AS g
      GROUP BY g.what, g.owner, g.grantee, g.grantable, g.attnum, g.part ORDER BY g.owner, g.attnum,
          min(g.place) LOOP
    first := first || jsonb_build_object('soft', true, 'sql', 'GRANT ' || r.given);
    EXECUTE 'REVOKE ' || r.taken;
  END LOOP;
)sql";

constexpr std::string_view kWrite = R"sql(
  kept_oid := t;
  steps := jsonb_build_object('before', first || links || moves, 'after', last || givers || fallen, 'name', its_name, 'schema',
      home,
    'rename', format('ALTER TABLE %I.%I RENAME TO', home, kept));)sql";

constexpr std::string_view kEnd = R"sql(
  PERFORM set_config('search_path', path, true);
END
)sql";

}  // namespace

Statement keep_table(const Kept& kept, const std::string& table, bool cascade) {
    std::string body;
    for (const std::string_view part : {kTrial, kLeaveParent, kNoteGivers, kFreeName, kMove, kTakeTies,
                                        kTakeRights, kWrite, kAddItem, kEnd})
        body += part;
    return statement(block(
        BlockConstants().making(kept).text("place", table).optional_text("cascades", cascade ? "true" : ""),
        body));
}

}  // namespace changelog::operations
