#include "operations/csv.hpp"

namespace changelog::operations {

bool CsvParser::feed(std::string_view piece) {
    for (const char c : piece) {
        // "\r\n" is one line end, as is a lone "\r".
        const bool second_half = after_return_ && c == '\n';
        after_return_ = c == '\r';
        if (second_half) continue;
        if (!next(c == '\r' ? '\n' : c)) return false;
    }
    return true;
}

bool CsvParser::finish() {
    if (state_ == State::quoted) return false;
    if (begun_) end_row();
    return true;
}

bool CsvParser::next(char c) {
    if (!begun_) {
        row_.fields.clear();
        row_.line = line_;
        begun_ = true;
    }
    if (c == '\n') ++line_;
    if (state_ == State::quoted) {
        in_quotes(c);
        return true;
    }
    if (c == '\n') return end_row();
    if (c == format_.separator) {
        row_.fields.push_back(std::exchange(field_, {}));
        state_ = State::field_start;
        return true;
    }
    if (format_.quote != '\0' && c == format_.quote && state_ != State::plain) {
        if (state_ == State::quote_seen) field_ += c;  // a doubled quote
        state_ = State::quoted;
        return true;
    }
    field_ += c;
    state_ = State::plain;
    return true;
}

void CsvParser::in_quotes(char c) {
    if (c == format_.quote)
        state_ = State::quote_seen;
    else
        field_ += c;
}

bool CsvParser::is_passed_over() const {
    const auto& fields = row_.fields;
    if (fields.size() == 1 && fields.front().find_first_not_of(" \t\f\v") == std::string::npos) return true;
    return header_seen_ && !format_.comment.empty() && fields.front().starts_with(format_.comment);
}

bool CsvParser::end_row() {
    row_.fields.push_back(std::exchange(field_, {}));
    state_ = State::field_start;
    begun_ = false;
    if (is_passed_over()) return true;
    header_seen_ = true;
    return take_(row_);
}

}  // namespace changelog::operations
