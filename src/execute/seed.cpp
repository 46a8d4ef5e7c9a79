#include "execute/seed.hpp"

#include "core/text.hpp"
#include "sql/identifier.hpp"
#include "sql/literal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

namespace changelog::execute {

namespace {

constexpr int kRows = 5;
constexpr int kAttempts = 150;  ///< for one row
constexpr long long kManyRows = 1000;

/// Runs a statement behind a savepoint. Nothing if it worked; throws if the session is lost.
std::optional<ServerError> attempt(postgres::Connection& connection, const std::string& sql) {
    try {
        connection.execute("SAVEPOINT changelog_seed;\n" + sql + ";\nRELEASE SAVEPOINT changelog_seed");
        return std::nullopt;
    } catch (const postgres::DatabaseError& error) {
        if (error.error.connection_lost) throw;
        connection.execute("ROLLBACK TO SAVEPOINT changelog_seed; RELEASE SAVEPOINT changelog_seed");
        return error.error;
    }
}

/// Where nobody can tell: one of these is a value of most types that people define.
const std::vector<std::string>& last_resort() {
    static const std::vector<std::string> texts = {"1", "{}", "()", "(,)", "(,,)", ""};
    return texts;
}

std::vector<std::string> candidates(const SeedColumn& column, int row) {
    std::vector<std::string> out = seed_values(column, row);
    if (out.empty() && column.required && !column.has_default) return last_resort();
    return out;
}

/// The next combination of the choices of these columns; false when all were tried.
bool next_choice(const std::vector<std::size_t>& columns, const std::vector<std::size_t>& sizes,
                 std::vector<std::size_t>& choices) {
    for (const std::size_t column : columns) {
        if (++choices[column] < sizes[column]) return true;
        choices[column] = 0;
    }
    return false;
}

std::string why(const ServerError& error) { return error.sqlstate + " " + trim(error.message); }

/// The text of each column's value, for SQL; columns that are left out are absent.
using Values = std::map<std::size_t, std::string>;

void put_keys(const SeedTable& table, int row, Values& values) {
    for (const SeedKey& key : table.keys) {
        if (!key.of.empty()) {
            const auto& parent = key.of[static_cast<std::size_t>(row) % key.of.size()];
            for (std::size_t i = 0; i < key.columns.size(); ++i)
                values[key.columns[i]] = sql::literal(parent[i]);
            continue;
        }
        for (std::size_t i = 0; i < key.columns.size(); ++i) {
            if (!table.columns[key.columns[i]].required) {
                values[key.columns[i]] = "NULL";
                continue;
            }
            for (std::size_t j = 0; key.own && j < table.columns.size(); ++j)  // a row that points at itself
                if (table.columns[j].name == key.referenced[i] && values.contains(j))
                    values[key.columns[i]] = values[j];
        }
    }
}

std::string insert_sql(const SeedTable& table, const Values& values) {
    std::vector<std::string> names, texts;
    for (const auto& [column, text] : values) {
        names.push_back(sql::identifier(table.columns[column].name));
        texts.push_back(text);
    }
    if (names.empty()) return fmt::format("INSERT INTO {} DEFAULT VALUES", sql::qualified(table.name));
    return fmt::format("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})", sql::qualified(table.name),
                       fmt::join(names, ", "), fmt::join(texts, ", "));
}

/// Leaves only what can be cast to the columns' types.
void keep_valid(const SeedTable& table, std::vector<std::vector<std::string>>& lists,
                postgres::Connection& connection) {
    for (std::size_t i = 0; i < lists.size(); ++i)
        std::erase_if(lists[i], [&](const std::string& text) {
            return attempt(connection,
                           fmt::format("SELECT CAST({} AS {})", sql::literal(text), table.columns[i].type))
                .has_value();
        });
}

}  // namespace

void Seeder::fill(const std::map<ObjectName, RowSums>& rows) {
    std::vector<SeedTable> waiting;
    connection_.execute("BEGIN");
    for (const auto& [name, sums] : rows) {
        const bool partly = sums.count > 0 && sums.count <= kManyRows &&
                            std::any_of(sums.columns.begin(), sums.columns.end(),
                                        [](const auto& column) { return column.second == "0"; });
        if (sums.count > 0) left_.erase(name);
        if (sums.count > 0 && !partly) continue;
        auto table = describe_for_seed(name, connection_);
        if (!table) continue;
        if (partly)
            fill_columns(*table, sums);
        else
            waiting.push_back(std::move(*table));
    }
    for (bool progress = true; progress;) {  // parents first
        progress = false;
        for (auto table = waiting.begin(); table != waiting.end();) {
            const Filled filled = fill_table(*table);
            progress = progress || filled == Filled::yes;
            table = filled == Filled::later ? table + 1 : waiting.erase(table);
        }
    }
    connection_.execute("COMMIT");
}

/// False if a table that it has to refer to has no rows yet.
bool Seeder::read_parents(SeedTable& table) {
    for (SeedKey& key : table.keys) {
        key.of.clear();
        std::vector<std::string> names;
        for (const std::string& name : key.referenced) names.push_back(sql::identifier(name) + "::text");
        const postgres::Rows found = connection_.execute(
            fmt::format("SELECT {0} FROM {1} ORDER BY {0} LIMIT 10", fmt::join(names, ", "), key.parent));
        for (const auto& row : found.rows) {
            std::vector<std::string> values;
            for (const auto& value : row)
                if (value) values.push_back(*value);
            if (values.size() == row.size()) key.of.push_back(std::move(values));
        }
        const bool must = std::any_of(key.columns.begin(), key.columns.end(),
                                      [&](std::size_t column) { return table.columns[column].required; });
        if (!key.of.empty() || !must || key.own) continue;
        left_[table.name] = key.parent + ", which it refers to, has no rows";
        return false;
    }
    return true;
}

Seeder::Filled Seeder::fill_table(SeedTable& table) {
    if (!read_parents(table)) return Filled::later;
    std::vector<std::size_t> choices(table.columns.size(), 0);
    std::string reason;
    int filled = 0;
    for (int row = 0; row < kRows; ++row) {
        reason = insert_row(table, row, choices);
        if (reason.empty()) ++filled;
        if (!reason.empty() && filled == 0) break;  // what does not work once will not work later
    }
    if (filled == 0) {
        left_[table.name] = reason;
        return Filled::no;
    }
    left_.erase(table.name);
    filled_.insert(table.oid);
    return Filled::yes;
}

/// Why it could not be inserted; empty if it could. `choices` are where to begin, and what worked.
std::string Seeder::insert_row(const SeedTable& table, int row, std::vector<std::size_t>& choices) {
    std::vector<std::vector<std::string>> lists;
    const auto read_lists = [&](int number) {
        lists.clear();
        for (const SeedColumn& column : table.columns) lists.push_back(candidates(column, number));
    };
    read_lists(row);
    bool checked = false;
    std::string reason;
    std::vector<std::size_t> start = choices;
    for (int tried = 0, number = row; tried < kAttempts; ++tried) {
        Values values;
        std::vector<std::size_t> sizes;
        for (std::size_t i = 0; i < lists.size(); ++i) {
            sizes.push_back(lists[i].size());
            if (!lists[i].empty())
                values[i] = sql::literal(lists[i][std::min(choices[i], lists[i].size() - 1)]);
        }
        put_keys(table, number, values);
        const auto error = attempt(connection_, insert_sql(table, values));
        if (!error) return "";
        reason = why(*error);
        if (error->sqlstate == "23514") {
            const auto found = table.conditions.find(error->constraint);
            if (found == table.conditions.end() || !next_choice(found->second, sizes, choices)) break;
        } else if (error->sqlstate == "23505" && number < row + 4 * kRows) {
            number += kRows;
            read_lists(number);
            if (checked) keep_valid(table, lists, connection_);
        } else if (error->sqlstate.starts_with("22") && !checked) {
            checked = true;
            keep_valid(table, lists, connection_);
        } else {
            break;
        }
    }
    choices = std::move(start);
    return reason;
}

/// A column that was added to a table with rows.
void Seeder::fill_columns(SeedTable& table, const RowSums& sums) {
    if (!read_parents(table)) {
        left_.erase(table.name);
        return;
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const SeedColumn& column = table.columns[i];
        const auto sum = sums.columns.find(column.name);
        if (sum == sums.columns.end() || sum->second != "0" || column.required) continue;
        std::vector<std::string> texts = seed_values(column, 0);
        for (const SeedKey& key : table.keys) {
            if (std::find(key.columns.begin(), key.columns.end(), i) == key.columns.end()) continue;
            texts.clear();
            if (key.columns.size() == 1 && !key.of.empty()) texts = {key.of.front().front()};
        }
        texts.resize(std::min<std::size_t>(texts.size(), 12));
        for (const std::string& text : texts) {
            const std::string set = fmt::format("UPDATE {0} SET {1} = {2}", sql::qualified(table.name),
                                                sql::identifier(column.name), sql::literal(text));
            auto error = attempt(connection_, set);
            if (error && error->sqlstate == "23505")
                error = attempt(connection_, fmt::format("{} WHERE ctid = (SELECT ctid FROM {} LIMIT 1)", set,
                                                         sql::qualified(table.name)));
            if (!error) break;
        }
    }
}

bool Seeder::empty_filled_tables() {
    if (filled_.empty()) return false;
    std::vector<std::string> oids(filled_.begin(), filled_.end());
    filled_.clear();
    const postgres::Rows found = connection_.execute(
        fmt::format("SELECT string_agg(c.oid::pg_catalog.regclass::text, ', ' ORDER BY c.oid) FROM "
                    "pg_catalog.pg_class c WHERE c.oid IN ({}) AND c.relkind IN ('r', 'p')",
                    fmt::join(oids, ", ")));
    if (found.text(0, 0).empty()) return false;
    connection_.execute("TRUNCATE " + found.text(0, 0) + " CASCADE");
    return true;
}

std::vector<std::string> Seeder::unfilled() const {
    std::vector<std::string> out;
    for (const auto& [name, reason] : left_) out.push_back(sql::qualified(name) + ": " + reason);
    return out;
}

}  // namespace changelog::execute
