#include "sql/type.hpp"

#include "support/catch.hpp"

using namespace changelog::sql;

TEST_CASE("types are written as Liquibase writes them") {
    const std::pair<const char*, const char*> rows[] = {
        {"int", "INTEGER"},
        {"INT4", "INTEGER"},
        {"int(11)", "INTEGER"},
        {"int unsigned", "INTEGER"},
        {"int(10) unsigned", "INTEGER"},
        {"java.sql.Types.INTEGER", "INTEGER"},
        {"bigint", "BIGINT"},
        {"bigint(20)", "BIGINT"},
        {"bigint unsigned", "BIGINT"},
        {"int8", "BIGINT"},
        {"java.sql.Types.BIGINT", "BIGINT"},
        {"smallint", "SMALLINT"},
        {"tinyint(1)", "SMALLINT"},
        {"java.sql.Types.TINYINT", "SMALLINT"},
        {"bigint not null", "BIGINT"},
        {"serial2", "SERIAL2"},
        {"number", "numeric"},
        {"numeric ( 10,2 )", "numeric(10, 2)"},
        {"number(19)", "numeric(19)"},
        {"java.sql.Types.NUMERIC(10, 2)", "numeric(10, 2)"},
        {"decimal(10,2)", "DECIMAL(10, 2)"},
        {"dec(5)", "DEC(5)"},
        {"currency", "DECIMAL"},
        {"money", "DECIMAL"},
        {"smallmoney", "DECIMAL"},
        {"float", "FLOAT"},
        {"float(24)", "FLOAT(24)"},
        {"real", "REAL"},
        {"real(5)", "FLOAT(5)"},
        {"java.sql.Types.REAL", "FLOAT"},
        {"java.sql.Types.FLOAT", "FLOAT"},
        {"float8", "FLOAT8"},
        {"double", "DOUBLE PRECISION"},
        {"double precision", "DOUBLE PRECISION"},
        {"double(10,2)", "DOUBLE PRECISION"},
        {"java.sql.Types.DOUBLE", "DOUBLE PRECISION"},
        {"bool", "BOOLEAN"},
        {"java.sql.Types.BOOLEAN", "BOOLEAN"},
        {"bit", "BIT"},
        {"bit(4)", "BIT(4)"},
        {"bit varying(4)", "BIT VARYING(4)"},
        {"varbit(4)", "VARBIT(4)"},
        {"java.sql.Types.BIT", "JAVA.SQL.TYPES.BIT"},
        {"char(10)", "CHAR(10)"},
        {"character(3)", "CHAR(3)"},
        {"bpchar(3)", "CHAR(3)"},
        {"char(10 char)", "CHAR(10)"},
        {"nchar(4)", "NCHAR(4)"},
        {"java.sql.Types.NCHAR(4)", "NCHAR(4)"},
        {"varchar(50)", "VARCHAR(50)"},
        {"varchar", "VARCHAR"},
        {"character varying (50)", "VARCHAR(50)"},
        {"varchar2(50 char)", "VARCHAR(50)"},
        {"nvarchar(20)", "VARCHAR(20)"},
        {"NVARCHAR2(20)", "VARCHAR(20)"},
        {"java.sql.Types.VARCHAR(255)", "VARCHAR(255)"},
        {"nvarchar(20) not null", "VARCHAR(20)"},
        {"varchar(max)", "VARCHAR"},
        {"varchar(20) COLLATE \"C\"", "VARCHAR(20) COLLATE \"C\""},
        {"text", "TEXT"},
        {"text(100)", "TEXT"},
        {"clob(5)", "TEXT"},
        {"nclob", "TEXT"},
        {"longtext", "TEXT"},
        {"java.sql.Types.LONGNVARCHAR", "TEXT"},
        {"blob", "OID"},
        {"blob(100)", "OID"},
        {"java.sql.Types.BLOB", "OID"},
        {"longblob", "BYTEA"},
        {"binary(16)", "BYTEA"},
        {"varbinary(16)", "BYTEA"},
        {"image", "BYTEA"},
        {"java.sql.Types.LONGVARBINARY", "BYTEA"},
        {"oid", "OID"},
        {"uuid", "UUID"},
        {"uuid(16)", "UUID"},
        {"uniqueidentifier", "UUID"},
        {"date", "date"},
        {"date(6)", "date"},
        {"java.sql.Types.DATE", "date"},
        {"time", "time WITHOUT TIME ZONE"},
        {"time(3)", "time(3) WITHOUT TIME ZONE"},
        {"time(3) with time zone", "time(3) WITH TIME ZONE"},
        {"timetz", "time WITH TIME ZONE"},
        {"datetime", "TIMESTAMP WITHOUT TIME ZONE"},
        {"datetime(6)", "TIMESTAMP(6) WITHOUT TIME ZONE"},
        {"datetime2", "TIMESTAMP WITHOUT TIME ZONE"},
        {"timestamp", "TIMESTAMP WITHOUT TIME ZONE"},
        {"timestamp without time zone", "TIMESTAMP WITHOUT TIME ZONE"},
        {"timestamp with time zone", "TIMESTAMP with time zone"},
        {"timestamp(3) WITH TIME ZONE", "TIMESTAMP(3) WITH TIME ZONE"},
        {"timestamptz(3)", "TIMESTAMP(3) WITH TIME ZONE"},
        {"timestamptz", "TIMESTAMP WITH TIME ZONE"},
        {"java.sql.Types.TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE"},
        {"java.sql.Types.TIMESTAMP_WITH_TIMEZONE", "TIMESTAMP WITH TIME ZONE"},
        {"timestamp with local time zone", "TIMESTAMP with local time zone"},
        {"xml", "XML"},
        {"xmltype", "XML"},
        {"java.sql.Types.SQLXML", "XML"},
    };
    for (const auto& [given, wanted] : rows) {
        CAPTURE(given);
        CHECK(column_type(given, TypeUse::elsewhere).sql == wanted);
    }
}

