// Type names of parse trees as format_type() spells them.
#pragma once

#include "sql/ddl_text.hpp"

#include <string>
#include <vector>

namespace changelog::sql {

struct DdlType {
    std::string text;               ///< "character varying(50)[]"; empty: it cannot be told (t.c%TYPE)
    std::vector<std::string> user;  ///< the name's parts if it is none of PostgreSQL's own types
    std::string suffix;             ///< parameters and array bounds behind such a name
    std::string serial;             ///< the sequence's type of serial, bigserial and smallserial; else empty
};

DdlType ddl_type(const Node& type_name, const DdlText& text);

/// A type as it stands in a function's identity arguments: without length.
std::string argument_type(const Node& type_name);

/// "integer, text" of a list of FunctionParameter nodes: without OUT and TABLE.
std::string identity_arguments(const Node& parameters);

/// The arguments of an ObjectWithArgs node; nothing where it has none written.
std::optional<std::string> written_arguments(const Node& object);

}  // namespace changelog::sql
