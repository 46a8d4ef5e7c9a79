#include "core/text.hpp"
#include "report/verify.hpp"

#include <fmt/format.h>

namespace changelog::report {

using execute::VerifiedChangeSet;
using execute::VerifyGrade;
using execute::WholeStep;

namespace {

/// Text for XML 1.0: bytes that it may not hold become question marks.
std::string escaped(std::string text) {
    for (std::size_t bad = first_invalid_utf8(text); bad != std::string::npos; bad = first_invalid_utf8(text))
        text[bad] = '?';
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (c == '\n' || c == '\t')
            out += c;
        else
            out += byte < 0x20 || byte == 0x7F ? '?' : c;
    }
    return out;
}

/// In an attribute a line end would be read as a space.
std::string attribute(const std::string& text) {
    std::string out;
    for (const char c : escaped(text)) out += c == '\n' ? "&#10;" : std::string(1, c);
    return out;
}

std::string element(const char* name, const std::string& message, const std::string& body) {
    if (body.empty()) return fmt::format("      <{} message=\"{}\"/>\n", name, attribute(message));
    return fmt::format("      <{0} message=\"{1}\">{2}</{0}>\n", name, attribute(message), escaped(body));
}

struct Case {
    std::string group, name, content;
    double seconds = 0;
    bool failed = false, skipped = false;
};

std::string says_of(const VerifiedChangeSet& item) {
    std::vector<std::string> lines;
    for (const std::string& loss : item.losses) lines.push_back("loses " + loss);
    for (const std::string& loss : item.since) lines.push_back("loses " + loss);
    lines.insert(lines.end(), item.notes.begin(), item.notes.end());
    return join(lines, "\n");
}

Case case_of(const VerifyView& view, const VerifiedChangeSet& item) {
    const ChangeSet& changeset = view.changelog.changesets[item.index];
    Case out{changeset.key.path, changeset.key.id, {}, item.seconds};
    const bool too_little =
        (item.grade == VerifyGrade::impossible && (view.demands.rollback || view.demands.lossless)) ||
        (item.grade == VerifyGrade::lossy && view.demands.lossless);
    out.failed = item.grade == VerifyGrade::failed || too_little;
    out.skipped =
        !too_little && (item.grade == VerifyGrade::impossible || item.grade == VerifyGrade::not_run);
    const std::string differences = join(item.differences, "\n");
    if (too_little)
        out.content =
            element("failure", item.reason.empty() ? "loses " + join(item.losses, ", ") : item.reason, "");
    else if (out.failed)
        out.content =
            element("failure", item.error.empty() ? "the rollback is not exact" : item.error, differences);
    else if (out.skipped)
        out.content = element("skipped", item.reason, "");
    if (const std::string says = says_of(item); !says.empty())
        out.content += "      <system-out>" + escaped(says) + "</system-out>\n";
    return out;
}

Case case_of(const char* name, const WholeStep& step) {
    Case out{"changelog", name, {}};
    out.failed = !step.good();
    out.skipped = !step.tried;
    if (out.failed)
        out.content = element("failure", step.error.empty() ? "the schema differs" : step.error,
                              join(step.differences, "\n"));
    else if (out.skipped)
        out.content = element("skipped", "not tried", "");
    else if (!step.stopped_by.empty())
        out.content = "      <system-out>as far as " + escaped(step.stopped_by) + "</system-out>\n";
    return out;
}

}  // namespace

std::string verify_junit(const VerifyView& view) {
    std::vector<Case> cases;
    for (const VerifiedChangeSet& item : view.report.changesets) cases.push_back(case_of(view, item));
    cases.push_back(case_of("rollback of everything", view.report.rollback));
    cases.push_back(case_of("update in one go", view.report.update));
    std::size_t failed = 0, skipped = 0;
    std::string body;
    for (const Case& item : cases) {
        failed += item.failed ? 1 : 0;
        skipped += item.skipped ? 1 : 0;
        const std::string head = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"",
                                             attribute(item.group), attribute(item.name), item.seconds);
        body += item.content.empty() ? head + "/>\n" : head + ">\n" + item.content + "    </testcase>\n";
    }
    const std::string counts =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{:.3f}\"", cases.size(),
                    failed, skipped, view.report.timings.total);
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {0}>\n  <testsuite name=\"changelog "
        "verify\" "
        "{0}>\n{1}  </testsuite>\n</testsuites>\n",
        counts, body);
}

}  // namespace changelog::report
