#include "report/findings.hpp"

#include "core/sha256.hpp"
#include "report/diagnostics.hpp"
#include "report/findings_json.hpp"
#include "report/visible.hpp"

#include <algorithm>
#include <map>

namespace changelog::report {

namespace {

using hazards::Lock;

const char* name_of(Severity severity) {
    return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

std::string name_of(const ObjectName& name) {
    return name.schema.empty() ? name.name : name.schema + '.' + name.name;
}

void put_region(const Region& region, Json& where) {
    if (region.begin.line == 0) return;
    where["endLine"] = region.end_line;
    where["endCol"] = region.end_column;
}

Json where_json(const Region& region) {
    Json where = Json::object();
    put(where, "file", region.begin.file);
    where["line"] = region.begin.line;
    where["col"] = region.begin.column;
    put_region(region, where);
    return where;
}

const char* blocked_by(Lock lock) {
    return hazards::blocks_reads(lock)    ? "reads and writes"
           : hazards::blocks_writes(lock) ? "writes"
                                          : "nothing";
}

Json relations_json(const std::vector<hazards::RelationFacts>& relations) {
    Json out = Json::array();
    for (const hazards::RelationFacts& each : relations)
        out.push_back({{"object", name_of(each.name)},
                       {"lock", to_string(each.lock)},
                       {"blocks", blocked_by(each.lock)},
                       {"work", to_string(each.work)}});
    return out;
}

Json objects_json(const std::vector<ObjectRef>& objects) {
    Json out = Json::array();
    for (const ObjectRef& object : objects) {
        Json one = {{"kind", to_string(object.kind)}};
        put(one, "schema", object.name.schema);
        one["name"] = object.name.name;
        put(one, "part", object.part);
        out.push_back(std::move(one));
    }
    return out;
}

Json failures_json(const hazards::StatementFacts& facts) {
    Json out = Json::array();
    for (const hazards::Failure& failure : facts.failures)
        out.push_back(
            {{"sqlstate", failure.sqlstate}, {"reason", failure.reason}, {"certain", failure.certain}});
    return out;
}

Json statement_json(const AuditedStatement& statement) {
    hazards::Work work = hazards::Work::none;
    for (const auto& each : statement.facts.relations) work = std::max(work, each.work);
    Json out = {{"statement", statement.ordinal}, {"where", where_json(statement.region)}};
    put(out, "summary", statement.facts.summary);
    out["transactional"] = !statement.facts.outside_transaction;
    put(out, "lock", to_string(statement.facts.strongest()));
    out["work"] = to_string(work);
    out["locks"] = relations_json(statement.facts.relations);
    put(out, "failures", failures_json(statement.facts));
    out["known"] = statement.facts.known;
    put(out, "unknown", statement.facts.unknown_reason);
    return out;
}

std::string object_of(const AuditedFinding& finding) {
    std::string out;
    for (const ObjectRef& object : finding.objects) out += to_string(object) + '\n';
    return out;
}

}  // namespace

Json to_json(const AuditedFinding& finding) {
    Json out = {{"rule", finding.rule}};
    out.update(to_json(finding.item));
    if (finding.ordinal != 0) out["statement"] = finding.ordinal;
    if (out.contains("where")) put_region(finding.region, out["where"]);
    put(out, "objects", objects_json(finding.objects));
    put(out, "locks", relations_json(finding.relations));
    if (finding.weighed_from)
        out[*finding.weighed_from > finding.item.severity ? "loweredFrom" : "raisedFrom"] =
            name_of(*finding.weighed_from);
    put(out, "allowed", finding.allowed);
    put(out, "allowedUntil", finding.allowed_until);
    return out;
}

Json to_json(const std::vector<AuditedFinding>& findings) {
    Json out = Json::array();
    for (const AuditedFinding& finding : findings) out.push_back(to_json(finding));
    return out;
}

std::size_t count(const AuditView& view, Severity severity) {
    return static_cast<std::size_t>(
        std::count_if(view.findings.begin(), view.findings.end(),
                      [&](const AuditedFinding& finding) { return finding.item.severity == severity; }));
}

bool fails(const AuditView& view) {
    return view.fail_on && std::any_of(view.findings.begin(), view.findings.end(), [&](const auto& finding) {
               return finding.item.severity >= *view.fail_on;
           });
}

std::string audit_summary(const AuditView& view) {
    std::string out = fmt::format(
        "{}, {}: {}, {}, {}", counted(view.files, "file"), counted(view.statements.size(), "statement"),
        counted(count(view, Severity::error), "error"), counted(count(view, Severity::warning), "warning"),
        counted(count(view, Severity::note), "note"));
    if (!view.allowed.empty()) out += fmt::format(", {} allowed", view.allowed.size());
    return out;
}

std::string audit_text(const AuditView& view, bool colour, bool notes) {
    std::string out;
    for (const AuditedFinding& finding : view.findings)
        if (notes || finding.item.severity != Severity::note) out += to_text(visible(finding.item), colour);
    out += audit_summary(view);
    if (!notes && count(view, Severity::note) > 0) out += " (-v shows the notes)";
    return out + '\n';
}

std::string audit_json(const AuditView& view) {
    Json statements = Json::array();
    for (const AuditedStatement& statement : view.statements) statements.push_back(statement_json(statement));
    Json out = {{"command", "audit"}, {"ok", !fails(view)}};
    out["findings"] = to_json(view.findings);
    out["allowed"] = to_json(view.allowed);
    out["statements"] = std::move(statements);
    out["summary"] = {{"files", view.files},
                      {"statements", view.statements.size()},
                      {"errors", count(view, Severity::error)},
                      {"warnings", count(view, Severity::warning)},
                      {"notes", count(view, Severity::note)},
                      {"allowed", view.allowed.size()},
                      {"failOn", view.fail_on ? name_of(*view.fail_on) : "never"}};
    return dump(out);
}

std::vector<std::string> fingerprints(const std::vector<AuditedFinding>& findings) {
    std::vector<std::string> out;
    std::map<std::string, int> seen;
    for (const AuditedFinding& finding : findings) {
        const std::string& changeset = finding.item.changeset;
        const std::string key =
            fmt::format("{}\n{}\n{}\n{}", finding.rule, finding.item.where.file,
                        changeset.empty() ? fmt::format("{}", finding.ordinal) : "changeset " + changeset,
                        object_of(finding));
        out.push_back(sha256(fmt::format("{}{}", key, seen[key]++)));
    }
    return out;
}

}  // namespace changelog::report
