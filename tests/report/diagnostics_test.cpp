#include "report/diagnostics.hpp"

#include "changelog/codes.hpp"

#include "report/json.hpp"
#include "support/catch.hpp"

using namespace changelog;

namespace {

Diagnostics example() {
    Diagnostics diagnostics;
    Location where;
    where.file = "a.yaml";
    where.line = 3;
    where.column = 5;
    where.length = 6;
    Diagnostic& item = diagnostics.add(Severity::error, codes::unknown_key, where, "unknown key 'contxt'");
    item.did_you_mean = "context";
    item.changeset = "1";
    item.next = {"changelog explain CL1203"};
    item.fixes.push_back({"rename it", true, {{"a.yaml", 3, 5, 3, 11, "context"}}});
    return diagnostics;
}

}  // namespace

TEST_CASE("the envelope holds what a program needs") {
    const auto json = report::Json::parse(report::diagnostics_json("validate", example()));
    CHECK(json["command"] == "validate");
    CHECK(json["ok"] == false);
    const auto& item = json["diagnostics"][0];
    CHECK(item["code"] == "CL1203");
    CHECK(item["severity"] == "error");
    const report::Json where = {{"file", "a.yaml"}, {"line", 3},    {"col", 5},
                                {"endLine", 3},     {"endCol", 11}, {"changeset", "1"}};
    CHECK((item["where"] == where));
    CHECK(item["did_you_mean"] == "context");
    CHECK(item["fixes"][0]["edits"][0]["newText"] == "context");
    CHECK(item["next"][0]["kind"] == "run");
    CHECK(item["docs"] == "changelog explain CL1203");
    CHECK_FALSE(item.contains("why"));
}

TEST_CASE("bytes that are no UTF-8 do not break the JSON") {
    Diagnostics diagnostics;
    diagnostics.add(Severity::error, codes::not_utf8, {}, "byte \xff");
    CHECK(report::Json::accept(report::diagnostics_json("validate", diagnostics)));
}

TEST_CASE("counts agree with their nouns") {
    CHECK(report::validation_summary({1, 2}, example()) == "1 file, 2 changesets: 1 error, 0 warnings");
    CHECK(report::validation_summary({0, 1}, {}) == "0 files, 1 changeset: 0 errors, 0 warnings");
}
