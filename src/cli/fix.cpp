#include "report/fix.hpp"

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/file_writer.hpp"
#include "cli/output.hpp"
#include "cli/project.hpp"
#include "cli/review_input.hpp"
#include "cli/review_sides.hpp"
#include "cli/session.hpp"
#include "execute/commands.hpp"
#include "review/apply_edits.hpp"
#include "review/review.hpp"

#include <filesystem>
#include <map>
#include <set>

namespace changelog::cli {

namespace {

using Texts = std::map<std::string, std::string>;

/// The files as they would be.
class EditedFiles final : public FileSource {
  public:
    EditedFiles(const Settings& settings, const Texts& edited)
        : files_(settings.search_path, settings.load.max_file_bytes), edited_(edited) {}

    std::optional<std::string> read(const std::string& path) override {
        const auto found = edited_.find(path);
        return found == edited_.end() ? files_.read(path) : std::optional(found->second);
    }
    std::optional<std::vector<std::string>> list(const std::string& folder) override {
        return files_.list(folder);
    }
    bool stream(const std::string& path, const std::function<bool(std::string_view)>& take) override {
        const auto found = edited_.find(path);
        return found == edited_.end() ? files_.stream(path, take) : take(found->second);
    }

  private:
    OsFiles files_;
    const Texts& edited_;
};

class Fixer {
  public:
    Fixer(Call& call, const Settings& settings) : call_(call), settings_(settings) { find_base(); }

    int run() {
        Diagnostics problems = look();
        for (int pass = 0; pass < kMostPasses; ++pass) {
            const Texts before = edited_;
            const std::size_t done = made_.size(), errors = problems.count(Severity::error);
            if (!take(problems)) break;
            problems = look();
            const std::size_t now = problems.count(Severity::error);
            if (now == 0 || now < errors) continue;
            edited_ = before;  // what does not come out well is not written at all
            made_.resize(done);
            problems = look();
            break;
        }
        return finish(problems);
    }

  private:
    static constexpr int kMostPasses = 20;

    /// What the branch is compared with: git's base, or what a database that was named has applied.
    void find_base() {
        if (call_.arguments.has("--url")) {
            Diagnostics diagnostics;
            Session session(settings_, call_.output, diagnostics);
            applied_.emplace();
            try {
                for (const AppliedChangeSet& each : session.engine().ledger().applied())
                    applied_->insert(each.key);
            } catch (const postgres::DatabaseError& error) {
                execute::report_server_error(error.error, {}, "", diagnostics);
                throw UsageError(std::move(diagnostics));
            }
            return;
        }
        const auto base = call_.arguments.value("--base");
        try {
            sides_.emplace(load_sides(settings_, base, std::nullopt));
        } catch (const UsageError&) {
            if (base) throw;
            call_.output.say("no base in git and no --url: only errors are mended, no findings");
        }
    }

    /// Everything that is wrong now, findings as well.
    Diagnostics look() {
        Diagnostics out;
        const Project head =
            load_project(settings_, std::make_unique<EditedFiles>(settings_, edited_), nullptr, out);
        if (out.has_errors()) return out;
        if (sides_) add_findings(head, sides_->base_project, out);
        if (!applied_) return out;
        Diagnostics ignored;
        Project there =
            load_project(settings_, std::make_unique<EditedFiles>(settings_, edited_), nullptr, ignored);
        std::erase_if(there.changelog.changesets,
                      [&](const ChangeSet& each) { return !applied_->contains(each.key); });
        there.graph = resolve(there.changelog, offline_context(settings_), ignored);
        add_findings(head, there, out);
        return out;
    }

    void add_findings(const Project& head, const Project& base, Diagnostics& out) const {
        review::ReviewInput input{{head.changelog, head.graph}, {base.changelog, base.graph}};
        input.context = offline_context(settings_);
        input.selection = settings_.selection;
        input.transactions = settings_.transactions;
        input.now = current_time();
        input.files = head.files.get();
        Diagnostics ignored;
        for (review::LocatedFinding& each : review::review(input, ignored).findings) {
            // As an error a finding would count among what keeps a file from being read.
            if (each.item.severity == Severity::error) each.item.severity = Severity::warning;
            out.items().push_back(std::move(each.item));
        }
    }

    bool wanted(const Diagnostic& item) const {
        const std::vector<std::string> codes = call_.arguments.values("--code");
        if (!codes.empty()) return std::find(codes.begin(), codes.end(), item.code) != codes.end();
        return item.severity != Severity::note || call_.arguments.has("--all-rules");
    }

    /// What was meant by a mistyped word is a guess, but with the word nothing runs at all.
    static bool is_safe(const Diagnostic& item, const Fix& fix) {
        return fix.safe || (item.severity == Severity::error && !item.did_you_mean.empty());
    }

    /// Makes the edits of one pass. False if there are none.
    bool take(const Diagnostics& problems) {
        std::map<std::string, std::vector<Edit>> edits;
        bool any = false;
        for (const Diagnostic& item : problems.items()) {
            if (!wanted(item)) continue;
            for (const Fix& fix : item.fixes) {
                if (fix.edits.empty() || !(is_safe(item, fix) || call_.arguments.has("--unsafe"))) continue;
                if (!fits(fix, edits)) continue;
                for (const Edit& edit : fix.edits) edits[edit.file].push_back(edit);
                made_.push_back({item.where, item.code, fix.title});
                any = true;
                break;
            }
        }
        for (const auto& [file, each] : edits)
            if (auto text = review::apply_edits(text_of(file), each)) edited_[file] = std::move(*text);
        return any;
    }