TEST_CASE("types that Liquibase does not know pass through") {
    const std::pair<const char*, const char*> rows[] = {
        {"jsonb", "JSONB"},
        {"citext", "CITEXT"},
        {"vector( 3 )", "VECTOR(3)"},
        {"geography(Point,4326)", "GEOGRAPHY(Point, 4326)"},
        {"my_enum", "MY_ENUM"},
        {"MySchema.Mood", "MYSCHEMA.MOOD"},
        {"\"MyEnum\"", "\"MyEnum\""},
        {"interval day to second(3)", "INTERVAL DAY TO SECOND(3)"},
        {"interval(3)", "INTERVAL(3)"},
        {"enum('a','b')", "ENUM('a', 'b')"},
        {"year", "YEAR"},
    };
    for (const auto& [given, wanted] : rows) {
        CAPTURE(given);
        CHECK(column_type(given, TypeUse::elsewhere).sql == wanted);
    }
}

TEST_CASE("array bounds stay behind the length") {
    const std::pair<const char*, const char*> rows[] = {
        {"int[]", "INT[]"},
        {"text[10]", "TEXT[10]"},
        {"integer[][]", "INTEGER[][]"},
        {"varchar(20)[]", "VARCHAR(20)[]"},
        {"varchar (20) [ ]", "VARCHAR(20)[]"},
        {"numeric(10,2)[]", "NUMERIC(10, 2)[]"},
        {"nvarchar(20)[]", "VARCHAR(20)[]"},
        {"my_enum[]", "MY_ENUM[]"},
        {"datetime[]", "TIMESTAMP WITHOUT TIME ZONE[]"},
    };
    for (const auto& [given, wanted] : rows) {
        CAPTURE(given);
        CHECK(column_type(given, TypeUse::create_table).sql == wanted);
    }
}

TEST_CASE("serial types are identity columns in createTable only") {
    for (const auto& [given, wanted] :
         {std::pair{"serial", "INTEGER"}, std::pair{"serial4", "INTEGER"}, std::pair{"BIGSERIAL", "BIGINT"},
          std::pair{"serial8", "BIGINT"}, std::pair{"smallserial", "SMALLINT"}}) {
        CHECK(column_type(given, TypeUse::create_table).sql == wanted);
        CHECK(column_type(given, TypeUse::create_table).is_identity);
        CHECK(column_type(given, TypeUse::elsewhere).sql == wanted);
        CHECK_FALSE(column_type(given, TypeUse::elsewhere).is_identity);
    }
    CHECK_FALSE(column_type("serial2", TypeUse::create_table).is_identity);
}

TEST_CASE("a generation expression may follow a type") {
    CHECK(column_type("text generated always as (a || 'x') stored", TypeUse::create_table).sql ==
          "TEXT generated always as (a || 'x') stored");
    CHECK(column_type("varchar(20) generated always as (lower(a)) stored", TypeUse::create_table).sql ==
          "VARCHAR(20) generated always as (lower(a)) stored");
}

