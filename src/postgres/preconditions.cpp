#include "postgres/preconditions.hpp"

#include "core/text.hpp"
#include "postgres/existence.hpp"
#include "sql/identifier.hpp"

#include <fmt/format.h>

namespace changelog::postgres {
namespace {

Verdict holds() { return {}; }
Verdict fails(std::string reason) { return {Verdict::Kind::fails, std::move(reason)}; }
Verdict error(std::string reason) { return {Verdict::Kind::error, std::move(reason)}; }
Verdict either(bool condition, const std::string& reason) { return condition ? holds() : fails(reason); }

/// A `dbms` list against PostgreSQL: LIQUIBASE.md 1.4. An exclusion wins; a list of only exclusions allows
/// the rest.
bool matches_postgresql(const std::string& list) {
    bool any_positive = false, named = false;
    for (const std::string& item : split(list, ',')) {
        if (item.starts_with('!')) {
            if (equal_ignoring_case(trim(item.substr(1)), "postgresql")) return false;
            continue;
        }
        any_positive = true;
        named = named || equal_ignoring_case(item, "postgresql") || equal_ignoring_case(item, "all");
    }
    return named || !any_positive;
}

std::string without_final_semicolon(const std::string& text) {
    std::string out = trim(text);
    if (out.ends_with(';')) out.pop_back();
    return trim(out);
}

class Checker {
  public:
    Checker(Connection& connection, Ledger& ledger, const PreconditionContext& context)
        : connection_(connection), ledger_(ledger), context_(context) {}

    /// All must hold; the first that does not decides.
    Verdict all_of(const std::vector<Condition>& conditions) {
        for (const Condition& condition : conditions)
            if (Verdict verdict = check(condition); verdict.kind != Verdict::Kind::holds) return verdict;
        return holds();
    }

  private:
    Verdict check(const Condition& condition) {
        using Check = Verdict (Checker::*)(const Condition&);
        static const std::map<std::string, Check> checks = {
            {"and", &Checker::check_and},
            {"or", &Checker::check_or},
            {"not", &Checker::check_not},
            {"dbms", &Checker::check_dbms},
            {"runningAs", &Checker::check_user},
            {"changeSetExecuted", &Checker::check_executed},
            {"sqlCheck", &Checker::check_sql},
            {"rowCount", &Checker::check_row_count},
            {"tableIsEmpty", &Checker::check_empty},
            {"changeLogPropertyDefined", &Checker::check_property},
            {"expectedQuotingStrategy", &Checker::check_quoting},
            {"customPrecondition", &Checker::check_custom},
        };
        if (const auto found = checks.find(condition.kind); found != checks.end())
            return (this->*found->second)(condition);
        if (const auto query = existence_query(condition, context_))
            return either(connection_.execute(*query).text(0, 0) == "t",
                          "there is no " + existence_subject(condition, context_));
        return error("unknown precondition '" + condition.kind + "'");
    }

    Verdict check_and(const Condition& condition) { return all_of(condition.children); }

    Verdict check_or(const Condition& condition) {
        std::vector<std::string> reasons;
        for (const Condition& child : condition.children) {
            const Verdict verdict = check(child);
            if (verdict.kind != Verdict::Kind::fails) return verdict;
            reasons.push_back(verdict.reason);
        }
        return fails(reasons.empty() ? "'or' without conditions" : "none holds: " + join(reasons, "; "));
    }

    /// None of the children may hold.
    Verdict check_not(const Condition& condition) {
        for (const Condition& child : condition.children) {
            const Verdict verdict = check(child);
            if (verdict.kind == Verdict::Kind::error) return verdict;
            if (verdict.kind == Verdict::Kind::holds) return fails("'not': " + describe(child) + " holds");
        }
        return holds();
    }

    std::string describe(const Condition& condition) const {
        return existence_query(condition, context_)
                   ? condition.kind + " " + existence_subject(condition, context_)
                   : condition.kind;
    }

    Verdict check_dbms(const Condition& condition) {
        const std::string type = attribute(condition, "type");
        return either(matches_postgresql(type), fmt::format("the database is postgresql, not '{}'", type));
    }

    Verdict check_user(const Condition& condition) {
        const std::string expected = trim(attribute(condition, "username")), user = connection_.target().user;
        return either(equal_ignoring_case(expected, user),
                      fmt::format("the user is {}, not {}", user, expected));
    }

    Verdict check_executed(const Condition& condition) {
        ChangeSetKey key{attribute(condition, "id"), attribute(condition, "author"),
                         attribute(condition, "changeLogFile")};
        if (key.path.empty()) key.path = context_.changelog_path;
        if (key.path.starts_with("classpath:")) key.path.erase(0, std::string_view("classpath:").size());
        const bool executed =
            ledger_.is_applied(key) ||
            (key.path.starts_with('/') && ledger_.is_applied({key.id, key.author, key.path.substr(1)}));
        return either(executed, fmt::format("changeset {} was not run", to_string(key)));
    }

