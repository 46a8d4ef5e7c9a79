#include "hazards/findings.hpp"

#include "core/text.hpp"
#include "hazards/assumption.hpp"
#include "hazards/follow.hpp"
#include "hazards/lock_rules.hpp"
#include "hazards/pieces.hpp"
#include "hazards/rule.hpp"
#include "hazards/search_path.hpp"
#include "hazards/settings.hpp"

#include <algorithm>
#include <memory>

namespace changelog::hazards {

namespace {

constexpr std::array kRules = {
#define RULE(name) &rule_##name,
#include "hazards/rules.def"
#undef RULE
};

/// Why the statement is bound to fail.
std::string reason_in(const StatementFacts& facts) {
    for (const Failure& failure : facts.failures)
        if (failure.certain) return failure.reason + " (" + failure.sqlstate + ")";
    return {};
}

/// What the open transaction keeps everybody out of: "orders", "orders and 2 more".
std::string held_in(const Situation& now) {
    std::string out;
    std::size_t more = 0;
    for (const auto& [name, lock] : now.held) {
        if (lock != Lock::access_exclusive) continue;
        if (out.empty())
            out = shown(name, now.context);
        else
            ++more;
    }
    return more == 0 ? out : out + " and " + std::to_string(more) + " more";
}

std::string filled(std::string_view message, const Step& step, const Situation& now) {
    std::string out(message);
    const auto put = [&](const std::string& mark, const std::string& text) {
        for (std::size_t at = out.find(mark); at != std::string::npos; at = out.find(mark, at + text.size()))
            out.replace(at, mark.size(), text);
    };
    put("{destroys}", step.kind == "DROP VIEW" ? "" : "destroys what it holds and ");
    put("{table}", step.relation == ObjectName() ? "every table" : shown(step.relation, step.context));
    put("{name}", step.name);
    put("{reason}", reason_in(now.facts));
    put("{held}", held_in(now));
    return out;
}

ObjectKind part_kind(const std::string& kind) {
    for (const char* word : {"CONSTRAINT", "CHECK", "KEY", "UNIQUE", "EXCLUDE"})
        if (kind.find(word) != std::string::npos && !kind.starts_with("COLUMN "))
            return ObjectKind::constraint;
    if (kind.find("TRIGGER") != std::string::npos) return ObjectKind::trigger;
    return kind.find("POLICY") != std::string::npos ? ObjectKind::policy : ObjectKind::column;
}

std::vector<ObjectRef> objects_of(const Step& step) {
    if (step.relation.name.empty()) return {};
    if (step.name.empty() || step.kind == "CREATE INDEX") return {{ObjectKind::table, step.relation, {}}};
    return {{part_kind(step.kind), step.relation, step.name}};
}

bool concerns(const Rule& rule, const Step& step, const Situation& now) {
    if (rule.kinds.front().empty()) return step.kind != kEnd;
    if (std::find(rule.kinds.begin(), rule.kinds.end(), step.kind) == rule.kinds.end()) return false;
    const bool made = now.is_made(step.relation) || step.relation.schema == "pg_temp";
    return rule.about == About::anything || !made;
}

class Walk {
  public:
    Walk(const std::vector<MigrationStatement>& given, const FactContext& context)
        : catalog_(context.before),
          context_{catalog_,          context.server_version, context.default_schema,
                   context.utc,       context.in_transaction, context.made,
                   context.new_labels},
          path_(context.default_schema) {
        SearchPath ahead = path_;
        for (std::size_t i = 0; i < given.size(); ++i)
            for (MigrationStatement& each : single_statements(given[i])) {
                parsed_.push_back(std::make_unique<Parsed>(each.sql));
                context_.default_schema = ahead.schema_for(each.sql, catalog_);
                all_.push_back(steps_of(*parsed_.back(), context_));
                ahead.go_on(all_.back());
                statements_.push_back(std::move(each));
                given_.push_back(i);
            }
        assume_tables(all_, catalog_);
    }

