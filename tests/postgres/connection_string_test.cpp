#include "postgres/connection_string.hpp"

#include "postgres/connect_failure.hpp"
#include "postgres/connection.hpp"
#include "support/catch.hpp"

using namespace changelog;
using namespace changelog::postgres;

TEST_CASE("a JDBC URL becomes the URI that libpq reads") {
    CHECK(translate_jdbc("jdbc:postgresql://db:5433/shop") == "postgresql://db:5433/shop");
    CHECK(translate_jdbc("jdbc:postgresql:shop") == "postgresql://localhost/shop");
    CHECK(translate_jdbc("jdbc:postgresql:/") == "postgresql://localhost/");
    CHECK(translate_jdbc("postgresql://db/shop?sslmode=require") == "postgresql://db/shop?sslmode=require");
    CHECK(translate_jdbc("dbname=shop") == "dbname=shop");
}

TEST_CASE("parameters of a JDBC URL keep their meaning") {
    const auto parameters = parse_connection_string(
        "jdbc:postgresql://a:1,b:2/"
        "shop?user=alice&password=p%40ss+word&ssl=true&currentSchema=one,two%20words"
        "&ApplicationName=me&connectTimeout=3&loggerLevel=OFF&targetServerType=primary");
    CHECK(parameters.at("host") == "a,b");
    CHECK(parameters.at("port") == "1,2");
    CHECK(parameters.at("dbname") == "shop");
    CHECK(parameters.at("user") == "alice");
    CHECK(parameters.at("password") == "p@ss word");
    CHECK(parameters.at("sslmode") == "verify-full");
    CHECK(parameters.at("options") == "-c search_path=one,two\\ words");
    CHECK(parameters.at("application_name") == "me");
    CHECK(parameters.at("connect_timeout") == "3");
    CHECK(parameters.at("target_session_attrs") == "primary");
    CHECK(parameters.count("loggerLevel") == 0);
}

TEST_CASE("a JDBC URL's own sslmode wins over ssl=true") {
    CHECK(parse_connection_string("jdbc:postgresql://h/d?sslmode=require&ssl=true").at("sslmode") ==
          "require");
    CHECK(parse_connection_string("jdbc:postgresql://h/d?ssl=true&sslmode=disable").at("sslmode") ==
          "disable");
    CHECK(parse_connection_string("jdbc:postgresql://h/d?ssl=false").count("sslmode") == 0);
}

TEST_CASE("passwords are hidden in every form of a connection string") {
    CHECK(redact("postgresql://alice:secret@db/shop") == "postgresql://alice:***@db/shop");
    CHECK(redact("postgres://alice:se:cr/et@db:5432/shop") == "postgres://alice:***@db:5432/shop");
    CHECK(redact("postgres://alice:se@cret@db/shop?application_name=x") ==
          "postgres://alice:***@db/shop?application_name=x");
    CHECK(redact("postgres://alice:se?cret@db/shop") == "postgres://alice:***@db/shop");
    CHECK(redact("postgres://alice@db/shop?application_name=a@b") ==
          "postgres://alice@db/shop?application_name=a@b");
    CHECK(redact("postgresql://db/shop?user=a&password=secret&sslmode=require") ==
          "postgresql://db/shop?user=a&password=***&sslmode=require");
    CHECK(redact("jdbc:postgresql://db/shop?password=secret&user=a") ==
          "jdbc:postgresql://db/shop?password=***&user=a");
    CHECK(redact("jdbc:postgresql:shop?password=secret") == "jdbc:postgresql:shop?password=***");
    CHECK(redact("host=db password=secret dbname=shop") == "host=db password=*** dbname=shop");
    CHECK(redact("password = 'se cr\\'et' host=db") == "password = *** host=db");
    CHECK(redact("host=db sslpassword=secret") == "host=db sslpassword=***");
    CHECK(redact("host=db passwordless=1") == "host=db passwordless=1");
    CHECK(redact("postgresql://db:5432/shop") == "postgresql://db:5432/shop");
    CHECK(redact("") == "");
}

TEST_CASE("a connection string that libpq cannot read is refused without showing the password") {
    const auto message_of = [](const std::string& url) {
        try {
            parse_connection_string(url);
        } catch (const DatabaseError& failure) {
            return failure.error.message + "\n" + failure.error.detail + "\n" + failure.error.hint;
        }
        return std::string("accepted");
    };
    for (const std::string url : {"postgres://alice:se%zzsecret@db/shop", "password='secret",
                                  "host=db secret", "postgres://alice:x@secret@db/shop"}) {
        INFO(url);
        const std::string message = message_of(url);
        CHECK_THAT(message, ContainsSubstring("connection string not understood"));
        if (url.find("db secret") == url.npos) CHECK(message.find("secret") == message.npos);
    }
    CHECK_THAT(message_of("host=db colour=blue"), ContainsSubstring("colour"));
}

TEST_CASE("a refused connection is understood by its SQLSTATE, not by its language") {
    Target target;
    target.host = "db";
    target.port = "5432";
    target.user = "alice";
    target.database = "shop";
    const auto failure = connect_failure(
        "connection to server at \"db\", port 5432 failed: FATAL:  28P01: Passwort-Authentifizierung "
        "fehlgeschlagen\n"
        "LOCATION:  auth_failed, auth.c:335\n",
        target);
    CHECK(failure.sqlstate == "28P01");
    CHECK(failure.message ==
          "connection to server at \"db\", port 5432 failed: FATAL:  Passwort-Authentifizierung "
          "fehlgeschlagen");
    CHECK(failure.hint == "check the password of user alice");
    CHECK(connect_failure("FATAL:  3D000: x", target).hint ==
          "create it: createdb -h db -p 5432 -U alice shop");
    CHECK(connect_failure("Connection refused", target).sqlstate == "08001");
    CHECK(connect_failure("Connection refused", target).hint == "is PostgreSQL running at db port 5432?");
}

TEST_CASE("what may be a part of the password is hidden in what libpq says") {
    const std::string url = "postgresql://ana:s3cr3t/x@127.0.0.1:1/d1";
    CHECK(hide_password("invalid integer value \"s3cr3t\" for connection option \"port\"", url) ==
          "invalid integer value \"***\" for connection option \"port\"");
    CHECK(hide_password("no database x@127", url) == "no database ***@127");
    CHECK(hide_password("role \"ana\" does not exist", "postgresql://ana:ana@db/d") ==
          "role \"ana\" does not exist");
    CHECK(redact("ana:s3cr3t@db/d") == "***");
    CHECK(redact("scratch:15") == "scratch:15");
    CHECK(redact("postgresql://ana:a?b=s3cr3t@db/d").find("s3cr3t") == std::string::npos);
}
