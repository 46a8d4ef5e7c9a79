// Indexes: those behind constraints lend them their options, all others are objects of their own.
#include "core/text.hpp"
#include "postgres/introspect_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace changelog::postgres {
namespace {

using catalog::IndexKey;

struct OperatorClass {
    Oid method = 0, type = 0;
    bool is_default = false;
    std::string name;
};

struct OperatorClasses {
    std::unordered_map<Oid, OperatorClass> all;
    std::set<std::pair<Oid, Oid>> defaults;  ///< access method and type with a default of their own

    /// "" where CREATE INDEX chooses it by itself for a key of this type.
    std::string name(Oid oid, Oid type) const {
        const auto found = all.find(oid);
        if (found == all.end()) return {};
        const OperatorClass& one = found->second;
        const bool another = one.type != type && defaults.contains({one.method, type});
        return one.is_default && !another ? std::string() : one.name;
    }
};

OperatorClasses read_operator_classes(Introspection& state) {
    const Rows found = state.ask(
        "SELECT o.oid, o.opcmethod, o.opcintype, o.opcdefault, CASE WHEN pg_opclass_is_visible(o.oid) "
        "THEN quote_ident(o.opcname) ELSE quote_ident(n.nspname) || '.' || quote_ident(o.opcname) END "
        "FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace");
    OperatorClasses out;
    for (auto row : found.rows) {
        Cells cells(row);
        const Oid oid = cells.oid();
        OperatorClass one;
        one.method = cells.oid();
        one.type = cells.oid();
        one.is_default = cells.flag();
        one.name = cells.text();
        if (one.is_default) out.defaults.insert({one.method, one.type});
        out.all.emplace(oid, std::move(one));
    }
    return out;
}

/// What the keys of an index say of themselves.
struct KeyFacts {
    std::vector<Oid> numbers, classes, collations, orders;
    std::vector<std::string> texts;  ///< only of an index with expressions
    std::string definition;          ///< only of an index with expressions
    std::size_t count = 0;           ///< without INCLUDE
};

/// "((a + b))" as "a + b"; "(a) + (b)" as it is.
std::string without_parentheses(const std::string& text) {
    if (text.size() < 2 || text.front() != '(' || text.back() != ')') return text;
    int depth = 0;
    char quote = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const char c = text[i];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '(') {
            ++depth;
        } else if (c == ')' && --depth == 0) {
            return text;
        }
    }
    return without_parentheses(text.substr(1, text.size() - 2));
}

/// A name with its qualifiers at the beginning of the text; what is taken goes from the text.
std::string take_name(std::string_view& text) {
    std::size_t end = 0;
    bool quoted = false;
    while (end < text.size() && (quoted || (text[end] != ' ' && text[end] != ',' && text[end] != ')'))) {
        if (text[end] == '"') quoted = !quoted;
        ++end;
    }
    std::string name(text.substr(0, end));
    text.remove_prefix(end);
    return name;
}

/// pg_get_indexdef() alone tells whether an expression's collation and operator class are its own.
void take_decoration(std::string_view text, IndexKey& key) {
    static constexpr std::string_view collate = " COLLATE ";
    if (text.starts_with(collate)) {
        text.remove_prefix(collate.size());
        key.collation = take_name(text);
    }
    if (!text.starts_with(' ')) return;
    text.remove_prefix(1);
    const std::string word = take_name(text);
    if (word != "DESC" && word != "NULLS") key.operator_class = word;
}

/// What follows the text of the key in the definition, which begins at the key before it.
std::string_view after_key(std::string_view& definition, const std::string& key_text, bool first) {
    const std::string text = first ? key_text : ", " + key_text;
    const std::size_t at = definition.find(text);
    if (at == std::string_view::npos) return {};
    definition.remove_prefix(at + text.size());
    return definition;
}

void take_order(Oid bits, IndexKey& key) {
    key.descending = (bits & 1) != 0;
    const bool first = (bits & 2) != 0;
    if (first != key.descending) key.nulls_first = first;
}

std::vector<IndexKey> keys_of(const KeyFacts& facts, const Relation& relation, const OperatorClasses& classes,
                              const std::string& method) {
    std::vector<IndexKey> keys;
    std::string_view rest = facts.definition;
    if (const auto start = rest.find(" USING " + method + " ("); start != std::string_view::npos)
        rest.remove_prefix(start + method.size() + 9);
    for (std::size_t i = 0; i < facts.count; ++i) {
        IndexKey key;
        const Oid number = facts.numbers.at(i);
        key.expression = number == 0;
        take_order(facts.orders.at(i), key);
        if (!facts.texts.empty()) {
            take_decoration(after_key(rest, facts.texts.at(i), i == 0), key);
            if (key.expression) key.text = without_parentheses(facts.texts[i]);
        }
        if (!key.expression) key.text = relation.attribute(number);
        if (facts.texts.empty() && number <= relation.attributes.size())
            key.operator_class = classes.name(facts.classes.at(i), relation.attributes[number - 1].type);
        keys.push_back(std::move(key));
    }
    return keys;
}

