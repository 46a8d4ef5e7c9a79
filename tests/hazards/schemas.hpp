// Schemas out of SQL, for the tests of hazards.
#pragma once

#include "hazards/follow.hpp"
#include "sql/tokens.hpp"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace changelog::hazards {

inline std::vector<std::string> pieces_of(const std::string& sql) {
    std::vector<std::string> out;
    for (const sql::Piece& piece : sql::split_statements(sql, {})) out.push_back(piece.sql);
    return out;
}

inline void fold(const std::string& sql, const std::string& schema, catalog::Catalog& catalog) {
    for (const std::string& piece : pieces_of(sql)) follow(piece, schema, catalog);
}

inline catalog::Catalog folded(const std::string& sql, const std::string& schema) {
    catalog::Catalog out;
    out.schemas[schema].name = schema;
    fold(sql, schema, out);
    return out;
}

/// The folder with the measurements beside the repository.
inline std::string safety_file(const std::string& name) {
    return std::string(SOURCE_DIR) + "/../shared/safety/" + name;
}

inline std::string content(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

inline std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> out(1);
    for (const char c : line) {
        if (c == '\t')
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

/// Lines of a file, split at tabs, without comments; nothing if there is no such file.
inline std::vector<std::vector<std::string>> table_of(const std::string& path) {
    std::vector<std::vector<std::string>> out;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        if (!line.empty() && line.front() != '#') out.push_back(fields_of(line));
    return out;
}

}  // namespace changelog::hazards
