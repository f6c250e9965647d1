"""A Zaffre of the runner's own, in a temporary home, spoken to through its command line as a user would."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any


class Installation:
    """Started once a run, with the remote data of the examples replaced by a folder of local copies."""

    def __init__(self, folder: Path, **more: str) -> None:
        """``more`` are variables of its environment."""
        self.home = folder / "home"
        self.mirror = folder / "mirror"
        """``host/path`` of every URL that has a local copy."""
        self.downloads = folder / "downloads"
        self._environ = {key: value for key, value in os.environ.items() if not key.startswith(("ZAFFRE_", "PYTHON"))}
        self._environ |= {
            "ZAFFRE_HOME": str(self.home),
            "ZAFFRE_SERVER_PORT": str(_free_port()),
            "ZAFFRE_ROUTER_PORT": str(_free_port()),
            "ZAFFRE_SERVER_TLS_PORT": "0",
            "ZAFFRE_ROUTER_TLS_PORT": "0",
            **more,
        }

    def start(self) -> None:
        """Starts the server; every host in the mirror is served from there."""
        hosts = sorted(path.name for path in self.mirror.iterdir()) if self.mirror.is_dir() else []
        pairs = ", ".join(f'"https://{host}/" = "file:{self.mirror}/{host}/"' for host in hosts)
        self._environ["ZAFFRE_EGRESS_MAP"] = f"{{{pairs}}}"
        self.say("up")

    def stop(self) -> None:
        """Ends the server, its router and what is deployed; the home goes with its folder."""
        self.run("down", "--all")

    def run(self, *words: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """One command, whatever becomes of it."""
        command = [sys.executable, "-m", "zaffre", *words]
        return subprocess.run(command, env=self._environ, capture_output=True, text=True, timeout=timeout, check=False)

    def say(self, *words: str) -> str:
        """The output of a command that must succeed."""
        done = self.run(*words)
        if done.returncode:
            raise RuntimeError(f"zaffre {' '.join(words)}: {(done.stderr or done.stdout).strip()[-1500:]}")
        return done.stdout

    def tell(self, *words: str) -> Any:
        """The answer of a command that must succeed."""
        return json.loads(self.say(*words, "-o", "json"))

    def has(self, group: str, name: str, version: str = "") -> bool:
        """Whether something of this name is there."""
        return self.run(group, "show", "-n", name, *(["-v", version] if version else [])).returncode == 0

    def ask(self, path: str) -> Any:
        """MLflow's REST, as the owner."""
        token = (self.home / "token").read_text().strip()
        url = json.loads((self.home / "server.json").read_text())["server_url"]
        return json.loads(fetch(f"{url}/mlflow/api/2.0/mlflow/{path}", token))


def fetch(url: str, token: str) -> str:
    """What a URL of the installation answers."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
