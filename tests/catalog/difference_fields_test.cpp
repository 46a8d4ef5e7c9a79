// Every field of every type: changed alone, it is exactly one difference.
#include "catalog/difference_fields.hpp"

#include "catalog/difference.hpp"
#include "support/catch.hpp"

#include <functional>

using namespace changelog;
using namespace changelog::catalog;

namespace {

const ObjectName kTable = {"public", "orders"};
const ObjectName kView = {"public", "totals"};

/// One of everything.
Catalog shop() {
    Catalog out;
    out.schemas["public"].name = "public";
    out.extensions["pgcrypto"].name = "pgcrypto";
    Table& table = out.tables[kTable];
    table.name = kTable;
    table.columns.resize(2);
    table.columns[0].name = "id";
    table.columns[1].name = "note";
    table.constraints.resize(1);
    table.constraints[0].name = "positive";
    table.indexes.resize(1);
    table.indexes[0].name = "orders_idx";
    table.triggers.resize(1);
    table.triggers[0].name = "touch";
    table.policies.resize(1);
    table.policies[0].name = "own";
    out.sequences[{"public", "numbers"}].name = {"public", "numbers"};
    View& view = out.views[kView];
    view.name = kView;
    view.indexes.resize(1);
    view.indexes[0].name = "totals_idx";
    view.triggers.resize(1);
    view.triggers[0].name = "instead";
    Type& type = out.types[{"public", "mood"}];
    type.name = {"public", "mood"};
    type.constraints.resize(1);
    type.constraints[0].name = "sane";
    Function function;
    function.name = {"public", "f"};
    function.arguments = "integer";
    out.functions.emplace(function.name, function);
    Other& other = out.others["rule r"];
    other.kind = "rule";
    other.identity = "r";
    return out;
}

template <typename T>
struct Change {
    std::string property;
    std::function<void(T&)> make;
};

/// Makes each change by itself, and expects it as the only difference, there and back. As many changes as
/// there are fields, so that a new field asks for one here; `unchanged` fields are matched by, not compared.
template <typename T>
void check_each(const std::string& object, const std::function<T&(Catalog&)>& find,
                const std::vector<Change<T>>& changes, std::size_t unchanged = 1) {
    CHECK(changes.size() + unchanged == std::tuple_size_v<decltype(fields_of(std::declval<T&>()))>);
    const Catalog before = shop();
    for (const Change<T>& change : changes) {
        INFO(object << ": " << change.property);
        Catalog after = before;
        change.make(find(after));
        const std::vector<Difference> found = difference(before, after);
        REQUIRE(found.size() == 1);
        CHECK(found[0].kind == Difference::Kind::changed);
        CHECK(found[0].object == object);
        CHECK(found[0].property == change.property);
        CHECK(found[0].before != found[0].after);
        const std::vector<Difference> back = difference(after, before);
        REQUIRE(back.size() == 1);
        CHECK(back[0].before == found[0].after);
        CHECK(back[0].after == found[0].before);
        CHECK(difference(after, after).empty());
    }
}

const std::vector<Grant> kGrants = {{"app", {"SELECT"}, {}, false}};

std::vector<Change<Constraint>> constraint_changes() {
    return {{"kind", [](Constraint& c) { c.kind = ConstraintKind::unique; }},
            {"columns", [](Constraint& c) { c.columns = {"id"}; }},
            {"include", [](Constraint& c) { c.include = {"note"}; }},
            {"referenced table",
             [](Constraint& c) {
                 c.referenced_table = {"public", "x"};
             }},
            {"referenced columns", [](Constraint& c) { c.referenced_columns = {"id"}; }},
            {"on delete", [](Constraint& c) { c.on_delete = "CASCADE"; }},
            {"on update", [](Constraint& c) { c.on_update = "CASCADE"; }},
            {"match", [](Constraint& c) { c.match = "FULL"; }},
            {"expression", [](Constraint& c) { c.expression = "id > 0"; }},
            {"deferrable", [](Constraint& c) { c.deferrable = true; }},
            {"initially deferred", [](Constraint& c) { c.initially_deferred = true; }},
            {"validated", [](Constraint& c) { c.validated = false; }},
            {"no inherit", [](Constraint& c) { c.no_inherit = true; }},
            {"nulls not distinct", [](Constraint& c) { c.nulls_not_distinct = true; }},
            {"tablespace", [](Constraint& c) { c.tablespace = "fast"; }},
            {"options", [](Constraint& c) { c.options["fillfactor"] = "70"; }},
            {"clustered", [](Constraint& c) { c.clustered = true; }},
            {"replica identity", [](Constraint& c) { c.replica_identity = true; }},
            {"inherited", [](Constraint& c) { c.inherited = true; }},
            {"enforced", [](Constraint& c) { c.enforced = false; }},
            {"set columns", [](Constraint& c) { c.set_columns = {"note"}; }},
            {"comment", [](Constraint& c) { c.comment = ""; }},
            {"index's comment", [](Constraint& c) { c.index_comment = ""; }}};
}

std::vector<Change<Index>> index_changes() {
    return {{"unique", [](Index& i) { i.unique = true; }},
            {"method", [](Index& i) { i.method = "gin"; }},
            {"keys",
             [](Index& i) {
                 i.keys = {{"note", false, false, {}, {}, {}}};
             }},
            {"include", [](Index& i) { i.include = {"note"}; }},
            {"predicate", [](Index& i) { i.predicate = "id > 0"; }},
            {"options", [](Index& i) { i.options["fillfactor"] = "70"; }},
            {"tablespace", [](Index& i) { i.tablespace = "fast"; }},
            {"nulls not distinct", [](Index& i) { i.nulls_not_distinct = true; }},
            {"valid", [](Index& i) { i.valid = false; }},
            {"clustered", [](Index& i) { i.clustered = true; }},
            {"replica identity", [](Index& i) { i.replica_identity = true; }},
            {"on only", [](Index& i) { i.on_only = true; }},
            {"attached to",
             [](Index& i) {
                 i.attached_to = {"public", "parent_idx"};
             }},
            {"statistics", [](Index& i) { i.statistics[1] = 500; }},
            {"comment", [](Index& i) { i.comment = "c"; }}};
}

std::vector<Change<Trigger>> trigger_changes() {
    return {{"definition", [](Trigger& t) { t.definition = "CREATE TRIGGER"; }},
            {"enabled", [](Trigger& t) { t.enabled = "D"; }},
            {"inherited", [](Trigger& t) { t.inherited = true; }},
            {"comment", [](Trigger& t) { t.comment = "c"; }}};
}

}  // namespace

