// changelog review, on git repositories of its own.
#include "cli/program.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace changelog;
using namespace changelog::test;
using nlohmann::json;

namespace {

std::string table(const std::string& id, const std::string& name) {
    return "- changeSet: {id: " + id + ", author: me, changes: [{createTable: {tableName: " + name +
           ", columns: [{column: {name: id, type: bigint, constraints: {primaryKey: true}}}]}}]}\n";
}

std::string column(const std::string& id, const std::string& name, const std::string& added,
                   const std::string& type = "text") {
    return "- changeSet: {id: " + id + ", author: me, changes: [{addColumn: {tableName: " + name +
           ", columns: [{column: {name: " + added + ", type: " + type + "}}]}}]}\n";
}

std::string changelog_with(const std::string& changesets) { return "databaseChangeLog:\n" + changesets; }

/// A repository with one commit on main and a branch.
class Repository {
  public:
    explicit Repository(const std::string& changesets = table("1", "orders")) {
        git("init -q -b main .");
        git("config user.email me@example.com && git config user.name me");
        write(changesets);
        commit();
        git("checkout -q -b feature");
    }

    void write(const std::string& changesets) const {
        folder.write("changelogs/changelog.yaml", changelog_with(changesets));
    }
    void git(const std::string& arguments) const {
        const Result result = folder.run("git " + arguments);
        INFO(arguments << ": " << result.err);
        REQUIRE(result.code == 0);
    }
    void commit() const { git("add -A && git commit -q -m change"); }
    Result review(const std::string& arguments = {}) const {
        return folder.run("$changelog review " + arguments);
    }
    json parsed(const std::string& arguments = {}) const {
        const Result result = review("--format json " + arguments);
        INFO(result.err << result.out);
        REQUIRE((result.code == 0 || result.code == 3));
        return json::parse(result.out);
    }

