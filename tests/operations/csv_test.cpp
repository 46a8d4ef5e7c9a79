#include "operations/csv.hpp"

#include "operations/csv_file.hpp"
#include "operations/load_cell.hpp"
#include "support/catch.hpp"

using namespace changelog::operations;

namespace {

/// Rows as "a|b" lines, each with its line in the file; "..." marks a quote that is not closed.
std::string rows_of(std::string_view text, CsvFormat format = {}, std::size_t piece = 1) {
    std::string out;
    CsvParser parser(std::move(format), [&](CsvRow& row) {
        out += std::to_string(row.line) + ":";
        for (std::size_t i = 0; i < row.fields.size(); ++i) out += (i == 0 ? "" : "|") + row.fields[i];
        out += ";";
        return true;
    });
    for (std::size_t at = 0; at < text.size(); at += piece) parser.feed(text.substr(at, piece));
    return parser.finish() ? out : out + "...";
}

}  // namespace

TEST_CASE("csv: rows and their lines, however the file is cut into pieces") {
    for (const std::size_t piece : {1U, 2U, 3U, 100U})
        CHECK(rows_of("a,b\n1,2\n3,4", {}, piece) == "1:a|b;2:1|2;3:3|4;");
}

TEST_CASE("csv: quoted values hold separators, doubled quotes and line ends") {
    CHECK(rows_of("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n") == "1:a|b;2:x,y|say \"hi\";");
    CHECK(rows_of("a\n\"one\r\ntwo\"\nthree\n") == "1:a;2:one\ntwo;4:three;");
    CHECK(rows_of("a,b\n\"\",x\n") == "1:a|b;2:|x;");
}

TEST_CASE("csv: a quote within a plain value is part of it") {
    CHECK(rows_of("a\n5\" pipe\n") == "1:a;2:5\" pipe;");
}

TEST_CASE("csv: text behind a closing quote is kept") { CHECK(rows_of("a\n\"x\"y\n") == "1:a;2:xy;"); }

TEST_CASE("csv: every kind of line end") { CHECK(rows_of("a,b\r\n1,2\r3,4\n") == "1:a|b;2:1|2;3:3|4;"); }

TEST_CASE("csv: blank lines and comments are passed over, and lines still count") {
    CsvFormat format;
    format.comment = "#";
    CHECK(rows_of("a\n\n  \n# no\n1\n", format) == "1:a;5:1;");
    CHECK(rows_of("#a\n1\n", format) == "1:#a;2:1;");
    CHECK(rows_of("a\n# yes\n") == "1:a;2:# yes;");
}

TEST_CASE("csv: empty values at the end of a row count") {
    CHECK(rows_of("a,b,c\n1,,\n") == "1:a|b|c;2:1||;");
}

TEST_CASE("csv: another separator and quote") {
    CsvFormat format;
    format.separator = '\t';
    format.quote = '\'';
    CHECK(rows_of("a\tb\n'1\t1'\t\"2\"\n", format) == "1:a|b;2:1\t1|\"2\";");
    format.quote = '\0';
    CHECK(rows_of("a\tb\n'1\t1'\n", format) == "1:a|b;2:'1|1';");
}

TEST_CASE("csv: a quote that is not closed is noticed") { CHECK(rows_of("a\n\"open\n") == "1:a;..."); }

TEST_CASE("csv: numbers that text and constants read alike") {
    CHECK(is_plain_number("-12.50"));
    CHECK(is_plain_integer("007"));
    for (const char* text : {"", "-", "1.", ".5", "1e3", "+1", "1.-2", "abc"})
        CHECK_FALSE(is_plain_number(text));
}

TEST_CASE("csv: words for the current time") {
    CHECK(date_word("now") == "NOW()");
    CHECK(date_word("TODAY-1") == "CURRENT_DATE - 1");
    CHECK(date_word("NOW+1d") == "NOW() + INTERVAL '1 days'");
    CHECK(date_word("NOW-3h") == "NOW() - INTERVAL '3 hours'");
    CHECK_FALSE(date_word("now()"));
    CHECK_FALSE(date_word("TODAY+1h"));
    CHECK_FALSE(date_word("2020-01-01"));
}

TEST_CASE("csv: base64") {
    CHECK(from_base64("aGVsbG8=") == "hello");
    CHECK(from_base64("aGVsbG8h") == "hello!");
    CHECK_FALSE(from_base64("a.txt"));
    CHECK_FALSE(from_base64(""));
}

TEST_CASE("csv: cells by kind") {
    const auto sql = [](const std::string& text, LoadKind kind) {
        LoadTarget target;
        target.kind = kind;
        return cell_of(text, target, {}).sql();
    };
    CHECK(sql("it's", LoadKind::text) == "'it''s'");
    CHECK(sql("", LoadKind::text) == "''");
    CHECK(sql("", LoadKind::number) == "NULL");
    CHECK(sql("Null", LoadKind::text) == "NULL");
    CHECK(sql("1.50", LoadKind::number) == "1.50");
    CHECK(sql("abc", LoadKind::number) == "abc");
    CHECK(sql("Y", LoadKind::boolean) == "TRUE");
    CHECK(sql("on", LoadKind::boolean) == "FALSE");
    CHECK(sql("TODAY", LoadKind::date) == "CURRENT_DATE");
    CHECK(sql("2020-01-01", LoadKind::date) == "'2020-01-01'");
    CHECK(sql("1 + 1", LoadKind::computed) == "1 + 1");
    CHECK(sql("aGk=", LoadKind::blob) == "'\\x6869'");
    CHECK(sql("5", LoadKind::other) == "'5'");
}

TEST_CASE("csv: COPY's text format escapes what it must") {
    std::string out;
    Cell{Cell::Form::quoted, "a\tb\\c\nd\re"}.append_copy(out);
    Cell{}.append_copy(out);
    CHECK(out == "a\\tb\\\\c\\nd\\re\\N");
}