TEST_CASE("difference: each field of a column") {
    check_each<Column>("column public.orders.note",
                       [](Catalog& c) -> Column& { return c.tables.at(kTable).columns[1]; },
                       {{"type", [](Column& c) { c.type = "text"; }},
                        {"collation", [](Column& c) { c.collation = "C"; }},
                        {"not null", [](Column& c) { c.not_null = true; }},
                        {"not null's name", [](Column& c) { c.not_null_name = "n"; }},
                        {"default", [](Column& c) { c.expression = "0"; }},
                        {"generated", [](Column& c) { c.generated = Generated::on_read; }},
                        {"identity", [](Column& c) { c.identity = Identity{}; }},
                        {"storage", [](Column& c) { c.storage = "PLAIN"; }},
                        {"compression", [](Column& c) { c.compression = "lz4"; }},
                        {"statistics", [](Column& c) { c.statistics = 0; }},
                        {"options", [](Column& c) { c.options["n_distinct"] = "5"; }},
                        {"comment", [](Column& c) { c.comment = ""; }},
                        {"inherited", [](Column& c) { c.inherited = true; }}});
}

TEST_CASE("difference: each field of an identity") {
    Catalog before = shop();
    before.tables.at(kTable).columns[0].identity = Identity{};
    const std::vector<std::function<void(Identity&)>> changes = {
        [](Identity& i) { i.always = true; },
        [](Identity& i) { i.sequence = "q"; },
        [](Identity& i) { i.options.type = "integer"; },
        [](Identity& i) { i.options.start = "2"; },
        [](Identity& i) { i.options.increment = "2"; },
        [](Identity& i) { i.options.minimum = "2"; },
        [](Identity& i) { i.options.maximum = "2"; },
        [](Identity& i) { i.options.cache = "2"; },
        [](Identity& i) { i.options.cycle = true; }};
    CHECK(changes.size() == 2 + std::tuple_size_v<decltype(fields_of(SequenceOptions{}))>);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        INFO(i);
        Catalog after = before;
        changes[i](*after.tables.at(kTable).columns[0].identity);
        const std::vector<Difference> found = difference(before, after);
        REQUIRE(found.size() == 1);
        CHECK(found[0].property == "identity");
        CHECK(found[0].before != found[0].after);
    }
}

