// Ending other sessions.
#pragma once

#include "postgres/connection.hpp"

#include <chrono>
#include <string>
#include <thread>

namespace changelog::tests {

/// Ends a session and waits until it is gone; PostgreSQL 13 cannot do the latter by itself.
inline void terminate(postgres::Connection& by, int pid) {
    const std::string number = std::to_string(pid);
    by.query("SELECT pg_terminate_backend($1::int)", {number});
    for (int i = 0; i < 500; ++i) {
        if (by.query("SELECT FROM pg_stat_activity WHERE pid = $1::int", {number}).empty()) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

}  // namespace changelog::tests
