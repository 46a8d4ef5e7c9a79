#include "postgres/scratch.hpp"

#include "changelog/codes.hpp"

#include "postgres/connection.hpp"
#include "postgres/connection_string.hpp"
#include "postgres/scratch_folder.hpp"
#include "support/catch.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace changelog;
using namespace changelog::postgres;
namespace fs = std::filesystem;

namespace {

fs::path folder_of(const std::string& url) { return parse_connection_string(url).at("host"); }

bool ends(pid_t pid) {
    for (int i = 0; i < 500; ++i) {
        if (kill(pid, 0) != 0) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

/// A process that starts a scratch server, tells its URL and sleeps.
class Owner {
  public:
    explicit Owner(bool keep) {
        int ends_of_pipe[2];
        REQUIRE(pipe(ends_of_pipe) == 0);
        pid_ = fork();
        if (pid_ == 0) {
            Diagnostics diagnostics;
            const auto server = ScratchServer::start({std::nullopt, keep}, diagnostics);
            const std::string url = server ? server->url() : "failed";
            if (write(ends_of_pipe[1], url.data(), url.size()) > 0) close(ends_of_pipe[1]);
            for (;;) pause();
        }
        close(ends_of_pipe[1]);
        char buffer[512];
        const auto size = read(ends_of_pipe[0], buffer, sizeof buffer);
        close(ends_of_pipe[0]);
        if (size > 0) url_.assign(buffer, static_cast<std::size_t>(size));
    }
    void kill_it() {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    const std::string& url() const { return url_; }

  private:
    pid_t pid_ = 0;
    std::string url_;
};

}  // namespace

TEST_CASE("scratch URLs name a version or none") {
    REQUIRE(parse_scratch_url("scratch:"));
    CHECK(!parse_scratch_url("scratch:")->version);
    CHECK(parse_scratch_url("scratch:17")->version == 17);
    CHECK(!parse_scratch_url("scratch:new"));
    CHECK(!parse_scratch_url("postgresql://db/shop"));
    CHECK(!parse_scratch_url(""));
}

TEST_CASE("a version that is not installed is refused with those that are") {
    Diagnostics diagnostics;
    ScratchOptions options;
    options.version = 7;
    CHECK(!ScratchServer::start(options, diagnostics));
    REQUIRE(diagnostics.items().size() == 1);
    CHECK(diagnostics.items()[0].code == codes::no_server_binaries);
    CHECK(!diagnostics.items()[0].expected.empty());
    CHECK(!diagnostics.items()[0].next.empty());
}

TEST_CASE("a scratch server is gone with all its files when it is let go") {
    Diagnostics diagnostics;
    auto server = ScratchServer::start({}, diagnostics);
    REQUIRE(server);
    const fs::path folder = folder_of(server->url());
    const auto user = server_user();
    REQUIRE(user);
    const auto pid = running_server(folder / "data", *user);
    REQUIRE(pid);
    {
        Connection connection(server->url());
        CHECK(connection.target().server_version / 10000 == server->version());
        CHECK(connection.execute("SHOW fsync").text(0, 0) == "off");
        CHECK(connection.execute("SHOW listen_addresses").text(0, 0).empty());
    }
    server.reset();
    CHECK(ends(*pid));
    CHECK(!fs::exists(folder));
}

TEST_CASE("two scratch servers run side by side") {
    Diagnostics diagnostics;
    const auto one = ScratchServer::start({}, diagnostics), two = ScratchServer::start({}, diagnostics);
    REQUIRE(one);
    REQUIRE(two);
    CHECK(one->url() != two->url());
    Connection(one->url()).execute("CREATE TABLE only_here (a int)");
    CHECK(!Connection(two->url()).execute("SELECT to_regclass('only_here')").rows[0][0]);
}

TEST_CASE("the server of a killed process ends at once, and the next run removes its files") {
    Owner owner(false);
    const fs::path folder = folder_of(owner.url());
    const auto user = server_user();
    const auto pid = running_server(folder / "data", *user);
    REQUIRE(pid);
    sweep_scratch_folders(*user);
    CHECK(fs::exists(folder / "lock"));  // its owner lives: nobody touches it
    owner.kill_it();
    CHECK(ends(*pid));
    CHECK(fs::exists(folder));
    sweep_scratch_folders(*user);
    CHECK(!fs::exists(folder));
}

TEST_CASE("a server that is kept goes on after its process and is never swept") {
    Owner owner(true);
    owner.kill_it();
    const auto user = server_user();
    sweep_scratch_folders(*user);
    const fs::path folder = folder_of(owner.url());
    CHECK(Connection(owner.url()).execute("SELECT 1").text(0, 0) == "1");
    const auto pid = running_server(folder / "data", *user);
    REQUIRE(pid);
    kill(*pid, SIGQUIT);
    CHECK(ends(*pid));
    fs::remove_all(folder);
}

TEST_CASE("a fresh folder without our lock file is not swept, whatever its name") {
    const auto user = server_user();
    const fs::path folder = fs::path("/tmp") / ("changelog-scratch-test" + std::to_string(getpid()));
    fs::create_directory(folder);
    if (user->drop) CHECK(chown(folder.c_str(), user->uid, user->gid) == 0);
    sweep_scratch_folders(*user);
    CHECK(fs::exists(folder));
    fs::remove_all(folder);
}

TEST_CASE("an old folder without a lock is swept, unless it is kept or has another name") {
    const auto user = server_user();
    const auto old = [&](const std::string& ending) {
        const fs::path folder = fs::path("/tmp") / ("changelog-scratch-" + ending);
        fs::create_directory(folder);
        if (user->drop) CHECK(chown(folder.c_str(), user->uid, user->gid) == 0);
        return folder;
    };
    const auto age = [](const fs::path& folder) {
        fs::last_write_time(folder, fs::file_time_type::clock::now() - std::chrono::minutes(2));
    };
    const fs::path left = old("tstaaa"), kept = old("tstbbb"), other = old("test-of-another-name");
    std::ofstream(kept / "keep").put('\n');
    for (const fs::path& folder : {left, kept, other}) age(folder);
    sweep_scratch_folders(*user);
    CHECK(!fs::exists(left));
    CHECK(fs::exists(kept));
    CHECK(fs::exists(other));
    fs::remove_all(kept);
    fs::remove_all(other);
}
