#include "cli/program.hpp"
#include "support/catch.hpp"

using changelog::test::Folder;
using changelog::test::Result;

TEST_CASE("an unknown command is a usage error with a suggestion") {
    const Result result = Folder().run("$changelog updat");
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, ContainsSubstring("CL0001"));
    CHECK_THAT(result.err, ContainsSubstring("did you mean 'update'?"));
}

TEST_CASE("an unknown option is a usage error with a suggestion, before and after the command") {
    for (const char* line : {"$changelog --lenien validate", "$changelog validate --lenien",
                             "$changelog validate --lenien=yes"}) {
        const Result result = Folder().run(line);
        CHECK(result.code == 2);
        CHECK_THAT(result.err, ContainsSubstring("unknown option '--lenien'"));
        CHECK_THAT(result.err, ContainsSubstring("did you mean '--lenient'?"));
    }
}

TEST_CASE("wrong values and missing words are usage errors") {
    for (const char* line : {"$changelog",
                             "$changelog explain CL1203 more",
                             "$changelog completion",
                             "$changelog completion tcsh",
                             "$changelog rollback",
                             "$changelog rollback --count 1 --to v1",
                             "$changelog rollback --count -1",
                             "$changelog update --count x --dry-run",
                             "$changelog validate --format yaml",
                             "$changelog graph --format dto",
                             "$changelog update --transaction some",
                             "$changelog validate --changelog-file",
                             "$changelog update --count 0 --dry-run",
                             "$changelog validate -D name",
                             "$changelog new create-tabel a b:int",
                             "$changelog new rename-column a b",
                             "$changelog update-count",
                             "$changelog update-to-tag",
                             "$changelog updateCount",
                             "$changelog rollback-count",
                             "$changelog update-to-tag ''",
                             "$changelog status --url ''",
                             "$changelog rollback --deployment ''",
                             "$changelog rollback --to ''",
                             "$changelog rollback --changeset ''",
                             "$changelog rollback --date ''",
                             "$changelog rollback ''",
                             "$changelog tag ''",
                             "$changelog status --history-table a.b"}) {
        INFO(line);
        const Result result = Folder().run(line);
        CHECK(result.code == 2);
        CHECK(result.out.empty());
        CHECK_THAT(result.err, ContainsSubstring("error CL0001"));
    }
}

TEST_CASE("help goes to stdout and is no error") {
    const Result general = Folder().run("$changelog --help");
    CHECK(general.code == 0);
    CHECK(general.err.empty());
    CHECK_THAT(general.out, ContainsSubstring("Examples:"));
    CHECK_THAT(general.out, ContainsSubstring("rollback"));
    for (const char* command : {"update", "rollback", "status", "history", "validate", "graph", "tag",
                                "accept", "new", "explain", "schema", "completion", "version"}) {
        INFO(command);
        const Result result = Folder().run(fmt::format("$changelog {} --help", command));
        CHECK(result.code == 0);
        CHECK(result.err.empty());
        CHECK_THAT(result.out, ContainsSubstring("Examples:"));
    }
}

TEST_CASE("the version is told in both ways") {
    const Result option = Folder().run("$changelog --version"), word = Folder().run("$changelog version");
    CHECK(option.code == 0);
    CHECK(option.out == word.out);
    CHECK_THAT(option.out, Catch::Matchers::StartsWith("changelog "));
}

TEST_CASE("commands that need a database say so when none is given") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", "databaseChangeLog: []\n");
    for (const char* line : {"$changelog update", "$changelog status", "$changelog history",
                             "$changelog tag v1", "$changelog rollback --count 1", "$changelog rollback v1",
                             "$changelog rollback-count 1", "$changelog update-count 1"}) {
        INFO(line);
        const Result result = folder.run(line);
        CHECK(result.code == 2);
        CHECK_THAT(result.err, ContainsSubstring("CL0003"));
    }
}

TEST_CASE("a server that is not there is a connection error without the password") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", "databaseChangeLog: []\n");
    const Result result = folder.run("$changelog status --url 'postgresql://ana:geheim@127.0.0.1:1/app'");
    CHECK(result.code == 2);
    CHECK_THAT(result.err, ContainsSubstring("CL0004"));
    CHECK(result.err.find("geheim") == std::string::npos);
}

TEST_CASE("a password on the command line is warned of") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", "databaseChangeLog: []\n");
    const Result result = folder.run(
        "$changelog status --url jdbc:postgresql://127.0.0.1:1/app --username=ana --password=geheim");
    CHECK(result.code == 2);
    CHECK_THAT(result.err, ContainsSubstring("--password"));
    CHECK(result.err.find("geheim") == std::string::npos);
}

TEST_CASE("nothing that is piped has an escape character") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml",
                 "databaseChangeLog:\n  - changeSet: {id: 1, author: a, contxt: b}\n");
    for (const char* line : {"$changelog --help", "$changelog validate", "$changelog updat",
                             "$changelog explain CL1203", "$changelog status"}) {
        const Result result = folder.run(line);
        CHECK((result.out + result.err).find('\033') == std::string::npos);
    }
    CHECK(folder.run("$changelog --color validate").out.find('\033') != std::string::npos);
    CHECK(folder.run("$changelog --color --no-color validate").out.find('\033') == std::string::npos);
}