    std::vector<Finding> take(std::vector<StatementFacts>* facts) {
        for (position_ = 0; position_ < statements_.size(); ++position_) {
            StatementFacts found = statement();
            if (facts != nullptr) facts->at(given_[position_]) = std::move(found);
        }
        end();
        return std::move(out_);
    }

  private:
    StatementFacts statement() {
        context_.default_schema = path_.schema_for(statements_[position_].sql, catalog_);
        // What a name stands for (a table, a view) is seen only now.
        all_[position_] = steps_of(*parsed_[position_], context_);
        StatementFacts facts = facts_of(*parsed_[position_], all_[position_], context_);
        look(facts, all_[position_]);
        go_on(facts);
        return facts;
    }

    void look(const StatementFacts& facts, const std::vector<Step>& steps) {
        const auto settings = settings_.all();
        const std::size_t place = std::min(position_, statements_.empty() ? 0 : statements_.size() - 1);
        static const std::string nothing;
        const Situation now{
            context_, facts, held_,       settings,
            all_,     place, began_here_, statements_.empty() ? nothing : statements_[place].sql};
        for (const Step& step : steps)
            for (const Rule* rule : kRules)
                if (concerns(*rule, step, now) && (rule->check == nullptr || rule->check({step, now})))
                    report(*rule, {step, now}, place);
    }

    void report(const Rule& rule, const Look& at, std::size_t place) {
        const Step& step = at.step;
        const auto same = [&](const Finding& earlier) {
            return earlier.rule == rule.id && earlier.statement == given_[place] &&
                   earlier.offset == statements_[place].offset + step.offset &&
                   earlier.objects == objects_of(step);
        };
        if (std::any_of(out_.begin(), out_.end(), same)) return;
        Finding finding;
        finding.rule = rule.id;
        finding.code = rule.code;
        finding.severity = rule.severity;
        finding.message = filled(rule.message, step, at.now);
        finding.safe = rule.safe;
        finding.objects = objects_of(step);
        finding.statement = given_[place];
        finding.offset = statements_[place].offset + step.offset;
        out_.push_back(std::move(finding));
    }

    /// To the state behind the statement.
    void go_on(const StatementFacts& facts) {
        const std::string& sql = statements_[position_].sql;
        for (const Step& step : all_[position_]) {
            settings_.read(step, context_.in_transaction);
            transaction(step);
            for (const Node* made :
                 {&child(*step.node, "relation"), &child(child(*step.node, "into"), "rel")})
                if (text_of(*made, "relpersistence") == "t")
                    context_.made.insert({context_.default_schema, text_of(*made, "relname")});
        }
        const auto zone = settings_.all();
        if (const auto found = zone.find("timezone"); found != zone.end())
            context_.utc = is_utc(found->second);
        if (context_.in_transaction)
            for (const RelationFacts& each : facts.relations)
                if (is_table(each.name)) held_[each.name] = std::max(held_[each.name], each.lock);
        if (context_.in_transaction) context_.new_labels.merge(new_labels(sql, context_));
        const std::set<ObjectName> before = relations_here();
        // Steps hold on to the catalog, so it changes in place.
        follow(sql, context_.default_schema, catalog_);
        for (const ObjectName& name : relations_here())
            if (!before.contains(name)) context_.made.insert(name);
        created(before);
        renamed();
        path_.go_on(all_[position_]);
    }

    /// Whether it is a table, or may be one for all that is known.
    bool is_table(const ObjectName& name) const {
        if (catalog_.tables.contains(name)) return true;
        if (catalog_.views.contains(name) || catalog_.sequences.contains(name)) return false;
        for (const Step& step : all_[position_]) {
            const bool other = step.kind.find("INDEX") != std::string::npos ||
                               step.kind.find("VIEW") != std::string::npos ||
                               step.kind.find("SEQUENCE") != std::string::npos;
            if (other && step.relation == name) return false;
        }
        return owner_of_index(catalog_, name) == nullptr;
    }

