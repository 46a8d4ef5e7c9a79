#include "operations/column.hpp"
#include "support/build.hpp"
#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::operations;

namespace {

std::string default_of(const std::string& type, std::optional<std::string> ColumnConfig::*key,
                       const std::string& text) {
    const tests::Schema schema;
    ColumnConfig column;
    column.type = type;
    column.*key = text;
    const auto found = default_expression(column, sql::column_type(type, sql::TypeUse::create_table).sql,
                                          Naming(schema.context));
    return found.value_or("(none)");
}

std::string value_of(std::optional<std::string> ColumnConfig::*key, const std::string& text,
                     const std::string& type = "") {
    const tests::Schema schema;
    ColumnConfig column;
    column.type = type;
    column.*key = text;
    return value_expression(column, Naming(schema.context));
}

}  // namespace

TEST_CASE("a text default is written as its type wants it") {
    const auto key = &ColumnConfig::default_value;
    CHECK(default_of("varchar(10)", key, "a'b\\") == "'a''b\\'");
    CHECK(default_of("text", key, "") == "''");
    CHECK(default_of("text", key, "NULL") == "(none)");
    CHECK(default_of("text", key, "now()") == "'now()'");
    CHECK(default_of("int", key, "5") == "5");
    CHECK(default_of("int", key, "floor(1.2)") == "floor(1.2)");
    CHECK(default_of("boolean", key, "true") == "TRUE");
    CHECK(default_of("boolean", key, "0") == "FALSE");
    CHECK(default_of("uuid", key, "gen_random_uuid()") == "gen_random_uuid()");
    CHECK(default_of("uuid", key, "5c8c2a4e-1111-2222-3333-444455556666") ==
          "'5c8c2a4e-1111-2222-3333-444455556666'");
    CHECK(default_of("timestamp", key, "now()") == "NOW()");
    CHECK(default_of("timestamp", key, "CURRENT_TIMESTAMP") == "NOW()");
    CHECK(default_of("date", key, "2020-01-02") == "'2020-01-02'");
    CHECK(default_of("jsonb", key, "{}") == "'{}'");
    CHECK(default_of("int[]", key, "{1,2}") == "'{1,2}'");
    CHECK(default_of("color", key, "red") == "'red'");
}

TEST_CASE("numbers, dates and expressions are written as they are") {
    CHECK(default_of("numeric", &ColumnConfig::default_numeric, "1.50") == "1.50");
    CHECK(default_of("numeric", &ColumnConfig::default_numeric, "(5)") == "5");
    CHECK(default_of("numeric", &ColumnConfig::default_numeric, "null") == "(none)");
    CHECK(default_of("date", &ColumnConfig::default_date, "2020-01-02") == "'2020-01-02'");
    CHECK(default_of("timestamp", &ColumnConfig::default_date, "2020-01-02T03:04:05") ==
          "'2020-01-02 03:04:05'");
    CHECK(default_of("timestamptz", &ColumnConfig::default_date, "2020-01-02T03:04:05+02:00") ==
          "'2020-01-02 03:04:05+02:00'");
    CHECK(default_of("timestamp", &ColumnConfig::default_date, "now()") == "NOW()");
    CHECK(default_of("timestamp", &ColumnConfig::default_computed, "current_timestamp(3)") == "NOW()");
    CHECK(default_of("date", &ColumnConfig::default_computed, "CURRENT_DATE") == "CURRENT_DATE");
    CHECK(default_of("int", &ColumnConfig::default_sequence_next, "q") == "nextval('public.q')");
    CHECK(default_of("int", &ColumnConfig::default_sequence_next, "s2.Q_x") == "nextval('s2.\"Q_x\"')");
}

TEST_CASE("a boolean default suits text, bit and numbers too") {
    const tests::Schema schema;
    const Naming naming(schema.context);
    ColumnConfig column;
    column.default_boolean = true;
    CHECK(default_expression(column, "BOOLEAN", naming) == "TRUE");
    CHECK(default_expression(column, "TEXT", naming) == "'true'");
    CHECK(default_expression(column, "BIT", naming) == "B'1'");
    CHECK(default_expression(column, "INTEGER", naming) == "1");
}

TEST_CASE("values are written as Liquibase writes them") {
    CHECK(value_of(&ColumnConfig::value, "5") == "'5'");
    CHECK(value_of(&ColumnConfig::value, "null") == "NULL");
    CHECK(value_of(&ColumnConfig::value, "") == "''");
    CHECK(value_of(&ColumnConfig::value, "now()") == "'now()'");
    CHECK(value_of(&ColumnConfig::value, "now()", "timestamp") == "now()");
    CHECK(value_of(&ColumnConfig::value_numeric, "007") == "007");
    CHECK(value_of(&ColumnConfig::value_computed, "CURRENT_TIMESTAMP") == "NOW()");
    CHECK(value_of(&ColumnConfig::value_computed, "") == "NULL");
    CHECK(value_of(&ColumnConfig::value_date, "CURRENT_TIMESTAMP()") == "NOW()");
    CHECK(value_of(&ColumnConfig::value_date, "NOW() - interval '1 day'") == "NOW() - interval '1 day'");
    CHECK(value_of(&ColumnConfig::value_sequence_next, "q") == "nextval('public.q')");
    CHECK(value_of(&ColumnConfig::value_sequence_current, "q") == "currval('public.q')");
    CHECK(value_of(&ColumnConfig::value_date, "2020-01-02") == "'2020-01-02'");
}
