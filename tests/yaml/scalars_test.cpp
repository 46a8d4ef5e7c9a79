#include "support/catch.hpp"
#include "yaml/node.hpp"

using namespace changelog::yaml;

namespace {

Node plain(std::string raw) {
    Node node;
    node.kind = Node::Kind::scalar;
    node.raw = std::move(raw);
    return node;
}

std::string text_of(std::string raw) { return scalar_text(plain(std::move(raw))); }

}  // namespace

TEST_CASE("integers are printed in decimal, as SnakeYAML reads them") {
    CHECK(text_of("001") == "1");
    CHECK(text_of("010") == "8");
    CHECK(text_of("00012") == "10");
    CHECK(text_of("0x10") == "16");
    CHECK(text_of("0x1F") == "31");
    CHECK(text_of("0b11") == "3");
    CHECK(text_of("1_000") == "1000");
    CHECK(text_of("+5") == "5");
    CHECK(text_of("-0x10") == "-16");
    CHECK(text_of("-0") == "0");
    CHECK(text_of("0") == "0");
    CHECK(text_of("00") == "0");
    CHECK(text_of("20200101123456789012345") == "20200101123456789012345");
    CHECK(text_of("0xFFFFFFFFFFFFFFFFFFFF") == "1208925819614629174706175");
    CHECK(text_of("0777777777777777777777777") == "4722366482869645213695");
}

TEST_CASE("sexagesimal numbers become seconds") {
    CHECK(text_of("12:30") == "750");
    CHECK(text_of("12:30:45") == "45045");
    CHECK(text_of("190:20:30") == "685230");
    CHECK(text_of("12:30:00") == "45000");
    CHECK(text_of("12:99") == "12:99");
    CHECK(text_of("012:30") == "012:30");
    CHECK(text_of("1:30.5") == "90.5");
}

TEST_CASE("what looks like a number but is none stays text") {
    for (const char* raw :
         {"08", "019", "0o17", "1e", "1.2.3", "0x", "0b", "1:", "-", "+", ".", "--1", "1-2", "12:", "-.5"}) {
        INFO(raw);
        CHECK(scalar_type(plain(raw)) == ScalarType::text);
        CHECK(text_of(raw) == raw);
    }
}

TEST_CASE("reals are printed as Java prints a double") {
    CHECK(text_of("1.10") == "1.1");
    CHECK(text_of("1.0") == "1.0");
    CHECK(text_of("1.") == "1.0");
    CHECK(text_of("20240101.1") == "2.02401011E7");
    CHECK(text_of("123456789.123") == "1.23456789123E8");
    CHECK(text_of("1e3") == "1000.0");
    CHECK(text_of("1e7") == "1.0E7");
    CHECK(text_of("9999999.5") == "9999999.5");
    CHECK(text_of("0.001") == "0.001");
    CHECK(text_of("0.0001") == "1.0E-4");
    CHECK(text_of("1.5e-10") == "1.5E-10");
    CHECK(text_of(".5") == "0.5");
    CHECK(text_of("-1.50") == "-1.5");
    CHECK(text_of("1_000.5") == "1000.5");
    CHECK(text_of(".inf") == "Infinity");
    CHECK(text_of("-.INF") == "-Infinity");
    CHECK(text_of(".nan") == "NaN");
    CHECK(text_of("1e400") == "Infinity");
    CHECK(text_of("1e-400") == "0.0");
    CHECK(text_of("-0.0") == "-0.0");
    CHECK(text_of("100.25") == "100.25");
}

TEST_CASE("booleans and null have YAML 1.1's words") {
    for (const char* raw : {"yes", "Yes", "YES", "on", "true", "TRUE"}) CHECK(text_of(raw) == "true");
    for (const char* raw : {"no", "No", "off", "OFF", "false", "False"}) CHECK(text_of(raw) == "false");
    for (const char* raw : {"y", "n", "yEs", "tRUE"}) CHECK(text_of(raw) == raw);
    for (const char* raw : {"~", "null", "Null", "NULL", ""})
        CHECK(scalar_type(plain(raw)) == ScalarType::null);
}

TEST_CASE("dates are printed as java.util.Date, times without offset in an ISO form") {
    CHECK(text_of("2020-01-01") == "Wed Jan 01 00:00:00 UTC 2020");
    CHECK(text_of("2021-01-05") == "Tue Jan 05 00:00:00 UTC 2021");
    CHECK(text_of("2020-02-30") == "Sun Mar 01 00:00:00 UTC 2020");
    CHECK(text_of("2020-01-01T10:00:00") == "2020-01-01 10:00:00");
    CHECK(text_of("2020-01-01T10:00:00Z") == "2020-01-01 10:00:00");
    CHECK(text_of("2021-01-05 10:11:12") == "2021-01-05 10:11:12");
    CHECK(text_of("2018-03-09 08:41:31.000") == "2018-03-09 08:41:31");
    CHECK(text_of("2020-01-01T10:00:00+02:00") == "Wed Jan 01 08:00:00 UTC 2020");
    CHECK(text_of("2020-01-01T01:00:00 +2") == "Tue Dec 31 23:00:00 UTC 2019");
    CHECK(text_of("2020-1-1") == "2020-1-1");
    CHECK(text_of("2020-01-01T10:00") == "2020-01-01T10:00");
    CHECK(scalar_date_text(plain("2020-01-02")) == "2020-01-02 00:00:00");
    CHECK(scalar_date_text(plain("2020-01-02T03:04:05")) == "2020-01-02 03:04:05");
    CHECK(scalar_date_text(plain("now()")) == "now()");
}

TEST_CASE("a quoted scalar is text whatever it looks like") {
    Node node = plain("001");
    node.quoted = true;
    CHECK(scalar_type(node) == ScalarType::text);
    CHECK(scalar_text(node) == "001");
}
