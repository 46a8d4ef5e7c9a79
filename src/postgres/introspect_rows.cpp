#include "postgres/introspect_rows.hpp"

#include <cstdlib>

namespace changelog::postgres {

std::string Cells::text() {
    std::optional<std::string>& cell = cells_.at(next_++);
    return cell ? std::move(*cell) : std::string();
}

char Cells::letter() {
    const std::string value = text();
    return value.empty() ? ' ' : value.front();
}

Oid Cells::oid() { return std::strtoull(text().c_str(), nullptr, 10); }

int Cells::number() { return std::atoi(text().c_str()); }

ObjectName Cells::name() {
    std::string schema = text();
    return {std::move(schema), text()};
}

std::vector<std::string> array_items(std::string_view array) {
    std::vector<std::string> out;
    if (array.size() <= 2) return out;
    std::string item;
    bool quoted = false, was_quoted = false;
    for (std::size_t i = 1; i < array.size(); ++i) {
        const char c = array[i];
        if (c == '\\') {
            item += array[++i];
        } else if (c == '"') {
            quoted = !quoted;
            was_quoted = true;
        } else if (!quoted && (c == ',' || c == '}')) {
            out.push_back(!was_quoted && item == "NULL" ? std::string() : std::move(item));
            item.clear();
            was_quoted = false;
        } else {
            item += c;
        }
    }
    return out;
}

std::vector<Oid> numbers_of(std::string_view array) {
    std::vector<Oid> out;
    bool within = false;
    for (const char c : array) {
        const bool digit = c >= '0' && c <= '9';
        if (digit && !within) out.push_back(0);
        if (digit) out.back() = out.back() * 10 + static_cast<Oid>(c - '0');
        within = digit;
    }
    return out;
}

void add_options(std::string_view array, std::map<std::string, std::string>& out, std::string_view prefix) {
    for (const std::string& item : array_items(array)) {
        const std::size_t sign = item.find('=');
        const std::string value = sign == std::string::npos ? std::string() : item.substr(sign + 1);
        out[std::string(prefix) + item.substr(0, sign)] = value;
    }
}

std::map<std::string, std::string> options_of(std::string_view array) {
    std::map<std::string, std::string> out;
    add_options(array, out);
    return out;
}

std::string array_of(const std::vector<Oid>& oids) {
    std::string out = "'{";
    for (const Oid oid : oids) {
        if (out.back() != '{') out += ',';
        out += std::to_string(oid);
    }
    return out + "}'::oid[]";
}

std::string unnest(const std::vector<Oid>& oids) { return "unnest(" + array_of(oids) + ')'; }

}  // namespace changelog::postgres
