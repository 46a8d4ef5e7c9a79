#include "sql/tokens.hpp"
#include "support/catch.hpp"

using namespace changelog::sql;

namespace {

std::vector<std::string> pieces(std::string_view text, const SplitOptions& options = {}) {
    std::vector<std::string> out;
    for (const Piece& piece : split_statements(text, options)) out.push_back(piece.sql);
    return out;
}

std::vector<std::string> pieces(std::string_view text, const std::string& delimiter) {
    SplitOptions options;
    options.end_delimiter = delimiter;
    return pieces(text, options);
}

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("statements end at a semicolon outside quotes and comments") {
    CHECK(pieces("a; b;") == List{"a", "b"});
    CHECK(pieces(" a ;; \n ; b") == List{"a", "b"});
    CHECK(pieces("a ';' \";\" /*;*/ b -- ;\n; c") == List{"a ';' \";\" /*;*/ b -- ;", "c"});
    CHECK(pieces("").empty());
    CHECK(pieces(" ; ; ").empty());
}

TEST_CASE("each piece knows where it begins") {
    const auto found = split_statements("a;\n  b ; /* x */ c", {});
    REQUIRE(found.size() == 3);
    CHECK(found[0].offset == 0);
    CHECK(found[1].offset == 5);
    CHECK(found[2].offset == 9);
    SplitOptions stripping;
    stripping.strip_comments = true;
    CHECK(split_statements("/* x */ c", stripping).at(0).offset == 8);
}

TEST_CASE("carriage returns vanish") { CHECK(pieces("a\r\nb;\r\nc\r\n") == List{"a\nb", "c"}); }

TEST_CASE("GO and a slash alone on a line end a statement") {
    CHECK(pieces("a\nGO\nb\n go \nc") == List{"a", "b", "c"});
    CHECK(pieces("a\r\nGO\r\nb") == List{"a", "b"});
    CHECK(pieces("a\n/\nb") == List{"a", "b"});
    CHECK(pieces("GO\na") == List{"a"});
    CHECK(pieces("select 4\n/ 2") == List{"select 4\n/ 2"});
    CHECK(pieces("select go from a;\ngo_on") == List{"select go from a", "go_on"});
    CHECK(pieces("select (4\n/\n2)") == List{"select (4\n/\n2)"});
    CHECK(pieces("select '\nGO\n'") == List{"select '\nGO\n'"});
}

TEST_CASE("nothing is divided between BEGIN and END") {
    CHECK(pieces("begin; a; commit; b") == List{"begin; a; commit; b"});
    CHECK(pieces("create f BEGIN a; b; END; c") == List{"create f BEGIN a; b; END", "c"});
    CHECK(pieces("begin a; begin b; end; c; end; d") == List{"begin a; begin b; end; c; end", "d"});
    CHECK(pieces("select case when a then b end; c") == List{"select case when a then b end", "c"});
    CHECK(pieces("\"begin\"; a") == List{"\"begin\"", "a"});
}

TEST_CASE("BEGIN of a transaction opens no block") {
    for (const char* begin :
         {"BEGIN TRANSACTION", "begin tran", "begin work", "begin /* x */ isolation level serializable"}) {
        CAPTURE(begin);
        CHECK(pieces(std::string(begin) + "; a; commit") == List{begin, "a", "commit"});
    }
}

TEST_CASE("a body of BEGIN ATOMIC stays whole even with CASE in it") {
    const std::string body =
        "create function f() returns int begin atomic select case when true then 1 end; select 2; end";
    CHECK(pieces(body + "; b") == List{body, "b"});
}

TEST_CASE("dollar-quoted bodies stay whole") {
    const std::string body =
        "create function f() returns void as $x$ declare a int; begin if a then b; end if; end; $x$ language "
        "plpgsql";
    CHECK(pieces(body + "; c;") == List{body, "c"});
    CHECK(pieces("do $$ begin a; end $$; b") == List{"do $$ begin a; end $$", "b"});
    CHECK(pieces("select $$\nGO\n$$") == List{"select $$\nGO\n$$"});
}

TEST_CASE("nested comments and rules stay whole") {
    CHECK(pieces("a /* ; /* ; */ ; */ b; c") == List{"a /* ; /* ; */ ; */ b", "c"});
    CHECK(pieces("create rule r as on insert to t do also (a; b); c") ==
          List{"create rule r as on insert to t do also (a; b)", "c"});
}

TEST_CASE("a backslash ends a string as in PostgreSQL, unless only Liquibase's reading closes all quotes") {
    CHECK(pieces("a 'c:\\'; b 'd:\\'") == List{"a 'c:\\'", "b 'd:\\'"});
    CHECK(pieces("a E'x\\';'; b") == List{"a E'x\\';'", "b"});
    CHECK(pieces("a 'it\\'s; x'; b") == List{"a 'it\\'s; x'", "b"});
}

TEST_CASE("an open quote takes the rest") {
    CHECK(pieces("a; b 'c; d") == List{"a", "b 'c; d"});
    CHECK(pieces("a; /* b; c") == List{"a", "/* b; c"});
    CHECK(pieces("a; do $$ b; c") == List{"a", "do $$ b; c"});
}

TEST_CASE("an end delimiter takes the semicolon's place") {
    CHECK(pieces("a; b $$$ c; d $$$", "$$$") == List{"a; b", "c; d"});
    CHECK(pieces("f as $$ a; $$ $$$ b", "$$$") == List{"f as $$ a; $$", "b"});
    CHECK(pieces("a; $$ b; $$", "$$") == List{"a;", "b;"});
    CHECK(pieces("a; // b //", "//") == List{"a;", "b"});
    CHECK(pieces("a @ b@c", "@") == List{"a", "b", "c"});
    CHECK(pieces("a '@' @ b", "@") == List{"a '@'", "b"});
    CHECK(pieces("a; END_OF_IT b; end_of_it c end_of_it2", "end_of_it") == List{"a;", "b;", "c end_of_it2"});
    CHECK(pieces("begin a; b end // c", "//") == List{"begin a; b end", "c"});
    CHECK(pieces("a | b", "|") == List{"a", "b"});
    CHECK(pieces("a;b", ";") == List{"a", "b"});
    CHECK(pieces("a\nGO\nb;c", ";") == List{"a\nGO\nb", "c"});
    CHECK(pieces("begin a; b end;c", ";") == List{"begin a; b end", "c"});
}

TEST_CASE("an end delimiter may be tied to line ends") {
    CHECK(pieces("a go b\nGO\nc\nGO 5", "\\nGO") == List{"a go b", "c\nGO 5"});
    CHECK(pieces("a\nGO\nb", "\nGO") == List{"a", "b"});
    CHECK(pieces("a @@\n@@\nb", "\\n@@") == List{"a @@", "b"});
    CHECK(pieces("a 4 / 2\n/\nb", "/") == List{"a 4 / 2", "b"});
    CHECK(pieces("a\n/\nb\ngo\nc", "\\n/\\s*\\n|\\n\\s*GO\\s*\\n") == List{"a", "b", "c"});
    CHECK(pieces("a; b;\nc", ";\\n") == List{"a; b", "c"});
}

TEST_CASE("without splitting there is one piece") {
    SplitOptions whole;
    whole.split = false;
    CHECK(pieces(" a; b;\nGO\nc ", whole) == List{"a; b;\nGO\nc"});
    whole.strip_comments = true;
    CHECK(pieces("a; -- x\nb", whole) == List{"a; \nb"});
}

TEST_CASE("a piece of comments alone vanishes only if comments are stripped") {
    CHECK(pieces("a; -- b\n; c") == List{"a", "-- b", "c"});
    SplitOptions stripping;
    stripping.strip_comments = true;
    CHECK(pieces("a/*x*/b; -- b\n; '--c'; /* d */", stripping) == List{"a b", "'--c'"});
}
