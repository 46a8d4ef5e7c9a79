#include "report/findings_json.hpp"
#include "report/plan_json.hpp"
#include "report/review_words.hpp"
#include "review/diagnose_masking.hpp"
#include "review/proof_findings.hpp"

namespace changelog::report {

namespace {

using execute::VerifiedChangeSet;
using execute::VerifyGrade;

/// Counts up with changes that break readers of the old form.
constexpr int kVersion = 1;

Json revision_json(const review::Revision& revision) {
    Json out = {{"name", revision.name}};
    put(out, "id", revision.id);
    return out;
}

Json statistics_json(const ReviewView& view) {
    Json out = Json::array();
    for (const review::Statistics& each : view.review.statistics) {
        Json one = {{"source", without_connection(each.source)}};
        put(one, "environment", each.environment);
        put(one, "taken", each.taken);
        const std::optional<int> age = each.age_in_days(view.review.now);
        one["ageInDays"] = age ? Json(*age) : Json();
        if (each.server_version != 0) one["serverVersion"] = each.server_version;
        one["relations"] = each.relations.size();
        one["applied"] = each.applied ? Json(each.applied->size()) : Json();
        out.push_back(std::move(one));
    }
    return out;
}

Json key_json(const ChangeSet& changeset) {
    Json out = {{"id", changeset.key.id}, {"author", changeset.key.author}, {"path", changeset.key.path}};
    out["file"] = changeset.stored_path;
    if (changeset.at.line != 0) out["line"] = changeset.at.line;
    return out;
}

/// How the branch came to have it: "added", "edited", ...; "pending" if the base has it as it is.
std::string status_of(const ReviewView& view, std::size_t index) {
    for (const auto& each : view.review.history.changesets)
        if (each.head == index) return std::string(to_string(each.kind));
    return "pending";
}

Json changesets_json(const ReviewView& view) {
    const execute::Plan& plan = view.review.plan;
    Json out = Json::array();
    for (std::size_t i = 0; i < plan.changesets.size(); ++i) {
        Json one = changeset_json(view.head.changesets[plan.changesets[i].index], plan.changesets[i]);
        one["status"] = status_of(view, plan.changesets[i].index);
        for (const review::ReviewedChangeSet& reviewed : view.review.changesets) {
            if (reviewed.planned != i) continue;
            one["sql"] = reviewed.forward;
            one["rollback"] = undo_json(reviewed.undo);
            one["rollback"]["sql"] = reviewed.backward;
        }
        out.push_back(std::move(one));
    }
    return out;
}

Json history_json(const ReviewView& view) {
    Json out = Json::array();
    for (const review::ChangedChangeSet& each : view.review.history.changesets) {
        Json one = {{"kind", to_string(each.kind)}};
        if (each.head) one["head"] = key_json(view.head.changesets[*each.head]);
        if (each.base) one["base"] = key_json(view.base.changesets[*each.base]);
        put(one, "differences", each.differences);
        put(one, "appliedIn", each.applied_in);
        one["runs"] = each.runs;
        one["breaksHistory"] = each.breaks_history;
        out.push_back(std::move(one));
    }
    return out;
}

std::string_view name_of(EdgeReason reason) {
    static constexpr std::string_view kNames[] = {"use_after_create", "change_after_use",
                                                  "change_after_change", "declared", "barrier"};
    return kNames[static_cast<std::size_t>(reason)];
}

Json edges_json(const Changelog& changelog, const std::vector<Edge>& edges) {
    Json out = Json::array();
    for (const Edge& edge : edges) {
        Json one = {{"from", to_string(changelog.changesets[edge.from].key)},
                    {"to", to_string(changelog.changesets[edge.to].key)},
                    {"reason", name_of(edge.reason)}};
        const bool has_object = edge.reason != EdgeReason::declared && edge.reason != EdgeReason::barrier;
        if (has_object) one["object"] = to_string(edge.object);
        out.push_back(std::move(one));
    }
    return out;
}

Json graph_json(const ReviewView& view) {
    Json added = Json::array();
    for (const std::size_t index : view.review.graph.added)
        added.push_back(to_string(view.head.changesets[index].key));
    return {{"added", std::move(added)},
            {"edges", edges_json(view.head, view.review.graph.edges)},
            {"lost", edges_json(view.base, view.review.graph.lost)}};
}

Json conflicts_json(const ReviewView& view) {
    Json out = Json::array();
    for (const review::Conflict& conflict : view.review.conflicts) {
        Json objects = Json::array();
        for (const ObjectRef& object : conflict.objects) objects.push_back(to_string(object));
        Json one = {{"ours", key_json(view.head.changesets[conflict.ours])}};
        if (view.theirs != nullptr) one["theirs"] = key_json(view.theirs->changesets[conflict.theirs]);
        one["objects"] = std::move(objects);
        one["reason"] = conflict.reason;
        out.push_back(std::move(one));
    }
    return out;
}

Json environments_json(const ReviewView& view) {
    Json out = Json::array();
    for (const review::ReviewedEnvironment& each : view.review.environments) {
        Json one = {{"name", each.name}};
        if (each.server_version != 0) one["serverVersion"] = each.server_version;
        one["pending"] = each.pending ? Json(*each.pending) : Json();
        one["earlier"] = each.earlier;
        one["notSelected"] = Json::array();
        for (const std::size_t index : each.not_selected)
            one["notSelected"].push_back(to_string(view.head.changesets[index].key));
        one["blocked"] = estimate_json(each.blocked);
        one["differing"] = each.differing;
        out.push_back(std::move(one));
    }
    return out;
}

Json differences_json(const std::vector<catalog::Difference>& differences) {
    static constexpr std::string_view kKinds[] = {"removed", "added", "changed"};
    Json out = Json::array();
    for (const catalog::Difference& each : differences) {
        Json one = {{"kind", kKinds[static_cast<std::size_t>(each.kind)]}, {"object", each.object}};
        put(one, "property", each.property);
        put(one, "before", each.before);
        put(one, "after", each.after);
        out.push_back(std::move(one));
    }
    return out;
}

Json verified_json(const ReviewView& view, const VerifiedChangeSet& verified) {
    Json out = key_json(view.head.changesets[verified.index]);
    out["grade"] = to_string(verified.grade);
    put(out, "losses", verified.losses);
    put(out, "loses_if_written_since", verified.since);
    put(out, "differences", verified.differences);
    put(out, "reason", verified.reason);
    put(out, "error", review::masked_error(verified.error));
    return out;
}

Json proof_json(const ReviewView& view, const review::Proof& proof) {
    Json out = {{"server", proof.server}, {"holds", proof.holds()}, {"disproved", proof.disproved()}};
    put(out, "notPossible", proof.not_possible);
    out["changesets"] = Json::array();
    for (const VerifiedChangeSet& each : proof.verified.changesets)
        out["changesets"].push_back(verified_json(view, each));
    out["exact"] = proof.verified.count(VerifyGrade::exact);
    out["traced"] = proof.traced;
    out["agreeing"] = proof.agreeing;
    out["disagreements"] = proof.disagreements;
    put(out, "unmeasured", proof.unmeasured);
    return out;
}

Json proofs_json(const ReviewView& view) {
    Json out = Json::array();
    for (const review::Proof& proof : view.review.proofs) out.push_back(proof_json(view, proof));
    return out;
}

/// What a server says may quote rows.
Diagnostics masked(const Diagnostics* diagnostics) {
    Diagnostics out;
    if (diagnostics != nullptr) out = *diagnostics;
    for (Diagnostic& item : out.items()) {
        if (!item.server) continue;
        for (std::string* text :
             {&item.server->message, &item.server->detail, &item.server->hint, &item.server->statement})
            *text = review::masked(*text);
    }
    return out;
}

}  // namespace

std::string review_json(const ReviewView& view) {
    const review::Review& review = view.review;
    Json out = {{"command", "review"}, {"ok", !fails(view)}, {"version", kVersion}};
    out["tool"] = {{"name", "changelog"}, {"version", review.version}};
    out["verdict"] = to_string(review.verdict());
    out["summary"] = review_verdict(view);
    out["failOn"] = view.fail_on ? std::string(to_string(*view.fail_on)) : "never";
    out["changelogFile"] = review.changelog_file;
    out["base"] = revision_json(review.base);
    out["head"] = revision_json(review.head);
    put(out, "time", review.now);
    out["statistics"] = statistics_json(view);
    out["changesets"] = changesets_json(view);
    out["findings"] = to_json(review.findings);
    out["suppressed"] = to_json(review.suppressed);
    out["history"] = history_json(view);
    out["notes"] = review.history.notes;
    out["graph"] = graph_json(view);
    out["conflicts"] = conflicts_json(view);
    out["environments"] = environments_json(view);
    out["schemaChanges"] = {{"proven", review.schema.proven},
                            {"differences", differences_json(review.schema.differences)},
                            {"rights", differences_json(review.schema.rights)}};
    if (review.schema.proven) {
        out["schemaChanges"]["unexpected"] = differences_json(review.schema.unexpected);
        out["schemaChanges"]["missing"] = differences_json(review.schema.missing);
    }
    out["proofs"] = proofs_json(view);
    out["reproduce"] = without_connection(review.command);
    out["diagnostics"] = to_json(masked(view.diagnostics));
    return dump(out);
}

}  // namespace changelog::report
