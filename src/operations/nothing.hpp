// The base of operations that send no SQL and leave the schema as it is.
#pragma once

#include "operations/common.hpp"

namespace changelog::operations {

struct WithoutSql : Operation {
    void footprint(Footprint& /*out*/, const RenderContext& /*context*/) const override {}
    std::vector<Statement> statements(const RenderContext& /*context*/) const override { return {}; }
    Undo inverse(const RenderContext& /*context*/) const override { return {}; }
    void apply(catalog::Catalog& /*catalog*/, const RenderContext& /*context*/) const override {}
};

}  // namespace changelog::operations
