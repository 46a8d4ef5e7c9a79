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
