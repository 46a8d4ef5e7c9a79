#include "report/findings.hpp"

#include "report/json.hpp"
#include "support/catch.hpp"

#include <set>

using namespace changelog;
using namespace changelog::report;

namespace {

const std::string kHostile = "a`|<script>\n%,:: {0} [x](http://y)\x1b\xFF";

AuditedFinding finding(Severity severity, std::string title, std::uint32_t line = 3) {
    AuditedFinding out;
    out.item.code = "CL2161";
    out.item.severity = severity;
    out.item.title = std::move(title);
    out.item.why = "SHARE on orders: writes wait.\nAnd more.";
    out.item.next = {"CREATE INDEX CONCURRENTLY"};
    out.item.where = {"db/a,b:c 100%.sql", line, 5, 6, "    CREATE INDEX ON orders (id)"};
    out.region = {out.item.where, line, 11, 4, 10};
    out.rule = "create-index-blocking";
    out.ordinal = 1;
    out.objects = {{ObjectKind::table, {"public", "orders"}, {}}};
    out.relations = {{{"public", "orders"}, hazards::Lock::share, hazards::Work::build}};
    return out;
}

AuditView view_of(std::vector<AuditedFinding> findings) {
    AuditView view;
    view.version = "1.2.3";
    view.files = 1;
    view.findings = std::move(findings);
    return view;
}

std::size_t lines_with(const std::string& text, const std::string& begin) {
    std::size_t out = 0;
    for (std::size_t at = 0; at < text.size(); at = std::min(text.find('\n', at), text.size() - 1) + 1)
        out += text.compare(at, begin.size(), begin) == 0 ? 1 : 0;
    return out;
}

}  // namespace

TEST_CASE("notes are counted and shown only if they are wanted") {
    const AuditView view = view_of({finding(Severity::warning, "first"), finding(Severity::note, "second")});
    const std::string text = audit_text(view, false, false);
    CHECK_THAT(text, ContainsSubstring("db/a,b:c 100%.sql:3:5: warning CL2161: first"));
    CHECK_THAT(text, !ContainsSubstring("second"));
    CHECK_THAT(text,
               ContainsSubstring("1 file, 0 statements: 0 errors, 1 warning, 1 note (-v shows the notes)"));
    CHECK_THAT(audit_text(view, false, true), ContainsSubstring("note CL2161: second"));
}

TEST_CASE("the level that fails is a choice") {
    AuditView view = view_of({finding(Severity::warning, "x")});
    CHECK_FALSE(fails(view));
    view.fail_on = Severity::warning;
    CHECK(fails(view));
    view.fail_on = std::nullopt;
    view.findings.push_back(finding(Severity::error, "x"));
    CHECK_FALSE(fails(view));
}

TEST_CASE("a name cannot leave its place in any form") {
    const AuditView view = view_of({finding(Severity::error, kHostile)});
    CHECK_THAT(audit_text(view, false, true), !ContainsSubstring("\x1b"));
    for (const std::string& text : {audit_json(view), audit_sarif(view), audit_gitlab(view)})
        CHECK(Json::accept(text));
    const std::string github = audit_github(view);
    CHECK(lines_with(github, "::") == 1);
    CHECK_THAT(github,
               ContainsSubstring("::error file=db/a%2Cb%3Ac 100%25.sql,line=3,endLine=3,col=5,"
                                 "endColumn=11,title=CL2161 create-index-blocking::a`|<script>\\n%25"));
    CHECK_THAT(github, ContainsSubstring("writes wait.%0AAnd more."));
}

TEST_CASE("GitHub gets at most ten annotations of a level, errors first") {
    std::vector<AuditedFinding> all;
    for (int i = 0; i < 12; ++i) all.push_back(finding(Severity::warning, "w"));
    all.push_back(finding(Severity::error, "e"));
    const std::string text = audit_github(view_of(all));
    CHECK(text.starts_with("::error "));
    CHECK(lines_with(text, "::warning ") == 10);
    CHECK_THAT(text, ContainsSubstring("2 of them without an annotation"));
}

