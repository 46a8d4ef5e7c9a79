#include "cli/program.hpp"
#include "support/catch.hpp"

using changelog::test::Folder;
using changelog::test::Result;

TEST_CASE("unknown keys of the configuration are errors with suggestions") {
    const Folder folder;
    folder.write("changelog.config.yaml", "changelog-fil: a.yaml\ntransaction: som\nhistory: {tabl: x}\n");
    const Result result = folder.run("$changelog validate");
    CHECK(result.code == 2);
    CHECK_THAT(result.err,
               ContainsSubstring("changelog.config.yaml:1:1: error CL0002: unknown key 'changelog-fil'"));
    CHECK_THAT(result.err, ContainsSubstring("did you mean 'changelog-file'?"));
    CHECK_THAT(result.err, ContainsSubstring("auto, changeset or all"));
    CHECK_THAT(result.err, ContainsSubstring("did you mean 'table'?"));
}

TEST_CASE("a retain of the configuration that cannot be read is an error at its place") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", "databaseChangeLog: []\n");
    for (const std::string value : {"5m", "nope", "0", "off", "''"}) {
        INFO(value);
        folder.write("changelog.config.yaml", "lock-wait: 3\nretain: " + value + "\n");
        const Result result = folder.run("$changelog validate");
        CHECK(result.code == 2);
        CHECK_THAT(result.err, ContainsSubstring("changelog.config.yaml:2:9: error CL0002"));
    }
    for (const std::string value : {"30 days", "null", "~", ""}) {
        folder.write("changelog.config.yaml", "retain: " + value + "\n");
        CHECK(folder.run("$changelog validate").code == 0);
    }
}

TEST_CASE("an environment is chosen by name, and a wrong name is an error") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", "databaseChangeLog: []\n");
    folder.write("changelog.config.yaml",
                 "environments:\n  near: {url: 'postgresql://127.0.0.1:1/near'}\n  far: {url: "
                 "'postgresql://127.0.0.1:1/far'}\n");
    CHECK_THAT(folder.run("$changelog status --env nea").err, ContainsSubstring("did you mean 'near'?"));
    CHECK(folder.run("$changelog status --env nea").code == 2);
    CHECK_THAT(folder.run("$changelog status --env far").err, ContainsSubstring("CL0004"));
    CHECK_THAT(folder.run("$changelog status").err, ContainsSubstring("CL0003"));
}

TEST_CASE("an environment that is named wins over CHANGELOG_URL, and --url over both") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", "databaseChangeLog: []\n");
    folder.write("changelog.config.yaml", "environments: {far: {url: 'postgresql://127.0.0.1:1/far'}}\n");
    const std::string set = "export CHANGELOG_URL=postgresql://127.0.0.1:2/var; ";
    CHECK_THAT(folder.run(set + "$changelog status --env far").err, ContainsSubstring("/far"));
    CHECK_THAT(folder.run(set + "$changelog status").err, ContainsSubstring("/var"));
    CHECK_THAT(folder.run(set + "$changelog status --env far --url postgresql://127.0.0.1:3/opt").err,
               ContainsSubstring("/opt"));
}

TEST_CASE("values may name environment variables, and a missing one is an error") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", "databaseChangeLog: []\n");
    folder.write("changelog.config.yaml", "url: postgresql://127.0.0.1:1/${env:WHICH_DB}\n");
    CHECK_THAT(folder.run("$changelog status").err, ContainsSubstring("WHICH_DB is not set"));
    CHECK_THAT(folder.run("WHICH_DB=app $changelog status").err, ContainsSubstring("/app"));
}

TEST_CASE("the configuration is looked for up to the repository's root and no further") {
    const Folder folder;
    folder.write("changelog.config.yaml", "nonsense: 1\n");
    folder.write("repository/.git/HEAD", "");
    folder.write("repository/deep/changelogs/changelog.yaml", "databaseChangeLog: []\n");
    CHECK(folder.run("cd repository/deep; $changelog validate").code == 0);
    folder.write("repository/changelog.config.yaml", "nonsense: 1\n");
    CHECK(folder.run("cd repository/deep; $changelog validate").code == 2);
}

TEST_CASE("environment files are never loaded") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", "databaseChangeLog: []\n");
    folder.write(".env",
                 "CHANGELOG_URL=postgresql://127.0.0.1:1/app\nDATABASE_URL=postgresql://127.0.0.1:1/app\n");
    CHECK_THAT(folder.run("$changelog status").err, ContainsSubstring("CL0003"));
}

TEST_CASE("parameters come from the configuration and from -D, which wins") {
    const Folder folder;
    folder.write(
        "changelogs/changelog.yaml",
        "databaseChangeLog:\n  - changeSet: {id: 1, author: a, changes: [{sql: 'SELECT ${one}, ${two}'}]}\n");
    folder.write("changelog.config.yaml", "parameters: {one: 11, two: 22}\n");
    CHECK_THAT(folder.run("$changelog update --dry-run -Dtwo=33").out, ContainsSubstring("SELECT 11, 33"));
}

TEST_CASE("an error on the line of a URL does not show it") {
    for (const char* text :
         {"url: [postgresql://ana:geheim@db/app]\n", "url:postgresql://ana:geheim@db/app\n",
          "url: 'postgresql://ana:geheim@db/${env:NOT_SET_HERE}'\n", "urll: postgresql://ana:geheim@db/app\n",
          "url: \"postgresql://ana:geheim@db/app\n"}) {
        INFO(text);
        const Folder folder;
        folder.write("changelog.config.yaml", text);
        const Result result = folder.run("$changelog validate; $changelog validate --format json");
        CHECK_THAT(result.err, ContainsSubstring("changelog.config.yaml"));
        CHECK((result.out + result.err).find("geheim") == std::string::npos);
    }
}
