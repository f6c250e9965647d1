#!/usr/bin/env bash
# Makes .venv exactly as uv.lock says, on a machine with git, make and Python 3.11 or 3.12 and nothing else.
#
#   tools/bootstrap.sh run    what Zaffre needs
#   tools/bootstrap.sh dev    that, and what its tests and checks need
#
# A second call costs a few milliseconds: a stamp holds what .venv was made from.
set -euo pipefail
cd "$(dirname "$0")/.."

level=${1:-run}
tools=$PWD/.tools
export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=${UV_NO_PROGRESS:-1} PIP_DISABLE_PIP_VERSION_CHECK=1
unset VIRTUAL_ENV # another project's environment is not ours to fill

say() { printf 'bootstrap: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

wanted() { # what .venv depends on; the folder too, because the paths in an environment are absolute
  { cat uv.lock pyproject.toml && printf '%s' "$PWD"; } | sha256sum | cut -d' ' -f1
}

is_ready() { # a complete environment also serves who needs less
  [ -x .venv/bin/python ] || return 1
  [ "$(cat ".venv/.ready-$level" 2>/dev/null)" = "$1" ] || [ "$(cat .venv/.ready-dev 2>/dev/null)" = "$1" ]
}

works() { # is this an interpreter we can use?
  "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' >/dev/null 2>&1
}

find_python() {
  local name
  for name in ${ZAFFRE_PYTHON:-} python3.11 python3.12 python3 python; do
    if works "$name"; then
      "$name" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  fail "no Python 3.11 or 3.12 found. Install one (Debian 12: apt-get install python3), or name it: ZAFFRE_PYTHON=/path/to/python3.11 make …"
}

find_uv() { # ours first: it is the version that wrote uv.lock
  local found
  for found in "$tools/bin/uv" "$tools/venv/bin/uv" "$(command -v uv || true)"; do
    if [ -n "$found" ] && is_recent "$found"; then
      printf '%s' "$found"
      return
    fi
  done
}

is_recent() { # older ones do not know the lock file's format
  local version
  version=$("$1" --version 2>/dev/null | cut -d' ' -f2) || return 1
  [ "$(printf '%s\n0.9\n' "$version" | sort -V | head -n 1)" = "0.9" ]
}

locked() { # the version of a package in uv.lock
  awk -v want="name = \"$1\"" '$0 == want { getline; gsub(/[^0-9.]/, ""); print; exit }' uv.lock
}

fetch_uv() { # through whichever installer this Python has
  local python=$1 package
  package="uv==$(locked uv)"
  say "fetching $package"
  if "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m pip install --quiet --upgrade --target "$tools" "$package"
  elif has_venv "$python"; then
    from_venv "$python" "$package"
  else
    install_venv
    has_venv "$python" || fail "$python has no working venv module. Install it (Debian: apt-get install python3-venv), then run make again."
    from_venv "$python" "$package"
  fi
}

has_venv() {
  "$1" -c 'import venv, ensurepip' >/dev/null 2>&1
}

from_venv() {
  "$1" -m venv "$tools/venv"
  "$tools/venv/bin/python" -m pip install --quiet "$2"
}

install_venv() { # Debian's and Ubuntu's python3 comes without pip and venv
  local as_root=()
  command -v apt-get >/dev/null || fail "this Python has neither pip nor venv. Install one of them, or uv, then run make again."
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || fail "this Python has neither pip nor venv. Run: sudo apt-get install python3-venv python3-pip   and then make again."
    as_root=(sudo -n)
  fi
  say "installing python3-venv with apt-get"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c '
    apt-get install -y -qq --no-install-recommends python3-venv >/dev/null 2>&1 && exit
    apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null' ||
    fail "apt-get could not install python3-venv. Install it by hand, then run make again."
}

sync() {
  local uv=$1 python=$2 options=(--frozen --quiet --python "$python")
  case $level in
    run) options+=(--no-dev --inexact) ;;
    dev) options+=(--all-groups) ;;
    *) fail "unknown level '$level': run or dev" ;;
  esac
  "$uv" sync "${options[@]}"
}

main() {
  local key python uv started=$SECONDS
  key=$(wanted)
  is_ready "$key" && return
  mkdir -p "$tools"
  exec 9>"$tools/lock"
  flock 9 # two makes at once: the second finds the work done
  is_ready "$key" && return
  python=$(find_python)
  uv=$(find_uv)
  if [ -z "$uv" ]; then
    fetch_uv "$python"
    uv=$(find_uv)
    [ -n "$uv" ] || fail "uv was installed into $tools but does not run there"
  fi
  say "making .venv with $("$uv" --version) and $("$python" --version)"
  sync "$uv" "$python"
  printf '%s' "$key" >".venv/.ready-$level"
  say "ready after $((SECONDS - started)) s"
}

main
