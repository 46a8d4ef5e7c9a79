// Reads connection strings; libpq itself does the parsing, so that both agree on every corner.
#include "postgres/connection_string.hpp"

#include "core/text.hpp"
#include "postgres/connection.hpp"

#include <libpq-fe.h>

namespace changelog::postgres {
namespace {

constexpr std::string_view jdbc_prefix = "jdbc:postgresql:";

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// JDBC reads its parameters as form data: '+' is a space.
std::string decode_form(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                   hex_digit(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// A backslash before every blank and backslash: how libpq's `options` keeps them within one argument.
std::string option_argument(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ' ' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

void add_option(ConnectionParameters& out, const std::string& text) {
    std::string& options = out["options"];
    if (!options.empty()) options += ' ';
    options += text;
}

std::string session_attributes(const std::string& server_type) {
    const std::string type = lower(server_type);
    if (type == "primary" || type == "master") return "primary";
    if (type == "secondary" || type == "slave") return "standby";
    if (type == "prefersecondary" || type == "preferslave") return "prefer-standby";
    return "any";
}

/// One parameter of a JDBC URL, as libpq has it (pgjdbc manual, "Connection Parameters").
void translate_parameter(const std::string& name, const std::string& value, ConnectionParameters& out) {
    static const std::map<std::string, std::string> renamed = {
        {"user", "user"},
        {"password", "password"},
        {"sslmode", "sslmode"},
        {"sslcert", "sslcert"},
        {"sslkey", "sslkey"},
        {"sslrootcert", "sslrootcert"},
        {"sslpassword", "sslpassword"},
        {"channelBinding", "channel_binding"},
        {"gssEncMode", "gssencmode"},
        {"ApplicationName", "application_name"},
        {"connectTimeout", "connect_timeout"},
        {"loginTimeout", "connect_timeout"},
    };
    if (const auto found = renamed.find(name); found != renamed.end()) {
        out[found->second] = value;
    } else if (name == "ssl" && (value.empty() || equal_ignoring_case(value, "true"))) {
        out.emplace("sslmode", "verify-full");
    } else if (name == "sslfactory" && value.find("NonValidatingFactory") != std::string::npos) {
        out["sslmode"] = "require";
    } else if (name == "tcpKeepAlive") {
        out["keepalives"] = equal_ignoring_case(value, "true") ? "1" : "0";
    } else if (name == "targetServerType") {
        out["target_session_attrs"] = session_attributes(value);
    } else if (name == "currentSchema") {
        add_option(out, "-c search_path=" + option_argument(value));
    } else if (name == "options") {
        add_option(out, value);
    }
}

ConnectionParameters jdbc_parameters(std::string_view query) {
    ConnectionParameters out;
    while (!query.empty()) {
        const std::string_view item = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), item.size() + 1));
        const auto equals = item.find('=');
        const std::string value = equals == item.npos ? "" : decode_form(item.substr(equals + 1));
        translate_parameter(decode_form(item.substr(0, equals)), value, out);
    }
    return out;
}

/// libpq's complaint without what it quotes, unless that is only the name of an option: it may quote the
/// password.
std::string harmless(std::string message) {
    message = trim(message);
    const bool names_option = message.starts_with("invalid connection option") ||
                              message.starts_with("invalid URI query parameter");
    return names_option ? message : trim(message.substr(0, message.find('"')));
}

[[noreturn]] void refuse(const std::string& why, const std::string& hint) {
    ServerError error;
    error.sqlstate = "08001";
    error.message = "connection string not understood: " + why;
    error.hint = hint;
    throw DatabaseError(std::move(error));
}

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The end of the value that starts at `at`, in a DSN ('...' with backslashes, or up to a blank) or a URI's
/// query.
std::size_t value_end(const std::string& text, std::size_t at, bool uri) {
    if (uri) return std::min(text.find('&', at), text.size());
    const bool quoted = at < text.size() && text[at] == '\'';
    for (std::size_t i = quoted ? at + 1 : at; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (quoted && text[i] == '\'') {
            return i + 1;
        } else if (!quoted && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n')) {
            return i;
        }
    }
    return text.size();
}

std::string hide_parameters(std::string text, bool uri) {
    static constexpr std::string_view key = "password";
    for (std::size_t at = text.find(key); at != text.npos; at = text.find(key, at)) {
        at += key.size();
        std::size_t value = at;
        while (value < text.size() && text[value] == ' ') ++value;
        if (value == text.size() || text[value] != '=' || (at < text.size() && is_word(text[at]))) continue;
        ++value;
        while (value < text.size() && text[value] == ' ') ++value;
        text.replace(value, value_end(text, value, uri) - value, "***");
    }
    return text;
}

/// The '@' that ends user and password. The last one, as people forget to encode those within a password.
std::size_t credentials_end(const std::string& url) {
    const auto last = url.rfind('@');
    const auto query = url.find('?');
    if (last == url.npos || query == url.npos || last < query) return last;
    const bool within_query = url.substr(query, last - query).find('=') != url.npos;
    return within_query ? url.rfind('@', query) : last;
}

/// What stands between the first ':' after the scheme and the last '@': the password, whatever it holds.
std::string widest_password(const std::string& url) {
    const auto scheme = url.find("://");
    const std::size_t begin = scheme == url.npos ? 0 : scheme + 3;
    const auto colon = url.find(':', begin), at = url.rfind('@');
    return colon == url.npos || at == url.npos || at < colon ? "" : url.substr(colon + 1, at - colon - 1);
}

/// A short piece only where it stands alone: hiding each "x" would garble the text.
void hide_piece(std::string& text, const std::string& piece) {
    if (piece.empty()) return;
    for (auto at = text.find(piece); at != text.npos; at = text.find(piece, at)) {
        const std::size_t end = at + piece.size();
        const bool alone = (at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]));
        if (piece.size() < 4 && !alone) {
            at = end;
            continue;
        }
        text.replace(at, piece.size(), "***");
        at += 3;
    }
}

}  // namespace