TEST_CASE("fingerprints are each different and do not follow the line") {
    const auto first = fingerprints({finding(Severity::error, "x"), finding(Severity::error, "y")});
    CHECK(first[0] != first[1]);
    CHECK(first[0].size() == 64);
    CHECK(fingerprints({finding(Severity::error, "x", 99)})[0] == first[0]);
    AuditedFinding other = finding(Severity::error, "x");
    other.ordinal = 2;
    CHECK(fingerprints({other})[0] != first[0]);
}

TEST_CASE("GitLab gets lines from 1 and its own severities") {
    AuditedFinding nowhere = finding(Severity::note, "n");
    nowhere.region.begin.line = nowhere.region.end_line = 0;
    AuditedFinding refused = finding(Severity::error, "r");
    refused.item.server.emplace().sqlstate = "42601";
    const Json out = Json::parse(audit_gitlab(
        view_of({finding(Severity::error, "e"), finding(Severity::warning, "w"), nowhere, refused})));
    REQUIRE(out.size() == 4);
    CHECK(out[0]["severity"] == "critical");
    CHECK(out[1]["severity"] == "major");
    CHECK(out[2]["severity"] == "info");
    CHECK(out[2]["location"]["lines"]["begin"] == 1);
    CHECK(out[3]["severity"] == "blocker");
    CHECK(out[0]["check_name"] == "create-index-blocking");
    CHECK(out[0]["location"]["path"] == "db/a,b:c 100%.sql");
}

TEST_CASE("SARIF names each rule once, with the page of its code") {
    AuditView view = view_of({finding(Severity::warning, kHostile), finding(Severity::note, "again")});
    view.allowed.push_back(finding(Severity::warning, "allowed"));
    view.allowed.back().allowed = "table is empty";
    view.findings[0].item.fixes = {{"safe", false, {{"db/a.sql", 1, 13, 1, 13, " CONCURRENTLY"}}}};
    const Json out = Json::parse(audit_sarif(view));
    CHECK(out["version"] == "2.1.0");
    const Json& run = out["runs"][0];
    REQUIRE(run["tool"]["driver"]["rules"].size() == 1);
    const Json& rule = run["tool"]["driver"]["rules"][0];
    CHECK(rule["id"] == "CL2161");
    CHECK(rule["name"] == "create-index-blocking");
    CHECK(rule["shortDescription"]["text"] == "CREATE INDEX stops writes");
    CHECK_THAT(rule["help"]["markdown"].get<std::string>(), ContainsSubstring("```sql"));
    REQUIRE(run["results"].size() == 3);
    const Json& result = run["results"][0];
    const Json& place = result["locations"][0]["physicalLocation"];
    CHECK(place["artifactLocation"]["uri"] == "db/a%2Cb%3Ac%20100%25.sql");
    CHECK(place["region"]["startLine"] == 3);
    CHECK(place["region"]["startColumn"] == 4);
    CHECK(place["region"]["endColumn"] == 10);
    CHECK_THAT(result["message"]["text"].get<std::string>(), ContainsSubstring("{{0}} \\[x\\](http"));
    CHECK(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] ==
          " CONCURRENTLY");
    CHECK(result["partialFingerprints"]["primaryLocationLineHash"] !=
          run["results"][1]["partialFingerprints"]["primaryLocationLineHash"]);
    CHECK_FALSE(result.contains("suppressions"));
    CHECK(run["results"][2]["suppressions"][0]["justification"] == "table is empty");
}

TEST_CASE("JSON has the envelope of a diagnostic, with rule, statement and locks") {
    const Json out = Json::parse(audit_json(view_of({finding(Severity::error, "x")})));
    CHECK(out["command"] == "audit");
    CHECK(out["ok"] == false);
    const Json& one = out["findings"][0];
    CHECK(one["rule"] == "create-index-blocking");
    CHECK(one["code"] == "CL2161");
    CHECK(one["statement"] == 1);
    CHECK(one["where"] ==
          Json({{"file", "db/a,b:c 100%.sql"}, {"line", 3}, {"col", 5}, {"endLine", 3}, {"endCol", 11}}));
    CHECK(one["docs"] == "changelog explain CL2161");
    CHECK(one["locks"][0] ==
          Json({{"object", "public.orders"}, {"lock", "SHARE"}, {"blocks", "writes"}, {"work", "build"}}));
    CHECK(out["summary"]["errors"] == 1);
}