struct Found {
    Oid oid = 0;
    bool partitioned = false;
    std::string collations;  ///< by key; "" where it is the column's own
    KeyFacts keys;
    catalog::Index index;
};

Found found_in(Cells& cells) {
    Found found;
    found.oid = cells.oid();
    catalog::Index& index = found.index;
    index.id = {found.oid};
    index.name = cells.text();
    found.partitioned = cells.letter() == 'I';
    index.method = cells.text();
    index.unique = cells.flag();
    index.valid = cells.flag();
    index.clustered = cells.flag();
    index.replica_identity = cells.flag();
    index.nulls_not_distinct = cells.flag();
    found.keys.count = cells.oid();
    found.keys.numbers = numbers_of(cells.text());
    found.keys.classes = numbers_of(cells.text());
    found.keys.collations = numbers_of(cells.text());
    found.keys.orders = numbers_of(cells.text());
    index.predicate = cells.text();
    found.keys.texts = array_items(cells.text());
    found.keys.definition = cells.text();
    index.options = options_of(cells.text());
    index.tablespace = cells.text();
    index.attached_to = cells.name();
    return found;
}

std::string query_for(const Introspection& state, const std::vector<Oid>& relations) {
    return fmt::format(
        "SELECT i.indrelid, k.oid, i.indexrelid, c.relname, c.relkind, am.amname, i.indisunique, "
        "i.indisvalid, i.indisclustered, i.indisreplident, {}, i.indnkeyatts, i.indkey, i.indclass, "
        "i.indcollation, i.indoption, "
        "CASE WHEN i.indpred IS NOT NULL THEN pg_get_expr(i.indpred, i.indrelid) END, "
        "CASE WHEN i.indexprs IS NOT NULL THEN ARRAY(SELECT pg_get_indexdef(i.indexrelid, position, false) "
        "FROM generate_series(1, i.indnkeyatts) AS position ORDER BY position) END, "
        "CASE WHEN i.indexprs IS NOT NULL THEN pg_get_indexdef(i.indexrelid) END, "
        "c.reloptions, sp.spcname, pn.nspname, pc.relname, CASE WHEN k.oid IS NOT NULL THEN "
        "obj_description(i.indexrelid, 'pg_class') END "
        "FROM {} AS s(oid) JOIN pg_catalog.pg_index i ON i.indrelid = s.oid "
        "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_am am ON am.oid = c.relam "
        "LEFT JOIN pg_catalog.pg_tablespace sp ON sp.oid = c.reltablespace "
        "LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = i.indrelid AND k.conindid = i.indexrelid "
        "AND k.contype IN ('p', 'u', 'x') "
        "LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = i.indexrelid "
        "LEFT JOIN pg_catalog.pg_class pc ON pc.oid = h.inhparent "
        "LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = pc.relnamespace ORDER BY i.indexrelid",
        state.since(15, "i.indnullsnotdistinct", "false"), unnest(relations));
}

std::vector<std::string> included(const Found& found, const Relation& relation) {
    std::vector<std::string> out;
    for (std::size_t i = found.keys.count; i < found.keys.numbers.size(); ++i)
        out.push_back(relation.attribute(found.keys.numbers[i]));
    return out;
}

void lend(Found found, const Relation& relation, catalog::Constraint& constraint) {
    constraint.include = included(found, relation);
    constraint.nulls_not_distinct = found.index.nulls_not_distinct;
    constraint.tablespace = found.index.tablespace;
    constraint.clustered = found.index.clustered;
    constraint.replica_identity = found.index.replica_identity;
    // The body of an EXCLUDE has them within.
    if (constraint.kind != catalog::ConstraintKind::exclusion)
        constraint.options = std::move(found.index.options);
}

/// Where an index of a relation stands: the relation's oid, and the position among its indexes.
struct Place {
    Oid relation = 0;
    std::size_t position = 0;
};

std::vector<catalog::Index>& indexes_of(Relation& relation) {
    return relation.table != nullptr ? relation.table->indexes : relation.view->indexes;
}

/// Collations that are not the column's own, by their oids, are put in as names afterwards.
struct ForeignCollation {
    Place place;
    std::size_t key = 0;
    Oid collation = 0;
};

