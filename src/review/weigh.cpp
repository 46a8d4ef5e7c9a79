#include "review/weigh.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "hazards/relations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace changelog::review {

namespace {

using hazards::RelationFacts;
using hazards::Work;

std::string sentence(const RelationFacts& facts, const std::function<std::string(const ObjectName&)>& shown) {
    const std::string_view waits = hazards::blocks_reads(facts.lock)    ? "reads and writes wait"
                                   : hazards::blocks_writes(facts.lock) ? "writes wait"
                                                                        : "nobody waits";
    const std::string_view during = facts.work == Work::rewrite ? " while it is written anew"
                                    : facts.work == Work::build ? " while an index is built"
                                    : facts.work == Work::scan  ? " while it is read"
                                                                : "";
    return fmt::format("{} on {}: {}{}.", to_string(facts.lock), shown(facts.name), waits, during);
}

/// What is slow here is done while an earlier statement of the transaction locks others out.
bool under_lock(std::string_view code) {
    return code == codes::validate_in_same_transaction || code == codes::statement_after_exclusive_lock;
}

/// The statement checks a foreign key.
bool is_key(const LocatedFinding& finding) {
    const std::string_view code = finding.item.code;
    return code == codes::add_fk_validates || code == codes::add_column_fk_validates ||
           code == codes::enforce_fk_under_lock ||
           (code == codes::statement_after_exclusive_lock &&
            finding.item.got.find("FOREIGN KEY") != std::string::npos);
}

/// The table itself, or a partition of it.
bool is_about(const LocatedFinding& finding, ObjectName table, const catalog::Catalog& catalog) {
    for (int depth = 0; depth < 16 && !table.name.empty(); ++depth) {
        for (const ObjectRef& object : finding.objects)
            if (object.name == table) return true;
        const catalog::Table* known = catalog.table(table);
        table = known == nullptr ? ObjectName() : known->partition_of;
    }
    return false;
}

/// The tables on which work is done, or else those that the finding is about.
std::vector<ObjectName> worked_on(const LocatedFinding& finding, const catalog::Catalog& catalog) {
    std::vector<ObjectName> out;
    for (const RelationFacts& each : finding.relations) {
        if (each.work == Work::none) continue;
        // A foreign key looks each row up by the other table's key.
        if (is_key(finding) && !is_about(finding, each.name, catalog)) continue;
        const ObjectName* owner = hazards::owner_of_index(catalog, each.name);
        out.push_back(owner == nullptr ? each.name : *owner);
    }
    if (out.empty() && !under_lock(finding.item.code))
        for (const ObjectRef& object : finding.objects) out.push_back(object.name);
    return out;
}

bool is_small(const TableSize& size) {
    return size.rows && *size.rows < kSmallRows && size.bytes.value_or(0) < kSmallBytes;
}

bool keeps_out(const LocatedFinding& finding) {
    return under_lock(finding.item.code) ||
           std::any_of(finding.relations.begin(), finding.relations.end(),
                       [](const RelationFacts& each) { return hazards::blocks_writes(each.lock); });
}

/// One digit where that tells something.
std::string rounded(double value) {
    if (value >= 10) return fmt::format("{:.0f}", value);
    const std::string text = fmt::format("{:.1f}", value);
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

bool has_statistics(const std::optional<execute::Estimate>& hold) {
    return hold && hold->basis == execute::Basis::statistics;
}

}  // namespace

bool grows_with_size(std::string_view code) {
    static constexpr std::array kCodes = {codes::add_column_volatile_default,
                                          codes::add_column_generated_stored,
                                          codes::add_column_identity,
                                          codes::add_column_constrained_domain,
                                          codes::add_column_inline_check,
                                          codes::add_column_inline_unique,
                                          codes::add_column_fk_validates,
                                          codes::set_not_null_scan,
                                          codes::add_check_validates,
                                          codes::validate_in_same_transaction,
                                          codes::statement_after_exclusive_lock,
                                          codes::add_unique_builds_index,
                                          codes::add_pk_builds_index,
                                          codes::add_pk_nullable_scan,
                                          codes::add_exclusion_constraint,
                                          codes::add_fk_validates,
                                          codes::enforce_fk_under_lock,
                                          codes::domain_constraint_scan,
                                          codes::create_index_blocking,
                                          codes::reindex_blocking,
                                          codes::partitioned_index_blocking,
                                          codes::attach_partition_scan,
                                          codes::default_partition_scan,
                                          codes::refresh_matview_blocking,
                                          codes::change_type_rewrite,
                                          codes::change_type_index_rebuild,
                                          codes::change_type_recheck,
                                          codes::set_expression_rewrite,
                                          codes::set_logged_rewrite,
                                          codes::set_tablespace_rewrite,
                                          codes::set_access_method_rewrite,
                                          codes::table_rewrite_command,
                                          codes::unbatched_backfill};
    return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

void weigh(LocatedFinding& finding, const Weighing& weighing) {
    if (!grows_with_size(finding.item.code)) return;
    std::optional<ObjectName> largest;
    TableSize most;
    bool all_small = true;
    for (const ObjectName& table : worked_on(finding, weighing.catalog)) {
        const TableSize size = weighing.size_of(table);
        all_small = all_small && is_small(size);
        if (!size.rows || (largest && *size.rows <= *most.rows)) continue;
        largest = table;
        most = size;
    }
    if (!largest) return;
    Diagnostic& item = finding.item;
    std::string size = fmt::format("{} has {}", weighing.shown(*largest), shown_rows(*most.rows));
    if (most.bytes) size += ", " + shown_bytes(*most.bytes);
    if (all_small && weighing.milder) {
        if (item.severity == Severity::note) return;
        finding.weighed_from = item.severity;
        item.severity = Severity::note;
        item.why += fmt::format("{}{}: too few to matter.", item.why.empty() ? "" : "\n", size);
        return;
    }
    if (*most.rows < kSmallRows && weighing.milder) return;  // small, but others are not known
    // The time of a key's check goes by both tables, which is far too much where few rows are looked up.
    const bool timed = has_statistics(weighing.hold) && (!is_key(finding) || *most.rows > kLargeRows);
    item.title += "; " + size + (timed ? ": " + shown_seconds(*weighing.hold) : "");
    const bool long_hold = timed && weighing.hold->high > kLongHold;
    if (!weighing.graver || item.severity != Severity::warning || !keeps_out(finding)) return;
    if (*most.rows <= kLargeRows && !long_hold) return;
    finding.weighed_from = item.severity;
    item.severity = Severity::error;
}

std::string lock_sentences(const std::vector<RelationFacts>& relations,
                           const std::function<std::string(const ObjectName&)>& shown) {
    constexpr std::size_t kMost = 4;
    std::vector<std::string> lines;
    for (const RelationFacts& each : relations)
        if (hazards::blocks_writes(each.lock) || each.work != Work::none)
            lines.push_back(sentence(each, shown));
    const std::size_t all = lines.size();
    if (all > kMost) {
        lines.resize(kMost);
        lines.push_back(fmt::format("The same for {} more.", all - kMost));
    }
    return join(lines, "\n");
}

std::string shown_rows(std::uint64_t rows) {
    std::string out = std::to_string(rows);
    for (std::size_t at = out.size(); at > 3; out.insert(at, ",")) at -= 3;
    return out + (rows == 1 ? " row" : " rows");
}

std::string shown_bytes(std::uint64_t bytes) {
    static constexpr std::string_view kUnits[] = {"kB", "MB", "GB", "TB"};
    constexpr double kStep = 1024;
    if (static_cast<double>(bytes) < kStep) return fmt::format("{} bytes", bytes);
    double size = static_cast<double>(bytes) / kStep;
    std::size_t unit = 0;
    for (; size >= kStep && unit + 1 < std::size(kUnits); ++unit) size /= kStep;
    return fmt::format("{:.1f} {}", size, kUnits[unit]);
}

std::string shown_seconds(const execute::Estimate& estimate) {
    const std::string low = rounded(estimate.low), high = rounded(estimate.high);
    if (low == high) return fmt::format("about {} s", high);
    return low == "0" ? fmt::format("up to {} s", high) : fmt::format("about {}-{} s", low, high);
}

}  // namespace changelog::review
