// Where PostgreSQL's server programs are installed.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace changelog::postgres {

struct ServerBinaries {
    std::string folder;  ///< holds initdb and postgres
    int version = 0;     ///< major
};

/// All that are found, the preferred first: $CHANGELOG_PG_BIN alone if it is set (folders separated by
/// colons), else the newest of Debian's and Red Hat's folders, pg_config --bindir and $PATH.
std::vector<ServerBinaries> find_server_binaries();

}  // namespace changelog::postgres
