// The event interface of yaml-cpp: a Node tree of its own would be several times slower and larger.
#include "yaml/reader.hpp"

#include "changelog/codes.hpp"

#include "core/text.hpp"
#include "yaml/scan.hpp"
#include "yaml/syntax_errors.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <charconv>
#include <istream>
#include <streambuf>

namespace changelog::yaml {

namespace {

constexpr std::size_t kMostCopied = 1'000'000;  // nodes that aliases may add to a document

/// Thrown through yaml-cpp to end the reading; what was wrong has been reported.
struct Stopped {};

/// The text as a stream, without copying it.
class TextBuffer final : public std::streambuf {
  public:
    explicit TextBuffer(std::string_view text) {
        char* begin = const_cast<char*>(text.data());  // never written to: this is an input buffer
        setg(begin, begin, begin + text.size());
    }
};

/// A measure of what a copy costs: nodes, and long texts as many.
std::size_t cost_of(const Node& node) {
    std::size_t cost = 1 + node.raw.size() / 100;
    for (const Node& item : node.items) cost += cost_of(item);
    for (const Entry& entry : node.entries) cost += cost_of(entry.key) + cost_of(entry.value);
    return cost;
}

bool is_merge_key(const Node& key) {
    return key.kind == Node::Kind::scalar && !key.quoted && key.raw == "<<";
}

class TreeBuilder final : public YAML::EventHandler {
  public:
    /// `joined` are the offsets at which 12 characters of the file have become 4 (joined_surrogates).
    TreeBuilder(const SourceFile& file, std::uint32_t first_column, const std::vector<std::size_t>& joined,
                Diagnostics& diagnostics)
        : file_(file), first_column_(first_column), joined_(joined), diagnostics_(diagnostics) {}

    Node take_root() { return std::move(root_); }

    /// Where the last scalar begins, as an offset into the text.
    std::size_t last_scalar() const { return last_scalar_; }

    Position position(const YAML::Mark& mark) const {
        const auto line = static_cast<std::uint32_t>(mark.line + 1);
        auto column = static_cast<std::uint32_t>(mark.column + 1);
        if (!joined_.empty()) {
            const auto end = static_cast<std::size_t>(mark.pos);
            const auto from =
                std::lower_bound(joined_.begin(), joined_.end(), end - static_cast<std::size_t>(mark.column));
            column += 8 * static_cast<std::uint32_t>(std::lower_bound(from, joined_.end(), end) - from);
        }
        return {&file_, line, line == 1 ? column + first_column_ : column};
    }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        Node node;
        node.at = position(mark);
        finish(std::move(node), anchor);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        Node node;
        node.kind = Node::Kind::scalar;
        node.at = position(mark);
        last_scalar_ = static_cast<std::size_t>(mark.pos);
        node.quoted = is_text(tag, node.at);
        node.raw = value;
        if (value.find('\0') != std::string::npos)  // it would end the SQL that it becomes a part of
            fail(codes::bad_value, node.at, "U+0000 in a text: PostgreSQL has no such character");
        finish(std::move(node), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end())
            fail(codes::alias_limit, position(mark), "an alias stands inside its own anchor");
        charge(found->second.cost, mark);
        finish(found->second.node, 0);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(Node::Kind::sequence, mark, anchor);
    }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(Node::Kind::mapping, mark, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override {
        merge(stack_.back().node);
        close();
    }

  private:
    struct Frame {
        Node node;
        Node key;
        bool has_key = false;
        YAML::anchor_t anchor = 0;
    };
    struct Anchored {
        Node node;
        std::size_t cost = 0;
    };

    [[noreturn]] void fail(std::string_view code, Position at, std::string title) {
        diagnostics_.error(code, at, std::move(title));
        throw Stopped{};
    }

    /// Quoted scalars carry the tag "!", plain ones "?" or none; the tags of the core schema override both.
    bool is_text(const std::string& tag, Position at) {
        if (tag == "?" || tag.empty()) return false;
        if (tag == "!" || tag == "tag:yaml.org,2002:str") return true;
        if (!tag.starts_with("tag:yaml.org,2002:")) fail(codes::yaml_syntax, at, "unknown tag '" + tag + "'");
        return false;
    }

    void charge(std::size_t cost, const YAML::Mark& mark) {
        copied_ += cost;
        if (copied_ > kMostCopied) fail(codes::alias_limit, position(mark), "aliases expand without bound");
    }

    void open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (stack_.size() >= kDeepest)
            fail(codes::nesting_too_deep, position(mark),
                 fmt::format("nested more than {} levels deep", kDeepest));
        Frame& frame = stack_.emplace_back();
        frame.node.kind = kind;
        frame.node.at = position(mark);
        frame.anchor = anchor;
    }

