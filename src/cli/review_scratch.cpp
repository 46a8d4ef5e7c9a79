#include "cli/review_scratch.hpp"

#include "cli/logging.hpp"
#include "cli/os_files.hpp"
#include "cli/output.hpp"
#include "cli/review_scratch_proof.hpp"
#include "cli/session.hpp"
#include "core/text.hpp"
#include "report/run.hpp"
#include "review/proof_findings.hpp"
#include "review/proven_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <mutex>

namespace changelog::cli {

namespace {

/// "15,18" as {"15", "18"}, each once; one that is empty for the newest that is installed.
std::vector<std::string> versions_of(const std::string& given) {
    std::vector<std::string> out;
    for (const std::string& word : split(given, ','))
        if (std::find(out.begin(), out.end(), trim(word)) == out.end()) out.push_back(trim(word));
    if (out.empty()) out.emplace_back();
    return out;
}

std::string setup_of(const Arguments& arguments) {
    const auto path = arguments.value("--setup");
    if (!path) return {};
    auto text = OsFiles({}).read(std::filesystem::absolute(*path).string());
    if (!text) throw UsageError(fmt::format("there is no file '{}'", *path));
    return std::move(*text);
}

/// What a signal stops: whatever runs, and all that comes after it.
class Stop {
  public:
    void runs(ScratchProof* now) {
        const std::lock_guard guard(mutex_);
        running_ = now;
        if (stopped_ && now != nullptr) now->stop();
    }
    void now() {
        const std::lock_guard guard(mutex_);
        stopped_ = true;
        if (running_ != nullptr) running_->stop();
    }

  private:
    std::mutex mutex_;
    bool stopped_ = false;
    ScratchProof* running_ = nullptr;
};

void take_schema(const ProvenSchema& schema, review::Review& review) {
    review.schema = review::proven_changes(schema.before, schema.after, schema.same_database, review.schema);
    review.before = schema.before;
    review.after = schema.after;
}

}  // namespace

void prove(Call& call, const Settings& settings, const review::ReviewInput& input, review::Review& review) {
    if (review.plan.changesets.empty()) return;
    const auto listen = [](const execute::Event& event) {
        if (const std::string line = report::event_line(event); !line.empty()) log_detail(line);
    };
    const ScratchTask task{input, engine_options(settings, false), setup_of(call.arguments), listen};
    Stop stop;
    const SignalWatch watch([&stop] { stop.now(); });
    for (const std::string& version : versions_of(call.arguments.value("--scratch").value_or(""))) {
        const auto server = start_scratch("scratch:" + version, settings.keep_scratch, call.output);
        ScratchProof proof(task, server->url());
        stop.runs(&proof);
        review::Proof found = proof.run(review);
        stop.runs(nullptr);
        if (SignalWatch::received() != 0) return;
        const std::string text = connect(server->url())->target().server_version_text;
        found.server = "PostgreSQL " + text.substr(0, text.find(' '));
        review.proofs.push_back(std::move(found));
        if (proof.schema().known && !review.schema.proven) take_schema(proof.schema(), review);
    }
    add_proof_findings(input.head.changelog, review);
}

}  // namespace changelog::cli