TEST_CASE("canonical types are spelled as format_type does") {
    const std::pair<const char*, const char*> rows[] = {
        {"INT", "integer"},
        {"int4", "integer"},
        {"INTEGER", "integer"},
        {"int8", "bigint"},
        {"int2", "smallint"},
        {"serial", "integer"},
        {"bigserial", "bigint"},
        {"float4", "real"},
        {"FLOAT", "double precision"},
        {"float(24)", "real"},
        {"float(25)", "double precision"},
        {"float(9)", "real"},
        {"FLOAT8", "double precision"},
        {"DOUBLE PRECISION", "double precision"},
        {"numeric(10, 2)", "numeric(10,2)"},
        {"DECIMAL(10)", "numeric(10,0)"},
        {"dec", "numeric"},
        {"numeric", "numeric"},
        {"bool", "boolean"},
        {"char", "character(1)"},
        {"CHAR(10)", "character(10)"},
        {"bpchar", "bpchar"},
        {"bpchar(4)", "character(4)"},
        {"nchar(3)", "character(3)"},
        {"\"char\"", "\"char\""},
        {"VARCHAR(50)", "character varying(50)"},
        {"varchar", "character varying"},
        {"national character varying(5)", "character varying(5)"},
        {"TEXT", "text"},
        {"bit", "bit(1)"},
        {"bit(3)", "bit(3)"},
        {"VARBIT(3)", "bit varying(3)"},
        {"bit varying", "bit varying"},
        {"date", "date"},
        {"TIMESTAMP WITHOUT TIME ZONE", "timestamp without time zone"},
        {"timestamp", "timestamp without time zone"},
        {"timestamp(3)", "timestamp(3) without time zone"},
        {"TIMESTAMP(3) with time zone", "timestamp(3) with time zone"},
        {"timestamptz", "timestamp with time zone"},
        {"timetz(2)", "time(2) with time zone"},
        {"time", "time without time zone"},
        {"interval", "interval"},
        {"INTERVAL(3)", "interval(3)"},
        {"interval day to second(3)", "interval day to second(3)"},
        {"integer[]", "integer[]"},
        {"INT[][3]", "integer[]"},
        {"int array[4]", "integer[]"},
        {"int ARRAY", "integer[]"},
        {"varchar(20)[]", "character varying(20)[]"},
        {"numeric(10,2)[]", "numeric(10,2)[]"},
        {"timestamp(3) with time zone[]", "timestamp(3) with time zone[]"},
        {"pg_catalog.int4", "integer"},
        {"Mood", "mood"},
        {"\"Mood\"", "\"Mood\""},
        {"app.\"Mood\"", "app.\"Mood\""},
        {"\"mood\"", "mood"},
        {"App.Mood[]", "app.mood[]"},
        {"vector(3)", "vector(3)"},
        {"geography(Point, 4326)", "geography(Point,4326)"},
        {"jsonb", "jsonb"},
        {"UUID", "uuid"},
        {"OID", "oid"},
        {"VARCHAR(5) COLLATE \"C\"", "character varying(5)"},
        {"text collate \"C\"", "text"},
    };
    for (const auto& [given, wanted] : rows) {
        CAPTURE(given);
        CHECK(canonical_type(given) == wanted);
    }
}

TEST_CASE("types fall into classes") {
    CHECK(type_class("VARCHAR(5)") == TypeClass::text);
    CHECK(type_class("character varying(5)") == TypeClass::text);
    CHECK(type_class("INTEGER") == TypeClass::number);
    CHECK(type_class("DECIMAL(10, 2)") == TypeClass::number);
    CHECK(type_class("BOOLEAN") == TypeClass::boolean);
    CHECK(type_class("BIT(3)") == TypeClass::bit);
    CHECK(type_class("TIMESTAMP with time zone") == TypeClass::date_time);
    CHECK(type_class("date") == TypeClass::date_time);
    CHECK(type_class("UUID") == TypeClass::uuid);
    CHECK(type_class("jsonb") == TypeClass::json);
    CHECK(type_class("BYTEA") == TypeClass::binary);
    CHECK(type_class("int[]") == TypeClass::array);
    CHECK(type_class("mood") == TypeClass::other);
}

TEST_CASE("hostile type texts do no harm") {
    for (const char* text :
         {"", "(", ")", "[]", "]", "varchar(", "varchar)20(", "\"", "a\"b(", "()", "int[", " ( ) "}) {
        CAPTURE(text);
        CHECK_NOTHROW(column_type(text, TypeUse::create_table));
        CHECK_NOTHROW(canonical_type(text));
        CHECK_NOTHROW(type_class(text));
    }
}
