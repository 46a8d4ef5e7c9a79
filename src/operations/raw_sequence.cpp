// CREATE and ALTER SEQUENCE, and the options of identity columns, which are a sequence's.
#include "core/text.hpp"
#include "operations/common.hpp"
#include "operations/lookup.hpp"
#include "operations/raw_statement.hpp"
#include "operations/sequence.hpp"

namespace changelog::operations {

namespace {

/// "-5": read from the tokens, since the parse tree loses signs.
std::string number_behind(const RawStatement& statement, std::size_t at) {
    ++at;
    while (statement.text.is(at, "BY") || statement.text.is(at, "WITH")) ++at;
    const bool has_sign = statement.text.is(at, "-") || statement.text.is(at, "+");
    std::string sign(statement.text.is(at, "-") ? "-" : "");
    return sign + std::string(statement.text[has_sign ? at + 1 : at]);
}

std::optional<ObjectRef> owner_of(const RawStatement& statement, std::vector<std::string> parts) {
    if (parts.size() < 2) return std::nullopt;  // OWNED BY NONE
    const std::string column = std::move(parts.back());
    parts.pop_back();
    return ObjectRef{ObjectKind::column, statement.name(std::move(parts)), column};
}

void take_number(const RawStatement& statement, const sql::Node& option, SequenceChange& out) {
    const std::string name = text_of(option, "defname");
    std::optional<std::string> value;
    if (!child(option, "arg").is_null()) value = number_behind(statement, statement.text.at(option));
    if (name == "start") out.options.start = value;
    if (name == "increment") out.options.increment = value;
    if (name == "minvalue") out.options.minimum = value;
    if (name == "maxvalue") out.options.maximum = value;
    if (name == "cache") out.options.cache = value;
}

void take_option(const RawStatement& statement, const sql::Node& option, SequenceChange& out) {
    const std::string name = text_of(option, "defname");
    const sql::Node& argument = child(option, "arg");
    if (name == "as") {
        out.options.type = statement.type(inside(argument));
    } else if (name == "cycle") {
        out.options.cycle =
            flag_of(inside(argument), "boolval") || statement.text.is(statement.text.at(option), "CYCLE");
    } else if (name == "owned_by") {
        const auto owner = owner_of(statement, strings_of(argument));
        out.owner = owner.value_or(ObjectRef{});
    } else if (name == "sequence_name") {
        const std::vector<std::string> parts = strings_of(argument);
        out.name = parts.empty() ? std::string() : parts.back();
    } else if (name == "restart") {
        out.restarts = true;
    } else if (name == "generated") {
        const sql::Node& letter = child(inside(argument), "ival");
        out.always = letter.is_number_integer() && letter.get<int>() == 'a';
    } else {
        take_number(statement, option, out);
    }
}

}  // namespace

catalog::SequenceOptions with_start(catalog::SequenceOptions options) {
    if (options.start) return options;
    const bool descending = options.increment && options.increment->starts_with('-');
    options.start = descending ? options.maximum.value_or("-1") : options.minimum.value_or("1");
    return options;
}

SequenceChange sequence_change(const RawStatement& statement, const sql::Node& options,
                               catalog::SequenceOptions from) {
    SequenceChange out;
    out.options = std::move(from);
    for (const sql::Node& option : options) take_option(statement, inside(option), out);
    out.options = normalised(std::move(out.options));
    return out;
}

bool follow_sequence(RawStatement& statement) {
    const sql::Node& node = statement.node;
    const bool creates = statement.kind == "CreateSeqStmt";
    const ObjectName name = statement.relation(child(node, "sequence"));
    catalog::Catalog& catalog = statement.catalog();
    if (RawStatement::is_temporary(name)) {
        statement.scope.temporary.insert(name.name);
        return true;
    }
    const bool optional = creates && flag_of(node, "if_not_exists");
    auto* known = find_in(catalog.sequences, name);
    if (optional && known != nullptr) return true;
    if (!creates && known == nullptr) return statement.fail_unknown(ObjectKind::sequence, name);

    catalog::Sequence made;
    if (!creates) made = *known;
    made.name = name;
    SequenceChange change =
        sequence_change(statement, child(node, "options"), creates ? made.options : with_start(made.options));
    if (change.options.type.empty()) return statement.fail("the type of the sequence is not known");
    made.options = std::move(change.options);
    if (change.owner) made.owned_by = change.owner->name.name.empty() ? std::nullopt : change.owner;
    if (text_of(child(node, "sequence"), "relpersistence") == "u") made.persistence = "UNLOGGED";
    catalog.sequences.insert_or_assign(name, std::move(made));
    if (change.restarts) {
        statement.not_kept = true;
        statement.why = one_line("RESTART changes the value of sequence " + to_text(name));
    }
    return !optional || statement.unsure(ObjectKind::sequence, name);
}

}  // namespace changelog::operations
