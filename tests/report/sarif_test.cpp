#include "report/findings.hpp"
#include "report/sarif_rules.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

using namespace changelog;
using namespace changelog::report;
using nlohmann::json;

namespace {

AuditedFinding finding(std::string code, std::string title, std::uint32_t line) {
    AuditedFinding out;
    out.item.code = std::move(code);
    out.item.severity = Severity::warning;
    out.item.title = std::move(title);
    out.item.why = "SHARE on orders: {writes} [wait](x).";
    out.item.where = {"db/ä b#1%.sql", line, 5, 6, "    CREATE INDEX ON orders (id)"};
    out.region = {out.item.where, line, 11, 5, 11};
    out.rule = "a-rule";
    out.ordinal = 1;
    return out;
}

std::string hostile() { return std::string("`|<script>\n%::{0} [x](http://y)\x1b\xFF\0", 34); }

/// Every shape that a log of ours has.
json log_of_all() {
    AuditView view;
    view.version = "1.2.3";
    view.findings = {finding("CL2161", hostile(), 3), finding("CL2161", "again", 3),
                     finding("CL2281", "an error without a place", 0), finding("CL0000", "no page", 1)};
    view.findings[0].item.fixes = {
        {hostile(), false, {{"db/a.sql", 1, 13, 1, 13, " x"}, {"db/b.sql", 2, 1, 3, 1, hostile()}}},
        {"no edit", false, {}}};
    view.allowed = {finding("CL2114", "allowed", 7)};
    view.allowed[0].allowed = hostile();
    return json::parse(audit_sarif(view));
}

void check_valid(const json& log) {
    for (const std::string& each : tests::sarif_violations(log.dump())) UNSCOPED_INFO(each);
    CHECK(tests::sarif_violations(log.dump()).empty());
}

/// The same log with one thing wrong.
template <typename Change>
bool is_refused(const Change& change) {
    json log = log_of_all();
    change(log["runs"][0]);
    return !tests::sarif_violations(log.dump()).empty();
}

}  // namespace

TEST_CASE("SARIF keeps to the rules of its schema") {
    check_valid(log_of_all());
    check_valid(json::parse(audit_sarif({})));
    CHECK(log_of_all()["runs"][0]["results"].size() == 5);
}

TEST_CASE("the rules of SARIF's schema refuse what is wrong") {
    CHECK(is_refused([](json& run) { run.erase("tool"); }));
    CHECK(is_refused([](json& run) { run["columns"] = 1; }));
    CHECK(is_refused([](json& run) { run["columnKind"] = "bytes"; }));
    CHECK(is_refused([](json& run) { run["tool"]["driver"].erase("name"); }));
    CHECK(is_refused([](json& run) { run["tool"]["driver"]["rules"][0].erase("id"); }));
    CHECK(is_refused(
        [](json& run) { run["tool"]["driver"]["rules"].push_back(run["tool"]["driver"]["rules"][0]); }));
    CHECK(is_refused([](json& run) { run["results"][0].erase("message"); }));
    CHECK(is_refused([](json& run) { run["results"][0]["message"].erase("text"); }));
    CHECK(is_refused([](json& run) { run["results"][0]["level"] = "fatal"; }));
    CHECK(is_refused([](json& run) { run["results"][0]["ruleIndex"] = 1; }));
    CHECK(is_refused([](json& run) { run["results"][0]["partialFingerprints"]["x"] = 1; }));
    CHECK(is_refused(
        [](json& run) { run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0; }));
    CHECK(is_refused(
        [](json& run) { run["results"][0]["locations"][0]["physicalLocation"]["region"]["endColumn"] = 1; }));
    CHECK(is_refused([](json& run) {
        run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "a b.sql";
    }));
    CHECK(is_refused([](json& run) {
        run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "c:/b.sql";
    }));
    CHECK(is_refused([](json& run) { run["results"][0]["fixes"][0]["artifactChanges"] = json::array(); }));
    CHECK(is_refused([](json& run) { run["results"][4]["suppressions"][0]["kind"] = "comment"; }));
}