TEST_CASE("difference: each field of constraints, indexes, triggers and policies, wherever they stand") {
    check_each<Constraint>(
        "constraint public.orders.positive",
        [](Catalog& c) -> Constraint& { return c.tables.at(kTable).constraints[0]; }, constraint_changes());
    check_each<Constraint>(
        "constraint public.mood.sane",
        [](Catalog& c) -> Constraint& { return c.types.begin()->second.constraints[0]; },
        constraint_changes());
    check_each<Index>(
        "index public.orders_idx", [](Catalog& c) -> Index& { return c.tables.at(kTable).indexes[0]; },
        index_changes());
    check_each<Index>(
        "index public.totals_idx", [](Catalog& c) -> Index& { return c.views.at(kView).indexes[0]; },
        index_changes());
    check_each<Trigger>(
        "trigger public.orders.touch", [](Catalog& c) -> Trigger& { return c.tables.at(kTable).triggers[0]; },
        trigger_changes());
    check_each<Trigger>(
        "trigger public.totals.instead", [](Catalog& c) -> Trigger& { return c.views.at(kView).triggers[0]; },
        trigger_changes());
    check_each<Policy>("policy public.orders.own",
                       [](Catalog& c) -> Policy& { return c.tables.at(kTable).policies[0]; },
                       {{"definition", [](Policy& p) { p.definition = "CREATE POLICY"; }},
                        {"comment", [](Policy& p) { p.comment = "c"; }}});
}

TEST_CASE("difference: each field of an index key") {
    Catalog before = shop();
    before.tables.at(kTable).indexes[0].keys.resize(1);
    before.tables.at(kTable).indexes[0].keys[0].text = "id";
    const std::vector<std::function<void(IndexKey&)>> changes = {
        [](IndexKey& k) { k.text = "note"; },     [](IndexKey& k) { k.expression = true; },
        [](IndexKey& k) { k.descending = true; }, [](IndexKey& k) { k.nulls_first = false; },
        [](IndexKey& k) { k.collation = "C"; },   [](IndexKey& k) { k.operator_class = "text_ops"; }};
    [[maybe_unused]] const auto& [text, expression, descending, nulls, collation, operators] = IndexKey{};
    for (std::size_t i = 0; i < changes.size(); ++i) {
        INFO(i);
        Catalog after = before;
        changes[i](after.tables.at(kTable).indexes[0].keys[0]);
        const std::vector<Difference> found = difference(before, after);
        REQUIRE(found.size() == 1);
        CHECK(found[0].before != found[0].after);
    }
}

TEST_CASE("difference: each field of a table") {
    check_each<Table>("table public.orders", [](Catalog& c) -> Table& { return c.tables.at(kTable); },
                      {{"persistence", [](Table& t) { t.persistence = "UNLOGGED"; }},
                       {"options", [](Table& t) { t.options["fillfactor"] = "70"; }},
                       {"tablespace", [](Table& t) { t.tablespace = "fast"; }},
                       {"partition by", [](Table& t) { t.partition_by = "RANGE (id)"; }},
                       {"partition of",
                        [](Table& t) {
                            t.partition_of = {"public", "p"};
                        }},
                       {"partition bound", [](Table& t) { t.partition_bound = "DEFAULT"; }},
                       {"inherits",
                        [](Table& t) {
                            t.inherits = {{"public", "p"}};
                        }},
                       {"row security", [](Table& t) { t.row_security = true; }},
                       {"forced row security", [](Table& t) { t.force_row_security = true; }},
                       {"replica identity", [](Table& t) { t.replica_identity = "FULL"; }},
                       {"access method", [](Table& t) { t.access_method = "columnar"; }},
                       {"grants", [](Table& t) { t.grants = kGrants; }},
                       {"comment", [](Table& t) { t.comment = "c"; }},
                       {"owner", [](Table& t) { t.owner = "bob"; }}});
}

