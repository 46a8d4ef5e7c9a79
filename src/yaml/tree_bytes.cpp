#include "yaml/tree_bytes.hpp"

namespace changelog::yaml {

namespace {

constexpr std::string_view kMagic = "changelog tree 1\n";
constexpr int kDeepest = 1000;

void put_number(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(0x80 | (value & 0x7F));
    out += static_cast<char>(value);
}

void put_node(std::string& out, const Node& node) {
    out += static_cast<char>(static_cast<unsigned>(node.kind) | (node.quoted ? 4U : 0U));
    put_number(out, node.at.line);
    put_number(out, node.at.column);
    switch (node.kind) {
        case Node::Kind::null:
            break;
        case Node::Kind::scalar:
            put_number(out, node.raw.size());
            out += node.raw;
            break;
        case Node::Kind::sequence:
            put_number(out, node.items.size());
            for (const Node& item : node.items) put_node(out, item);
            break;
        case Node::Kind::mapping:
            put_number(out, node.entries.size());
            for (const Entry& entry : node.entries) {
                put_node(out, entry.key);
                put_node(out, entry.value);
            }
            break;
    }
}

/// Reads with every length checked: the bytes come from a file that anything may have happened to.
class Decoder {
  public:
    Decoder(std::string_view bytes, const SourceFile& file) : rest_(bytes), file_(file) {}

    bool read(Node& node, int depth = 0) {
        if (rest_.empty() || depth > kDeepest) return false;
        const auto head = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        std::uint64_t line = 0, column = 0, size = 0;
        if (head > 7 || !number(line) || !number(column)) return false;
        node.kind = static_cast<Node::Kind>(head & 3U);
        node.quoted = (head & 4U) != 0;
        node.at = {&file_, static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column)};
        if (node.kind == Node::Kind::null) return true;
        if (!number(size) || size > rest_.size()) return false;  // every item takes a byte at least
        if (node.kind == Node::Kind::scalar) {
            node.raw.assign(rest_.substr(0, size));
            rest_.remove_prefix(size);
            return true;
        }
        return node.kind == Node::Kind::sequence ? items(node, size, depth) : entries(node, size, depth);
    }

    bool at_end() const { return rest_.empty(); }

  private:
    bool items(Node& node, std::uint64_t size, int depth) {
        node.items.resize(size);
        for (Node& item : node.items)
            if (!read(item, depth + 1)) return false;
        return true;
    }

    bool entries(Node& node, std::uint64_t size, int depth) {
        node.entries.resize(size);
        for (Entry& entry : node.entries)
            if (!read(entry.key, depth + 1) || !read(entry.value, depth + 1)) return false;
        return true;
    }

    bool number(std::uint64_t& value) {
        for (unsigned shift = 0; shift < 63 && !rest_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if (byte < 0x80) return true;
        }
        return false;
    }

    std::string_view rest_;
    const SourceFile& file_;
};

}  // namespace

std::string to_bytes(const Node& root) {
    std::string out(kMagic);
    put_node(out, root);
    return out;
}

std::optional<Node> from_bytes(std::string_view bytes, const SourceFile& file) {
    if (!bytes.starts_with(kMagic)) return std::nullopt;
    Decoder decoder(bytes.substr(kMagic.size()), file);
    Node root;
    if (!decoder.read(root) || !decoder.at_end()) return std::nullopt;
    return root;
}

}  // namespace changelog::yaml
