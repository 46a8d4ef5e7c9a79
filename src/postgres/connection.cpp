// The only file that knows libpqxx, and the differences between its versions 6.4 and 7.10.
//
// libpq opens the session and libpqxx runs on it: libpqxx hides the fields of an error message and, in
// version 6, replaces a lost session in silence. A libpq event sees every result, so errors keep all their
// fields.
#include "postgres/connection.hpp"

#include "core/text.hpp"
#include "postgres/connect_failure.hpp"
#include "postgres/connection_string.hpp"

#include <fmt/format.h>
#include <libpq-events.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pqxx/pqxx>

#include <cerrno>
#include <chrono>
#include <string_view>

namespace changelog::postgres {
namespace {

using ResultPointer = std::unique_ptr<PGresult, decltype(&PQclear)>;
using ConnectionPointer = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using CancelPointer = std::unique_ptr<PGcancel, decltype(&PQfreeCancel)>;

#if PQXX_VERSION_MAJOR < 7
/// Hands an open connection to libpqxx once, and never a second one: that is how version 6 would reconnect.
class HandOver : public pqxx::connectionpolicy {
  public:
    explicit HandOver(PGconn* open) : connectionpolicy(std::string{}), open_(open) {}
    handle do_startconnect(handle connection) override {
        if (connection) return connection;  // called again to complete what it began
        if (!open_) throw pqxx::broken_connection("the session was lost");
        return std::exchange(open_, nullptr);
    }
    handle do_completeconnect(handle connection) override { return connection; }
    handle do_dropconnect(handle) noexcept override { return nullptr; }
    handle do_disconnect(handle) noexcept override { return nullptr; }  // closed by its owner
    bool is_ready(handle connection) const noexcept override { return connection != nullptr; }

  private:
    PGconn* open_;
};

class PqxxSession {
  public:
    explicit PqxxSession(PGconn* open) : policy_(open), base_(policy_) {}
    pqxx::connection_base& operator*() { return base_; }

  private:
    class Base : public pqxx::connection_base {
      public:
        explicit Base(HandOver& policy) : connection_base(policy) { init(); }
        ~Base() noexcept { close(); }
    };
    HandOver policy_;
    Base base_;
};

pqxx::result run(pqxx::transaction_base& work, const std::string& sql,
                 const std::vector<std::optional<std::string>>& parameters) {
    std::vector<const char*> values;
    for (const auto& parameter : parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
    return work.exec_params(sql, pqxx::prepare::make_dynamic_params(values));
}
#else
/// libpqxx 7 has no way to reconnect; it only has to leave the closing to the owner.
class PqxxSession {
  public:
    explicit PqxxSession(PGconn* open) : connection_(pqxx::connection::seize_raw_connection(open)) {}
    ~PqxxSession() { static_cast<void>(std::move(connection_).release_raw_connection()); }
    PqxxSession(const PqxxSession&) = delete;
    PqxxSession& operator=(const PqxxSession&) = delete;
    pqxx::connection& operator*() { return connection_; }

  private:
    pqxx::connection connection_;
};

pqxx::result run(pqxx::transaction_base& work, const std::string& sql,
                 const std::vector<std::optional<std::string>>& parameters) {
    pqxx::params values;
    for (const auto& parameter : parameters) {
        if (parameter)
            values.append(*parameter);
        else
            values.append();
    }
#if PQXX_VERSION_MAJOR > 7 || PQXX_VERSION_MINOR >= 10
    return work.exec(sql, values);
#else
    return work.exec_params(sql, values);
#endif
}
#endif

std::string field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text ? text : "";
}

int number(const std::string& text) { return text.empty() ? 0 : std::stoi(text); }

/// What libpq tells by calling us: the fields of the first error since it was last cleared, and notices.
struct Listener {
    std::optional<ServerError> error;
    std::function<void(const std::string&)> notice_handler;