    void close() {
        Node node = std::move(stack_.back().node);
        const YAML::anchor_t anchor = stack_.back().anchor;
        stack_.pop_back();
        finish(std::move(node), anchor);
    }

    void finish(Node node, YAML::anchor_t anchor) {
        if (anchor != 0) {
            const std::size_t cost = cost_of(node);
            copied_ += cost;
            if (copied_ > kMostCopied) fail(codes::alias_limit, node.at, "anchored values are too large");
            anchors_[anchor] = {node, cost};
        }
        if (stack_.empty()) {
            root_ = std::move(node);
            return;
        }
        Frame& parent = stack_.back();
        if (parent.node.kind == Node::Kind::sequence) {
            parent.node.items.push_back(std::move(node));
        } else if (!parent.has_key) {
            parent.key = std::move(node);
            parent.has_key = true;
        } else {
            parent.node.entries.push_back({std::move(parent.key), std::move(node)});
            parent.has_key = false;
        }
    }

    /// Applies `<<`: keys of the map itself win, then those of the first merged map that has them.
    void merge(Node& map) {
        std::vector<Entry> merged;
        for (auto entry = map.entries.begin(); entry != map.entries.end();) {
            if (!is_merge_key(entry->key)) {
                ++entry;
                continue;
            }
            collect(entry->value, map, merged);
            entry = map.entries.erase(entry);
        }
        for (Entry& entry : merged) map.entries.push_back(std::move(entry));
    }

    void collect(Node& value, const Node& map, std::vector<Entry>& merged) {
        if (value.kind == Node::Kind::sequence) {
            for (Node& item : value.items) {
                if (item.kind != Node::Kind::mapping)
                    fail(codes::yaml_syntax, item.at, "'<<' takes maps only");
                collect(item, map, merged);
            }
            return;
        }
        if (value.kind != Node::Kind::mapping)
            fail(codes::yaml_syntax, value.at, "'<<' takes a map or a list of maps");
        for (Entry& entry : value.entries) {
            const auto same = [&](const Entry& other) {
                return !is_merge_key(other.key) && other.key.raw == entry.key.raw &&
                       other.key.kind == entry.key.kind;
            };
            if (std::any_of(map.entries.begin(), map.entries.end(), same)) continue;
            if (std::any_of(merged.begin(), merged.end(), same)) continue;
            merged.push_back(std::move(entry));
        }
    }

