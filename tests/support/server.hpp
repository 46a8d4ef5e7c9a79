// A real PostgreSQL for tests: one scratch server per process, started on first use, and a database per test.
#pragma once

#include "changelog/diagnostics.hpp"

#include "postgres/connection.hpp"
#include "postgres/scratch.hpp"

#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

namespace changelog::tests {

/// The URL of a database on the test server. It runs until the process ends. Never call it from a static
/// initialiser: test discovery starts every program.
inline std::string server_url(const std::string& database = "postgres") {
    static const std::unique_ptr<postgres::ScratchServer> server = [] {
        Diagnostics diagnostics;
        auto started = postgres::ScratchServer::start({}, diagnostics);
        if (!started) throw std::runtime_error(to_text(diagnostics.items().at(0)));
        return started;
    }();
    return server->url(database);
}

/// An empty database of its own, dropped at the end with whatever is still connected to it.
class TestDatabase {
  public:
    TestDatabase() : name_("test_" + std::to_string(getpid()) + "_" + std::to_string(++count())) {
        postgres::Connection(server_url()).execute("CREATE DATABASE " + name_ + "");
    }
    ~TestDatabase() {
        try {
            postgres::Connection(server_url()).execute("DROP DATABASE " + name_ + " WITH (FORCE)");
        } catch (const postgres::DatabaseError&) {
            return;  // the server goes away with the process anyway
        }
    }
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    const std::string& name() const { return name_; }
    std::string url() const { return server_url(name_); }
    postgres::Connection connect() const { return postgres::Connection(url()); }

  private:
    static int& count() {
        static int number = 0;
        return number;
    }
    std::string name_;
};

}  // namespace changelog::tests
