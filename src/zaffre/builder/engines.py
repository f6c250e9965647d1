"""The container engines of this machine: which one is used, and how each is asked to build, to run and to clear up."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ENGINES = ("docker", "podman", "buildah")
"""In the order in which ``auto`` takes them."""
CHOICES = ("auto", "none", *ENGINES)
_SOCKETS = ("/var/run/docker.sock", "/run/docker.sock")
_STORAGE = "/var/lib/containers"
PREFIX = "zaffre-"
"""Of everything that is made in an engine's storage."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine that can be used."""

    name: str
    program: str
    environ: tuple[tuple[str, str], ...] = ()
    """Added to the environment of every call."""

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return {"name": self.name, "program": self.program, "environ": dict(self.environ)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Engine:
        """The inverse of ``to_json``."""
        return cls(stored["name"], stored["program"], tuple(sorted(stored["environ"].items())))

    def build(self, tag: str, dockerfile: str, context: str) -> list[str]:
        """The command that makes an image of a context."""
        if self.name == "buildah":
            return [self.program, "bud", "--isolation", "chroot", "--layers", "-t", tag, "-f", dockerfile, context]
        isolation = ["--isolation", "chroot"] if self.name == "podman" and os.geteuid() == 0 else []
        return [self.program, "build", *isolation, "-t", tag, "-f", dockerfile, context]

    def run(self, image: str, container: str, mounts: list[str], command: list[str]) -> list[str]:
        """The command that runs ``command`` in a container; for buildah, one that ``prepare`` has made."""
        volumes = [word for path in mounts for word in ("-v", f"{path}:{path}")]
        if self.name == "buildah":
            return [self.program, "run", "--isolation", "chroot", *volumes, container, "--", *command]
        owner = ["--user", f"{os.geteuid()}:{os.getegid()}"] if self.name == "docker" else []
        fixed = ["run", "--rm", "-i", "--init", "--network", "host", "--name", container, *owner]
        return [self.program, *fixed, *volumes, "--entrypoint", command[0], image, *command[1:]]

    def prepare(self, image: str, container: str) -> list[str]:
        """The command that must come first; empty where ``run`` makes the container itself."""
        return [self.program, "from", "--pull-never", "--name", container, image] if self.name == "buildah" else []

    def clear(self, container: str) -> list[str]:
        """The command that removes a container, running or not."""
        return [self.program, "rm", *([] if self.name == "buildah" else ["-f"]), container]

    def exists(self, image: str) -> list[str]:
        """The command that succeeds when an image is there."""
        return [self.program, "inspect", "--type", "image", image]


def find(wish: str, path: str, environ: Mapping[str, str]) -> Engine | None:
    """The engine to use, by the setting; None for none. Nothing is started to find out."""
    if wish == "none":
        return None
    for name in ENGINES if wish == "auto" else (wish,):
        program = shutil.which(name, path=path)
        if program is not None and (name != "docker" or _docker_answers(environ)):
            return Engine(name, program, tuple(sorted(_storage(name, environ).items())))
    return None


def _docker_answers(environ: Mapping[str, str]) -> bool:
    """Docker's client is often installed where nothing listens."""
    return bool(environ.get("DOCKER_HOST")) or any(Path(socket).is_socket() for socket in _SOCKETS)


def _storage(name: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Overlays do not stack: inside a container, images are kept as plain copies."""
    if name == "docker" or environ.get("STORAGE_DRIVER") or os.geteuid() != 0:
        return {}
    return {"STORAGE_DRIVER": "vfs"} if _file_system(_STORAGE) == "overlay" else {}


def _file_system(path: str) -> str:
    """The type of the file system that ``path`` lies on, or would."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    over = [(mount[1], mount[2]) for mount in mounts if f"{path}/".startswith(f"{mount[1].rstrip('/')}/")]
    return max(over, key=lambda found: len(found[0]))[1] if over else ""
