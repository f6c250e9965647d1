#!/usr/bin/env bash
# Sees to it that there is a Chromium for the browser's tests: the machine's, or Debian's by apt-get (as root).
set -euo pipefail
for name in chromium chromium-browser google-chrome-stable google-chrome; do
  command -v "$name" >/dev/null && exit
done
as_root=()
if [ "$(id -u)" != 0 ]; then
  sudo -n true 2>/dev/null || { echo 'chromium.sh: no Chromium here. Run: sudo apt-get install chromium' >&2; exit 1; }
  as_root=(sudo -n)
fi
command -v apt-get >/dev/null || { echo 'chromium.sh: no Chromium and no apt-get here; install Chromium by hand.' >&2; exit 1; }
echo 'chromium.sh: installing chromium with apt-get' >&2
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
