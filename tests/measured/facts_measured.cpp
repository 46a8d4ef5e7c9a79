#include "measured/facts_measured.hpp"

#include "changelog/graph.hpp"
#include "changelog/plan.hpp"

#include "execute/lock_trace.hpp"
#include "execute/outbox.hpp"
#include "execute/seed.hpp"
#include "hazards/pieces.hpp"
#include "postgres/introspect.hpp"
#include "sql/parse.hpp"
#include "support/golden.hpp"

#include <map>
#include <stdexcept>

namespace changelog::tests {

namespace {

using hazards::RelationFacts;

/// Everything that a case can have left, but roles.
constexpr const char* kEmpty = R"(
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT format('DROP EVENT TRIGGER %I', evtname) AS sql FROM pg_event_trigger
        UNION ALL SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication
        UNION ALL SELECT format('DROP EXTENSION IF EXISTS %I CASCADE', extname) FROM pg_extension
            WHERE extname <> 'plpgsql'
        UNION ALL SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
            WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    LOOP EXECUTE r.sql; END LOOP;
END $$;
CREATE SCHEMA public;
)";

std::string shown(const RelationFacts& facts) {
    return facts.name.schema + "." + facts.name.name + ": " + std::string(to_string(facts.lock)) + ", " +
           std::string(to_string(facts.work)) + "; ";
}

std::string difference(const hazards::StatementFacts& facts, const execute::TracedStatement& traced,
                       bool with_rows) {
    if (traced.error)
        for (const hazards::Failure& failure : facts.failures)
            if (failure.sqlstate == traced.error->sqlstate) return {};
    if (facts.outside_transaction != traced.outside_transaction)
        return traced.outside_transaction ? "is refused in a transaction" : "is not refused in a transaction";
    if (traced.error) {
        return "failed: " + traced.error->sqlstate + " " + traced.error->message;
    }
    for (const hazards::Failure& failure : facts.failures)
        if (failure.certain) return "should have failed: " + failure.sqlstate;
    // Minor releases differ in whether they keep this of an index or a sequence; nobody waits for it.
    const auto is_a_look = [](const RelationFacts& each) {
        return each.lock == hazards::Lock::access_share && each.work == hazards::Work::none;
    };
    std::map<ObjectName, RelationFacts> said;
    for (const RelationFacts& each : facts.relations) said[each.name] = each;
    std::string measured, more;
    for (const RelationFacts& each : traced.relations) {
        const auto found = said.find(each.name);
        const bool same = found != said.end() && found->second.lock == each.lock &&
                          (!with_rows || found->second.work == each.work);
        if (!same && !(found == said.end() && is_a_look(each))) measured += shown(each);
        if (same) said.erase(found);
    }
    for (const auto& [name, each] : said) more += shown(each);
    return measured.empty() && more.empty() ? "" : "measured " + measured + "| the facts say " + more;
}

class Case {
  public:
    Case(postgres::Connection& connection, std::string name)
        : connection_(connection), name_(std::move(name)) {}

    std::vector<Compared> run() {
        std::vector<Compared> out = run(true);
        // Rows that were made up may stand in the way.
        const bool failed = std::any_of(out.begin(), out.end(), [](const Compared& each) {
            return each.difference.find("failed: ") == 0;
        });
        return failed ? run(false) : out;
    }

  private:
    std::vector<Compared> run(bool with_rows) {
        const std::filesystem::path file = golden_root() / name_;
        DiskFiles files(file.parent_path());
        Diagnostics diagnostics;
        const Changelog changelog = load_changelog(file.filename().string(), files, {}, diagnostics);
        RenderContext context;
        const catalog::Catalog nothing;
        context.before = &nothing;
        context.server_version = connection_.target().server_version;
        const Graph graph = resolve(changelog, context, diagnostics);
        Renderer renderer(changelog, graph, context);
        const std::size_t last = changelog.changesets.size() - 1;
        for (std::size_t i = 0; i < last; ++i) set_up(renderer.render({i, Action::apply}));
        if (with_rows) execute::Seeder(connection_).fill(rows());
        std::vector<Compared> out;
        for (const Statement& statement : renderer.render({last, Action::apply}).statements)
            for (const auto& piece : hazards::single_statements({statement.sql, 0})) {
                Statement one = statement;
                one.sql = piece.sql;
                out.push_back(compare(one, with_rows));
            }
        connection_.execute("RESET ALL");
        connection_.execute("RESET ROLE");
        connection_.execute(kEmpty);
        return out;
    }

