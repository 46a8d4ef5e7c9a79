#include "cli/audit_view.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "hazards/follow.hpp"
#include "hazards/parsed.hpp"
#include "hazards/search_path.hpp"
#include "report/visible.hpp"
#include "review/weigh.hpp"
#include "sql/parse.hpp"

#include <algorithm>

namespace changelog::cli {

namespace {

using hazards::Finding;
using hazards::StatementFacts;
using report::AuditedFinding;

/// A name in one line, without the schema that everybody means.
std::string shown(const ObjectName& name, const AuditOptions& options) {
    return report::visible(name.schema == options.default_schema ? name.name : name.schema + '.' + name.name);
}

/// Behind an open quote the parser repeats all that follows.
std::string shortened(std::string message) {
    constexpr std::size_t kMost = 200;
    if (message.size() <= kMost) return message;
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) --end;
    return message.substr(0, end) + "...";
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
        hazards::SearchPath search_path(options_.default_schema);
        for (std::size_t i = 0; i < input_.statements.size(); ++i) {
            view_.statements.push_back({input_.region_of(i, 0), i + 1, facts_[i]});
            syntax(i);
            for (; next != found.end() && next->statement == i; ++next) take(finding(*next));
            const std::string& sql = input_.statements[i].sql;
            hazards::follow(sql, search_path.schema_for(sql, catalog_), catalog_);
            search_path.go_on(sql);
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
        const std::string message = error                   ? shortened(error->message)
                                    : sql::is_too_deep(sql) ? "it is nested too deeply to be read"
                                                            : "it cannot be read";
        AuditedFinding out =
            begin("unreadable-sql", codes::unreadable_sql, Severity::error, statement,
                  input_.region_of(statement, input_.statements[statement].offset + at), message);
        out.item.why = fmt::format(
            "Nothing is known of what the statement does. The parser knows the syntax of PostgreSQL {} and "
            "some of what is newer.",
            sql::grammar_version());
        if (error) {
            out.item.server.emplace();
            out.item.server->sqlstate = "42601";
            out.item.server->message = message;
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
        out.item.why = review::lock_sentences(facts.relations, weighing_.shown);
        if (!found.safe.empty()) {
            out.item.next = {std::string(found.safe)};
            out.item.fixes.push_back({std::string(found.safe), false, edits(found)});
        }
        review::weigh(out, weighing_);
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

    /// What --rows says is of now. Numbers alone make nothing graver: nobody knows how long the lock is held.
    review::Weighing weighing() const {
        review::Weighing out{[this](const ObjectName& table) {
                                 return review::TableSize{options_.sizes.rows(table), std::nullopt};
                             },
                             [this](const ObjectName& name) { return shown(name, options_); }, catalog_};
        out.graver = false;
        return out;
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
            complain(allowance, "allow-without-reason", codes::unreasoned_suppression, Severity::warning,
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
                complain(allowance, "allow-unused", codes::unused_suppression, Severity::note,
                         fmt::format("the statement has no finding '{}' that could be allowed", rule));
            else
                complain(allowance, "allow-unknown-rule", codes::unknown_rule, Severity::warning,
                         fmt::format("there is no rule '{}'", rule))
                    .item.did_you_mean = nearest(rule, known);
        }
    }

    const AuditInput& input_;
    const AuditOptions& options_;
    catalog::Catalog& catalog_;
    report::AuditView& view_;
    const review::Weighing weighing_ = weighing();
    std::vector<StatementFacts> facts_;
    std::vector<std::set<std::string>> used_;  // of the allowances' rules
};

}  // namespace

void audit(const AuditInput& input, const AuditOptions& options, catalog::Catalog& catalog,
           report::AuditView& view) {
    FileAudit(input, options, catalog, view).run();
}

}  // namespace changelog::cli
