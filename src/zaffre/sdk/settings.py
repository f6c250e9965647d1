"""The client's one look at its process environment: where the home is, and which server to speak to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
GROUP = "local"
WORKSPACE = "default"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; everything else is an argument."""

    home: Path
    url: str = ""
    """A server elsewhere (``ZAFFRE_URL``); empty for the local one."""
    token: str = ""
    workspace: str = WORKSPACE
    user: str = ""

    @classmethod
    def read(cls) -> Settings:
        """From ``ZAFFRE_HOME``, ``ZAFFRE_URL``, ``ZAFFRE_TOKEN`` and ``ZAFFRE_WORKSPACE``."""
        environ = os.environ  # noqa: TID251 - the client has no process main of its own when it is imported
        return cls(
            home=Path(environ.get("ZAFFRE_HOME") or "~/.zaffre").expanduser().absolute(),
            url=environ.get("ZAFFRE_URL", "").rstrip("/"),
            token=environ.get("ZAFFRE_TOKEN", ""),
            workspace=environ.get("ZAFFRE_WORKSPACE") or WORKSPACE,
            user=environ.get("USER", ""),
        )


def child_environment(home: Path, port: int | None = None, database: str = "") -> dict[str, str]:
    """The environment of a server started for ``home``: proxies, PATH and locale are this process's."""
    asked = {} if port is None else {"ZAFFRE_SERVER_PORT": str(port)}
    if database:
        asked["ZAFFRE_DATABASE"] = database  # not an argument: those can be read by every user of the machine
    return {**os.environ, "ZAFFRE_HOME": str(home), **asked}  # noqa: TID251 - handed on whole