    void set_up(const RenderedChangeSet& rendered) {
        execute::Outbox outbox(connection_);
        if (rendered.transactional) outbox.add("BEGIN");
        for (const Statement& statement : rendered.statements) {
            outbox.add(statement);
            if (!rendered.transactional) outbox.flush();
        }
        if (rendered.transactional) outbox.add("COMMIT");
        outbox.flush();
    }

    std::map<ObjectName, execute::RowSums> rows() {
        return execute::look_at_rows(connection_, postgres::introspect(connection_));
    }

    Compared compare(const Statement& statement, bool with_rows) {
        const catalog::Catalog before = postgres::introspect(connection_);
        const hazards::StatementFacts facts =
            hazards::facts_of(statement.sql, {before, connection_.target().server_version, "public", true});
        const execute::TracedStatement traced = execute::LockTrace(connection_).run(statement);
        Compared out{name_, statement.sql, {}, false, with_rows};
        out.unknown = !facts.known && !traced.error;
        if (!out.unknown) out.difference = difference(facts, traced, with_rows);
        return out;
    }

    postgres::Connection& connection_;
    std::string name_;
};

}  // namespace

namespace {

/// A new database on the server of `url`.
postgres::Connection new_database(const std::string& url, const std::string& name) {
    postgres::Connection(url).execute("CREATE DATABASE " + name);
    std::string own = url;
    own.replace(own.find("/postgres?"), std::string_view("/postgres?").size(), "/" + name + "?");
    postgres::Connection out(own);
    out.on_notice([](const std::string&) {});
    return out;
}

/// What the rows at hand do not allow says nothing of locks.
bool is_of_rows(const std::optional<ServerError>& error) {
    return error && (error->sqlstate.starts_with("23") || error->sqlstate.starts_with("22"));
}

}  // namespace

std::vector<Compared> compare_golden_cases(const std::string& url, const std::vector<std::string>& cases) {
    postgres::Connection connection = new_database(url, "golden");
    std::vector<Compared> out;
    for (const std::string& name : cases) {
        try {
            for (Compared& each : Case(connection, name).run()) out.push_back(std::move(each));
        } catch (const postgres::DatabaseError& error) {
            Compared& none = out.emplace_back(Compared{name, {}, error.what(), false, false});
            none.not_run = error.error.sqlstate == "42601";  // newer syntax
            execute::roll_back(connection);
            connection.execute(kEmpty);
        }
    }
    return out;
}

std::vector<Compared> compare_statements(const std::string& url, const std::string& setup,
                                         const std::string& rows,
                                         const std::vector<std::string>& statements) {
    postgres::Connection connection = new_database(url, "statements");
    connection.execute("CREATE SCHEMA s; SET search_path = s;" + setup);
    const int version = connection.target().server_version;
    catalog::Catalog before = postgres::introspect(connection);
    execute::Seeder(connection).fill(execute::look_at_rows(connection, before));
    connection.execute("SET search_path = s; " + rows);
    std::vector<Compared> out;
    for (const bool outside : {false, true})  // those last, as they stay
        for (const std::string& sql : statements) {
            if (sql::needs_no_transaction(sql) != outside) continue;
            if (outside) before = postgres::introspect(connection);
            const hazards::StatementFacts facts = hazards::facts_of(sql, {before, version, "s", true});
            const execute::TracedStatement traced =
                execute::LockTrace(connection).run({sql}, execute::LockTrace::Then::roll_back);
            Compared& compared = out.emplace_back(Compared{"statement", sql, {}, !facts.known});
            compared.not_run = is_of_rows(traced.error);
            if (!compared.unknown && !compared.not_run) compared.difference = difference(facts, traced, true);
        }
    return out;
}

}  // namespace changelog::tests
