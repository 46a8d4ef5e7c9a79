// A CSV file beside the changelog: its header, and its rows on demand.
#pragma once

#include "operations/csv.hpp"
#include "operations/files.hpp"

#include <functional>
#include <string>
#include <vector>

namespace changelog::operations {

/// What is known of all cells of one column, from the pass that checks the file.
struct CsvColumnFacts {
    bool numbers = true;      ///< every cell that is not empty or NULL is a plain decimal number
    bool integers = true;     ///< and has no fraction
    bool date_words = false;  ///< some cell is NOW or TODAY
};

struct CsvFile {
    AttachedFile file;
    CsvFormat format;
    std::vector<std::string> header;
    std::vector<CsvColumnFacts> facts;  ///< one per header
    std::size_t row_count = 0;

    /// Reads the file once: its header, and whether every row fits it. What is wrong is reported with file
    /// and line.
    void check(Diagnostics& diagnostics);

    /// Hands over the rows below the header until `take` returns false. Throws std::runtime_error if the file
    /// is not any more what it was when it was checked.
    void each_row(const std::function<bool(CsvRow&)>& take) const;

    explicit operator bool() const { return !header.empty(); }

  private:
    /// Every row with the header; false if the file is gone or ends inside quotes, on `bad_line`.
    bool each_line(const std::function<bool(CsvRow&)>& take, std::size_t& bad_line) const;
};

/// "12", "-0.50": a number that PostgreSQL reads the same as a bare constant and as text.
bool is_plain_number(std::string_view text);
bool is_plain_integer(std::string_view text);

/// NOW, TODAY, NOW+1d, TODAY-3 as SQL; nothing if the text is none of these.
std::optional<std::string> date_word(std::string_view text);

}  // namespace changelog::operations
