// Functions of PostgreSQL and its usual extensions that do nothing but give a result (manual, chapter 9). A
// function that is not listed counts as able to do anything, so a missing name costs freedom of order and
// nothing else.
#include "sql/statement_reader.hpp"

#include <array>

namespace changelog::sql {

namespace {

// clang-format off
constexpr std::array kHarmless = std::to_array<std::string_view>({
    "abs", "acos", "age", "any_value", "array_agg", "array_append", "array_cat", "array_dims",
    "array_fill", "array_length", "array_lower", "array_ndims", "array_position", "array_positions",
    "array_prepend", "array_remove", "array_replace", "array_to_json", "array_to_string", "array_upper",
    "ascii", "asin", "atan", "atan2", "avg", "bit_and", "bit_length", "bit_or", "bool_and", "bool_or",
    "btrim", "cardinality", "cbrt", "ceil", "ceiling", "char_length", "character_length", "chr",
    "clock_timestamp", "coalesce", "col_description", "concat", "concat_ws", "convert", "convert_from",
    "convert_to", "corr", "cos", "cot", "count", "crypt", "cume_dist", "current_database",
    "current_schema", "current_schemas", "current_setting", "currval", "date", "date_bin", "date_part",
    "date_trunc", "decode", "degrees", "dense_rank", "digest", "div", "encode", "every", "exp", "extract",
    "factorial", "first_value", "float8", "floor", "format", "format_type", "gcd", "gen_random_bytes",
    "gen_random_uuid", "gen_salt", "generate_series", "generate_subscripts", "get_bit", "get_byte",
    "greatest", "grouping", "has_column_privilege", "has_schema_privilege", "has_table_privilege", "hmac",
    "host", "initcap", "int4", "int8", "isfinite", "json_agg", "json_array_elements",
    "json_array_elements_text", "json_array_length", "json_build_array", "json_build_object", "json_each",
    "json_each_text", "json_extract_path", "json_extract_path_text", "json_object", "json_object_agg",
    "json_object_keys", "json_populate_record", "json_populate_recordset", "json_strip_nulls",
    "json_to_record", "json_to_recordset", "json_typeof", "jsonb_agg", "jsonb_array_elements",
    "jsonb_array_elements_text", "jsonb_array_length", "jsonb_build_array", "jsonb_build_object",
    "jsonb_each", "jsonb_each_text", "jsonb_extract_path", "jsonb_extract_path_text", "jsonb_insert",
    "jsonb_object", "jsonb_object_agg", "jsonb_object_keys", "jsonb_path_exists", "jsonb_path_query",
    "jsonb_path_query_array", "jsonb_path_query_first", "jsonb_populate_record", "jsonb_pretty",
    "jsonb_set", "jsonb_set_lax", "jsonb_strip_nulls", "jsonb_to_record", "jsonb_to_recordset",
    "jsonb_typeof", "justify_days", "justify_hours", "justify_interval", "lag", "last_value", "lastval",
    "lcm", "lead", "least", "left", "length", "like_escape", "ln", "log", "log10", "lower", "lower_inc",
    "lpad", "ltrim", "make_date", "make_interval", "make_time", "make_timestamp", "make_timestamptz",
    "max", "md5", "min", "mod", "mode", "nextval", "normalize", "now", "nth_value", "ntile", "nullif",
    "num_nonnulls", "num_nulls", "numeric", "obj_description", "octet_length", "overlaps", "overlay",
    "parse_ident", "percent_rank", "percentile_cont", "percentile_disc", "pg_backend_pid",
    "pg_get_constraintdef", "pg_get_functiondef", "pg_get_indexdef", "pg_get_serial_sequence",
    "pg_get_viewdef", "pg_relation_size", "pg_sleep", "pg_table_is_visible", "pg_total_relation_size",
    "pg_typeof", "phraseto_tsquery", "pi", "plainto_tsquery", "position", "power", "quote_ident",
    "quote_literal", "quote_nullable", "radians", "random", "range_agg", "rank", "regexp_count",
    "regexp_instr", "regexp_like", "regexp_match", "regexp_matches", "regexp_replace",
    "regexp_split_to_array", "regexp_split_to_table", "regexp_substr", "repeat", "replace", "reverse",
    "right", "round", "row_number", "row_to_json", "rpad", "rtrim", "scale", "set_byte", "set_config",
    "setseed", "setval", "setweight", "sha224", "sha256", "sha384", "sha512", "sign", "similar_escape",
    "similar_to_escape", "similarity", "sin", "split_part", "sqrt", "starts_with", "statement_timestamp",
    "stddev", "stddev_pop", "stddev_samp", "string_agg", "string_to_array", "string_to_table", "strip",
    "strpos", "substr", "substring", "sum", "tan", "text", "time", "timeofday", "timestamp", "timestamptz",
    "timezone", "to_ascii", "to_char", "to_date", "to_hex", "to_json", "to_jsonb", "to_number",
    "to_regclass", "to_regproc", "to_regtype", "to_timestamp", "to_tsquery", "to_tsvector",
    "transaction_timestamp", "translate", "trim", "trim_array", "trim_scale", "trunc", "ts_headline",
    "ts_rank", "ts_rank_cd", "txid_current", "unaccent", "unistr", "unnest", "upper", "upper_inc",
    "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v3", "uuid_generate_v4", "uuid_generate_v5",
    "uuidv4", "uuidv7", "var_pop", "var_samp", "variance", "version", "websearch_to_tsquery",
    "width_bucket", "xmlagg", "xmlconcat", "xmlelement", "xmlforest", "xmlparse", "xpath", "xpath_exists",
});
// clang-format on

static_assert(std::is_sorted(kHarmless.begin(), kHarmless.end()));

}  // namespace

bool is_harmless_function(std::string_view name) {
    return std::binary_search(kHarmless.begin(), kHarmless.end(), name);
}

}  // namespace changelog::sql