    Folder folder;
};

/// "added 2, edited 1"
std::string history(const json& review) {
    std::string out;
    for (const json& each : review.at("history")) {
        const json& changeset = each.contains("head") ? each.at("head") : each.at("base");
        out += (out.empty() ? "" : ", ") + each.at("kind").get<std::string>() + ' ' +
               changeset.at("id").get<std::string>();
    }
    return out;
}

std::string codes(const json& review) {
    std::string out;
    for (const json& each : review.at("findings"))
        out += (out.empty() ? "" : " ") + each.at("code").get<std::string>();
    return out;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a review of the working tree, of a commit, and of nothing") {
    const Repository repository;
    CHECK(history(repository.parsed()) == "");
    repository.write(table("1", "orders") + table("2", "lines"));
    CHECK(history(repository.parsed()) == "added 2");
    CHECK(history(repository.parsed("--head HEAD")) == "");
    repository.commit();
    CHECK(history(repository.parsed("--head HEAD")) == "added 2");
    CHECK(history(repository.parsed("--head feature --base main")) == "added 2");
    CHECK(repository.parsed().at("base").at("name") == "main");
}

TEST_CASE("the base is where the branch left it, and what came since may conflict") {
    const Repository repository;
    repository.write(table("1", "orders") + column("2", "orders", "note"));
    repository.commit();
    repository.git("checkout -q main");
    repository.write(table("1", "orders") + column("3", "orders", "note", "bigint") +
                     column("4", "orders", "other"));
    repository.commit();
    repository.git("checkout -q feature");
    const json review = repository.parsed();
    CHECK(history(review) == "added 2");
    REQUIRE(review.at("conflicts").size() == 1);
    CHECK(has(review.at("conflicts").at(0).dump(), "both create column public.orders.note"));
    const std::string tip = review.at("base").at("id").get<std::string>();
    CHECK(has(review.dump(), "changelog review --base " + tip));  // from where it left, nothing conflicts
    CHECK(has(codes(review), "CL2289"));
    CHECK(repository.review().code == 3);
    CHECK(repository.review("--fail-on never").code == 0);
}

TEST_CASE("an edit of what the base has blocks") {
    const Repository repository;
    repository.write(table("1", "purchases"));
    const json review = repository.parsed();
    CHECK(history(review) == "edited 1");
    CHECK(has(codes(review), "CL3001"));
    CHECK(review.at("verdict") == "block");
    CHECK(repository.review().code == 3);
}

TEST_CASE("errors in the branch's files are findings, with their places, in every format") {
    const Repository repository;
    repository.write(table("1", "orders") +
                     "- changeSet: {id: 2, author: me, changes: [{addColum: {tableName: orders}}]}\n");
    const json review = repository.parsed();
    CHECK(review.at("verdict") == "block");
    CHECK(has(codes(review), "CL1201"));
    CHECK(repository.review().code == 3);
    CHECK(repository.review("--fail-on never").code == 0);
    CHECK(has(repository.review().out, "addColum"));
    CHECK(has(repository.review("--format markdown").out, "CL1201"));
    const std::string annotations = repository.review("--format github").out;
    CHECK(has(annotations, "::error file=changelogs/changelog.yaml,line=3"));
    const json sarif = json::parse(repository.review("--format sarif").out);
    CHECK(has(sarif.dump(), "changelogs/changelog.yaml"));
    CHECK(json::parse(repository.review("--format gitlab").out).size() == 1);
    CHECK(has(repository.review("--format html").out, "CL1201"));
}

TEST_CASE("a base that cannot be read is compared as far as it can") {
    Repository repository(table("1", "orders") +
                          "- changeSet: {id: 2, author: me, changes: [{addColum: {}}]}\n");
    repository.write(table("1", "orders") + table("3", "lines"));
    const Result result = repository.review("--format json");
    INFO(result.err);
    CHECK(has(result.err, "compared as far as it can be read"));
    CHECK(has(history(json::parse(result.out)), "added 3"));
}

TEST_CASE("a base without a changelog: everything is new") {
    const Repository repository;
    repository.git("rm -q -r --cached changelogs && git commit -q -m gone && git branch -f main");
    const Result result = repository.review("--format json --base main");
    INFO(result.err);
    CHECK(history(json::parse(result.out)) == "added 1");
    CHECK(has(result.err, "everything is new"));
}

TEST_CASE("no repository, no such revision, no common history") {
    const Folder folder;
    folder.write("changelogs/changelog.yaml", changelog_with(table("1", "t")));
    Result result = folder.run("GIT_CEILING_DIRECTORIES=/tmp $changelog review");
    CHECK(result.code == 2);
    CHECK(has(result.err, "CL0016"));
    result = folder.run("mkdir bin && PATH=$PWD/bin $changelog review");
    CHECK(result.code == 2);
    CHECK(has(result.err, "CL0015"));

    const Repository repository;
    result = repository.review("--base mian");
    CHECK(result.code == 2);
    CHECK(has(result.err, "CL0017"));
    CHECK(has(result.err, "main"));
    CHECK(has(repository.review("--base=--output=x").err, "CL0017"));
    repository.git("checkout -q --orphan other && git commit -q -m other");
    result = repository.review("--base main");
    CHECK(result.code == 2);
    CHECK(has(result.err, "CL0018"));
    CHECK_FALSE(has(result.err, "unshallow"));
}

TEST_CASE("a shallow clone says what to fetch") {
    const Repository repository;
    repository.write(table("1", "orders") + table("2", "lines"));
    repository.commit();
    repository.git("checkout -q main && git commit -q --allow-empty -m more");
    repository.git("clone -q --depth 1 --no-single-branch --branch feature file://$PWD clone");
    const Result result = repository.folder.run("cd clone && $changelog review");
    CHECK(result.code == 2);
    CHECK(has(result.err, "CL0018"));
    CHECK(has(result.err, "git fetch --unshallow"));
    CHECK(has(result.err, "fetch-depth: 0"));
}

TEST_CASE("file names, links and folders in git") {
    const Repository repository;
    const Folder& folder = repository.folder;
    folder.write("changelogs/changelog.yaml",
                 "databaseChangeLog:\n- includeAll: {path: parts, relativeToChangelogFile: true}\n");
    folder.write("changelogs/parts/a b.yaml", changelog_with(table("1", "a")));
    folder.write("changelogs/parts/größe.yaml", changelog_with(table("2", "b")));
    folder.write("elsewhere/linked.yaml", changelog_with(table("3", "c")));
    folder.write("more/deep/d.yaml", changelog_with(table("4", "d")));
    repository.git(
        "init -q . && ln -s ../../elsewhere/linked.yaml changelogs/parts/linked.yaml && ln -s "
        "../../more changelogs/parts/more");
    repository.commit();
    repository.git("branch -f main");
    CHECK(history(repository.parsed()) == "");
    CHECK(history(repository.parsed("--head HEAD")) == "");
    // All differ from what is on disk now, so they come out of git.
    for (const char* name : {"changelogs/parts/a b.yaml", "changelogs/parts/größe.yaml",
                             "elsewhere/linked.yaml", "more/deep/d.yaml"})
        folder.write(name, folder.read(name) + "# more\n");
    CHECK(history(repository.parsed()) == "");
    folder.write("changelogs/parts/größe.yaml", changelog_with(table("2", "other")));
    CHECK(history(repository.parsed()) == "edited 2");
    repository.git("checkout -q . && git rm -q 'changelogs/parts/a b.yaml'");
    CHECK(history(repository.parsed()) == "removed 1");
}

TEST_CASE("a project below the root of the repository") {
    const Repository repository;
    const Folder& folder = repository.folder;
    folder.write("services/shop/changelogs/changelog.yaml", changelog_with(table("1", "t")));
    repository.commit();
    repository.git("branch -f main");
    folder.write("services/shop/changelogs/changelog.yaml",
                 changelog_with(table("1", "t") + "- changeSet: {id: 2, author: me, chages: []}\n"));
    const Result result = folder.run("cd services/shop && $changelog review --format github");
    CHECK(has(result.out, "file=services/shop/changelogs/changelog.yaml"));
    folder.write("services/shop/changelogs/changelog.yaml",
                 changelog_with(table("1", "t") + table("2", "u")));
    // As in a hook of git.
    CHECK(history(
              json::parse(folder
                              .run("export GIT_DIR=$PWD/.git GIT_INDEX_FILE=.git/index; cd services/shop && "
                                   "$changelog review --format json")
                              .out)) == "added 2");
    CHECK(history(json::parse(folder.run("cd services/shop && $changelog review --format json").out)) ==
          "added 2");
    CHECK(history(json::parse(
              folder.run("cd services && $changelog review --search-path shop --format json").out)) ==
          "added 2");
}

TEST_CASE("a worktree, and line ends that git converts") {
    const Repository repository;
    repository.git(
        "worktree add -q ../$(basename $PWD)-tree feature 2>/dev/null || git worktree add -q -b "
        "other ../$(basename $PWD)-tree");
    const Result tree =
        repository.folder.run("cd ../$(basename $PWD)-tree && $changelog review --format json");
    CHECK(history(json::parse(tree.out)) == "");
    repository.git("worktree remove --force ../$(basename $PWD)-tree");
    repository.git("config core.autocrlf true && rm changelogs/changelog.yaml && git checkout -q .");
    REQUIRE(has(repository.folder.read("changelogs/changelog.yaml"), "\r\n"));
    CHECK(history(repository.parsed()) == "");
}

TEST_CASE("files that git keeps elsewhere") {
    const Repository repository;
    const Folder& folder = repository.folder;
    folder.write(".git/real.yaml", changelog_with(table("5", "large")));
    repository.git("config filter.away.smudge 'cat >/dev/null; cat .git/real.yaml'");
    repository.git(
        "config filter.away.clean 'printf \"version https://git-lfs.github.com/spec/v1\\noid 1\\n\"'");
    folder.write(".gitattributes", "*.large.yaml filter=away\n");
    folder.write("changelogs/a.large.yaml", folder.read(".git/real.yaml"));
    folder.write("changelogs/changelog.yaml",
                 changelog_with("- include: {file: changelogs/a.large.yaml}\n" + table("1", "orders")));
    repository.commit();
    REQUIRE(has(folder.run("git show HEAD:changelogs/a.large.yaml").out, "oid 1"));
    repository.git("branch -f main && git rm -q changelogs/a.large.yaml");
    repository.write(table("1", "orders"));
    CHECK(history(repository.parsed()) == "removed 5");
    repository.git("config filter.away.smudge cat");
    CHECK(has(repository.review().err, "git lfs pull"));
}

TEST_CASE("submodules are read at the commit that is pinned") {
    const Folder library;
    const auto in_library = [&](const std::string& line) { REQUIRE(library.run(line).code == 0); };
    in_library("git init -q -b main . && git config user.email a@b && git config user.name a");
    library.write("lib.yaml", changelog_with(table("10", "shared")));
    in_library("git add -A && git commit -q -m one");

    const Repository repository;
    repository.folder.write("changelogs/changelog.yaml",
                            changelog_with("- include: {file: vendor/lib.yaml}\n" + table("1", "orders")));
    repository.git("-c protocol.file.allow=always submodule --quiet add " + library.path().string() +
                   " vendor");
    repository.commit();
    repository.git("branch -f main");
    CHECK(history(repository.parsed()) == "");
    library.write("lib.yaml", changelog_with(table("10", "shared") + table("11", "more")));
    in_library("git add -A && git commit -q -m two");
    repository.git("-C vendor pull -q origin main");
    CHECK(history(repository.parsed()) == "added 11");
    repository.commit();
    CHECK(history(repository.parsed("--head HEAD")) == "added 11");
}

TEST_CASE("statistics, versions and environments that are wrong") {
    const Repository repository;
    CHECK(repository.review("--stats none.json").code == 2);
    repository.folder.write("bad.json", "{");
    CHECK(has(repository.review("--stats bad.json").err, "CL0014"));
    CHECK(has(repository.review("--pg 12").err, "13 to 18"));
    CHECK(has(repository.review("--url scratch:").err, "--scratch"));
}

TEST_CASE("how to make the same review again") {
    const Repository repository;
    repository.write(table("1", "orders") + table("2", "lines"));
    repository.commit();
    const std::string command = repository.parsed("--head HEAD -D 'a=b c'").dump();
    CHECK(has(command, "changelog review --base "));
    CHECK(has(command, "-D 'a=b c'"));
}

TEST_CASE("proof on a throw-away server") {
    const Repository repository;
    repository.write(table("1", "orders") + column("2", "orders", "note"));
    const json review = repository.parsed("--scratch");
    CHECK(review.at("verdict") == "pass");
    CHECK(has(review.dump(), "PostgreSQL "));
    CHECK(review.at("proofs").size() == 1);
}
