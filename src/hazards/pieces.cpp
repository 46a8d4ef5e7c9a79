#include "hazards/pieces.hpp"

#include "sql/ddl_text.hpp"

namespace changelog::hazards {

namespace {

/// How deep the tokens so far are in parentheses and in BEGIN ATOMIC ... END.
class Depth {
  public:
    explicit Depth(const sql::DdlText& text) : text_(text) {}

    void read(std::size_t at) {
        if (text_.is(at, "(") || text_.is(at, "[")) ++brackets_;
        if ((text_.is(at, ")") || text_.is(at, "]")) && brackets_ > 0) --brackets_;
        if (at > 0 && text_.is(at, "ATOMIC") && text_.is(at - 1, "BEGIN")) blocks_ = 1;
        if (blocks_ > 0 && text_.is(at, "CASE")) ++blocks_;
        if (blocks_ > 0 && text_.is(at, "END")) --blocks_;
    }
    bool is_outside() const { return brackets_ == 0 && blocks_ == 0; }

  private:
    const sql::DdlText& text_;
    int brackets_ = 0, blocks_ = 0;
};

}  // namespace

std::vector<MigrationStatement> single_statements(const MigrationStatement& text) {
    const sql::DdlText tokens(text.sql);
    if (tokens.size() == 0) return {text};
    std::vector<MigrationStatement> out;
    Depth depth(tokens);
    std::size_t begin = 0;
    const auto take = [&](std::size_t end) {
        if (end > begin) out.push_back({tokens.slice(begin, end), text.offset + tokens.offset(begin)});
        begin = end + 1;
    };
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        depth.read(at);
        if (depth.is_outside() && tokens.is(at, ";")) take(at);
    }
    take(tokens.size());
    return out;
}

}  // namespace changelog::hazards
