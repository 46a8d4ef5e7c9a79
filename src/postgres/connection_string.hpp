// Connection strings: libpq's two forms, JDBC's, and how they are shown without a password.
#pragma once

#include <map>
#include <string>

namespace changelog::postgres {

/// What libpq is told, by its own keywords ("host", "dbname", ...).
using ConnectionParameters = std::map<std::string, std::string>;

/// "jdbc:postgresql://..." as the URI that libpq reads; any other text as it is. JDBC parameters that have no
/// meaning for libpq are dropped; ssl=true means sslmode=verify-full, as in pgjdbc; currentSchema becomes the
/// search path.
std::string translate_jdbc(const std::string& url);

/// The parameters that a URI or key=value string gives. Throws DatabaseError (sqlstate 08001) if libpq cannot
/// read it.
ConnectionParameters parse_connection_string(const std::string& url);

/// `text` without anything that may be a part of the URL's password. libpq takes an unencoded '/', '?', '#'
/// or '@' in a password for the end of the host, and then quotes the password as a port or a host.
std::string hide_password(std::string text, const std::string& url);

/// A password that is not encoded seems to stand in the URL.
bool password_needs_encoding(const std::string& url);

/// A URL, a jdbc: URL or key=value pairs, by the look of it.
bool looks_like_connection_string(const std::string& url);

/// Bytes other than letters, digits and "-._~/" as %XX, for a URI's parts.
std::string percent_encode(const std::string& text);

}  // namespace changelog::postgres
