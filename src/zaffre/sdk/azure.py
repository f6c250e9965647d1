"""What the official Azure client must be told to find this server: variables of the environment, and nothing else."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zaffre.core import cloud
from zaffre.core.errors import Unavailable
from zaffre.sdk import addresses

_SCRIPT = """#!/bin/sh
# The part of az that goes with Zaffre. Made by: zaffre azure env
ZAFFRE_HOME={home} exec {python} -P -m zaffre.cli.az "$@"
"""


@dataclass(frozen=True, slots=True)
class Azure:
    """What a home has for Azure's clients; the server of the home has been started at least once."""

    home: Path

    @property
    def address(self) -> str:
        """``https://localhost:8443``."""
        found = addresses.known(self.home).get("tls_url")
        if not found:
            raise Unavailable(
                f"{self.home} has no HTTPS address yet: zaffre down, then zaffre up, and a server of now runs."
            )
        return str(found)

    @property
    def authority(self) -> Path:
        """The certificate of the home's own authority."""
        return self.home / "tls" / "ca.pem"

    @property
    def secret(self) -> str:
        """What tokens are given for."""
        return (self.home / "keys" / "identity").read_text(encoding="ascii").strip()

    @property
    def programs(self) -> Path:
        """The folder for PATH."""
        return self.home / "azure" / "bin"

    def variables(self, before: Mapping[str, str]) -> dict[str, str]:
        """What to add to the environment ``before``."""
        here = self.address
        return {
            **cloud.variables(here),
            "REQUESTS_CA_BUNDLE": str(self._bundle(before)),
            "IDENTITY_HEADER": self.secret,
            "PATH": _first(str(self.programs), before.get("PATH", os.defpath)),
            **cloud.around_proxies(before, here),
        }

    def install(self) -> Path:
        """Put ``az`` where ``variables`` says it is."""
        self.programs.mkdir(mode=0o700, parents=True, exist_ok=True)
        script = self.programs / "az"
        wanted = _SCRIPT.format(home=shlex.quote(str(self.home)), python=shlex.quote(sys.executable))
        if not script.exists() or script.read_text(encoding="utf-8") != wanted:
            draft = script.with_name(f"az.{os.getpid()}")
            draft.write_text(wanted, encoding="utf-8")
            draft.chmod(0o700)
            draft.replace(script)
        return script

    def _bundle(self, before: Mapping[str, str]) -> Path:
        """Ours; with the roots of a user who has some of their own, a company's say, and needs them still."""
        folder, ours = self.home / "tls", self.authority.read_bytes()
        named = next((Path(before[name]) for name in cloud.BUNDLES if before.get(name)), None)
        if named is None or not named.is_file():
            return folder / "ca-bundle.pem"
        roots = named.read_bytes()
        if ours.strip() in roots:
            return named
        if named.parent == folder:  # of an authority that this home had before
            return folder / "ca-bundle.pem"
        made = folder / "ca-bundle-with-yours.pem"
        draft = made.with_name(f"{made.name}.{os.getpid()}")
        draft.write_bytes(roots.rstrip() + b"\n\n" + ours)
        draft.chmod(0o600)
        draft.replace(made)
        return made


def _first(folder: str, path: str) -> str:
    """``path`` with ``folder`` in front, once."""
    return os.pathsep.join([folder, *(part for part in path.split(os.pathsep) if part != folder)])
