# Every third-party library, with the oldest version that is supported (Debian 12's). What differs
# between Debian 12 and 13 in how a library is found is settled here and nowhere else.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

pkg_check_modules(pqxx REQUIRED IMPORTED_TARGET libpqxx>=6.4)
pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq>=15)
pkg_check_modules(pcre2 REQUIRED IMPORTED_TARGET libpcre2-8>=10.42)

find_package(yaml-cpp 0.7 REQUIRED)
if(NOT TARGET yaml-cpp::yaml-cpp)  # 0.7 names its target without a namespace
  add_library(yaml-cpp::yaml-cpp INTERFACE IMPORTED)
  target_link_libraries(yaml-cpp::yaml-cpp INTERFACE yaml-cpp)
endif()

find_package(Boost 1.74 CONFIG REQUIRED)
find_package(fmt 9.1 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(pugixml 1.13 REQUIRED)

# libpg_query ships neither a .pc nor a CMake file.
find_path(PG_QUERY_INCLUDE pg_query.h REQUIRED)
find_library(PG_QUERY_LIBRARY pg_query REQUIRED)
add_library(pg_query::pg_query UNKNOWN IMPORTED)
set_target_properties(pg_query::pg_query PROPERTIES
    IMPORTED_LOCATION "${PG_QUERY_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${PG_QUERY_INCLUDE}")

if(CHANGELOG_TESTS)
  find_package(Catch2 2.13 QUIET)
  if(NOT Catch2_FOUND)
    find_package(Catch2 3.0 REQUIRED)  # a request for 2.13 does not accept 3
  endif()
endif()