    /// Another fix may be about the same place; then this one has its turn in the next pass.
    bool fits(const Fix& fix, std::map<std::string, std::vector<Edit>> edits) {
        for (const Edit& edit : fix.edits) edits[edit.file].push_back(edit);
        std::set<std::string> files;
        for (const Edit& edit : fix.edits) files.insert(edit.file);
        return std::all_of(files.begin(), files.end(), [&](const std::string& file) {
            const std::string text = text_of(file);
            const auto result = review::apply_edits(text, edits[file]);
            return result && *result != text;
        });
    }

    std::string text_of(const std::string& file) {
        if (const auto found = edited_.find(file); found != edited_.end()) return found->second;
        return original_of(file);
    }

    std::string original_of(const std::string& file) const {
        return OsFiles(settings_.search_path, settings_.load.max_file_bytes).read(file).value_or("");
    }

    /// Where the file is; the same choice among the roots as reading makes.
    std::string path_of(const std::string& file) const {
        std::error_code error;
        for (const std::string& root : settings_.search_path) {
            const std::filesystem::path path = std::filesystem::path(root) / file;
            if (std::filesystem::is_regular_file(path, error)) return path.string();
        }
        return file;
    }

    int finish(const Diagnostics& problems) {
        std::erase_if(edited_, [&](const auto& each) { return original_of(each.first) == each.second; });
        const bool dry = call_.arguments.has("--dry-run");
        Diagnostics written;
        if (!dry)
            for (const auto& [file, text] : edited_)
                if (!write_file(path_of(file), text, IfExists::replace, written)) break;
        show(problems, dry);
        call_.output.say(fmt::format("{} fix{} in {} file{}{}", made_.size(), made_.size() == 1 ? "" : "es",
                                     edited_.size(), edited_.size() == 1 ? "" : "s", left(problems)));
        call_.output.report(written);
        if (written.has_errors()) return exit_code_for(written);
        return exit_code_for(problems);
    }

    void show(const Diagnostics& problems, bool dry) {
        std::string diff;
        if (dry)
            for (const auto& [file, text] : edited_) {
                const std::string before = original_of(file);
                diff += review::unified_diff(file, before, review::line_edits(file, before, text));
            }
        if (call_.output.format() == Format::json) {
            report::FixView view{dry, made_, {}, std::move(diff), asks_for_decision(problems), problems};
            for (const auto& [file, text] : edited_) view.files.push_back(file);
            return call_.output.data(report::fix_json(view));
        }
        if (dry) return call_.output.data(diff);
        for (const report::MadeFix& each : made_)
            call_.output.data(
                fmt::format("{}:{}: {}: {}\n", each.where.file, each.where.line, each.code, each.title));
    }

    /// How many more --unsafe would mend.
    std::size_t asks_for_decision(const Diagnostics& problems) const {
        return static_cast<std::size_t>(
            std::count_if(problems.items().begin(), problems.items().end(), [&](const Diagnostic& item) {
                return wanted(item) && std::any_of(item.fixes.begin(), item.fixes.end(), [](const Fix& fix) {
                           return !fix.safe && !fix.edits.empty();
                       });
            }));
    }

    std::string left(const Diagnostics& problems) const {
        const std::size_t more = asks_for_decision(problems);
        std::string out = more == 0 ? "" : fmt::format("; {} more with --unsafe", more);
        if (const std::size_t errors = problems.count(Severity::error); errors > 0)
            out += fmt::format("; {} error{} left: see `changelog validate`", errors, errors == 1 ? "" : "s");
        return out;
    }

    Call& call_;
    const Settings& settings_;
    std::optional<ReviewSides> sides_;
    std::optional<std::set<ChangeSetKey>> applied_;
    Texts edited_;
    std::vector<report::MadeFix> made_;
};

int run_fix(Call& call) {
    const Settings settings = resolve_settings(call.arguments);
    for (const std::string& warning : settings.warnings) call.output.warn(warning);
    return Fixer(call, settings).run();
}

}  // namespace

const Command fix_command = {
    "fix",
    "Mend what is certain: mistyped keys, and findings of changesets that nobody has applied.",
    "Makes the edits that `validate` and `review` name, in the files, byte for byte beside them as they "
    "were. "
    "Findings are\n"
    "mended in changesets that the base (--base, as in `review`) does not have, or the database of --url has "
    "not applied.\n"
    "Only safe edits are made, unless --unsafe: those after which the same schema comes about, by the same "
    "changesets.\n"
    "Nothing is written if the changelog would not be valid afterwards. The exit code is 3 if errors are "
    "left.",
    {{"--dry-run", "", "Print what would change as a unified diff, and write nothing.", {}, {}},
     {"--unsafe", "", "Also edits that ask for a decision, such as further changesets.", {}, {}},
     {"--code", "CODE", "Only what this code finds, such as CL2161; may be repeated.", {}, {}, true},
     {"--all-rules", "", "Also what is only advice.", {}, {}},
     {"--base", "REF", "What the branch is compared with, as in `review`.", {}, {}}},
    {},
    {"changelog fix --dry-run", "changelog fix --code CL1203", "changelog fix --base origin/main --unsafe"},
    {"text", "json"},
    run_fix};

}  // namespace changelog::cli
