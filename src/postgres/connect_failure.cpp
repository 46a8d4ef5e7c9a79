#include "postgres/connect_failure.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

namespace changelog::postgres {
namespace {

bool is_sqlstate(std::string_view text) {
    return text.size() == 5 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
}

/// Takes "28P01: " out of "FATAL:  28P01: password authentication failed"; empty if there is none.
std::string take_sqlstate(std::string& text) {
    static constexpr std::string_view after_severity = ":  ";
    for (auto at = text.find(after_severity); at != text.npos; at = text.find(after_severity, at + 1)) {
        const std::size_t code = at + after_severity.size();
        if (text.size() < code + 7 || text.compare(code + 5, 2, ": ") != 0) continue;
        const std::string found = text.substr(code, 5);
        if (!is_sqlstate(found)) continue;
        text.erase(code, 7);
        return found;
    }
    return "";
}

/// Without the LOCATION lines (source file and line within the server) that "verbose" adds.
std::string without_locations(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string line = text.substr(at, end - at);
        if (!line.starts_with("LOCATION:")) out += line + '\n';
        at = end + 1;
    }
    return trim(out);
}

std::string place(const Target& target) {
    if (target.host.empty() || target.host.starts_with('/'))
        return fmt::format("on the socket {}/.s.PGSQL.{}", target.host, target.port);
    return fmt::format("at {} port {}", target.host, target.port);
}

std::string hint_for(const std::string& sqlstate, const std::string& text, const Target& target) {
    if (sqlstate == "28P01") return fmt::format("check the password of user {}", target.user);
    if (sqlstate == "28000")
        return fmt::format("user {} does not exist, or the server's pg_hba.conf does not let it in",
                           target.user);
    if (sqlstate == "3D000")
        return fmt::format("create it: createdb{} -p {} -U {} {}",
                           target.host.empty() ? "" : " -h " + target.host, target.port, target.user,
                           target.database);
    if (sqlstate == "42501")
        return fmt::format("GRANT CONNECT ON DATABASE {} TO {}", target.database, target.user);
    if (sqlstate == "53300") return "the server has no connection left: close some, or raise max_connections";
    if (sqlstate == "57P03") return "the server is starting up or shutting down: try again in a moment";
    if (!sqlstate.empty()) return "";
    if (text.find("no password supplied") != text.npos)
        return "give the password in PGPASSWORD, ~/.pgpass or the URL";
    if (text.find("does not support SSL") != text.npos)
        return "the server has no SSL: drop sslmode, or use sslmode=prefer";
    if (text.find("translate host name") != text.npos) return "check the host's name";
    return fmt::format("is PostgreSQL running {}?", place(target));
}

}  // namespace

ServerError connect_failure(const std::string& text, const Target& target) {
    ServerError error;
    error.message = without_locations(text);
    error.sqlstate = take_sqlstate(error.message);
    error.hint = hint_for(error.sqlstate, error.message, target);
    if (error.sqlstate.empty()) error.sqlstate = "08001";
    return error;
}

}  // namespace changelog::postgres
