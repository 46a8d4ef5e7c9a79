#include "postgres/introspect_others.hpp"

#include <fmt/format.h>

#include <initializer_list>

namespace changelog::postgres {
namespace {

/// The whole row but for some columns. Columns of type regproc show names.
std::string row_without(const char* columns) {
    return fmt::format("(to_jsonb(o) - '{{{}}}'::text[])::text", columns);
}

/// PostgreSQL writes the columns in the order of their table, which is no part of the object.
constexpr const char* statistics_definition =
    "(SELECT coalesce(replace(pg_get_statisticsobjdef(o.oid), ' ON ' || string_agg(quote_ident(a.attname), "
    "', ' ORDER BY a.attnum), ' ON ' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname)), "
    "pg_get_statisticsobjdef(o.oid)) FROM pg_catalog.pg_attribute a WHERE a.attrelid = o.stxrelid "
    "AND a.attnum = ANY (o.stxkeys::int2[]))";

void add_routines(std::vector<OtherKind>& out) {
    out.push_back(
        {.catalog = "pg_proc",
         .state = "(SELECT concat_ws(' ', a.aggkind, a.aggnumdirectargs, a.aggtransfn, a.aggfinalfn, "
                  "a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, "
                  "a.aggmfinalfn, a.aggfinalextra, a.aggmfinalextra, a.aggfinalmodify, a.aggmfinalmodify, "
                  "a.aggsortop::regoperator, format_type(a.aggtranstype, NULL), a.aggtransspace, "
                  "format_type(a.aggmtranstype, NULL), a.aggmtransspace, a.agginitval, a.aggminitval, "
                  "o.proparallel, o.proacl) FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid = o.oid)",
         .condition = "o.prokind NOT IN ('f', 'w', 'p')",
         .owner = "o.proowner"});
    out.push_back({.catalog = "pg_language",
                   .state = "concat_ws(' ', o.lanpltrusted, nullif(o.lanplcallfoid, 0)::regproc, "
                            "nullif(o.laninline, 0)::regproc, nullif(o.lanvalidator, 0)::regproc, o.lanacl)",
                   .owner = "o.lanowner"});
    out.push_back({.catalog = "pg_transform", .state = "concat_ws(' ', o.trffromsql, o.trftosql)"});
    out.push_back(
        {.catalog = "pg_event_trigger",
         .state = "concat_ws(' ', 'enabled', o.evtenabled)",
         .create = "format('CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %s()', o.evtname, o.evtevent, "
                   "(SELECT ' WHEN TAG IN (' || string_agg(quote_literal(tag), ', ') || ')' "
                   "FROM unnest(o.evttags) AS tag), o.evtfoid::regproc)",
         .owner = "o.evtowner"});
}

void add_operators(std::vector<OtherKind>& out) {
    out.push_back(
        {.catalog = "pg_cast",
         .state = "''",
         .create = "format('CREATE CAST (%s AS %s) %s%s', format_type(o.castsource, NULL), "
                   "format_type(o.casttarget, NULL), CASE o.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || "
                   "o.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END, "
                   "CASE o.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END)"});
    out.push_back({.catalog = "pg_operator",
                   .state = "concat_ws(' ', o.oprcode, o.oprcanmerge, o.oprcanhash, o.oprrest, o.oprjoin, "
                            "nullif(o.oprcom, 0)::regoperator, nullif(o.oprnegate, 0)::regoperator)",
                   .owner = "o.oprowner"});
    out.push_back({.catalog = "pg_opclass",
                   .state = "concat_ws(' ', format_type(o.opcintype, NULL), o.opcdefault, "
                            "format_type(nullif(o.opckeytype, 0), NULL), (SELECT f.opfname FROM "
                            "pg_catalog.pg_opfamily f WHERE f.oid = o.opcfamily))",
                   .owner = "o.opcowner"});
    out.push_back({.catalog = "pg_opfamily",
                   .state =
                       "concat_ws(' ', ARRAY(SELECT concat_ws(' ', a.amopstrategy, a.amopopr::regoperator, "
                       "a.amoppurpose) FROM pg_catalog.pg_amop a WHERE a.amopfamily = o.oid ORDER BY 1), "
                       "ARRAY(SELECT concat_ws(' ', p.amprocnum, p.amproc::regprocedure, "
                       "format_type(p.amproclefttype, NULL), format_type(p.amprocrighttype, NULL)) FROM "
                       "pg_catalog.pg_amproc p WHERE p.amprocfamily = o.oid ORDER BY 1))",
                   .owner = "o.opfowner"});
    out.push_back({.catalog = "pg_am", .state = "concat_ws(' ', o.amtype, o.amhandler)"});
}

void add_texts(std::vector<OtherKind>& out) {
    out.push_back({.catalog = "pg_collation",
                   .state = row_without("oid,collname,collnamespace,collowner,collversion"),
                   .owner = "o.collowner"});
    out.push_back({.catalog = "pg_conversion",
                   .state = row_without("oid,conname,connamespace,conowner"),
                   .owner = "o.conowner"});
    out.push_back({.catalog = "pg_ts_parser", .state = row_without("oid,prsname,prsnamespace")});
    out.push_back({.catalog = "pg_ts_template", .state = row_without("oid,tmplname,tmplnamespace")});
    out.push_back({.catalog = "pg_ts_dict",
                   .state = "concat_ws(' ', (SELECT t.tmplname FROM pg_catalog.pg_ts_template t "
                            "WHERE t.oid = o.dicttemplate), o.dictinitoption)",
                   .owner = "o.dictowner"});
    out.push_back(
        {.catalog = "pg_ts_config",
         .state =
             "concat_ws(' ', (SELECT p.prsname FROM pg_catalog.pg_ts_parser p WHERE p.oid = o.cfgparser), "
             "ARRAY(SELECT concat_ws(' ', m.maptokentype, m.mapdict::regdictionary) FROM "
             "pg_catalog.pg_ts_config_map m WHERE m.mapcfg = o.oid ORDER BY m.maptokentype, m.mapseqno))",
         .owner = "o.cfgowner"});
}

void add_foreign(std::vector<OtherKind>& out) {
    out.push_back({.catalog = "pg_foreign_data_wrapper",
                   .state = "concat_ws(' ', nullif(o.fdwhandler, 0)::regproc, nullif(o.fdwvalidator, "
                            "0)::regproc, o.fdwoptions, o.fdwacl)",
                   .owner = "o.fdwowner"});
    out.push_back({.catalog = "pg_foreign_server",
                   .state = "concat_ws(' ', (SELECT f.fdwname FROM pg_catalog.pg_foreign_data_wrapper f "
                            "WHERE f.oid = o.srvfdw), o.srvtype, o.srvversion, o.srvoptions, o.srvacl)",
                   .owner = "o.srvowner"});
    // Options of a mapping hold passwords; the view shows them to whom they belong.
    out.push_back({.catalog = "pg_user_mapping",
                   .state = "md5(o.umoptions::text)",
                   .source = "(SELECT umid AS oid, umoptions FROM pg_catalog.pg_user_mappings)"});
    out.push_back(
        {.catalog = "pg_class",
         .state =
             "concat_ws(' ', o.relkind, (SELECT concat_ws(' ', s.srvname, t.ftoptions) FROM "
             "pg_catalog.pg_foreign_table t JOIN pg_catalog.pg_foreign_server s ON s.oid = t.ftserver "
             "WHERE t.ftrelid = o.oid), ARRAY(SELECT concat_ws(' ', a.attname, "
             "format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated, "
             "pg_get_expr(d.adbin, d.adrelid), a.attfdwoptions, a.attacl) FROM pg_catalog.pg_attribute a "
             "LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
             "WHERE a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum), "
             "ARRAY(SELECT concat_ws(' ', k.conname, pg_get_constraintdef(k.oid)) FROM "
             "pg_catalog.pg_constraint k WHERE k.conrelid = o.oid ORDER BY 1), "
             "ARRAY(SELECT concat_ws(' ', pg_get_triggerdef(g.oid), g.tgenabled) FROM "
             "pg_catalog.pg_trigger g WHERE g.tgrelid = o.oid AND NOT g.tgisinternal ORDER BY 1), "
             "ARRAY(SELECT h.inhparent::regclass FROM pg_catalog.pg_inherits h "
             "WHERE h.inhrelid = o.oid ORDER BY h.inhseqno), "
             "pg_get_expr(o.relpartbound, o.oid), o.relacl)",
         .condition = "o.relkind NOT IN ('r', 'p', 'v', 'm', 'S', 'c', 'i', 'I', 't')",
         .owner = "o.relowner"});
}

void add_replication(std::vector<OtherKind>& out, int version) {
    const bool lists = version >= 150000;  // column lists, row filters, schemas
    const std::string more =
        lists ? ", (SELECT array_agg(a.attname ORDER BY a.attname) FROM pg_catalog.pg_attribute a WHERE "
                "a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)), pg_get_expr(r.prqual, r.prrelid)"
              : "";
    const std::string schemas =
        lists ? ", ARRAY(SELECT s.pnnspid::regnamespace FROM pg_catalog.pg_publication_namespace s "
                "WHERE s.pnpubid = o.oid ORDER BY s.pnnspid::regnamespace::text)"
              : "";
    out.push_back(
        {.catalog = "pg_publication",
         .state = fmt::format("concat_ws(' ', {}, ARRAY(SELECT concat_ws(' ', r.prrelid::regclass{}) FROM "
                              "pg_catalog.pg_publication_rel r WHERE r.prpubid = o.oid ORDER BY 1){})",
                              row_without("oid,pubname,pubowner"), more, schemas),
         .owner = "o.pubowner"});
    // Before PostgreSQL 14 only a superuser may read its oid.
    if (version >= 140000)
        out.push_back({.catalog = "pg_subscription",
                       .state = "concat_ws(' ', o.subenabled, o.subslotname, o.subpublications)",
                       .condition = "o.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE "
                                    "d.datname = current_database())",
                       .owner = "o.subowner",
                       .source = "(SELECT oid, subdbid, subowner, subenabled, subslotname, subpublications "
                                 "FROM pg_catalog.pg_subscription)"});
}

}  // namespace

std::vector<OtherKind> other_kinds(int server_version) {
    std::vector<OtherKind> out;
    out.push_back({.catalog = "pg_rewrite",
                   .state = "concat_ws(' ', 'enabled', o.ev_enabled)",
                   .create = "pg_get_ruledef(o.oid)",
                   .relation = "o.ev_class",
                   .condition = "o.rulename <> '_RETURN'"});
    out.push_back({.catalog = "pg_statistic_ext",
                   .state = "coalesce(nullif(o.stxstattarget, -1)::text, '')",
                   .create = statistics_definition,
                   .relation = "o.stxrelid",
                   .owner = "o.stxowner"});
    add_routines(out);
    add_operators(out);
    add_texts(out);
    add_foreign(out);
    add_replication(out, server_version);
    out.push_back({.catalog = "pg_default_acl", .state = "o.defaclacl::text"});
    out.push_back(
        {.catalog = "pg_type",
         .state = "concat_ws(' ', o.typtype, o.typisdefined, o.typinput, o.typoutput, o.typreceive, "
                  "o.typsend, o.typmodin, o.typmodout, o.typanalyze, o.typlen, o.typbyval, o.typcategory, "
                  "o.typispreferred, o.typdelim, format_type(nullif(o.typelem, 0), NULL), o.typalign, "
                  "o.typstorage, o.typdefault, o.typcollation > 0, o.typacl)",
         .condition = "o.typtype NOT IN ('c', 'd', 'e', 'r', 'm') AND NOT EXISTS (SELECT FROM "
                      "pg_catalog.pg_type e WHERE e.typarray = o.oid)",
         .owner = "o.typowner"});
    return out;
}

}  // namespace changelog::postgres
