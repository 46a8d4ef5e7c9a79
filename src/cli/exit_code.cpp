#include "cli/exit_code.hpp"

#include "changelog/codes.hpp"

namespace changelog::cli {

namespace {

ExitCode exit_code_of(std::string_view code) {
    static const std::map<std::string_view, ExitCode> special = {{codes::cycle, kInvalid},
                                                                 {codes::unknown_dependency, kInvalid},
                                                                 {codes::ambiguous_dependency, kInvalid},
                                                                 {codes::unknown_tag, kUsage},
                                                                 {codes::unknown_changeset, kUsage},
                                                                 {codes::lock_not_obtained, kLocked},
                                                                 {codes::rollback_loses_data, kNoConsent},
                                                                 {codes::purge_needs_consent, kNoConsent},
                                                                 {codes::no_such_item, kUsage},
                                                                 {codes::rollback_missing, kInvalid},
                                                                 {codes::rollback_lossy, kInvalid}};
    if (const auto found = special.find(code); found != special.end()) return found->second;
    switch (code.size() > 2 ? code[2] : '9') {
        case '0':
            return kUsage;
        case '1':
            return kInvalid;
        case '2':
            return kInvalid;
        case '3':
            return kHistoryMismatch;
        case '4':
            return kFailedUnchanged;
        case '5':
            return kFailedUnchanged;
        case '6':
            return kHistoryMismatch;
        default:
            return kInternal;
    }
}

}  // namespace

ExitCode exit_code_for(const Diagnostics& diagnostics) {
    for (const Diagnostic& item : diagnostics.items())
        if (item.severity == Severity::error) return exit_code_of(item.code);
    return kOk;
}

}  // namespace changelog::cli
