// How each kind of object is described that the model has no type for.
#pragma once

#include <string>
#include <vector>

namespace changelog::postgres {

/// The expressions are over `o`, a row of the catalog.
struct OtherKind {
    std::string catalog;  ///< "pg_cast"
    std::string state;    ///< what tells two of them apart, without oids that change when one is made again
    std::string create = {};    ///< the statement that makes it; empty: PostgreSQL has no function that tells
    std::string relation = {};  ///< the oid of the relation that it goes with; empty: it stands alone
    std::string condition = {};  ///< which rows are of this kind; empty: all
    std::string owner = {};      ///< the oid of the role that owns it; empty: nobody does
    std::string source = {};     ///< what is read instead of the catalog
};

std::vector<OtherKind> other_kinds(int server_version);

}  // namespace changelog::postgres
