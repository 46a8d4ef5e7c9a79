// A database's schema as sorted text lines, for comparing before and after.
#pragma once

#include "postgres/connection.hpp"

#include <string>

namespace changelog::tests {

/// One line per object and property. Positions of columns are left out: a column that was dropped and made
/// again stands last, and PostgreSQL has no way to change that. Privileges that nobody ever set are those
/// that PostgreSQL gives by default.
inline std::string schema_snapshot(postgres::Connection& connection) {
    static const std::string query = R"sql(
WITH ns AS (SELECT oid, nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
        AND nspname <> 'changelog_attic'),
rel AS (SELECT c.* FROM pg_class c JOIN ns ON ns.oid = c.relnamespace WHERE c.relname NOT LIKE 'changelog\_%'
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
SELECT line FROM (
  SELECT format('schema %s %s', nspname, obj_description(oid, 'pg_namespace')) FROM ns
  UNION ALL SELECT format('relation %s kind=%s persistence=%s options=%s rls=%s/%s ident=%s acl=%s comment=%s', oid::regclass, relkind,
         relpersistence, reloptions, relrowsecurity, relforcerowsecurity, relreplident, (SELECT string_agg(x::text, ',' ORDER BY x::text COLLATE "C") FROM unnest(coalesce(relacl, acldefault((CASE relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", relowner))) x), obj_description(oid, 'pg_class'))
    FROM rel WHERE relkind <> 'S' OR NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = rel.oid AND d.deptype = 'i')
  UNION ALL SELECT format('column %s.%s %s notnull=%s default=%s identity=%s generated=%s collation=%s storage=%s stats=%s acl=%s comment=%s',
         a.attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attidentity,
         attgenerated, attcollation::regcollation, attstorage, attstattarget, attacl, col_description(attrelid, attnum))
    FROM rel JOIN pg_attribute a ON a.attrelid = rel.oid AND attnum > 0 AND NOT attisdropped AND relkind IN ('r','p','v','m','f','c')
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  UNION ALL SELECT format('constraint %s on %s %s comment=%s', conname, coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text),
         pg_get_constraintdef(k.oid), obj_description(k.oid, 'pg_constraint'))
    FROM pg_constraint k JOIN ns ON ns.oid = k.connamespace
    WHERE (conrelid = 0 OR conrelid IN (SELECT oid FROM rel)) AND contype <> 'n'
  UNION ALL SELECT format('index %s valid=%s clustered=%s comment=%s', pg_get_indexdef(i.indexrelid), indisvalid, indisclustered,
         obj_description(indexrelid, 'pg_class')) FROM pg_index i JOIN rel ON rel.oid = i.indrelid
  UNION ALL SELECT format('view %s %s', oid::regclass, pg_get_viewdef(oid)) FROM rel WHERE relkind IN ('v','m')
  UNION ALL SELECT format('sequence %s %s %s %s %s %s %s %s owner=%s', s.seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax,
         seqcache, seqcycle, (SELECT format('%s.%s %s', refobjid::regclass, attname, deptype) FROM pg_depend JOIN pg_attribute ON attrelid = refobjid
         AND attnum = refobjsubid WHERE objid = seqrelid AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')))
    FROM pg_sequence s JOIN rel ON rel.oid = s.seqrelid
  UNION ALL SELECT format('type %s kind=%s labels=%s base=%s notnull=%s default=%s acl=%s comment=%s', t.oid::regtype, typtype,
         (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
         nullif(typbasetype, 0)::regtype, typnotnull, typdefault, (SELECT string_agg(x::text, ',' ORDER BY x::text COLLATE "C") FROM unnest(coalesce(typacl, acldefault('T', typowner))) x), obj_description(t.oid, 'pg_type'))
    FROM pg_type t JOIN ns ON ns.oid = t.typnamespace WHERE typtype IN ('e', 'd', 'r')
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
  UNION ALL SELECT format('function %s acl=%s comment=%s %s', p.oid::regprocedure, (SELECT string_agg(x::text, ',' ORDER BY x::text COLLATE "C") FROM unnest(coalesce(proacl, acldefault('f', proowner))) x), obj_description(p.oid, 'pg_proc'), pg_get_functiondef(p.oid))
    FROM pg_proc p JOIN ns ON ns.oid = p.pronamespace WHERE prokind IN ('f', 'p')
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  UNION ALL SELECT format('trigger %s enabled=%s comment=%s', pg_get_triggerdef(t.oid), tgenabled, obj_description(t.oid, 'pg_trigger'))
    FROM pg_trigger t JOIN rel ON rel.oid = t.tgrelid WHERE NOT tgisinternal
  UNION ALL SELECT format('policy %s on %s %s %s roles=%s using=%s check=%s comment=%s', polname, polrelid::regclass, polcmd, polpermissive, polroles::regrole[],
         pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid), obj_description(p.oid, 'pg_policy'))
    FROM pg_policy p JOIN rel ON rel.oid = p.polrelid
  UNION ALL SELECT format('inherits %s of %s bound=%s', inhrelid::regclass, inhparent::regclass, pg_get_expr(relpartbound, inhrelid))
    FROM pg_inherits JOIN rel ON rel.oid = inhrelid
  UNION ALL SELECT format('extension %s', extname) FROM pg_extension
) AS lines(line) ORDER BY line COLLATE "C")sql";
    std::string out;
    for (const auto& row : connection.execute(query).rows) out += row.at(0).value_or("") + "\n";
    return out;
}

}  // namespace changelog::tests