TEST_CASE("difference: each field of a sequence") {
    check_each<Sequence>("sequence public.numbers",
                         [](Catalog& c) -> Sequence& { return c.sequences.begin()->second; },
                         {{"type", [](Sequence& s) { s.options.type = "integer"; }},
                          {"start", [](Sequence& s) { s.options.start = "2"; }},
                          {"increment", [](Sequence& s) { s.options.increment = "2"; }},
                          {"minimum", [](Sequence& s) { s.options.minimum = "2"; }},
                          {"maximum", [](Sequence& s) { s.options.maximum = "2"; }},
                          {"cache", [](Sequence& s) { s.options.cache = "2"; }},
                          {"cycle", [](Sequence& s) { s.options.cycle = true; }},
                          {"owned by",
                           [](Sequence& s) {
                               s.owned_by = ObjectRef{ObjectKind::column, kTable, "id"};
                           }},
                          {"persistence", [](Sequence& s) { s.persistence = "UNLOGGED"; }},
                          {"grants", [](Sequence& s) { s.grants = kGrants; }},
                          {"comment", [](Sequence& s) { s.comment = "c"; }},
                          {"owner", [](Sequence& s) { s.owner = "bob"; }}});
}

TEST_CASE("difference: each field of a view") {
    check_each<View>(
        "view public.totals", [](Catalog& c) -> View& { return c.views.at(kView); },
        {{"query", [](View& v) { v.query = "SELECT 1"; }},
         {"definition", [](View& v) { v.definition = "CREATE VIEW"; }},
         {"columns", [](View& v) { v.columns = {"a"}; }},
         {"options", [](View& v) { v.options["security_barrier"] = ""; }},
         {"depends",
          [](View& v) {
              v.depends = {{ObjectKind::table, kTable, {}}};
          }},
         {"column defaults", [](View& v) { v.column_defaults["a"] = "1"; }},
         {"column comments", [](View& v) { v.column_comments["a"] = "c"; }},
         {"populated", [](View& v) { v.populated = false; }},
         {"tablespace", [](View& v) { v.tablespace = "fast"; }},
         {"access method", [](View& v) { v.access_method = "columnar"; }},
         {"grants", [](View& v) { v.grants = kGrants; }},
         {"comment", [](View& v) { v.comment = "c"; }},
         {"owner", [](View& v) { v.owner = "bob"; }}},
        2);  // the name, and `materialized`, which also names the object otherwise
    Catalog after = shop();
    after.views.at(kView).materialized = true;
    const std::vector<Difference> found = difference(shop(), after);
    REQUIRE(found.size() == 1);
    CHECK(to_string(found[0]) == "view public.totals: materialized: no -> yes");
}

TEST_CASE("difference: each field of a function") {
    const auto find = [](Catalog& c) -> Function& { return c.functions.begin()->second; };
    check_each<Function>(
        "function public.f(integer)", find,
        {{"definition", [](Function& f) { f.definition = "CREATE FUNCTION"; }},
         {"depends",
          [](Function& f) {
              f.depends = {{ObjectKind::table, kTable, {}}};
          }},
         {"closed", [](Function& f) { f.closed = true; }},
         {"grants", [](Function& f) { f.grants = kGrants; }},
         {"comment", [](Function& f) { f.comment = "c"; }},
         {"owner", [](Function& f) { f.owner = "bob"; }}},
        4);  // name and arguments are what it is; whether they are known, and the kind: below
    Catalog after = shop();
    find(after).kind = "PROCEDURE";
    REQUIRE(difference(shop(), after).size() == 1);
    CHECK(to_string(difference(shop(), after)[0]) ==
          "function public.f(integer): kind: FUNCTION -> PROCEDURE");
    after = shop();
    find(after).arguments_known = false;
    REQUIRE(difference(shop(), after).size() == 1);
    CHECK(to_string(difference(shop(), after)[0]) ==
          "function public.f(integer): arguments known: yes -> no");
    after = shop();
    find(after).arguments = "text";
    REQUIRE(difference(shop(), after).size() == 2);  // another overload
}

