#include "sql/tokens.hpp"

#include "support/catch.hpp"

using namespace changelog::sql;

namespace {

/// "w:select s:'a'": the kinds and texts without white space and comments.
std::string dump(std::string_view text) {
    const auto tokens = tokenize(text);
    if (!tokens) return "open";
    std::string out;
    for (const Token& token : *tokens) {
        if (token.kind == TokenKind::space) continue;
        out += out.empty() ? "" : " ";
        out += "wqsnoppc"[static_cast<std::size_t>(token.kind)];
        if (token.kind == TokenKind::punctuation) out.back() = '.';
        if (token.kind == TokenKind::parameter) out.back() = '$';
        out += ':';
        out += token.text;
    }
    return out;
}

}  // namespace

TEST_CASE("tokens cover the whole text") {
    const std::string text =
        "SELECT a.\"B\"\t-- x\n, 'it''s' /* /* */ */ FROM t WHERE a->>'k' <> $1::int4;\n";
    const auto tokens = tokenize(text);
    REQUIRE(tokens);
    std::string joined;
    for (const Token& token : *tokens) joined += token.text;
    CHECK(joined == text);
}

TEST_CASE("tokens are those of the manual's chapter 4.1") {
    const std::pair<const char*, const char*> rows[] = {
        {"a 'b' \"c\"", "w:a s:'b' q:\"c\""},
        {"'it''s'", "s:'it''s'"},
        {"'a\\'", "s:'a\\'"},
        {"E'a\\'b'", "s:E'a\\'b'"},
        {"e'a\\\\' b", "s:e'a\\\\' w:b"},
        {"E'a'\n'b\\'c'", "s:E'a' s:'b\\'c'"},
        {"U&'d\\0061' U&\"d\"", "s:U&'d\\0061' q:U&\"d\""},
        {"B'01' x'1F' N'n'", "s:B'01' s:x'1F' s:N'n'"},
        {"$$a;'b$$", "s:$$a;'b$$"},
        {"$f$ $$ ; $$ $f$", "s:$f$ $$ ; $$ $f$"},
        {"$F$a$f$b$F$", "s:$F$a$f$b$F$"},
        {"a$b$ $1", "w:a$b$ $:$1"},
        {"$1$", "$:$1 .:$"},
        {"/* a /* b */ c */d", "c:/* a /* b */ c */ w:d"},
        {"a--b\nc", "w:a c:--b w:c"},
        {"1 1.5 .5 1. 1e10 1.5E-3 1..3", "n:1 n:1.5 n:.5 n:1. n:1e10 n:1.5E-3 n:1 o:.. n:3"},
        {"0x1F 0b01 1_000", "n:0x1F n:0b01 n:1_000"},
        {"1e", "n:1 w:e"},
        {"a->>b", "w:a o:->> w:b"},
        {"a=-1", "w:a o:= o:- n:1"},
        {"a@-1", "w:a o:@- n:1"},
        {"a*/*c*/b", "w:a o:* c:/*c*/ w:b"},
        {"a+--b", "w:a o:+ c:--b"},
        {"a::int := b", "w:a o::: w:int o::= w:b"},
        {"t[1:2]", "w:t .:[ n:1 .:: n:2 .:]"},
        {"\u00fcber x", "w:\u00fcber w:x"},
        {"a ? b ?| c", "w:a o:? w:b o:?| w:c"},
        {"", ""},
    };
    for (const auto& [text, wanted] : rows) {
        CAPTURE(text);
        CHECK(dump(text) == wanted);
    }
}

TEST_CASE("text with an open quote or comment does not tokenize") {
    for (const char* text : {"'a", "\"a", "$$a", "$a$ $b$", "/* a", "/* /* */", "E'a\\'", "a 'b''"}) {
        CAPTURE(text);
        CHECK_FALSE(tokenize(text));
    }
}

TEST_CASE("the token stream is fixed for ever") {
    // Checksums rest on these: a change here is a change of the canonical form's version.
    const std::pair<const char*, const char*> rows[] = {
        {"SELECT  a\nFROM t;", "select a from t ;"},
        {"select a from t;", "select a from t ;"},
        {"Select A /* c */ From T -- x\n;", "select a from t ;"},
        {"SELECT \"A\", 'A  b', E'\\n'", "select \"A\" , 'A  b' , E'\\n'"},
        {"a.b", "a . b"},
        {"count(*)", "count ( * )"},
        {"x::INT4[]", "x :: int4 [ ]"},
        {"1.50e3", "1.50e3"},
        {"$Body$ A  B $Body$", "$Body$ A  B $Body$"},
        {"a\r\nb", "a b"},
        {"\u00c4B", "\u00c4b"},
        {"a->>'x'<>$1", "a ->> 'x' <> $1"},
        {"-- only", ""},
        {"'open\r\nline\rx", "'open\nline\nx"},
        {"", ""},
    };
    for (const auto& [text, wanted] : rows) {
        CAPTURE(text);
        CHECK(token_stream(text) == wanted);
    }
}

TEST_CASE("doubled question marks are single outside quotes and comments") {
    const auto marks = [](std::string text) {  // '%' for '?', since the compiler warns of trigraphs
        std::replace(text.begin(), text.end(), '%', '?');
        return text;
    };
    CHECK(unescape_jdbc(marks("a %% 'b%%' %%| \"c%%\" -- %%\n%%& /*%%*/ %")) ==
          marks("a % 'b%%' %| \"c%%\" -- %%\n%& /*%%*/ %"));
    CHECK(unescape_jdbc(marks("$$ %% $$ %%%%")) == marks("$$ %% $$ %%"));
}

TEST_CASE("comments are removed outside quotes") {
    CHECK(strip_comments("a -- x\nb") == "a \nb");
    CHECK(strip_comments("a/* x */b") == "a b");
    CHECK(strip_comments("'--' \"/*\" $$--$$ /* /* */ */ c") == "'--' \"/*\" $$--$$  c");
}