void name_collations(Introspection& state, const std::vector<ForeignCollation>& found) {
    if (found.empty()) return;
    std::vector<Oid> oids;
    for (const ForeignCollation& each : found) oids.push_back(each.collation);
    std::unordered_map<Oid, std::string> names;
    const Rows rows = state.ask("SELECT oid, oid::regcollation FROM (SELECT DISTINCT oid FROM " +
                                unnest(oids) + " AS s(oid)) AS one");
    for (auto row : rows.rows) {
        Cells cells(row);
        const Oid oid = cells.oid();
        names[oid] = cells.text();
    }
    for (const ForeignCollation& each : found)
        indexes_of(*state.relation(each.place.relation))[each.place.position].keys[each.key].collation =
            names[each.collation];
}

/// Statistics targets of expressions, and parameters of operator classes: few indexes have any.
void read_key_settings(Introspection& state, const std::map<Oid, Place>& places) {
    if (places.empty()) return;
    std::vector<Oid> oids;
    for (const auto& [oid, place] : places) oids.push_back(oid);
    const Rows rows = state.ask(fmt::format(
        "SELECT a.attrelid, a.attnum, {0}, a.attoptions, (SELECT quote_ident(n.nspname) || '.' || "
        "quote_ident(o.opcname) FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = "
        "o.opcnamespace WHERE o.oid = (SELECT i.indclass[a.attnum - 1] FROM pg_catalog.pg_index i WHERE "
        "i.indexrelid = a.attrelid)) FROM {1} AS s(oid) JOIN pg_catalog.pg_attribute a ON "
        "a.attrelid = s.oid WHERE {0} IS NOT NULL "
        "OR a.attoptions::text !~ '^.pg_[a-z]+=[0-9]+.$'",
        state.since(17, "a.attstattarget", "nullif(a.attstattarget, -1)"), unnest(oids)));
    for (auto row : rows.rows) {
        Cells cells(row);
        const Place& place = places.at(cells.oid());
        catalog::Index& index = indexes_of(*state.relation(place.relation))[place.position];
        const std::size_t number = cells.oid();
        if (!cells.is_null())
            index.statistics[static_cast<int>(number)] = cells.number();
        else
            cells.skip();
        std::vector<std::string> parameters;
        for (const auto& [name, value] : options_of(cells.text()))
            if (!name.starts_with("pg_")) parameters.push_back(fmt::format("{}='{}'", name, value));
        if (parameters.empty() || number > index.keys.size()) continue;
        // Quoted, so that it is plain to readers of the field that this is SQL text and not one name.
        const std::string full_name = cells.text();
        const std::size_t dot = full_name.rfind('.');
        const std::string last = full_name.substr(dot + 1);
        const std::string quoted = last.starts_with('"') ? last : '"' + last + '"';
        index.keys[number - 1].operator_class =
            fmt::format("{}{} ({})", full_name.substr(0, dot + 1), quoted, join(parameters, ", "));
    }
}

}  // namespace

void read_indexes(Introspection& state) {
    const std::vector<Oid> relations = state.relations_of("rpm");
    if (relations.empty()) return;
    const OperatorClasses classes = read_operator_classes(state);
    const Rows rows = state.ask(query_for(state, relations));
    std::unordered_map<Oid, std::unordered_map<Oid, std::size_t>> constraints;  // by table, then oid
    for (const Oid oid : state.relations_of("rp")) {
        const auto& list = state.relation(oid)->table->constraints;
        for (std::size_t i = 0; i < list.size(); ++i) constraints[oid].emplace(list[i].id.value, i);
    }
    std::map<Oid, Place> places;
    std::vector<ForeignCollation> collations;
    for (auto row : rows.rows) {
        Cells cells(row);
        const Oid oid = cells.oid(), constraint = cells.oid();
        Relation& relation = *state.relation(oid);
        Found found = found_in(cells);
        if (constraint != 0) {
            const auto at = constraints[oid].find(constraint);
            if (at != constraints[oid].end()) {
                catalog::Constraint& lent = relation.table->constraints[at->second];
                lent.index_comment = cells.optional();
                lend(std::move(found), relation, lent);
            }
            continue;
        }
        catalog::Index& index = found.index;
        index.keys = keys_of(found.keys, relation, classes, index.method);
        index.include = included(found, relation);
        if (found.partitioned && !index.valid) index.on_only = index.valid = true;
        const Place place{oid, indexes_of(relation).size()};
        for (std::size_t i = 0; found.keys.texts.empty() && i < index.keys.size(); ++i) {
            const Oid collation = found.keys.collations.at(i), number = found.keys.numbers[i];
            if (collation != 0 && number != 0 && number <= relation.attributes.size() &&
                collation != relation.attributes[number - 1].collation)
                collations.push_back({place, i, collation});
        }
        places.emplace(found.oid, place);
        indexes_of(relation).push_back(std::move(index));
    }
    name_collations(state, collations);
    read_key_settings(state, places);
}

}  // namespace changelog::postgres
