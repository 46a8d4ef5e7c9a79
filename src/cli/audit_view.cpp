#include "cli/audit_view.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "hazards/follow.hpp"
#include "hazards/parsed.hpp"
#include "report/visible.hpp"
#include "sql/parse.hpp"

#include <algorithm>

namespace changelog::cli {

namespace {

using hazards::Finding;
using hazards::RelationFacts;
using hazards::StatementFacts;
using hazards::Work;
using report::AuditedFinding;

/// A name in one line, without the schema that everybody means.
std::string shown(const ObjectName& name, const AuditOptions& options) {
    return report::visible(name.schema == options.default_schema ? name.name : name.schema + '.' + name.name);
}

/// "ACCESS EXCLUSIVE on orders: reads and writes wait while it is written anew."
std::string sentence(const RelationFacts& facts, const AuditOptions& options) {
    const std::string_view waits = hazards::blocks_reads(facts.lock)    ? "reads and writes wait"
                                   : hazards::blocks_writes(facts.lock) ? "writes wait"
                                                                        : "nobody waits";
    const std::string_view during = facts.work == Work::rewrite ? " while it is written anew"
                                    : facts.work == Work::build ? " while an index is built"
                                    : facts.work == Work::scan  ? " while it is read"
                                                                : "";
    return fmt::format("{} on {}: {}{}.", to_string(facts.lock), shown(facts.name, options), waits, during);
}

std::string sentences(const std::vector<RelationFacts>& relations, const AuditOptions& options) {
    constexpr std::size_t kMost = 4;
    std::vector<std::string> lines;
    for (const RelationFacts& each : relations)
        if (hazards::blocks_writes(each.lock) || each.work != Work::none)
            lines.push_back(sentence(each, options));
    const std::size_t all = lines.size();
    if (all > kMost) {
        lines.resize(kMost);
        lines.push_back(fmt::format("The same for {} more.", all - kMost));
    }
    return join(lines, "\n");
}

class FileAudit {
  public:
    FileAudit(const AuditInput& input, const AuditOptions& options, catalog::Catalog& catalog,
              report::AuditView& view)
        : input_(input), options_(options), catalog_(catalog), view_(view), used_(input.allowances.size()) {}

    void run() {
        const hazards::FactContext context{catalog_, options_.server_version, options_.default_schema, false,
                                           options_.single_transaction};
        const std::vector<Finding> found = findings_of(input_.statements, context, &facts_);
        auto next = found.begin();
        for (std::size_t i = 0; i < input_.statements.size(); ++i) {
            view_.statements.push_back({input_.region_of(i, 0), i + 1, facts_[i]});
            syntax(i);
            for (; next != found.end() && next->statement == i; ++next) take(finding(*next));
            hazards::follow(input_.statements[i].sql, options_.default_schema, catalog_);
        }
        for (; next != found.end(); ++next) take(finding(*next));
        for (std::size_t i = 0; i < input_.allowances.size(); ++i) check(input_.allowances[i], used_[i]);
        ++view_.files;
    }

  private:
    AuditedFinding begin(std::string_view rule, std::string_view code, Severity severity,
                         std::size_t statement, const report::Region& region, std::string title) const {
        AuditedFinding out;
        Diagnostics one;
        out.item = one.add(severity, code, region.begin, std::move(title));
        out.rule = rule;
        out.region = region;
        out.ordinal = statement < input_.statements.size() ? statement + 1 : 0;
        return out;
    }

    void syntax(std::size_t statement) {
        const std::string& sql = input_.statements[statement].sql;
        if (hazards::Parsed(sql).readable()) return;
        const auto error = sql::syntax_error(sql);
        std::size_t at = 0;  // in bytes; the parser counts characters
        for (int left = error ? error->position : 0; left > 1 && at < sql.size(); --left) do {
                ++at;
            } while (at < sql.size() && (static_cast<unsigned char>(sql[at]) & 0xC0) == 0x80);
        const std::string message = error                   ? error->message
                                    : sql::is_too_deep(sql) ? "it is nested too deeply to be read"
                                                            : "it cannot be read";
        AuditedFinding out =
            begin("statement-fails", codes::statement_fails, Severity::error, statement,
                  input_.region_of(statement, input_.statements[statement].offset + at), message);
        out.item.why = fmt::format(
            "Nothing is known of what the statement does. The parser knows the syntax of PostgreSQL {} and "
            "some of what is newer.",
            sql::grammar_version());
        if (error) {
            out.item.server.emplace();
            out.item.server->sqlstate = "42601";
            out.item.server->message = error->message;
            out.item.server->position = error->position;
        }
        view_.findings.push_back(std::move(out));
    }

    AuditedFinding finding(const Finding& found) const {
        const StatementFacts& facts = facts_.at(found.statement);
        AuditedFinding out = begin(found.rule, found.code, found.severity, found.statement,
                                   input_.region_of(found.statement, found.offset), found.message);
        out.objects = found.objects;
        out.relations = facts.relations;
        out.item.got = facts.summary;
        out.item.why = sentences(facts.relations, options_);
        if (!found.safe.empty()) {
            out.item.next = {std::string(found.safe)};
            out.item.fixes.push_back({std::string(found.safe), false, edits(found)});
        }
        if (grows_with_size(found.code)) weigh(out);
        return out;
    }