std::string percent_encode(const std::string& text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (is_word(c) || c == '-' || c == '.' || c == '~' || c == '/') {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

std::string translate_jdbc(const std::string& url) {
    if (!starts_with_ignoring_case(url, jdbc_prefix)) return url;
    std::string rest = url.substr(jdbc_prefix.size());
    const auto question = rest.find('?');
    const ConnectionParameters parameters = jdbc_parameters(
        question == rest.npos ? std::string_view{} : std::string_view(rest).substr(question + 1));
    rest.resize(std::min(question, rest.size()));
    // "jdbc:postgresql:db" and "jdbc:postgresql:/" mean the local host, over TCP.
    if (!rest.starts_with("//")) rest = "//localhost/" + rest.substr(rest.starts_with("/") ? 1 : 0);
    std::string out = "postgresql:" + rest;
    char separator = '?';
    for (const auto& [name, value] : parameters) {
        out += separator + name + '=' + percent_encode(value);
        separator = '&';
    }
    return out;
}

bool password_needs_encoding(const std::string& url) {
    return url.find("://") != url.npos && widest_password(url).find_first_of("/?#@") != std::string::npos;
}

bool looks_like_connection_string(const std::string& url) {
    if (url.empty() || starts_with_ignoring_case(url, jdbc_prefix)) return true;
    if (url.find("://") != url.npos) return true;
    const auto equals = url.find('=');
    return equals != url.npos && url.find('@') >= equals;
}

std::string hide_password(std::string text, const std::string& url) {
    if (!password_needs_encoding(url)) return text;
    const std::string password = widest_password(url);
    std::vector<std::string> pieces = {password, decode_form(password)};
    for (std::size_t begin = 0; begin <= password.size();) {
        const std::size_t end = std::min(password.find_first_of("/?#@", begin), password.size());
        pieces.push_back(password.substr(begin, end - begin));
        pieces.push_back(decode_form(pieces.back()));
        pieces.push_back(password.substr(begin));
        begin = end + 1;
    }
    std::sort(pieces.begin(), pieces.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
    for (const std::string& piece : pieces) hide_piece(text, piece);
    return text;
}

ConnectionParameters parse_connection_string(const std::string& url) {
    if (!looks_like_connection_string(url)) {
        ServerError error;
        error.sqlstate = "08001";
        error.message = "not a connection string";
        error.hint = "expected postgresql://user@host:5432/database or \"host=... dbname=...\"";
        throw DatabaseError(std::move(error));
    }
    const std::string text = translate_jdbc(url);
    char* complaint = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(text.c_str(), &complaint), &PQconninfoFree);
    const std::unique_ptr<char, decltype(&PQfreemem)> owned(complaint, &PQfreemem);
    if (!options)
        refuse(harmless(complaint ? complaint : "out of memory"),
               "expected postgresql://user@host:5432/database or \"host=... dbname=...\", with special "
               "characters as %XX; got " +
                   redact(url));
    ConnectionParameters out;
    for (const PQconninfoOption* option = options.get(); option->keyword; ++option)
        if (option->val) out[option->keyword] = option->val;
    if (out["host"].find('@') != std::string::npos)
        refuse("the host holds an '@'", "write an '@' within the password as %40");
    std::erase_if(out, [](const auto& item) { return item.second.empty(); });
    return out;
}

std::string redact(const std::string& url) {
    const auto scheme = url.find("://");
    if (scheme == url.npos && url.find('@') != url.npos && !looks_like_connection_string(url)) return "***";
    if (scheme == url.npos) return hide_parameters(url, url.starts_with("jdbc:"));
    std::string out = url;
    auto at = credentials_end(url);
    if (at == url.npos && url.find(':', scheme + 3) < url.find_first_of("/?#", scheme + 3))
        at = url.rfind('@');
    const auto colon = url.find(':', scheme + 3);
    if (at != url.npos && colon != url.npos && colon < at) out.replace(colon + 1, at - colon - 1, "***");
    return hide_parameters(out, true);
}

}  // namespace changelog::postgres
