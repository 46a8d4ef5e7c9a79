// What PostgreSQL's own parser (libpg_query) says of raw SQL. The only file pair that knows libpg_query.
#pragma once

#include "changelog/footprint.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace changelog::sql {

struct SyntaxError {
    std::string message;
    int position = 0;  ///< 1-based character
};

/// A syntax error of one or more statements, or nothing. Only a newer server can prove the grammar wrong, so
/// callers treat it as a warning where the server may be newer than the parser.
std::optional<SyntaxError> syntax_error(const std::string& text);

/// Adds what the statements touch. What cannot be parsed, and what runs code that cannot be seen (DO, CALL,
/// EXECUTE, SELECT of an unknown volatile function), is a barrier.
void footprint_of(const std::string& text, const std::string& default_schema, Footprint& out);

/// The statements of a text one by one, without their semicolons; nothing if it cannot be parsed.
std::vector<std::string> single_statements(const std::string& text);

/// Whether PostgreSQL refuses the statement inside a transaction block (CREATE INDEX CONCURRENTLY, VACUUM,
/// ...).
bool needs_no_transaction(const std::string& statement);

/// Whether a statement of the text begins or ends a transaction: BEGIN, START TRANSACTION, COMMIT, END,
/// ROLLBACK (not to a savepoint), ABORT, PREPARE TRANSACTION, COMMIT PREPARED.
bool controls_transaction(const std::string& text);

/// Whether a transaction block is open behind the text, if it was (not) before it.
bool leaves_transaction_open(const std::string& text, bool open_before);

/// Whether the text nests too deeply to be read; then nothing is known of what it touches.
bool is_too_deep(const std::string& text);

/// What a query reads, for a view's dependencies; nothing if it cannot be read.
std::vector<ObjectRef> relations_of_query(const std::string& query, const std::string& default_schema);

/// The identity arguments of a CREATE FUNCTION or PROCEDURE, with its name and kind.
struct FunctionSignature {
    ObjectName name;
    std::string arguments;
    std::string kind;
};
std::optional<FunctionSignature> function_signature(const std::string& create_statement,
                                                    const std::string& default_schema);

/// The grammar's version, for messages: 15 or 17.
int grammar_version();

}  // namespace changelog::sql
