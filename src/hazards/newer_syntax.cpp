#include "hazards/newer_syntax.hpp"

#include "hazards/parsed.hpp"
#include "sql/ddl_text.hpp"

#include <optional>
#include <vector>

namespace changelog::hazards {

namespace {

struct Replacement {
    std::size_t begin = 0, end = 0;  // tokens
    std::string text;
};

/// One command of ALTER TABLE, or a whole other statement.
class Command {
  public:
    Command(const sql::DdlText& text, std::size_t begin, std::size_t end)
        : text_(text), begin_(begin), end_(end) {}

    void read() {
        generated();
        enforcement();
        not_null();
        expression();
        column_storage();
    }

    std::vector<Replacement> replacements;
    std::optional<Newer> newer;

  private:
    bool is(std::size_t at, std::string_view word) const { return at < end_ && text_.is(at, word); }

    void generated() {
        for (std::size_t at = begin_; at + 3 < end_; ++at) {
            if (!is(at, "GENERATED") || !is(at + 1, "ALWAYS") || !is(at + 2, "AS") || !is(at + 3, "("))
                continue;
            const std::size_t close = text_.close(at + 3);
            if (is(close + 1, "STORED")) continue;
            const bool word = is(close + 1, "VIRTUAL");
            replacements.push_back({close + 1, close + (word ? 2U : 1U), " STORED"});
            newer = Newer::virtual_column;
        }
    }

    void enforcement() {
        const bool alters = is(begin_, "ALTER") && is(begin_ + 1, "CONSTRAINT");
        const bool table_constraint = is(begin_, "ADD") && !is(begin_ + 1, "COLUMN");
        for (std::size_t at = begin_; at < end_; ++at) {
            if (alters && is(at, "INHERIT")) {
                replacements.push_back({is(at - 1, "NO") ? at - 1 : at, at + 1, "DEFERRABLE"});
            } else if (is(at, "ENFORCED") && is(at - 1, "NOT")) {
                replacements.push_back({at - 1, at + 1,
                                        alters             ? "DEFERRABLE"
                                        : table_constraint ? "NOT VALID"
                                                           : ""});
                newer = Newer::not_enforced;
            } else if (is(at, "ENFORCED")) {
                replacements.push_back({at, at + 1, alters ? "DEFERRABLE" : ""});
                if (alters) newer = Newer::enforce;
            }
        }
    }

    void not_null() {
        if (!is(begin_, "ADD")) return;
        std::size_t at = begin_ + 1;
        if (is(at, "CONSTRAINT")) at += 2;
        if (!is(at, "NOT") || !is(at + 1, "NULL")) return;
        const std::string column(text_[at + 2]);
        replacements.push_back({at, at + 3, "CHECK (" + column + " IS NOT NULL)"});
        newer = Newer::not_null_constraint;
    }

    void expression() {
        const std::size_t set = text_.find("SET", begin_, end_);
        if (!is(begin_, "ALTER") || !is(set + 1, "EXPRESSION") || !is(set + 3, "(")) return;
        replacements.push_back({set, text_.close(set + 3) + 1, "DROP EXPRESSION"});
        newer = Newer::set_expression;
    }

    /// 16: STORAGE in the definition of a column; it changes nothing of what is asked here.
    void column_storage() {
        const std::size_t at = text_.find("STORAGE", begin_ + 2, end_);
        if (is(begin_, "ADD") && at < end_ && text_.is_name(at + 1)) replacements.push_back({at, at + 2, ""});
    }

    const sql::DdlText& text_;
    std::size_t begin_, end_;
};

}  // namespace

OlderText in_older_syntax(const std::string& sql) {
    OlderText out{sql, {}};
    const sql::DdlText text(sql);
    std::vector<Replacement> all;
    auto spans = command_tokens(text);
    if (spans.empty()) spans.emplace_back(0, text.size());
    for (std::size_t i = 0; i < spans.size(); ++i) {
        Command command(text, spans[i].first, spans[i].second);
        command.read();
        if (command.newer) out.commands[i] = *command.newer;
        all.insert(all.end(), command.replacements.begin(), command.replacements.end());
    }
    for (auto each = all.rbegin(); each != all.rend(); ++each) {
        const std::size_t begin = each->begin < text.size() ? text.offset(each->begin) : sql.size();
        const std::size_t end = each->end < text.size() ? text.offset(each->end) : sql.size();
        out.sql.replace(begin, end - begin, each->text + (each->text.empty() ? "" : " "));
    }
    return out;
}

}  // namespace changelog::hazards
