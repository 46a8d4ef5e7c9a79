// Comma separated values (RFC 4180), read piece by piece: nothing of the file is kept but the row at hand.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace changelog::operations {

struct CsvFormat {
    char separator = ',';
    char quote = '"';     ///< '\0': none
    std::string comment;  ///< rows that begin with it are passed over; "": none are
};

struct CsvRow {
    std::vector<std::string> fields;
    std::size_t line = 1;  ///< of the file, from 1, where the row begins
};

class CsvParser {
  public:
    /// `take` gets each row, the header first, and returns false to stop.
    CsvParser(CsvFormat format, std::function<bool(CsvRow&)> take)
        : format_(std::move(format)), take_(std::move(take)) {}

    /// False once `take` has stopped it.
    bool feed(std::string_view piece);

    /// The last row, where the file does not end with a line end. False if a quoted field is not closed.
    bool finish();

    /// The line on which a quoted field begins that was not closed.
    std::size_t row_line() const { return row_.line; }

  private:
    enum class State { field_start, plain, quoted, quote_seen };

    bool next(char c);
    void in_quotes(char c);
    bool end_row();
    bool is_passed_over() const;

    CsvFormat format_;
    std::function<bool(CsvRow&)> take_;
    CsvRow row_;
    std::string field_;
    State state_ = State::field_start;
    std::size_t line_ = 1;
    bool after_return_ = false, header_seen_ = false, begun_ = false;
};

}  // namespace changelog::operations
