#include "report/verify.hpp"

#include "support/catch.hpp"

using namespace changelog;
using execute::VerifyGrade;
using report::VerifyView;

namespace {

struct Found {
    Changelog changelog;
    execute::VerifyReport report;

    Found() {
        add("one", VerifyGrade::exact);
        add("two", VerifyGrade::lossy).losses = {"values of public.t.note"};
        add("three", VerifyGrade::impossible).reason = "deletes <rows> & more";
        auto& failed = add("four \"4\"\x1b\xFF", VerifyGrade::failed);
        failed.differences = {"+ column public.t.y", "- index public.i"};
        failed.notes = {"column order of public.t changes"};
    }

    execute::VerifiedChangeSet& add(const std::string& id, VerifyGrade grade) {
        ChangeSet& changeset = changelog.changesets.emplace_back();
        changeset.key = {id, "ann", "db.yaml"};
        changeset.stored_path = "db.yaml";
        changeset.at.line = 7;
        execute::VerifiedChangeSet& item = report.changesets.emplace_back();
        item.index = changelog.changesets.size() - 1;
        item.grade = grade;
        return item;
    }
    VerifyView view(UndoDemands demands = {}) const { return {changelog, report, demands}; }
};

}  // namespace

TEST_CASE("verify: the summary counts each grade") {
    Found found;
    CHECK(report::verify_summary(found.report) == "4 changesets: 1 exact, 1 lossy, 1 impossible, 1 failed");
    found.add("five", VerifyGrade::not_run);
    found.report.skipped = 2;
    CHECK(report::verify_summary(found.report) ==
          "5 changesets: 1 exact, 1 lossy, 1 impossible, 1 failed, 1 not run; 2 skipped");
}

TEST_CASE("verify: what counts as good") {
    Found found;
    CHECK_FALSE(report::is_good(found.view()));
    found.report.changesets.pop_back();
    CHECK(report::is_good(found.view()));
    CHECK_FALSE(report::is_good(found.view({.rollback = true, .lossless = false})));
    found.report.changesets.pop_back();
    CHECK(report::is_good(found.view({.rollback = true, .lossless = false})));
    CHECK_FALSE(report::is_good(found.view({.rollback = false, .lossless = true})));
    found.report.rollback.differences = {"+ table x"};
    CHECK_FALSE(report::is_good(found.view()));
}

TEST_CASE("verify: the text has a line per changeset and every difference") {
    Found found;
    found.report.rollback = {true, 2, "db.yaml::three::ann", {}, {}};
    const std::string text = report::verify_text(found.view(), 0, false);
    CHECK_THAT(text, ContainsSubstring("RESULT      ID") && ContainsSubstring("exact       one") &&
                         ContainsSubstring("values of public.t.note") &&
                         ContainsSubstring("    - index public.i\n") &&
                         ContainsSubstring("note: column order of public.t changes") &&
                         ContainsSubstring("as far as db.yaml::three::ann, which stays"));
    CHECK(text.find('\x1b') == std::string::npos);
    const std::string coloured = report::verify_text(found.view(), 0, true);
    CHECK_THAT(coloured, ContainsSubstring("\x1b[31mfails\x1b[0m"));
}

TEST_CASE("verify: JUnit is XML whatever the names hold") {
    Found found;
    const std::string xml = report::verify_junit(found.view());
    CHECK_THAT(xml, ContainsSubstring("tests=\"6\" failures=\"1\" errors=\"0\" skipped=\"3\"") &&
                        ContainsSubstring("name=\"four &quot;4&quot;??\"") &&
                        ContainsSubstring("<skipped message=\"deletes &lt;rows&gt; &amp; more\"/>") &&
                        ContainsSubstring("<system-out>loses values of public.t.note</system-out>") &&
                        ContainsSubstring("+ column public.t.y\n- index public.i</failure>"));
    const std::string strict = report::verify_junit(found.view({.rollback = true, .lossless = true}));
    CHECK_THAT(strict, ContainsSubstring("failures=\"3\""));
}
