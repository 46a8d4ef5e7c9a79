// What all JSON output has in common. Only sources of this layer include it.
#pragma once

#include "changelog/diagnostics.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace changelog::report {

using Json = nlohmann::ordered_json;

/// Adds the value under the key, unless it is empty: absent means the same and is shorter.
template <typename Text>
void put(Json& object, const char* key, const Text& value) {
    if (!value.empty()) object[key] = value;
}

/// Indented by two, with a final line end; bytes that are no UTF-8 are replaced, so that the result is always
/// JSON.
std::string dump(const Json& value);

Json to_json(const Diagnostic& diagnostic);
Json to_json(const Diagnostics& diagnostics);

/// {"command": ..., "ok": ...}: how each answer begins. The caller adds its data, then the diagnostics.
Json answer(std::string_view command, const Diagnostics& diagnostics);

}  // namespace changelog::report