TEST_CASE("a full disk under stdout is reported") {
    const Result result = Folder().run("$changelog explain CL1203 >/dev/full");
    CHECK(result.code == 2);
    CHECK_THAT(result.err, ContainsSubstring("CL0008"));
}

TEST_CASE("completion scripts are understood by their shells") {
    const Folder folder;
    CHECK(folder.run("$changelog completion bash > c && bash -n c").code == 0);
    CHECK(folder.run("command -v zsh || exit 0; $changelog completion zsh > c && zsh -n c").code == 0);
    CHECK(folder.run("command -v fish || exit 0; $changelog completion fish > c && fish -n c").code == 0);
    const Result words = folder.run(
        "$changelog completion bash > c; bash -c '. ./c; COMP_WORDS=(changelog roll); COMP_CWORD=1; "
        "_changelog; echo \"${COMPREPLY[@]}\"'");
    CHECK(words.out == "rollback\n");
}

TEST_CASE("a mistyped command is recognized behind an option with a value") {
    for (const char* line : {"$changelog --url x updat", "$changelog --contexts a updat"})
        CHECK_THAT(Folder().run(line).err, ContainsSubstring("did you mean 'update'?"));
    const Result json = Folder().run("$changelog --format json updat");
    CHECK(json.code == 2);
    CHECK_THAT(json.out, ContainsSubstring("\"did_you_mean\": \"update\""));
    CHECK(json.err.empty());
}

TEST_CASE("help is a command too") {
    const Folder folder;
    CHECK(folder.run("$changelog help update").out == folder.run("$changelog update --help").out);
    CHECK(folder.run("$changelog help").out == folder.run("$changelog --help").out);
}

TEST_CASE("no part of a password that was not encoded is shown") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", "databaseChangeLog: []\n");
    for (const char* url :
         {"postgresql://postgres:s3cr3t/x@127.0.0.1:1/d1", "postgres:s3cr3t@127.0.0.1/d1",
          "postgresql://postgres:s3cr3t?y@127.0.0.1:1/d1", "postgresql://postgres:12/s3cr3t@127.0.0.1:1/d1",
          "postgresql://postgres:a@b#s3cr3t@127.0.0.1:1/d1",
          "postgresql://postgres:p?s3cr3t=x@127.0.0.1:1/d1", "postgresql//postgres:s3cr3t@127.0.0.1:1/d1",
          "mysql://postgres:s3cr3t@127.0.0.1:1/d1"}) {
        INFO(url);
        for (const char* format : {"", " --format json"}) {
            const Result result = folder.run(fmt::format("$changelog status --url '{}'{}", url, format));
            CHECK(result.code == 2);
            CHECK((result.out + result.err).find("s3cr3t") == std::string::npos);
        }
    }
    CHECK_THAT(folder.run("$changelog status --url 'postgresql://postgres:s3cr3t/x@127.0.0.1:1/d1'").err,
               ContainsSubstring("percent-encoded"));
    CHECK_THAT(folder.run("$changelog status --url 'postgresql://a:b@127.0.0.1:1/d1'").err,
               ContainsSubstring("a password in --url"));
    CHECK_THAT(folder.run("$changelog status --url 'a:b@127.0.0.1/d1'").err,
               ContainsSubstring("not a connection string"));
}

TEST_CASE("control characters of names are shown, not sent") {
    const Result result = Folder().run("$changelog \"$(printf 'up\\033[31m\\ndate')\"");
    CHECK(result.code == 2);
    CHECK(result.err.find('\033') == std::string::npos);
    CHECK_THAT(result.err, ContainsSubstring("up\\x1b[31m\\ndate"));
}

TEST_CASE("a script that does not fit on the disk is an error") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml",
                 "databaseChangeLog:\n  - changeSet: {id: 1, author: a, changes: [{sql: 'SELECT 1'}]}\n");
    const Result result = folder.run("$changelog update --dry-run >/dev/full");
    CHECK(result.code == 2);
    CHECK_THAT(result.err, ContainsSubstring("CL0008"));
    CHECK_THAT(folder.run("$changelog update --dry-run --format json").out, ContainsSubstring("\"sql\": \""));
}

TEST_CASE("the identity of changesets never depends on a path that leads upwards") {
    const Folder folder;
    folder.write("changelog.yaml", "databaseChangeLog: []\n");
    const Result result =
        folder.run("mkdir sub; cd sub; $changelog validate --changelog-file ../changelog.yaml");
    CHECK(result.code == 2);
    CHECK_THAT(result.err, ContainsSubstring("--search-path"));
    CHECK(
        folder.run("cd sub; $changelog validate --changelog-file ../changelog.yaml --search-path ..").code ==
        0);
    CHECK_THAT(folder.run("$changelog validate --changelog-file /dev/null").out,
               ContainsSubstring("a device or a pipe"));
}
