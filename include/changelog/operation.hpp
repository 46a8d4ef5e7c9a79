// The centre: an operation is one abstract change of a schema or its data.
#pragma once

#include "changelog/catalog.hpp"
#include "changelog/diagnostics.hpp"
#include "changelog/footprint.hpp"
#include "changelog/position.hpp"
#include "changelog/statement.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog {

class FieldVisitor;
class FileLoader;

/// Liquibase's objectQuotingStrategy (LIQUIBASE: LEGACY is the default).
enum class QuotingStrategy : std::uint8_t { legacy, quote_all, quote_reserved };

/// What an operation needs to know about where it runs. Values only: the same context gives the same SQL.
struct RenderContext {
    const catalog::Catalog* before = nullptr;  ///< the schema just before this operation; never null
    QuotingStrategy quoting = QuotingStrategy::legacy;
    std::string default_schema = "public";  ///< the schema of unqualified names, as stored (folded)
    bool qualify = true;                    ///< write the default schema in front of unqualified names
    int server_version = 150000;            ///< as libpq's PQserverVersion
    bool undoing = false;                   ///< the operation stands in a rollback block
    bool complete = false;                  ///< what is named and `before` does not have does not exist
    std::string tag;                        ///< of the changeset, for names of what it keeps: 8 hex digits
    std::string attic = "changelog_attic";  ///< the schema where dropped data is kept
    std::string retain;                     ///< the default of `retain` on drops: "", "true", "30 days"
};

/// Something with named fields in the YAML format: an operation, a column, a constraint.
class Described {
  public:
    virtual ~Described() = default;
    /// Visits every field, in the order in which documentation lists them. The only description there is:
    /// parsing, the canonical form, the JSON Schema and the reference page all come from it.
    virtual void describe(FieldVisitor& visitor) = 0;
};

struct OperationType;

/// What `output` prints when its turn comes. `target` is "STDERR", "STDOUT" or a log level ("INFO",
/// "WARNING", ...).
struct OutputMessage {
    std::string text;
    std::string target;
};

/// A program that `executeCommand` runs on the machine of the runner. Whether it may is the executor's
/// decision.
struct Command {
    std::string executable;
    std::vector<std::string> arguments;
    std::vector<std::string> systems;  ///< names of operating systems; empty: all
    std::optional<std::chrono::milliseconds> timeout;
};

class Operation : public Described {
  public:
    Position at;  ///< of its key in the file

    virtual const OperationType& type() const = 0;

    /// Takes away an attribute that `removeChangeSetProperty` names; only addColumn has any.
    virtual void remove_property(std::string_view /*name*/) {}

    /// Rules that join fields ("exactly one of ..."); reports at `at`.
    virtual void check(Diagnostics& diagnostics) const;

    /// Reads the files that it names (operations/files.hpp). Called once, after binding and before check();
    /// property expansion of the fields has happened by then.
    virtual void attach(FileLoader& loader);

    /// The objects that it creates, requires, alters and drops.
    virtual void footprint(Footprint& out, const RenderContext& context) const = 0;

    /// The SQL that does it, given the schema before.
    virtual std::vector<Statement> statements(const RenderContext& context) const = 0;

    /// The SQL that undoes it, given the schema before.
    virtual Undo inverse(const RenderContext& context) const = 0;

    /// The schema after it. Objects that the catalog does not know are passed over: they may have been there
    /// before the changelog began.
    virtual void apply(catalog::Catalog& catalog, const RenderContext& context) const = 0;

    /// A comma list of databases, as Liquibase's `dbms` on a change; empty: all.
    virtual std::string_view dbms() const { return {}; }

    // What is no SQL. The executor asks for these at the operation's place among the changes of its
    // changeset.

    /// The run ends here with this message, as a failure; whatever came before in the changeset is undone.
    virtual std::optional<std::string> stop_message() const { return std::nullopt; }

    /// A message that is to be printed.
    virtual std::optional<OutputMessage> output() const { return std::nullopt; }

    /// A tag that the changeset's row in the history gets.
    virtual std::optional<std::string> tag() const { return std::nullopt; }

    /// A program that is to be run; null if there is none. Lives as long as the operation.
    virtual const Command* command() const { return nullptr; }
};

/// One row of the registry.
struct OperationType {
    std::string_view name;     ///< the key in the file: "addColumn"
    std::string_view summary;  ///< one sentence for the reference page
    std::string_view group;    ///< "table", "column", "constraint", ...: how the reference page is divided
    std::unique_ptr<Operation> (*make)();
};

/// Every operation there is, sorted by name.
const std::vector<const OperationType*>& operation_types();

/// Null if there is no operation of that name (names are case-sensitive, as Liquibase's are).
const OperationType* find_operation(std::string_view name);

}  // namespace changelog
