// Paths of changelog files: how they are joined, and which of them is part of a changeset's identity.
#pragma once

#include <string>
#include <string_view>

namespace changelog {

/// '\' made '/', "./" and "a/.." resolved. A leading '/' stays.
std::string normal_path(std::string_view path);

/// `path` as an include, sqlFile or loadData writes it: `classpath:` and a leading '/' are dropped (FORMATS).
std::string search_path(std::string_view path);

/// The path in a changeset's identity: normal, without `classpath:`, drive letter and leading '/'.
std::string identity_path(std::string_view path);

std::string folder_of(std::string_view path);  ///< "" if it has none
std::string joined(std::string_view folder, std::string_view path);
std::string extension_of(std::string_view path);  ///< lower case, without the dot

}  // namespace changelog
