// The table of locks against what was measured on PostgreSQL 14 to 18.
#include "hazards/facts.hpp"
#include "hazards/measured_setups.hpp"
#include "hazards/relations.hpp"
#include "hazards/schemas.hpp"
#include "support/catch.hpp"

#include <iostream>
#include <sstream>

using namespace changelog;
using namespace changelog::hazards;

namespace {

const std::string kSchema = "s";

/// Lines that the static table gets wrong on purpose.
const std::map<std::string, std::string> kExceptions = {
    {"DO $$ BEGIN ALTER TABLE t ADD COLUMN z int; END $$",
     "a DO block runs code that is not looked into; the facts say that they do not know"},
    {"column in publication column list (15+)",
     "the fold of SQL keeps no publications; with an introspected schema it is seen"},
    {"ATTACH, parent has FK child lacks (validated)", "the measurement itself failed in its preparation"},
    {"DROP PK COLUMN", "the measurement itself failed in its preparation"},
    {"ALTER TABLE t ADD COLUMN x text COMPRESSION lz4", "whether a server was built with lz4 is not known"},
    {"ALTER TABLE t ALTER b SET COMPRESSION lz4", "whether a server was built with lz4 is not known"},
    {"ADD COLUMN NOT NULL no default on EMPTY table",
     "a scan of no rows; how many there are is not asked here"},
    {"ALTER TYPE en DROP VALUE 'a'", "no version of the grammar reads it"},
};

struct Measured {
    std::string line, statement, before, base;
    int version = 0;
    std::string error, locks, rewritten, scans, notices;
    bool utc = false;
};

/// "int -> bigint USING v::x (..) [SET timezone='UTC'] [no index]"
void type_change(const std::string& line, Measured& out) {
    std::string text = line;
    const auto cut = [&](const std::string& mark) {
        const std::size_t at = text.find(mark);
        const std::string rest = at == std::string::npos ? std::string() : text.substr(at + mark.size());
        if (at != std::string::npos) text.resize(at);
        return rest;
    };
    const bool indexed = line.find("[no index]") == std::string::npos;
    if (!indexed) cut(" [no index]");
    cut(" (dm=");
    const std::string zone = cut(" [SET timezone='");
    out.utc = zone.starts_with("UTC") || zone.starts_with("GMT") || zone.starts_with("Etc/UTC");
    const std::string to = cut(" -> ");
    out.before =
        "CREATE DOMAIN dm AS text; CREATE DOMAIN dk AS text CHECK (VALUE <> ''); CREATE TABLE y (v " + text +
        ")";
    if (indexed) out.before += "; CREATE INDEX yv ON y (v)";
    out.statement = "ALTER TABLE y ALTER v TYPE " + to;
}

/// Versions of one line of a file: group, statement, versions, error, locks, new files, scans, notices.
void read_line(std::vector<std::string> fields, Measured each, std::vector<Measured>& out) {
    fields.resize(8);
    each.line = fields[1];
    if (each.statement.empty()) each.statement = fields[1];
    each.error = fields[3].substr(0, 5);
    each.locks = fields[4];
    each.rewritten = fields[5];
    each.scans = fields[6];
    each.notices = fields[7];
    std::istringstream versions(fields[2]);
    for (std::string version; std::getline(versions, version, ',');) {
        each.version = std::stoi(version) * 10000;
        out.push_back(each);
    }
}

std::vector<Measured> measurements() {
    std::vector<Measured> out;
    for (const char* file : {"m1.tsv", "m2.tsv", "m3.tsv"})
        for (const auto& fields : table_of(safety_file(file))) {
            Measured each;
            each.base = kMeasuredBase;
            const auto setup = measured_setups().find(fields[1]);
            if (setup != measured_setups().end()) {
                each.before = setup->second.before;
                each.statement = setup->second.statement;
            } else if (fields[0] == "type") {
                type_change(fields[1], each);
            }
            read_line(fields, each, out);
        }
    return out;
}

/// Our own, on PostgreSQL 15: single statements over measured_15.sql, in a session at UTC.
std::vector<Measured> own_measurements() {
    const std::string folder = std::string(SOURCE_DIR) + "/tests/hazards/";
    std::vector<Measured> out;
    for (const auto& fields : table_of(folder + "measured_15.tsv")) {
        Measured each;
        each.base = content(folder + "measured_15.sql");
        each.utc = true;
        read_line(fields, each, out);
    }
    return out;
}

Lock lock_of(const std::string& letters) {
    static const std::map<std::string, Lock> locks = {
        {"AS", Lock::access_share},  {"RS", Lock::row_share},
        {"RE", Lock::row_exclusive}, {"SUE", Lock::share_update_exclusive},
        {"S", Lock::share},          {"SRE", Lock::share_row_exclusive},
        {"E", Lock::exclusive},      {"AE", Lock::access_exclusive}};
    return locks.at(letters);
}

bool has_word(const std::string& list, const std::string& word) {
    std::istringstream words(list);
    for (std::string each; words >> each;)
        if (each == word) return true;
    return false;
}

/// How many rows of it were read one after the other; nothing if it was not scanned at all.
std::optional<long> rows_read(const Measured& measured, const std::string& relation) {
    std::istringstream words(measured.scans);
    for (std::string each; words >> each;) {
        const std::size_t open = each.find('('), times = each.rfind('x', open);
        if (each.substr(0, times) == relation) return std::stol(each.substr(open + 1));
    }
    return std::nullopt;
}

bool notice(const Measured& measured, const std::string& text) {
    return measured.notices.find(text) != std::string::npos;
}

/// What was done to a relation; nothing where the measurement cannot tell.
std::optional<Work> work_of(const Measured& measured, const std::string& name, bool is_index) {
    const auto rows = rows_read(measured, name);
    const bool new_file = has_word(measured.rewritten, name);
    const bool truncated =
        measured.line.find("TRUNCATE") != std::string::npos ||
        measured.line.find("WITH NO DATA") != std::string::npos;  // a new file, but no rows
    if (is_index)
        return !truncated && (new_file || notice(measured, "building index \"" + name + "\"")) ? Work::build
                                                                                               : Work::none;
    if (notice(measured, "rewriting table \"" + name + "\"")) return Work::rewrite;
    if (new_file && rows.value_or(0) > 0) return Work::rewrite;
    if (notice(measured, "on table \"" + name + "\"") && !truncated) return Work::build;
    if (rows.value_or(0) > 0 || notice(measured, "verifying table \"" + name + "\"")) return Work::scan;
    // Whether the check of a foreign key reads one side or both is the planner's choice.
    if (notice(measured, "validating foreign key")) return std::nullopt;
    return Work::none;
}

std::string text_of_facts(const std::vector<RelationFacts>& facts) {
    std::string out;
    for (const RelationFacts& each : facts)
        out += each.name.name + ":" + std::string(to_string(each.lock)) + "/" +
               std::string(to_string(each.work)) + " ";
    return out;
}

/// The facts of all statements of the line, as if they ran in one transaction.
StatementFacts predicted(const Measured& measured, std::set<ObjectName>& indexes) {
    catalog::Catalog catalog = folded(measured.base, kSchema);
    fold(measured.before, kSchema, catalog);
    std::string sql = measured.statement;
    if (sql.find("$$") == std::string::npos && sql.find("BEGIN ATOMIC") == std::string::npos)
        for (std::size_t at = sql.find(" ; "); at != std::string::npos; at = sql.find(" ; "))
            sql.replace(at, 3, ";\n");
    const std::set<ObjectName> before = relations_in(catalog);
    for (const auto& [name, table] : catalog.tables)
        for (const ObjectName& index : index_names(table)) indexes.insert(index);
    for (const auto& [name, view] : catalog.views)
        for (const catalog::Index& index : view.indexes) indexes.insert({name.schema, index.name});
    StatementFacts all;
    std::map<ObjectName, RelationFacts> found;
    std::set<ObjectName> made;
    std::set<std::string> labels;
    for (const std::string& piece : pieces_of(sql)) {
        const FactContext context{catalog, measured.version, kSchema, measured.utc, false, made, labels};
        StatementFacts facts = facts_of(piece, context);
        for (const RelationFacts& each : facts.relations) {
            RelationFacts& sum = found[each.name];
            sum.name = each.name;
            sum.lock = std::max(sum.lock, each.lock);
            sum.work = std::max(sum.work, each.work);
        }
        all.failures.insert(all.failures.end(), facts.failures.begin(), facts.failures.end());
        all.known = all.known && facts.known;
        const auto more = new_labels(piece, context);
        labels.insert(more.begin(), more.end());
        catalog::Catalog next = catalog;
        follow(piece, kSchema, next);
        catalog = std::move(next);
        for (const ObjectName& name : relations_in(catalog))
            if (!before.contains(name)) made.insert(name);
    }
    for (const auto& [name, facts] : found) all.relations.push_back(facts);
    return all;
}

/// What differs, or nothing.
std::string difference(const Measured& measured) {
    std::set<ObjectName> indexes;
    const StatementFacts facts = predicted(measured, indexes);
    const auto fails = [&](bool certain, const std::string& sqlstate) {
        return std::any_of(facts.failures.begin(), facts.failures.end(), [&](const Failure& failure) {
            return failure.certain == certain && (sqlstate.empty() || failure.sqlstate == sqlstate);
        });
    };
    if (!measured.error.empty()) {
        if (fails(true, measured.error) || fails(false, measured.error)) return {};
        return "not seen: error " + measured.error;
    }
    if (fails(true, "")) return "predicted error " + facts.failures.front().sqlstate;
    std::map<ObjectName, RelationFacts> left;
    for (const RelationFacts& each : facts.relations) left[each.name] = each;
    std::istringstream words(measured.locks);
    for (std::string each; words >> each;) {
        const std::string relation = each.substr(0, each.find(':'));
        ObjectName name{kSchema, relation};
        if (!left.contains(name)) name.schema = "s2";
        if (!left.contains(name))
            return "no lock of " + relation + "; predicted " + text_of_facts(facts.relations);
        const RelationFacts& guess = left.at(name);
        if (guess.lock != lock_of(each.substr(each.find(':') + 1)))
            return "lock of " + relation + "; predicted " + text_of_facts(facts.relations);
        const auto work = work_of(measured, relation, indexes.contains(name));
        if (work && *work != guess.work)
            return "work on " + relation + "; predicted " + text_of_facts(facts.relations);
        left.erase(name);
    }
    return left.empty() ? std::string() : "too much: predicted " + text_of_facts(facts.relations);
}

void compare(const std::vector<Measured>& all) {
    std::size_t agree = 0, excepted = 0;
    std::vector<std::string> wrong;
    for (const Measured& measured : all) {
        const std::string what = difference(measured);
        if (what.empty())
            ++agree;
        else if (kExceptions.contains(measured.line))
            ++excepted;
        else
            wrong.push_back(std::to_string(measured.version / 10000) + " " + measured.line +
                            "\n     measured " + measured.locks + " | " + measured.rewritten + " | " +
                            measured.scans + " | " + measured.error + "\n     " + what);
    }
    std::cout << agree << " of " << all.size() << " measurements agree, " << excepted
              << " are exceptions with a reason, " << wrong.size() << " differ\n";
    for (const std::string& line : wrong) std::cout << "  " << line << '\n';
    CHECK(wrong.empty());
    CHECK(excepted * 50 <= all.size());
}

}  // namespace

TEST_CASE("facts agree with the measurements of all versions") {
    const auto all = measurements();
    if (all.empty())
        std::cout << "skipped: no measurements at " << safety_file("m1.tsv") << '\n';
    else
        compare(all);
}

TEST_CASE("facts agree with our own measurements") {
    const auto all = own_measurements();
    CHECK(all.size() > 250);
    compare(all);
}
