// What the sequence operations share.
#pragma once

#include "operations/common.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::operations {

/// The options of createSequence and alterSequence, as written.
struct SequenceFields {
    std::optional<std::string> start, increment, minimum, maximum, cache, ordered;
    std::optional<bool> cycle;
    std::string data_type;

    void describe(FieldVisitor& visitor, bool with_start);
    void check(Diagnostics& diagnostics, Position at) const;

    bool has_cache() const { return cache && *cache != "0"; }

    /// " AS bigint START WITH 1 ...". `no_cycle` is what an explicit `cycle: false` gives.
    std::string clauses(std::string_view no_cycle) const;

    /// The options with these laid over them.
    catalog::SequenceOptions over(catalog::SequenceOptions options) const;
};

/// With PostgreSQL's defaults left out, as the catalog keeps them.
catalog::SequenceOptions normalised(catalog::SequenceOptions options);

/// A column whose default calls nextval() of a sequence.
struct SequenceUse {
    ObjectName table;
    std::string column, expression;
};
std::vector<SequenceUse> uses_of_sequence(const catalog::Catalog& catalog, const ObjectName& sequence,
                                          const std::string& default_schema);

}  // namespace changelog::operations