    /// CONCURRENTLY is one word more.
    std::vector<Edit> edits(const Finding& found) const {
        if (found.code != codes::create_index_blocking && found.code != codes::drop_index_blocking) return {};
        const hazards::MigrationStatement& statement = input_.statements[found.statement];
        const sql::DdlText text(statement.sql);
        const std::size_t word = text.find("INDEX", 0, text.size());
        if (word == text.size() || options_.single_transaction) return {};
        const std::size_t at = statement.offset + text.offset(word) + text[word].size();
        const report::Region region = input_.region(at, at);
        return {{region.begin.file, region.begin.line, region.begin.column, region.begin.line,
                 region.begin.column, " CONCURRENTLY"}};
    }

    /// The tables on which work is done, or else those that the finding is about.
    std::vector<ObjectName> worked_on(const AuditedFinding& finding) const {
        std::vector<ObjectName> out;
        for (const RelationFacts& each : finding.relations) {
            if (each.work == Work::none) continue;
            const auto place = catalog_.find_index(each.name);
            out.push_back(place.table != nullptr ? place.table->name : each.name);
        }
        if (out.empty())
            for (const ObjectRef& object : finding.objects) out.push_back(object.name);
        return out;
    }

    /// The largest table counts; one whose size is not known may be large.
    void weigh(AuditedFinding& finding) const {
        std::optional<ObjectName> largest;
        std::uint64_t most = 0;
        bool all_known = true;
        for (const ObjectName& table : worked_on(finding)) {
            const auto rows = options_.sizes.rows(table);
            all_known = all_known && rows;
            if (!rows || (largest && *rows <= most)) continue;
            largest = table;
            most = *rows;
        }
        if (!largest) return;
        const std::string size = fmt::format("{} has {}", shown(*largest, options_), shown_rows(most));
        if (most >= TableSizes::kSmall) {
            finding.item.title += fmt::format("; {}", size);
        } else if (all_known && finding.item.severity != Severity::note) {
            finding.lowered_from = finding.item.severity;
            finding.item.severity = Severity::note;
            finding.item.why +=
                fmt::format("{}{}: too few to matter.", finding.item.why.empty() ? "" : "\n", size);
        }
    }

    void take(AuditedFinding finding) {
        for (std::size_t i = 0; i < input_.allowances.size(); ++i) {
            const Allowance& allowance = input_.allowances[i];
            if (allowance.statement + 1 != finding.ordinal || allowance.reason.empty()) continue;
            for (const std::string& rule : allowance.rules) {
                if (!equal_ignoring_case(rule, finding.rule) && !equal_ignoring_case(rule, finding.item.code))
                    continue;
                finding.allowed = allowance.reason;
                used_[i].insert(rule);
                view_.allowed.push_back(std::move(finding));
                return;
            }
        }
        view_.findings.push_back(std::move(finding));
    }

    AuditedFinding& complain(const Allowance& allowance, std::string_view rule, std::string_view code,
                             Severity severity, std::string title) {
        const std::size_t end = std::min(input_.text.find('\n', allowance.offset), input_.text.size());
        view_.findings.push_back(begin(rule, code, severity, allowance.statement,
                                       input_.region(allowance.offset, end), std::move(title)));
        return view_.findings.back();
    }

    void check(const Allowance& allowance, const std::set<std::string>& used) {
        std::vector<std::string_view> known;
        const std::vector<hazards::RuleEntry> rules = hazards::all_rules();
        for (const hazards::RuleEntry& each : rules) known.push_back(each.id);
        if (allowance.reason.empty()) {
            complain(allowance, "allow-without-reason", codes::missing_key, Severity::warning,
                     "changelog:allow without a reason allows nothing")
                .item.next = {"-- changelog:allow RULE reason"};
            return;
        }
        for (const std::string& rule : allowance.rules) {
            if (used.contains(rule)) continue;
            const bool exists = std::any_of(rules.begin(), rules.end(), [&](const hazards::RuleEntry& each) {
                return equal_ignoring_case(each.id, rule) || equal_ignoring_case(each.code, rule);
            });
            if (exists)
                complain(allowance, "allow-unused", codes::misplaced_key, Severity::note,
                         fmt::format("the statement has no finding '{}' that could be allowed", rule));
            else
                complain(allowance, "allow-unknown-rule", codes::unknown_key, Severity::warning,
                         fmt::format("there is no rule '{}'", rule))
                    .item.did_you_mean = nearest(rule, known);
        }
    }

    const AuditInput& input_;
    const AuditOptions& options_;
    catalog::Catalog& catalog_;
    report::AuditView& view_;
    std::vector<StatementFacts> facts_;
    std::vector<std::set<std::string>> used_;  // of the allowances' rules
};

}  // namespace

void audit(const AuditInput& input, const AuditOptions& options, catalog::Catalog& catalog,
           report::AuditView& view) {
    FileAudit(input, options, catalog, view).run();
}

}  // namespace changelog::cli
