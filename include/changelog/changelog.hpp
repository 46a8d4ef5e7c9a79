// The model of a changelog: what the files say, bound to typed operations.
#pragma once

#include "changelog/diagnostics.hpp"
#include "changelog/operation.hpp"
#include "changelog/position.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog {

/// Identity as Liquibase has it: compared as text, case-sensitively.
struct ChangeSetKey {
    std::string id;
    std::string author;
    std::string path;  ///< logicalFilePath, or the file's path relative to the search path, with '/'

    auto operator<=>(const ChangeSetKey&) const = default;
    bool operator==(const ChangeSetKey&) const = default;
};

/// "db/orders.yaml::12::alice"
std::string to_string(const ChangeSetKey& key);

enum class OnFail : std::uint8_t { halt, carry_on, mark_ran, warn };

/// A condition of a precondition tree. `kind` is its key ("and", "not", "tableExists", ...); `attributes` are
/// as written, after property expansion; `children` only under and, or, not.
struct Condition {
    std::string kind;
    Position at;
    std::map<std::string, std::string> attributes;
    std::vector<Condition> children;
};

struct Preconditions {
    std::vector<Condition> all;
    OnFail on_fail = OnFail::halt, on_error = OnFail::halt;
    std::string on_fail_message, on_error_message;
    std::string on_sql_output = "IGNORE";
    Position at;
};

/// One step of a modifySql block, applied to SQL text in order.
struct SqlEdit {
    std::string kind;  ///< append, prepend, replace, regExpReplace
    std::string find, text;
    std::string dbms, contexts, labels;
    bool to_rollback = false;
};

/// How a changeset says that it is undone.
struct RollbackBlock {
    std::vector<std::unique_ptr<Operation>> operations;  ///< none: nothing is to be done
    std::optional<ChangeSetKey> forward_of;  ///< roll back by running the changes of that changeset
    Position at;
};

/// A named changeset of `dependsOn`; author and path may be left out.
struct ChangeSetReference {
    std::string id, author, path;
    Position at;
};

struct Suppression {
    std::string rule, reason, until;
    Position at;
};

enum class RunOrder : std::uint8_t { normal, first, last };

struct ChangeSet {
    ChangeSetKey key;
    Position at;
    std::string stored_path;  ///< the file that it stands in, whatever its logical path
    std::string comment;
    std::string created;
    std::vector<std::string> contexts;  ///< every expression that must hold: own, the file's, the includes'
    std::vector<std::string> labels;    ///< every label list that must match
    std::string dbms;
    bool run_always = false, run_on_change = false, fail_on_error = true, run_in_transaction = true;
    bool ignore = false, mark_ran_on_invalid = false;
    bool invalid =
        false;  ///< onValidationFail: MARK_RAN and not valid: without changes, recorded as marked_ran
    RunOrder run_order = RunOrder::normal;
    QuotingStrategy quoting = QuotingStrategy::legacy;
    std::vector<std::string> valid_checksums;
    std::optional<Preconditions> preconditions;
    std::vector<std::unique_ptr<Operation>> changes;
    std::optional<RollbackBlock> rollback;  ///< absent: generated
    std::vector<SqlEdit> sql_edits;
    std::optional<std::string> tag;  ///< of a tagDatabase among its changes

    // Keys of our own (Liquibase ignores them).
    std::vector<ChangeSetReference> depends_on;
    std::vector<std::string> provides;
    std::string strategy = "auto";
    std::string retain;
    std::vector<Suppression> suppressions;

    std::string definition;  ///< the canonical form: compact JSON with sorted keys
    std::string checksum;    ///< "1:<sha256 of definition>"
};

struct Changelog {
    std::shared_ptr<Sources> sources;
    std::vector<ChangeSet> changesets;  ///< in the order in which Liquibase would run them
    std::vector<Preconditions> preconditions;
};

/// Where files come from. The only way by which reading touches the world.
class FileSource {
  public:
    virtual ~FileSource() = default;
    /// The content, or nothing if there is no such file. Throws std::system_error when it is there but cannot
    /// be read.
    virtual std::optional<std::string> read(const std::string& path) = 0;
    /// All files below a folder, as paths of the same kind, in no order; nothing if there is no such folder.
    virtual std::optional<std::vector<std::string>> list(const std::string& folder) = 0;
    /// The content in pieces, for files that are too large to hold; false if there is no such file. `take`
    /// returns false to stop early. The default hands over what read() gives.
    virtual bool stream(const std::string& path, const std::function<bool(std::string_view)>& take);
};

/// Keeps parsed documents between runs, by the SHA-256 of their text. A cache may forget at any time.
class DocumentCache {
  public:
    virtual ~DocumentCache() = default;
    virtual std::string_view find(const std::string& digest) = 0;  ///< empty: not known
    virtual void add(const std::string& digest, std::string bytes) = 0;
};

struct LoadOptions {
    std::map<std::string, std::string> parameters;   ///< -Dname=value
    std::map<std::string, std::string> environment;  ///< variables that ${...} may name; empty: none
    std::vector<std::string> contexts;  ///< of this run; only what properties and includes are filtered by
    std::string labels;
    bool lenient = false;                    ///< unknown keys are warnings
    std::vector<std::string> lenient_paths;  ///< glob patterns of files for which they are
    std::string default_schema = "public";
    std::size_t max_file_bytes = std::size_t{32} << 20;
    DocumentCache* cache = nullptr;  ///< null: every file is parsed
};

/// Reads a changelog and everything that it includes. With errors in `diagnostics` the result is incomplete
/// and must not be run; everything that is wrong has been reported.
Changelog load_changelog(const std::string& path, FileSource& files, const LoadOptions& options,
                         Diagnostics& diagnostics);

/// What a run selects changesets by. Liquibase: no contexts given means that every expression holds.
struct Selection {
    std::vector<std::string> contexts;
    std::string labels;  ///< an expression; empty: all
};

/// Why a changeset does not run ("context 'prod'"), or nothing if it does.
std::optional<std::string> why_not_selected(const ChangeSet& changeset, const Selection& selection);

}  // namespace changelog