    void take(const PGresult* result) {
        // A lost connection adds a second error, of libpq's own and without SQLSTATE.
        if (error && !error->sqlstate.empty()) return;
        ServerError found;
        found.sqlstate = field(result, PG_DIAG_SQLSTATE);
        found.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
        if (found.message.empty()) found.message = trim(PQresultErrorMessage(result));
        found.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
        found.hint = field(result, PG_DIAG_MESSAGE_HINT);
        found.schema = field(result, PG_DIAG_SCHEMA_NAME);
        found.table = field(result, PG_DIAG_TABLE_NAME);
        found.column = field(result, PG_DIAG_COLUMN_NAME);
        found.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
        found.position = number(field(result, PG_DIAG_STATEMENT_POSITION));
        error = std::move(found);
    }
};

int on_event(PGEventId id, void* information, void* listener) {
    if (id != PGEVT_RESULTCREATE) return 1;
    const PGresult* result = static_cast<PGEventResultCreate*>(information)->result;
    if (PQresultStatus(result) == PGRES_FATAL_ERROR) static_cast<Listener*>(listener)->take(result);
    return 1;
}

void on_libpq_notice(void* hearer, const PGresult* result) {
    Listener& listener = *static_cast<Listener*>(hearer);
    const std::string severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    // Why the server ended an idle session arrives as a notice.
    if (severity == "FATAL" || severity == "PANIC") return listener.take(result);
    if (!listener.notice_handler) return;
    const std::string detail = field(result, PG_DIAG_MESSAGE_DETAIL);
    listener.notice_handler(fmt::format("{}: {}{}", severity.empty() ? "notice" : lower(severity),
                                        field(result, PG_DIAG_MESSAGE_PRIMARY),
                                        detail.empty() ? "" : " (" + detail + ")"));
}

/// What is asked for beyond the user's own parameters. Theirs win, but for the encoding: all our text is
/// UTF-8.
ConnectionParameters complete(ConnectionParameters parameters, const std::string& application_name) {
    parameters["client_encoding"] = "UTF8";
    parameters.emplace("fallback_application_name", application_name);
    if (!std::getenv("PGCONNECT_TIMEOUT")) parameters.emplace("connect_timeout", "10");
    parameters.emplace("keepalives_idle", "30");
    parameters.emplace("keepalives_interval", "10");
    parameters.emplace("keepalives_count", "3");
    return parameters;
}

/// Waits until libpq can go on, or `deadline`. False when time is up.
bool wait_for(PGconn* connection, PostgresPollingStatusType what,
              std::chrono::steady_clock::time_point deadline) {
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        pollfd one{PQsocket(connection), static_cast<short>(what == PGRES_POLLING_READING ? POLLIN : POLLOUT),
                   0};
        const int ready = poll(&one, 1, static_cast<int>(left.count()));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

/// The timeout for all hosts of the URL together; 0 means none, as in libpq.
std::chrono::seconds patience(const ConnectionParameters& parameters) {
    const auto given = parameters.find("connect_timeout");
    const char* environment = std::getenv("PGCONNECT_TIMEOUT");
    const std::string text = given != parameters.end() ? given->second : environment ? environment : "10";
    const int seconds = std::atoi(text.c_str());
    if (seconds <= 0) return std::chrono::hours(24);
    const auto hosts = parameters.find("host");
    const auto several =
        hosts == parameters.end() ? 0 : std::count(hosts->second.begin(), hosts->second.end(), ',');
    return std::chrono::seconds(seconds) * (several + 1);
}

Target target_of(const PGconn* connection) {
    const auto text = [](const char* value) { return std::string(value ? value : ""); };
    Target target;
    target.host = text(PQhost(connection));
    target.port = text(PQport(connection));
    target.database = text(PQdb(connection));
    target.user = text(PQuser(connection));
    target.server_version = PQserverVersion(connection);
    target.server_version_text = text(PQparameterStatus(connection, "server_version"));
    return target;
}

ConnectionPointer open(const ConnectionParameters& parameters) {
    std::vector<const char*> keywords, values;
    for (const auto& [keyword, value] : parameters) {
        keywords.push_back(keyword.c_str());
        values.push_back(value.c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    const auto deadline = std::chrono::steady_clock::now() + patience(parameters);
    ConnectionPointer connection(PQconnectStartParams(keywords.data(), values.data(), 0), &PQfinish);
    if (!connection) throw std::bad_alloc();
    // Only "verbose" shows the SQLSTATE of a refused connection.
    PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
    PostgresPollingStatusType status =
        PQstatus(connection.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    bool in_time = true;
    while (in_time && (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING)) {
        in_time = wait_for(connection.get(), status, deadline);
        if (in_time) status = PQconnectPoll(connection.get());
    }
    if (!in_time)
        throw DatabaseError(
            connect_failure("no answer from the server: timeout expired", target_of(connection.get())));
    if (status != PGRES_POLLING_OK)
        throw DatabaseError(connect_failure(PQerrorMessage(connection.get()), target_of(connection.get())));
    PQsetErrorVerbosity(connection.get(), PQERRORS_DEFAULT);
    return connection;
}

/// Settings that our statements and messages rely on, where the user's own options do not set them.
std::string settings(const ConnectionParameters& parameters) {
    const auto given = parameters.find("options");
    const char* environment = std::getenv("PGOPTIONS");
    const std::string options = lower(given != parameters.end() ? given->second
                                      : environment             ? environment
                                                                : "");
    std::string sql = "SET standard_conforming_strings = on";
    if (options.find("datestyle") == options.npos) sql += "; SET DateStyle = ISO";
    if (options.find("client_min_messages") == options.npos) sql += "; SET client_min_messages = warning";
    return sql;
}

Rows rows_of(const pqxx::result& result) {
    Rows out;
    const auto width = result.columns();
    for (auto column = decltype(width){0}; column < width; ++column)
        out.columns.emplace_back(result.column_name(column));
    out.rows.reserve(static_cast<std::size_t>(result.size()));
    for (const auto& row : result) {
        auto& values = out.rows.emplace_back();
        values.reserve(static_cast<std::size_t>(width));
        for (const auto& value : row) {
            if (value.is_null())
                values.emplace_back();
            else
                values.emplace_back(std::in_place, value.c_str(), static_cast<std::size_t>(value.size()));
        }
    }
    return out;
}

}  // namespace

struct Connection::State {
    ConnectionParameters parameters;
    std::string application_name;
    Listener listener;
    ConnectionPointer raw{nullptr, &PQfinish};
    CancelPointer canceller{nullptr, &PQfreeCancel};
    Target target;
    int pid = 0;
    std::optional<PqxxSession> session;  // last: it must go before the connection that it runs on

    [[noreturn]] void fail(const std::string& statement, const std::string& fallback) {
        ServerError error = listener.error.value_or(ServerError{});
        if (error.message.empty()) error.message = trim(fallback);
        error.statement = statement;
        error.connection_lost = PQstatus(raw.get()) != CONNECTION_OK;
        if (error.sqlstate.empty() && error.connection_lost) error.sqlstate = "08006";
        throw DatabaseError(std::move(error));
    }

    /// Refuses a session that is lost, or was ended by the server since the last call.
    void begin_call(const std::string& statement) {
        listener.error.reset();
        if (PQstatus(raw.get()) == CONNECTION_OK && PQbackendPID(raw.get()) == pid) {
            PQconsumeInput(raw.get());
            if (PQisBusy(raw.get()) == 0 && PQstatus(raw.get()) == CONNECTION_OK) return;
        }
        if (!listener.error) listener.error = already_lost();
        fail(statement, "");
    }

    static ServerError already_lost() {
        ServerError error;
        error.sqlstate = "08003";
        error.message = "the session with the server is lost";
        return error;
    }

    /// A COPY sent as an ordinary statement leaves the session waiting for rows.
    void end_stray_copy(const std::string& statement) {
        if (PQtransactionStatus(raw.get()) != PQTRANS_ACTIVE) return;
        PQputCopyEnd(raw.get(), "no rows were given");
        drain(statement);
        fail(statement, "COPY without rows");
    }

    /// Reads all results that are left; throws if one of them is an error.
    void drain(const std::string& statement) {
        while (const ResultPointer result{PQgetResult(raw.get()), &PQclear}) {
            const auto status = PQresultStatus(result.get());
            if (status != PGRES_COPY_OUT && status != PGRES_COPY_IN && status != PGRES_COPY_BOTH) continue;
            if (status == PGRES_COPY_IN) PQputCopyEnd(raw.get(), "not expected here");
            char* line = nullptr;
            while (status == PGRES_COPY_OUT && PQgetCopyData(raw.get(), &line, 0) > 0) PQfreemem(line);
        }
        if (listener.error) fail(statement, "");
    }

    template <typename Work>
    Rows guarded(const std::string& statement, const Work& work) {
        begin_call(statement);
        try {
            pqxx::nontransaction transaction(**session, "changelog");
            const pqxx::result result = work(transaction);
            end_stray_copy(statement);
            return rows_of(result);
        } catch (const DatabaseError&) {
            throw;
        } catch (const pqxx::failure& failure) {
            fail(statement, failure.what());
        } catch (const std::logic_error& failure) {  // pqxx's usage_error and its like
            fail(statement, failure.what());
        }
    }
};

Connection::Connection(const std::string& url, const std::string& application_name)
    : state_(std::make_unique<State>()) {
    State& state = *state_;
    state.application_name = application_name;
    try {
        state.parameters = complete(parse_connection_string(url), application_name);
        state.raw = open(state.parameters);
    } catch (DatabaseError& failure) {
        for (std::string* text : {&failure.error.message, &failure.error.hint, &failure.error.detail})
            *text = hide_password(std::move(*text), url);
        throw DatabaseError(std::move(failure.error));
    }
    state.target = target_of(state.raw.get());
    state.pid = PQbackendPID(state.raw.get());
    state.canceller.reset(PQgetCancel(state.raw.get()));
    PQregisterEventProc(state.raw.get(), &on_event, "changelog", &state.listener);
    state.session.emplace(state.raw.get());
    PQsetNoticeReceiver(state.raw.get(), &on_libpq_notice, &state.listener);
    execute(settings(state.parameters));
}

Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

Connection Connection::sibling() const {
    std::string dsn;
    for (const auto& [keyword, value] : state_->parameters) {
        dsn += keyword + "='";
        for (const char c : value) {
            if (c == '\'' || c == '\\') dsn += '\\';
            dsn += c;
        }
        dsn += "' ";
    }
    return Connection(dsn, state_->application_name);
}

const Target& Connection::target() const { return state_->target; }
int Connection::backend_pid() const { return state_->pid; }
bool Connection::lost() const { return PQstatus(state_->raw.get()) != CONNECTION_OK; }

Rows Connection::execute(const std::string& sql) {
    return state_->guarded(sql, [&](pqxx::nontransaction& work) { return work.exec(sql); });
}

Rows Connection::query(const std::string& sql, const std::vector<std::optional<std::string>>& parameters) {
    return state_->guarded(sql, [&](pqxx::nontransaction& work) { return run(work, sql, parameters); });
}

void Connection::copy_in(const std::string& copy_statement,
                         const std::function<std::optional<std::string>()>& next) {
    State& state = *state_;
    PGconn* raw = state.raw.get();
    state.begin_call(copy_statement);
    const auto status = PQresultStatus(ResultPointer{PQexec(raw, copy_statement.c_str()), &PQclear}.get());
    if (status != PGRES_COPY_IN) {
        state.drain(copy_statement);
        state.fail(copy_statement,
                   status == PGRES_FATAL_ERROR ? PQerrorMessage(raw) : "not a COPY ... FROM STDIN");
    }
    try {
        // libpq sends as it goes, so no more than a chunk is in memory. -1: the server ended the COPY, with
        // an error.
        while (const auto chunk = next())
            if (PQputCopyData(raw, chunk->data(), static_cast<int>(chunk->size())) != 1) break;
    } catch (...) {
        PQputCopyEnd(raw, "the rows could not be read");
        while (ResultPointer{PQgetResult(raw), &PQclear}) continue;
        throw;
    }
    const bool ended = PQputCopyEnd(raw, nullptr) == 1;
    state.drain(copy_statement);
    if (!ended) state.fail(copy_statement, PQerrorMessage(raw));
}

bool Connection::in_transaction() const {
    const auto status = PQtransactionStatus(state_->raw.get());
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

bool Connection::transaction_failed() const {
    return PQtransactionStatus(state_->raw.get()) == PQTRANS_INERROR;
}

void Connection::on_notice(std::function<void(const std::string&)> handler) {
    state_->listener.notice_handler = std::move(handler);
}

void Connection::cancel() noexcept {
    char complaint[256];
    if (state_->canceller) PQcancel(state_->canceller.get(), complaint, sizeof complaint);
}

std::string Connection::quote(const std::string& text) const { return (**state_->session).quote(text); }

}  // namespace changelog::postgres
