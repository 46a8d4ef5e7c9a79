#include "report/fix.hpp"

#include "report/json.hpp"

namespace changelog::report {

std::string fix_json(const FixView& view) {
    Json out = answer("fix", view.left);
    out["dry_run"] = view.dry_run;
    out["fixes"] = Json::array();
    for (const MadeFix& each : view.made)
        out["fixes"].push_back({{"code", each.code},
                                {"title", each.title},
                                {"where", {{"file", each.where.file}, {"line", each.where.line}}}});
    out["files"] = view.files;
    if (view.dry_run) out["diff"] = view.diff;
    out["unsafe"] = view.unsafe;
    out["diagnostics"] = to_json(view.left);
    return dump(out);
}

}  // namespace changelog::report
