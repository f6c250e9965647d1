"""Which Debian packages this machine has: what a Dockerfile's ``apt-get install`` lines are compared with."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field

_STATUS = "/var/lib/dpkg/status"


@dataclass(slots=True)
class Debian:
    """Asks once, and again when packages were installed or removed."""

    _at: int = -1
    _names: frozenset[str] = field(default_factory=frozenset[str])

    def missing(self, packages: list[str]) -> list[str]:
        """Those of ``packages`` that are not installed; all of them where there is no Debian."""
        if not packages:
            return []
        try:
            at = os.stat(_STATUS).st_mtime_ns  # noqa: PTH116 - asked for every job
        except OSError:
            return packages
        if at != self._at:
            self._names, self._at = _installed(), at
        return [name for name in packages if name.partition(":")[0] not in self._names]


def _installed() -> frozenset[str]:
    """Names of installed packages and of what they stand in for."""
    form = "${db:Status-Status}\t${Package}\t${Provides}\n"
    try:
        done = subprocess.run(["dpkg-query", "-W", "-f", form], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    found: set[str] = set()
    for line in done.stdout.splitlines():
        status, _, rest = line.partition("\t")
        name, _, provides = rest.partition("\t")
        if status == "installed":
            found.add(name)
            found.update(part.strip().partition(" ")[0] for part in provides.split(",") if part.strip())
    return frozenset(found)
