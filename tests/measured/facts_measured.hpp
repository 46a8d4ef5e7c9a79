// Runs golden cases and puts what each statement did beside what hazards::facts_of says of it.
#pragma once

#include <string>
#include <vector>

namespace changelog::tests {

struct Compared {
    std::string file, sql;
    std::string difference;  ///< "" where both agree
    bool unknown = false;    ///< the facts say that they do not know
    bool with_rows = true;   ///< the tables had some; else work is not compared
    bool not_run = false;    ///< this server does not know what comes before the statement
};

/// In one database of the server at `url`, which is emptied after each case. The statements of the last
/// changeset of each are compared, with what the database holds at that time as the schema.
std::vector<Compared> compare_golden_cases(const std::string& url, const std::vector<std::string>& cases);

/// Each of the statements over the same schema, in a transaction that is rolled back where it can be.
/// `rows`: SQL that is run once the tables have rows.
std::vector<Compared> compare_statements(const std::string& url, const std::string& setup,
                                         const std::string& rows, const std::vector<std::string>& statements);

}  // namespace changelog::tests
