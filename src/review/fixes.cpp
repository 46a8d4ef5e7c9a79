#include "review/fixes.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace changelog::review {

namespace {

/// A scalar of YAML that is read as this text.
std::string scalar(const std::string& text) {
    static constexpr std::array<std::string_view, 8> kWords = {"true", "false", "null", "yes",
                                                               "no",   "on",    "off",  "y"};
    const bool plain = !text.empty() &&
                       std::all_of(text.begin(), text.end(),
                                   [](char c) {
                                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                                              c == '-' || (c >= '0' && c <= '9');
                                   }) &&
                       text[0] > '9' &&
                       std::find(kWords.begin(), kWords.end(), lower(text)) == kWords.end() &&
                       lower(text) != "n";
    if (plain) return text;
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + '\'';
}

bool is_printable(const std::string& text) {
    return !text.empty() &&
           std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

std::string table_keys(const std::string& table, const std::optional<std::string>& schema) {
    std::string out = fmt::format("    tableName: {}\n", scalar(table));
    if (schema) out += fmt::format("    schemaName: {}\n", scalar(*schema));
    return out;
}

/// A changeset of one change; its lines are indented from 0.
std::string changeset_text(const std::string& id, const std::string& author, std::string_view change,
                           const std::string& keys) {
    return fmt::format("id: {}\nauthor: {}\nchanges:\n- {}:\n{}", scalar(id), scalar(author), change, keys);
}

/// Whether "CREATE [UNIQUE] INDEX" or "DROP INDEX" stands there; then where its last word ends. Not for
/// CREATE INDEX IF NOT EXISTS, which would take what a failed CONCURRENTLY left behind for the index.
std::optional<std::size_t> behind_index(std::string_view text) {
    std::size_t at = 0;
    bool creates = false;
    while (at < text.size()) {
        const std::size_t space = std::min(text.find_first_of(" \t", at), text.size());
        const std::string word = upper(text.substr(at, space - at));
        const std::size_t next = std::min(text.find_first_not_of(" \t", space), text.size());
        if (word == "INDEX") {
            const bool may_be_there = upper(text.substr(next, 3)) == "IF ";
            return creates && may_be_there ? std::nullopt : std::optional(space);
        }
        if (word != "CREATE" && word != "UNIQUE" && word != "DROP") return std::nullopt;
        creates = creates || word == "CREATE";
        at = next;
    }
    return std::nullopt;
}

/// Indexes of partitioned tables are neither made nor dropped concurrently; NOT VALID foreign keys of them
/// came with PostgreSQL 18.
bool is_refused_on_partitioned(std::string_view code, int server_version) {
    constexpr int kKeysNotValid = 180000;
    return code == codes::create_index_blocking || code == codes::drop_index_blocking ||
           (code == codes::add_fk_validates && server_version < kKeysNotValid);
}

}  // namespace

FileEdits& Fixes::file(const SourceFile& source) {
    auto& out = files_[&source];
    if (!out) out = std::make_unique<FileEdits>(source);
    return *out;
}

bool Fixes::is_taken(const ChangeSetKey& key) const {
    const std::vector<ChangeSet>& all = input_.head.changelog.changesets;
    return std::any_of(all.begin(), all.end(), [&](const ChangeSet& each) { return each.key == key; });
}

std::vector<Fix> Fixes::of(const FixRequest& request) {
    const Operation& operation = *request.changeset.changes[request.change];
    const std::string_view type = operation.type().name;
    if (!operation.at || !request.changeset.at) return {};
    if (request.partitioned && is_refused_on_partitioned(request.code, input_.context.server_version))
        return {};
    const bool one_after_the_other =
        request.code == codes::create_index_blocking || request.code == codes::drop_index_blocking;
    if (type == "sql" || type == "sqlFile")
        return one_after_the_other ? concurrently_in_sql(request) : std::vector<Fix>();
    struct Row {
        std::string_view code, type;
        std::vector<Fix> (Fixes::*fix)(const FixRequest&);
    };
    static constexpr std::array kRows = {
        Row{codes::create_index_blocking, "createIndex", &Fixes::concurrently},
        Row{codes::drop_index_blocking, "dropIndex", &Fixes::concurrently},
        Row{codes::detach_partition_blocking, "detachPartition", &Fixes::concurrently},
        Row{codes::drop_table, "dropTable", &Fixes::retain},
        Row{codes::drop_column, "dropColumn", &Fixes::retain},
        Row{codes::add_fk_validates, "addForeignKeyConstraint", &Fixes::validate_later},
        Row{codes::add_check_validates, "addCheckConstraint", &Fixes::validate_later},
        Row{codes::set_not_null_scan, "addNotNullConstraint", &Fixes::prove_not_null},
    };
    for (const Row& row : kRows)
        if (row.code == request.code && row.type == type) return (this->*row.fix)(request);
    return {};
}

/// Outside of a transaction; a changeset of one change fails or succeeds as a whole all the same.
std::vector<Fix> Fixes::concurrently(const FixRequest& request) {
    const Operation& operation = *request.changeset.changes[request.change];
    if (input_.transactions == TransactionMode::all) return {};
    const auto edit = file(*operation.at.file).set(operation.at, "concurrently", "true");
    if (!edit) return {};
    const bool safe = request.changeset.changes.size() == 1 && operation.type().name != "detachPartition";
    return {{"concurrently: true, outside of a transaction", safe, {*edit}}};
}

/// Liquibase needs to be told that such a changeset runs outside of a transaction; this program sees it.
std::vector<Fix> Fixes::concurrently_in_sql(const FixRequest& request) {
    if (!request.in_sql || input_.transactions == TransactionMode::all) return {};
    const Location& at = request.in_sql->begin;
    if (at.column == 0 || at.column > at.excerpt.size()) return {};
    const auto end = behind_index(std::string_view(at.excerpt).substr(at.column - 1));
    if (!end) return {};
    const auto column = at.column + static_cast<std::uint32_t>(*end);
    Fix fix{"CONCURRENTLY, outside of a transaction",
            false,
            {{at.file, at.line, column, at.line, column, " CONCURRENTLY"}}};
    const ChangeSet& changeset = request.changeset;
    if (!changeset.run_in_transaction) return {fix};
    FileEdits& edits = file(*changeset.at.file);
    if (edits.is_sql()) {
        const std::string header = locate(changeset.at).excerpt;
        if (!lower(header).starts_with("--") || lower(header).find("runintransaction") != std::string::npos)
            return {};
        std::size_t size = header.find_last_not_of(" \t\r") + 1;
        const auto behind = static_cast<std::uint32_t>(size) + 1;
        fix.edits.push_back({changeset.at.file->name, changeset.at.line, behind, changeset.at.line, behind,
                             " runInTransaction:false"});
        return {fix};
    }
    const auto outside = edits.set(changeset.at, "runInTransaction", "false");
    if (!outside) return {};
    fix.edits.push_back(*outside);
    return {fix};
}

std::vector<Fix> Fixes::retain(const FixRequest& request) {
    const Operation& operation = *request.changeset.changes[request.change];
    const auto edit = file(*operation.at.file).set(operation.at, "retain", "true");
    if (!edit) return {};
    return {{"retain: true keeps the data until it is purged", false, {*edit}}};
}

/// NOT VALID now; the rows are checked by a changeset of its own, under a lock that stops nobody.
std::vector<Fix> Fixes::validate_later(const FixRequest& request) {
    const ChangeSet& changeset = request.changeset;
    const Operation& operation = *changeset.changes[request.change];
    FileEdits& edits = file(*operation.at.file);
    const bool foreign = operation.type().name == "addForeignKeyConstraint";
    const auto table = edits.value(operation.at, foreign ? "baseTableName" : "tableName"),
               name = edits.value(operation.at, "constraintName"),
               schema = edits.value(operation.at, foreign ? "baseTableSchemaName" : "schemaName");
    ChangeSetKey key = changeset.key;
    key.id += "-validate";
    if (!table || !name || !is_printable(*table) || !is_printable(*name) || is_taken(key)) return {};
    const std::string keys =
        table_keys(*table, schema) + fmt::format("    constraintName: {}\n", scalar(*name));
    const auto later = edits.add_changeset(
        changeset.at, changeset_text(key.id, key.author, "validateConstraint", keys), false);
    const auto now = edits.set(operation.at, "validate", "false");
    if (!later || !now) return {};
    return {{"validate: false, and a changeset that validates it", false, {*now, *later}}};
}

/// A valid CHECK tells PostgreSQL that no row holds NULL, so SET NOT NULL need not read the table.
std::vector<Fix> Fixes::prove_not_null(const FixRequest& request) {
    const ChangeSet& changeset = request.changeset;
    const Operation& operation = *changeset.changes[request.change];
    FileEdits& edits = file(*operation.at.file);
    const auto table = edits.value(operation.at, "tableName"),
               column = edits.value(operation.at, "columnName"),
               schema = edits.value(operation.at, "schemaName");
    if (!table || !column || changeset.changes.size() != 1 || !is_printable(*table) ||
        !is_printable(*column) || edits.value(operation.at, "defaultNullValue"))
        return {};
    const auto is_simple = [](const std::string& text) {
        return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == std::string::npos;
    };
    const std::string name = *table + '_' + *column + "_not_null";
    if (!is_simple(*column) || !is_simple(*table) || name.size() > 63) return {};
    ChangeSetKey check = changeset.key, valid = changeset.key, tidy = changeset.key;
    check.id += "-check";
    valid.id += "-validate";
    tidy.id += "-tidy";
    if (is_taken(check) || is_taken(valid) || is_taken(tidy)) return {};
    const std::string keys =
        table_keys(*table, schema) + fmt::format("    constraintName: {}\n", scalar(name));
    const std::string& author = changeset.key.author;
    const auto first = edits.add_changeset(
        changeset.at,
        changeset_text(
            check.id, author, "addCheckConstraint",
            keys + fmt::format("    constraintBody: {} IS NOT NULL\n    validate: false\n", *column)),
        true);
    const auto second =
        edits.add_changeset(changeset.at, changeset_text(valid.id, author, "validateConstraint", keys), true);
    const auto last = edits.add_changeset(
        changeset.at, changeset_text(tidy.id, author, "dropCheckConstraint", keys), false);
    if (!first || !second || !last) return {};
    Edit before = *first;
    before.text += second->text;
    return {{"a CHECK that is validated before proves it, and goes afterwards", false, {before, *last}}};
}

}  // namespace changelog::review