TEST_CASE("difference: each field of a type") {
    check_each<Type>("type public.mood", [](Catalog& c) -> Type& { return c.types.begin()->second; },
                     {{"kind", [](Type& t) { t.kind = TypeKind::range; }},
                      {"labels", [](Type& t) { t.labels = {"sad"}; }},
                      {"attributes",
                       [](Type& t) {
                           t.attributes = {{"a", "text", ""}};
                       }},
                      {"base type", [](Type& t) { t.base_type = "text"; }},
                      {"collation", [](Type& t) { t.collation = "C"; }},
                      {"not null", [](Type& t) { t.not_null = true; }},
                      {"default", [](Type& t) { t.expression = "0"; }},
                      {"definition", [](Type& t) { t.definition = "subtype = date"; }},
                      {"owner", [](Type& t) { t.owner = "app"; }},
                      {"closed", [](Type& t) { t.closed = true; }},
                      {"grants", [](Type& t) { t.grants = kGrants; }},
                      {"comment", [](Type& t) { t.comment = "c"; }}});
    const std::vector<TypeAttribute> attributes[] = {
        {{"b", "text", ""}}, {{"a", "date", ""}}, {{"a", "text", "C"}}};
    for (const auto& changed : attributes) {
        Catalog before = shop();
        before.types.begin()->second.attributes = {{"a", "text", ""}};
        Catalog after = before;
        after.types.begin()->second.attributes = changed;
        REQUIRE(difference(before, after).size() == 1);
        CHECK(difference(before, after)[0].before != difference(before, after)[0].after);
    }
}

TEST_CASE("difference: each field of schemas, extensions and unmodelled objects") {
    check_each<Schema>("schema public", [](Catalog& c) -> Schema& { return c.schemas.at("public"); },
                       {{"grants", [](Schema& s) { s.grants = kGrants; }},
                        {"comment", [](Schema& s) { s.comment = "c"; }},
                        {"owner", [](Schema& s) { s.owner = "bob"; }}});
    check_each<Extension>("extension pgcrypto",
                          [](Catalog& c) -> Extension& { return c.extensions.at("pgcrypto"); },
                          {{"schema", [](Extension& e) { e.schema = "public"; }},
                           {"version", [](Extension& e) { e.version = "1.3"; }},
                           {"comment", [](Extension& e) { e.comment = "c"; }}});
    check_each<Other>(
        "rule r", [](Catalog& c) -> Other& { return c.others.at("rule r"); },
        {{"create", [](Other& o) { o.create = "CREATE RULE"; }},
         {"drop", [](Other& o) { o.drop = "DROP RULE"; }},
         {"state", [](Other& o) { o.state = "D"; }},
         {"on",
          [](Other& o) {
              o.on = {ObjectKind::table, kTable, {}};
          }},
         {"comment", [](Other& o) { o.comment = "c"; }}},
        2);  // kind and identity are its name
}

TEST_CASE("difference: each field of a grant") {
    const Grant grant = {"app", {"SELECT"}, {}, false};
    Grant others[4] = {grant, grant, grant, grant};
    others[0].grantee = "";
    others[1].privileges = {"UPDATE"};
    others[2].columns = {"id"};
    others[3].grantable = true;
    for (const Grant& other : others) {
        Catalog before = shop();
        before.tables.at(kTable).grants = {grant};
        Catalog after = before;
        after.tables.at(kTable).grants = {other};
        REQUIRE(difference(before, after).size() == 1);
        CHECK(difference(before, after)[0].before != difference(before, after)[0].after);
    }
}
