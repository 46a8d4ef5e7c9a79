// Turns a producer that hands over pieces into one that is asked for them.
#pragma once

#include "changelog/statement.hpp"

#include <functional>
#include <string>

namespace changelog::operations {

/// Takes a piece; returns false when no more is wanted.
using TakePiece = std::function<bool(std::string)>;

/// Runs `produce` on a thread of its own, a few pieces ahead of the one that asks; what it throws is thrown
/// there. The thread ends with the stream, wherever that is dropped.
RowChunks pull(std::function<void(const TakePiece&)> produce);

}  // namespace changelog::operations
