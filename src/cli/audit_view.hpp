// From SQL to the findings that are shown: with places, sizes, and what the files allow.
#pragma once

#include "changelog/catalog.hpp"

#include "cli/audit_input.hpp"
#include "cli/audit_sizes.hpp"

#include <string>
#include <vector>

namespace changelog::cli {

struct AuditOptions {
    int server_version = 150000;
    std::string default_schema = "public";
    bool single_transaction = false;  ///< each file runs within one that something else begins
    const TableSizes& sizes;
};

/// Adds the findings of one file, and takes the catalog to the state behind it. Relations that an earlier
/// file made are there already, as if that had run long ago.
void audit(const AuditInput& input, const AuditOptions& options, catalog::Catalog& catalog,
           report::AuditView& view);

}  // namespace changelog::cli
