// What `retain` sends to the database is one DO block for each thing that is kept. Which tables it locks is
// known all the same: those that the plain statement would lock.
#pragma once

#include <optional>
#include <string>

namespace changelog::hazards {

/// The statement in whose place a block of `retain` stands: "DROP TABLE public.orders"; LOCK TABLE for one
/// that only copies values. Nothing for any other text.
std::optional<std::string> plain_statement(const std::string& sql);

}  // namespace changelog::hazards