    /// What there is of the relations that the statement is about.
    std::set<ObjectName> relations_here() const {
        std::set<ObjectName> out;
        for (const Step& step : all_[position_]) out.merge(relations_of(step.relation, catalog_));
        return out;
    }

    /// Also what the catalog could not take over.
    void created(const std::set<ObjectName>& before) {
        static constexpr std::array kMakes = {"CREATE TABLE", "CREATE TABLE AS", "CREATE VIEW",
                                              "CREATE MATERIALIZED VIEW", "CREATE SEQUENCE"};
        for (const Step& step : all_[position_])
            if (!before.contains(step.relation) && !flag_of(*step.node, "if_not_exists") &&
                std::find(kMakes.begin(), kMakes.end(), step.kind) != kMakes.end())
                context_.made.insert(step.relation);
    }

    /// What the migration made is still its own under another name.
    void renamed() {
        for (const Step& step : all_[position_]) {
            const std::string name = text_of(*step.node, "newname"),
                              schema = text_of(*step.node, "newschema");
            if (!step.name.empty() || !context_.made.contains(step.relation)) continue;
            if (!name.empty()) context_.made.insert({step.relation.schema, name});
            if (!schema.empty()) context_.made.insert({schema, step.relation.name});
        }
    }

    void transaction(const Step& step) {
        if (step.kind != "TRANSACTION") return;
        const std::string kind = text_of(*step.node, "kind");
        const bool begins = kind == "TRANS_STMT_BEGIN" || kind == "TRANS_STMT_START";
        const bool ends =
            kind == "TRANS_STMT_COMMIT" || kind == "TRANS_STMT_ROLLBACK" || kind == "TRANS_STMT_PREPARE";
        if (begins) {
            began_here_ = began_here_ || !context_.in_transaction;
            context_.in_transaction = true;
        } else if (ends) {
            context_.in_transaction = flag_of(*step.node, "chain");
            began_here_ = false;
            held_.clear();
            context_.new_labels.clear();
            settings_.end_transaction();
        }
    }

    void end() {
        static const Node nothing;
        if (statements_.empty()) return;
        std::vector<Step> last = {Step{context_, *parsed_.back()}};
        last.front().kind = kEnd;
        last.front().node = &nothing;
        look(StatementFacts(), last);
    }

    std::vector<MigrationStatement> statements_;
    std::vector<std::size_t> given_;  // which of the given texts each came from
    catalog::Catalog catalog_;
    FactContext context_;
    std::vector<std::unique_ptr<Parsed>> parsed_;
    std::vector<std::vector<Step>> all_;
    Settings settings_;
    SearchPath path_;
    std::map<ObjectName, Lock> held_;
    std::vector<Finding> out_;
    std::size_t position_ = 0;
    bool began_here_ = false;
};

}  // namespace

bool Situation::is_set(const std::string& name) const {
    const auto found = settings.find(name);
    if (found == settings.end() || found->second.empty()) return false;
    return std::any_of(found->second.begin(), found->second.end(),
                       [](char c) { return c >= '1' && c <= '9'; });
}

std::vector<RuleEntry> all_rules() {
    std::vector<RuleEntry> out;
    out.reserve(kRules.size());
    for (const Rule* rule : kRules) out.push_back({rule->id, rule->code, rule->severity});
    std::sort(out.begin(), out.end(), [](const RuleEntry& a, const RuleEntry& b) { return a.code < b.code; });
    return out;
}

std::vector<Finding> findings_of(const std::vector<MigrationStatement>& statements,
                                 const FactContext& context, std::vector<StatementFacts>* facts) {
    if (facts != nullptr) facts->assign(statements.size(), {});
    return Walk(statements, context).take(facts);
}

}  // namespace changelog::hazards
