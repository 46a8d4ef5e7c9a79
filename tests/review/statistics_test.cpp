#include "review/statistics.hpp"

#include "support/catch.hpp"

using namespace changelog;
using review::Statistics;

namespace {

Statistics sample() {
    Statistics out;
    out.environment = "production";
    out.taken = "2026-11-22T08:15:00Z";
    out.server_version = 150004;
    out.since = "2026-01-01T00:00:00Z";
    postgres::RelationSize orders;
    orders.kind = 'r';
    orders.rows = 52'000'000;
    orders.heap = 17'000'000'000;
    orders.table = 18'000'000'000;
    orders.indexes = 4'000'000'000;
    orders.index_count = 3;
    out.relations[{"public", "orders"}] = orders;
    orders = {};
    orders.kind = 'i';
    orders.heap = 8192;
    out.relations[{"public", "odd \"name\"\n"}] = orders;
    out.writes[{"public", "orders"}] = 12;
    out.applied.emplace();
    out.applied->push_back({{"1", "ada", "db.yaml"}, "1:abc", "", "applied", "", 0});
    return out;
}

std::string refused(const std::string& text) {
    Diagnostics diagnostics;
    CHECK_FALSE(review::read_statistics("s.json", text, diagnostics));
    REQUIRE(diagnostics.items().size() == 1);
    const Diagnostic& item = diagnostics.items().front();
    CHECK(item.code == "CL0014");
    return std::to_string(item.where.line) + ':' + std::to_string(item.where.column) + ' ' + item.title;
}

}  // namespace

TEST_CASE("statistics: what is written is read again, and written the same") {
    Diagnostics diagnostics;
    const std::string text = review::to_json(sample());
    const auto read = review::read_statistics("s.json", text, diagnostics);
    REQUIRE(read);
    CHECK(diagnostics.empty());
    CHECK(review::to_json(*read) == text);
    CHECK(read->source == "s.json");
    const auto& orders = read->relations.at({"public", "orders"});
    CHECK(orders.rows == 52'000'000);
    CHECK(orders.bytes() == 22'000'000'000);
    CHECK(read->relations.at({"public", "odd \"name\"\n"}).rows == -1);
    CHECK(read->applied->front().key.author == "ada");
}

TEST_CASE("statistics: without a list of what is applied, nothing is known of that") {
    Diagnostics diagnostics;
    Statistics none = sample();
    none.applied.reset();
    CHECK_FALSE(review::read_statistics("s.json", review::to_json(none), diagnostics)->applied);
}

TEST_CASE("statistics: a file that is wrong is refused with its place") {
    CHECK(refused("{\n  \"version\": 1,\n  oops") == "3:3 the file is not JSON");
    CHECK(refused("[]") == "1:1 the file is no JSON object");
    CHECK(refused("{\"version\": 2}") == "1:2 the file is of version 2, this program reads version 1");
    CHECK(refused("{\"version\": 1}") == "1:1 key 'taken' is missing");
    CHECK(refused(R"({"version": 1, "taken": "yesterday"})") ==
          "1:16 'taken' is no time such as 2026-11-22T08:15:00Z");
    CHECK(refused("{\"version\": 1, \"taken\": \"2026-11-22T08:15:00Z\", \"relations\": [\n"
                  "{\"schema\": \"a\", \"name\": \"b\", \"kind\": \"table\", \"heap\": -1}]}") ==
          "2:25 'heap' is no whole number");
    CHECK(refused("{\"version\": 1, \"taken\": \"2026-11-22T08:15:00Z\", \"relations\": [\n"
                  "{\"schema\": \"a\", \"name\": \"b\", \"kind\": \"tabel\", \"heap\": 1}]}") ==
          "2:25 'tabel' is no kind of relation");
}

TEST_CASE("statistics: their age, and the largest of several") {
    CHECK(sample().age_in_days("2026-11-22T23:00:00Z") == 0);
    CHECK(sample().age_in_days("2027-01-01T00:00:00Z") == 40);
    CHECK_FALSE(sample().age_in_days("soon"));
    Statistics other = sample();
    other.relations[{"public", "orders"}].rows = 1;
    other.relations[{"public", "orders"}].table = 90'000'000'000;
    const auto all = review::largest({sample(), other});
    CHECK(all.at({"public", "orders"}).rows == 52'000'000);
    CHECK(all.at({"public", "orders"}).table == 90'000'000'000);
    other.relations[{"public", "orders"}].rows = -1;
    CHECK(review::largest({sample(), other}).at({"public", "orders"}).rows == -1);
}
