#include "changelog/formatted_sql.hpp"

#include "changelog/changeset_keys.hpp"
#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "operations/reader.hpp"
#include "yaml/build.hpp"
#include "yaml/scan.hpp"

namespace changelog {

namespace {

using yaml::Node;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

constexpr std::string_view kDirectives[] = {"changeset",
                                            "rollback",
                                            "comment",
                                            "validCheckSum",
                                            "preconditions",
                                            "precondition-sql-check",
                                            "precondition-table-exists",
                                            "precondition-view-exists",
                                            "property",
                                            "ignoreLines"};

/// Whether two words differ in at most so many letters: left out, added, changed or with their neighbour.
bool is_near(std::string_view a, std::string_view b, std::size_t most) {
    while (!a.empty() && !b.empty() && a.front() == b.front()) {
        a.remove_prefix(1);
        b.remove_prefix(1);
    }
    while (!a.empty() && !b.empty() && a.back() == b.back()) {
        a.remove_suffix(1);
        b.remove_suffix(1);
    }
    if (a.empty() || b.empty() || most == 0) return std::max(a.size(), b.size()) <= most;
    const bool swapped = a.size() > 1 && b.size() > 1 && a[0] == b[1] && a[1] == b[0];
    return is_near(a.substr(1), b, most - 1) || is_near(a, b.substr(1), most - 1) ||
           is_near(a.substr(1), b.substr(1), most - 1) ||
           (swapped && is_near(a.substr(2), b.substr(2), most - 1));
}

/// One line of the file and where it stands.
struct Line {
    std::string_view text;
    std::uint32_t number = 0;
};

std::vector<Line> lines_of(std::string_view text) {
    std::vector<Line> out;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (std::uint32_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        out.push_back({line, number});
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

/// What stands behind `--` and spaces; nothing if the line is no such comment.
std::optional<std::string_view> comment_of(std::string_view line) {
    while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
    if (!line.starts_with("--")) return std::nullopt;
    line.remove_prefix(2);
    while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
    return line;
}

/// The rest of a comment behind a directive's word ("rollback"), or nothing if it is another.
std::optional<std::string_view> behind(std::string_view comment, std::string_view word) {
    if (!starts_with_ignoring_case(comment, word)) return std::nullopt;
    comment.remove_prefix(word.size());
    if (!comment.empty() && !is_space(comment.front()) && comment.front() != ':') return std::nullopt;
    if (comment.starts_with(':')) comment.remove_prefix(1);
    return comment;
}

/// Takes `"quoted"` or the text up to one of `ends`.
std::string take_value(std::string_view& rest, std::string_view ends) {
    while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
    const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
    const std::string_view closing = quoted ? rest.substr(0, 1) : ends;
    if (quoted) rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find_first_of(closing), rest.size());
    std::string out(rest.substr(0, end));
    rest.remove_prefix(std::min(end + (quoted ? 1 : 0), rest.size()));
    return quoted ? out : trim(out);
}

struct Setting {
    std::string name, value;
    std::size_t offset = 0, value_offset = 0;  ///< into the text that was read
};

/// `name:value name:"value with spaces"`; what has no colon ends the list and stays in `rest`.
std::vector<Setting> take_settings(std::string_view& rest) {
    std::vector<Setting> out;
    const std::size_t whole = rest.size();
    while (true) {
        std::string_view ahead = rest;
        while (!ahead.empty() && is_space(ahead.front())) ahead.remove_prefix(1);
        std::size_t length = 0;
        while (length < ahead.size() && (std::isalnum(static_cast<unsigned char>(ahead[length])) != 0))
            ++length;
        if (length == 0 || length == ahead.size() || ahead[length] != ':') return out;
        Setting setting{std::string(ahead.substr(0, length)), {}, whole - ahead.size(), 0};
        ahead.remove_prefix(length + 1);
        setting.value_offset = whole - ahead.size();
        if (!ahead.empty() && !is_space(ahead.front())) setting.value = take_value(ahead, " \t");
        out.push_back(std::move(setting));
        rest = ahead;
    }
}

class SqlFile {
  public:
    SqlFile(const SourceFile& file, Diagnostics& diagnostics) : file_(file), diagnostics_(diagnostics) {}

    Node read() {
        list_ = yaml::make_list(at(1));
        for (const Line& line : lines_of(file_.text)) read_line(line);
        if (in_rollback_block_) {
            auto& error = diagnostics_.error(codes::formatted_sql_syntax, at(block_line_),
                                             "'/* liquibase rollback' is not closed");
            error.why = "All that stands below it would be taken for the rollback: end it with '*/'.";
        }
        finish_changeset();
        Node root = yaml::make_map(at(1));
        yaml::put(root, "databaseChangeLog", at(1), std::move(list_));
        return root;
    }

  private:
    Position at(std::uint32_t line) const { return {&file_, line, 1}; }
    Position at(const Line& line, std::size_t offset) const {
        return {&file_, line.number, static_cast<std::uint32_t>(offset + 1)};
    }

    void read_line(const Line& line) {
        if (in_rollback_block_) return read_rollback_block(line);
        if (ignored_lines_ > 0) {
            --ignored_lines_;
            return;
        }
        const std::optional<std::string_view> comment = comment_of(line.text);
        if (ignoring_) {
            if (comment && behind(*comment, "ignoreLines") &&
                lower(trim(*behind(*comment, "ignoreLines"))) == "end")
                ignoring_ = false;
            return;
        }
        if (comment && read_directive(*comment, line)) return;
        if (comment) warn_of_typo(*comment, line);
        const std::string begin = lower(trim(line.text));
        if (open_ && begin.starts_with("/*") && trim(begin.substr(2)).starts_with("liquibase rollback")) {
            in_rollback_block_ = true;
            rollback_line_ = block_line_ = line.number;
            return;
        }
        if (open_) return add_body(line);
        if (comment || begin.empty() || warned_ || in_header_comment(begin)) return;
        warned_ = true;
        diagnostics_.warning(codes::formatted_sql_syntax, at(line.number),
                             "SQL before the first --changeset never runs");
    }

    bool in_header_comment(std::string_view line) {
        if (line.starts_with("/*")) header_comment_ = true;
        const bool inside = header_comment_;
        if (line.find("*/") != std::string_view::npos) header_comment_ = false;
        return inside;
    }

    bool read_directive(std::string_view comment, const Line& line) {
        if (const auto rest = behind(comment, "changeset")) return begin_changeset(*rest, line), true;
        if (behind(comment, "liquibase formatted")) return true;
        if (const auto rest = behind(comment, "property")) return read_property(*rest, line), true;
        if (const auto rest = behind(comment, "ignoreLines")) return read_ignore(trim(*rest)), true;
        if (is_mistyped_changeset(comment, line)) return true;
        if (!open_) return false;
        if (const auto rest = behind(comment, "rollback")) return add_rollback(*rest, line), true;
        if (const auto rest = behind(comment, "comment"))
            return yaml::put(changeset_, "comment", at(line.number), trim(*rest)), true;
        if (const auto rest = behind(comment, "validCheckSum")) return add_checksum(trim(*rest), line), true;
        if (const auto rest = behind(comment, "preconditions")) return begin_preconditions(*rest, line), true;
        if (starts_with_ignoring_case(comment, "precondition-"))
            return add_precondition(comment.substr(13), line), true;
        return false;
    }

    /// `--rolback DROP TABLE t`: only directly behind the dashes, where nobody writes prose.
    void warn_of_typo(std::string_view comment, const Line& line) {
        const auto column = static_cast<std::size_t>(comment.data() - line.text.data());
        if (column < 2 || line.text.substr(column - 2, 2) != "--") return;
        std::size_t length = 0;
        while (length < comment.size() &&
               (std::isalpha(static_cast<unsigned char>(comment[length])) != 0 || comment[length] == '-'))
            ++length;
        const std::string_view word = comment.substr(0, length);
        if (length < comment.size() && !is_space(comment[length]) && comment[length] != ':') return;
        for (const std::string_view known : kDirectives) {
            if (equal_ignoring_case(word, known)) return;
            const bool may_differ_twice = known.size() > 8;
            if (!is_near(lower(word), lower(known), may_differ_twice ? 2 : 1)) continue;
            auto& warning = diagnostics_.warning(codes::formatted_sql_syntax, at(line, column),
                                                 fmt::format("'--{}' is read as a comment", word), length);
            warning.got = word;
            warning.did_you_mean = known;
            return;
        }
    }

    bool is_mistyped_changeset(std::string_view comment, const Line& line) {
        std::size_t length = 0;
        while (length < comment.size() && std::isalpha(static_cast<unsigned char>(comment[length])) != 0)
            ++length;
        const std::string_view word = comment.substr(0, length);
        if (word.size() < 7 || comment.find(':', length) == std::string_view::npos) return false;
        if (equal_ignoring_case(word, "changeset") || nearest(word, {"changeset"}).empty()) return false;
        if (equal_ignoring_case(word, "changes") || equal_ignoring_case(word, "changed")) return false;
        const auto column = static_cast<std::uint32_t>(comment.data() - line.text.data() + 1);
        auto& error = diagnostics_.error(codes::formatted_sql_syntax, {&file_, line.number, column},
                                         fmt::format("unknown directive '--{}'", word), word.size());
        error.got = word;
        error.did_you_mean = "changeset";
        return true;
    }

    void begin_changeset(std::string_view rest, const Line& line) {
        finish_changeset();
        open_ = true;
        changeset_at_ = at(line.number);
        changeset_ = yaml::make_map(changeset_at_);
        sql_settings_ = yaml::make_map(changeset_at_);
        rollback_settings_ = yaml::make_map(changeset_at_);
        std::string author = take_value(rest, ":");
        if (!rest.starts_with(':')) {
            auto& error = diagnostics_.error(codes::formatted_sql_syntax, changeset_at_,
                                             "--changeset needs author:id", line.text.size());
            error.why = "Write '--changeset alice:1', and '\"...\"' around names with spaces or colons.";
            open_ = false;
            warned_ = true;  // one error is enough for what stands below
            return;
        }
        rest.remove_prefix(1);
        std::string id = take_value(rest, " \t");
        yaml::put(changeset_, "id", changeset_at_, std::move(id));
        yaml::put(changeset_, "author", changeset_at_, std::move(author));
        const std::size_t begin = static_cast<std::size_t>(rest.data() - line.text.data());
        for (Setting& setting : take_settings(rest)) add_setting(setting, line, begin);
        const std::string left = trim(rest);
        if (left.empty()) return;
        const std::size_t space = rest.find_first_not_of(" \t");
        const std::size_t offset = static_cast<std::size_t>(rest.data() - line.text.data()) + space;
        auto& error =
            diagnostics_.error(codes::formatted_sql_syntax, at(line, offset),
                               fmt::format("'{}' is no attribute of the form name:value", left), left.size());
        error.did_you_mean = with_colon(left);
    }

    /// "runOnChange=true" with a colon, if that is an attribute.
    static std::string with_colon(const std::string& text) {
        const std::size_t sign = text.find('=');
        if (sign == std::string::npos) return {};
        const std::string name = text.substr(0, sign);
        ChangeSetKeys keys;
        return reads_key(keys, name) ? name + ':' + text.substr(sign + 1) : std::string();
    }

    /// `begin` is where the text begins that the setting's offsets count from.
    void add_setting(Setting& setting, const Line& line, std::size_t begin) {
        const auto is = [&](std::string_view name) { return equal_ignoring_case(setting.name, name); };
        Node value = yaml::make_text(std::move(setting.value), at(line, begin + setting.value_offset));
        const auto add = [&](Node& map, std::string name) {
            yaml::put(map, std::move(name), at(line, begin + setting.offset), std::move(value));
        };
        if (is("stripComments") || is("splitStatements") || is("endDelimiter"))
            add(sql_settings_, std::move(setting.name));
        else if (is("rollbackSplitStatements"))
            add(rollback_settings_, "splitStatements");
        else if (is("rollbackEndDelimiter"))
            add(rollback_settings_, "endDelimiter");
        else
            add(changeset_, std::move(setting.name));
    }

    void add_body(const Line& line) {
        if (body_.empty() && trim(line.text).empty()) return;
        if (body_.empty()) body_at_ = at(line.number);
        body_ += line.text;
        body_ += '\n';
    }

    void add_checksum(std::string text, const Line& line) {
        checksums_.push_back(yaml::make_text(std::move(text), at(line.number)));
    }

    void add_rollback(std::string_view rest, const Line& line) {
        std::string text = trim(rest);
        if (rollback_line_ == 0) rollback_line_ = line.number;
        has_rollback_ = true;
        if (equal_ignoring_case(text, "not required") || equal_ignoring_case(text, "empty")) return;
        if (starts_with_ignoring_case(text, "changesetId:")) {
            std::string_view settings = text;
            for (Setting& setting : take_settings(settings))
                rollback_reference_.push_back(std::move(setting));
            return;
        }
        rollback_ += text;
        rollback_ += '\n';
    }

    void read_rollback_block(const Line& line) {
        const std::size_t end = line.text.find("*/");
        has_rollback_ = true;
        rollback_ += line.text.substr(0, end);
        rollback_ += '\n';
        if (end != std::string_view::npos) in_rollback_block_ = false;
    }

    void read_ignore(std::string what) {
        if (equal_ignoring_case(what, "start"))
            ignoring_ = true;
        else if (!what.empty() && what.size() < 9 &&
                 what.find_first_not_of("0123456789") == std::string::npos)
            ignored_lines_ = static_cast<std::size_t>(std::stoul(what));
    }

    void read_property(std::string_view rest, const Line& line) {
        Node property = yaml::make_map(at(line.number));
        for (Setting& setting : take_settings(rest))
            yaml::put(property, std::move(setting.name), at(line.number), std::move(setting.value));
        yaml::append(list_, "property", at(line.number), std::move(property));
    }

    void begin_preconditions(std::string_view rest, const Line& line) {
        if (conditions_.items.empty()) conditions_ = yaml::make_list(at(line.number));
        for (Setting& setting : take_settings(rest))
            yaml::append(conditions_, std::move(setting.name), at(line.number),
                         yaml::make_text(std::move(setting.value), at(line.number)));
    }

    void add_precondition(std::string_view text, const Line& line) {
        if (conditions_.items.empty()) conditions_ = yaml::make_list(at(line.number));
        Node condition = yaml::make_map(at(line.number));
        const auto put = [&](std::string key, std::string value) {
            yaml::put(condition, std::move(key), at(line.number), std::move(value));
        };
        if (auto rest = behind(text, "sql-check")) {
            for (Setting& setting : take_settings(*rest))
                put(std::move(setting.name), std::move(setting.value));
            put("sql", trim(*rest));
            return yaml::append(conditions_, "sqlCheck", at(line.number), std::move(condition));
        }
        for (const std::string_view kind : {"table", "view"}) {
            auto rest = behind(text, std::string(kind) + "-exists");
            if (!rest) continue;
            for (Setting& setting : take_settings(*rest))
                put(equal_ignoring_case(setting.name, "schema") || equal_ignoring_case(setting.name, kind)
                        ? lower(setting.name) + "Name"
                        : std::move(setting.name),
                    std::move(setting.value));
            return yaml::append(conditions_, std::string(kind) + "Exists", at(line.number),
                                std::move(condition));
        }
        auto& error = diagnostics_.error(codes::unknown_precondition, at(line.number),
                                         "unknown precondition in formatted SQL", line.text.size());
        error.did_you_mean =
            nearest(text.substr(0, text.find_first_of(" \t:")), {"sql-check", "table-exists", "view-exists"});
        if (!error.did_you_mean.empty()) error.did_you_mean.insert(0, "--precondition-");
        error.expected = {"--precondition-sql-check", "--precondition-table-exists",
                          "--precondition-view-exists"};
    }

    /// `sql: {sql: ..., stripComments: true, ...}`; settings of the author's win over the default.
    static Node sql_change(std::string text, Node settings, Position at) {
        const bool strips = std::any_of(
            settings.entries.begin(), settings.entries.end(),
            [](const yaml::Entry& entry) { return equal_ignoring_case(entry.key.raw, "stripComments"); });
        if (!strips) yaml::put(settings, "stripComments", at, "true");
        yaml::put(settings, "sql", at, std::move(text));
        return settings;
    }

    Node rollback_node() {
        const Position place = at(rollback_line_);
        if (!rollback_reference_.empty()) {
            Node reference = yaml::make_map(place);
            for (Setting& setting : rollback_reference_) {
                std::string name = lower(setting.name);
                if (name == "changesetid")
                    name = "changeSetId";
                else if (name == "changesetauthor")
                    name = "changeSetAuthor";
                else if (name == "changesetpath")
                    name = "changeSetPath";
                yaml::put(reference, std::move(name), place, std::move(setting.value));
            }
            return reference;
        }
        if (trim(rollback_).empty()) return yaml::make_text("", place);
        Node list = yaml::make_list(place);
        yaml::append(list, "sql", place,
                     sql_change(std::move(rollback_), std::move(rollback_settings_), place));
        return list;
    }

    void finish_changeset() {
        if (open_) {
            if (!conditions_.items.empty())
                yaml::put(changeset_, "preConditions", conditions_.at, std::move(conditions_));
            if (!checksums_.empty()) {
                Node list = yaml::make_list(checksums_.front().at);
                list.items = std::move(checksums_);
                yaml::put(changeset_, "validCheckSum", list.at, std::move(list));
            }
            Node changes = yaml::make_list(changeset_at_);
            if (!trim(body_).empty())
                yaml::append(changes, "sql", body_at_,
                             sql_change(std::move(body_), std::move(sql_settings_), body_at_));
            yaml::put(changeset_, "changes", changeset_at_, std::move(changes));
            if (has_rollback_) yaml::put(changeset_, "rollback", at(rollback_line_), rollback_node());
            yaml::append(list_, "changeSet", changeset_at_, std::move(changeset_));
        }
        open_ = has_rollback_ = false;
        body_.clear();
        rollback_.clear();
        rollback_line_ = 0;
        rollback_reference_.clear();
        checksums_.clear();
        conditions_ = Node{};
    }

    const SourceFile& file_;
    Diagnostics& diagnostics_;
    Node list_;
    Node changeset_, sql_settings_, rollback_settings_, conditions_;
    std::vector<Node> checksums_;
    std::vector<Setting> rollback_reference_;
    Position changeset_at_, body_at_;
    std::string body_, rollback_;
    std::uint32_t rollback_line_ = 0, block_line_ = 0;
    std::size_t ignored_lines_ = 0;
    bool open_ = false, has_rollback_ = false, in_rollback_block_ = false, ignoring_ = false, warned_ = false;
    bool header_comment_ = false;
};

}  // namespace

bool is_formatted_sql(std::string_view text) {
    for (const Line& line : lines_of(text)) {
        if (trim(line.text).empty()) continue;
        const std::optional<std::string_view> comment = comment_of(line.text);
        return comment && starts_with_ignoring_case(*comment, "liquibase formatted");
    }
    return false;
}

std::optional<yaml::Node> read_formatted_sql(const SourceFile& file, Diagnostics& diagnostics) {
    if (!yaml::has_clean_characters(file, diagnostics)) return std::nullopt;
    return SqlFile(file, diagnostics).read();
}

std::optional<yaml::Node> read_plain_sql(const SourceFile& file, Diagnostics& diagnostics) {
    if (!yaml::has_clean_characters(file, diagnostics)) return std::nullopt;
    const Position at{&file, 1, 1};
    std::string_view text = file.text;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    Node sql = yaml::make_map(at);
    yaml::put(sql, "sql", at, std::string(text));
    yaml::put(sql, "splitStatements", at, "false");
    yaml::put(sql, "stripComments", at, "false");
    Node changes = yaml::make_list(at);
    yaml::append(changes, "sql", at, std::move(sql));
    Node changeset = yaml::make_map(at);
    yaml::put(changeset, "id", at, "raw");
    yaml::put(changeset, "author", at, "includeAll");
    yaml::put(changeset, "changes", at, std::move(changes));
    Node list = yaml::make_list(at);
    yaml::append(list, "changeSet", at, std::move(changeset));
    Node root = yaml::make_map(at);
    yaml::put(root, "databaseChangeLog", at, std::move(list));
    return root;
}

}  // namespace changelog