    const SourceFile& file_;
    std::uint32_t first_column_;
    const std::vector<std::size_t>& joined_;
    Diagnostics& diagnostics_;
    std::vector<Frame> stack_;
    std::unordered_map<YAML::anchor_t, Anchored> anchors_;
    std::size_t copied_ = 0;
    std::size_t last_scalar_ = 0;
    Node root_;
};

/// Whether a quoted scalar that begins here, perhaps behind an anchor or a tag, has its closing quote.
/// yaml-cpp takes the end of the file for one.
bool is_closed(std::string_view text, std::size_t begin) {
    while (begin < text.size() && (text[begin] == '&' || text[begin] == '!'))
        begin = std::min(
            text.find_first_not_of(" \t\r\n", std::min(text.find_first_of(" \t\r\n", begin), text.size())),
            text.size());
    if (begin >= text.size() || (text[begin] != '"' && text[begin] != '\'')) return true;
    const char quote = text[begin];
    for (std::size_t i = begin + 1; i < text.size(); ++i) {
        if (quote == '"' && text[i] == '\\')
            ++i;
        else if (text[i] == quote && quote == '\'' && i + 1 < text.size() && text[i + 1] == quote)
            ++i;
        else if (text[i] == quote)
            return true;
    }
    return false;
}

/// The code unit of an escape (backslash, u, four hexadecimal digits) at an offset; 0 if none stands there.
std::uint32_t escaped_unit(std::string_view text, std::size_t at) {
    if (text.substr(at, 2) != "\\u" || at + 6 > text.size()) return 0;
    std::uint32_t value = 0;
    const char* const digits = text.data() + at + 2;
    const auto [end, error] = std::from_chars(digits, digits + 4, value, 16);
    return error == std::errc() && end == digits + 4 ? value : 0;
}

/// JSON writes characters beyond U+FFFF as two escapes, which yaml-cpp refuses: each pair becomes the
/// character. Empty if there is none.
std::string joined_surrogates(std::string_view text, std::vector<std::size_t>& joined) {
    std::string out;
    std::size_t copied = 0;
    for (std::size_t i = text.find('\\'); i < text.size(); i = text.find('\\', i + 2)) {
        const std::uint32_t high = escaped_unit(text, i), low = escaped_unit(text, i + 6);
        if (high < 0xD800 || high >= 0xDC00 || low < 0xDC00 || low >= 0xE000) continue;
        out += text.substr(copied, i - copied);
        joined.push_back(out.size());
        const std::uint32_t c = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        for (const std::uint32_t byte :
             {0xF0 | (c >> 18), 0x80 | ((c >> 12) & 0x3F), 0x80 | ((c >> 6) & 0x3F), 0x80 | (c & 0x3F)})
            out += static_cast<char>(byte);
        copied = i + 12;
        i = copied - 2;
    }
    return joined.empty() ? std::string() : out.append(text.substr(copied));
}

/// Finds out whether a document has any content.
class ContentFinder final : public YAML::EventHandler {
  public:
    std::optional<YAML::Mark> first;

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { found(mark); }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t, const std::string&) override {
        found(mark);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        found(mark);
    }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        found(mark);
    }
    void OnSequenceEnd() override {}
    void OnMapEnd() override {}

  private:
    void found(const YAML::Mark& mark) {
        first = mark;
        throw Stopped{};
    }
};

/// Reports a document after the first that has content.
bool is_alone(YAML::Parser& parser, const TreeBuilder& builder, Diagnostics& diagnostics) {
    ContentFinder finder;
    try {
        while (parser.HandleNextDocument(finder)) {
        }
    } catch (const Stopped&) {
    }
    if (!finder.first) return true;
    auto& error = diagnostics.error(codes::second_document, builder.position(*finder.first),
                                    "more than one YAML document in the file");
    error.why =
        "A changelog file holds one document: put the second one into a file of its own and include it.";
    return false;
}

}  // namespace

std::optional<Node> read(const SourceFile& file, Diagnostics& diagnostics) {
    if (!has_clean_characters(file, diagnostics)) return std::nullopt;
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    std::string_view text = file.text;
    const bool marked = text.starts_with(kByteOrderMark);
    if (marked) text.remove_prefix(kByteOrderMark.size());

    std::vector<std::size_t> joined;
    std::string without_pairs;
    if (lower(file.name).ends_with(".json")) without_pairs = joined_surrogates(text, joined);
    if (!joined.empty()) text = without_pairs;

    TreeBuilder builder(file, marked ? kByteOrderMark.size() : 0, joined, diagnostics);
    TextBuffer buffer(text);
    std::istream stream(&buffer);
    try {
        YAML::Parser parser(stream);
        parser.HandleNextDocument(builder);
        if (!is_alone(parser, builder, diagnostics)) return std::nullopt;
        if (!is_closed(text, builder.last_scalar())) {
            const std::size_t offset =
                builder.last_scalar() + 8 * joined.size() + (marked ? kByteOrderMark.size() : 0);
            report_syntax(file, position_at(file, offset), "illegal EOF in scalar", diagnostics);
            return std::nullopt;
        }
    } catch (const Stopped&) {
        return std::nullopt;
    } catch (const YAML::Exception& problem) {
        report_syntax(file, builder.position(problem.mark), problem.msg, diagnostics);
        return std::nullopt;
    }
    return builder.take_root();
}

}  // namespace changelog::yaml