    /// No row, several rows and SQL errors are errors; NULL is a failure.
    Verdict check_sql(const Condition& condition) {
        const std::string sql = without_final_semicolon(attribute(condition, "sql"));
        const std::string expected = attribute(condition, "expectedResult");
        const Rows rows = connection_.execute(sql);
        if (rows.rows.size() != 1 || rows.columns.empty())
            return error(fmt::format("sqlCheck gave {} rows instead of one: {}", rows.rows.size(), sql));
        const auto& value = rows.rows[0][0];
        if (!value) return fails("sqlCheck gave NULL: " + sql);
        return either(*value == expected,
                      fmt::format("sqlCheck gave '{}', expected '{}': {}", *value, expected, sql));
    }

    std::string table(const Condition& condition) const {
        const std::string name = sql::stored(trim(attribute(condition, "tableName")), context_.quoting);
        return sql::qualified({schema_of(condition, context_), name});
    }

    Verdict check_row_count(const Condition& condition) {
        const std::string expected = trim(attribute(condition, "expectedRows"));
        const std::string count = connection_.execute("SELECT count(*) FROM " + table(condition)).text(0, 0);
        return either(count == expected,
                      fmt::format("{} has {} rows, expected {}", table(condition), count, expected));
    }

    Verdict check_empty(const Condition& condition) {
        const Rows rows = connection_.execute("SELECT EXISTS (SELECT FROM " + table(condition) + ")");
        return either(rows.text(0, 0) == "f", table(condition) + " is not empty");
    }

    Verdict check_property(const Condition& condition) {
        const std::string name = attribute(condition, "property");
        const auto found = context_.properties.find(name);
        if (found == context_.properties.end()) return fails("the property '" + name + "' is not defined");
        const auto expected = condition.attributes.find("value");
        if (expected == condition.attributes.end() || expected->second == found->second) return holds();
        return fails(
            fmt::format("the property '{}' is '{}', expected '{}'", name, found->second, expected->second));
    }

    Verdict check_quoting(const Condition& condition) {
        const std::string expected = attribute(condition, "strategy");
        return either(expected == context_.changelog_quoting,
                      fmt::format("the changelog's objectQuotingStrategy is {}, expected {}",
                                  context_.changelog_quoting.empty() ? "not set" : context_.changelog_quoting,
                                  expected));
    }

    Verdict check_custom(const Condition& condition) {
        return fails(fmt::format("customPrecondition runs the Java class '{}', which is not available",
                                 attribute(condition, "className")));
    }

    Connection& connection_;
    Ledger& ledger_;
    const PreconditionContext& context_;
};

bool asks_database(const std::vector<Condition>& conditions) {
    static const std::set<std::string> local = {"dbms", "runningAs", "changeLogPropertyDefined",
                                                "expectedQuotingStrategy", "customPrecondition"};
    return std::any_of(conditions.begin(), conditions.end(), [](const Condition& condition) {
        if (!condition.children.empty()) return asks_database(condition.children);
        return !local.contains(condition.kind);
    });
}

/// Undoes what the conditions did (a sqlCheck may call functions) and ends a failed state, as Liquibase does.
class Bracket {
  public:
    explicit Bracket(Connection& connection) : connection_(connection), nested_(connection.in_transaction()) {
        connection_.execute(nested_ ? "SAVEPOINT changelog_precondition" : "BEGIN");
    }
    void end() {
        connection_.execute(
            nested_ ? "ROLLBACK TO SAVEPOINT changelog_precondition; RELEASE changelog_precondition"
                    : "ROLLBACK");
    }

  private:
    Connection& connection_;
    bool nested_;
};

constexpr std::string_view query_canceled = "57014";

}  // namespace

Verdict check(const Preconditions& preconditions, Connection& connection, Ledger& ledger,
              const PreconditionContext& context) {
    Checker checker(connection, ledger, context);
    if (!asks_database(preconditions.all)) return checker.all_of(preconditions.all);
    Bracket bracket(connection);
    Verdict verdict;
    try {
        verdict = checker.all_of(preconditions.all);
    } catch (const DatabaseError& failure) {
        if (connection.lost()) throw;
        bracket.end();
        // The user who interrupts a run must not have its onError rule applied.
        if (failure.error.sqlstate == query_canceled) throw;
        return error(fmt::format("{} (SQLSTATE {}): {}", failure.error.message, failure.error.sqlstate,
                                 failure.error.statement));
    }
    bracket.end();
    return verdict;
}

}  // namespace changelog::postgres
