"""The home directory: made private, kept off network file systems, and where a server says how to reach it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre import __version__
from zaffre.core.errors import Conflict, Invalid, Problem
from zaffre.server.settings import Settings

FOLDERS = ("blobs", "data", "runs", "environments", "logs", "router", "uploads", "keys", "tls", "deployments")


@dataclass(frozen=True, slots=True)
class Ports:
    """Chosen at first start and never changed after: running jobs hold URLs."""

    server: int
    router: int
    tls: int = 0
    router_tls: int = 0


@dataclass(frozen=True, slots=True)
class Listeners:
    """Where requests arrive: as they are, and through TLS."""

    plain: socket.socket
    tls: socket.socket


def prepare(home: Path) -> None:
    """Make the folders, for this user alone."""
    os.umask(0o077)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if home.stat().st_mode & 0o077:
        home.chmod(0o700)
    for folder in FOLDERS:
        (home / folder).mkdir(mode=0o700, exist_ok=True)


def hold(home: Path) -> int:
    """Keep this home for the calling process until it ends, however it ends; refuses while another server has it."""
    lock = os.open(home / "server.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        pid = known(home).get("pid", "unknown")
        raise Conflict(f"{home} is in use by another server (process {pid}); zaffre down ends it.") from error
    return lock


def known(home: Path) -> dict[str, Any]:
    """What an earlier start wrote."""
    try:
        found: dict[str, Any] = json.loads((home / "server.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found


def listen(settings: Settings) -> tuple[Listeners, Ports]:
    """The listening sockets, on the ports of the first start where there was one, and all ports."""
    before = known(settings.home).get("ports", {})
    plain = _listener(settings, "server.port", before.get("server"))
    tls = _listener(settings, "server.tls_port", before.get("tls"))
    router, router_tls = (
        int(before.get(name) or _free_near(settings.text("server.host"), settings.number(setting)))
        for name, setting in (("router", "router.port"), ("router_tls", "router.tls_port"))
    )
    return Listeners(plain, tls), Ports(plain.getsockname()[1], router, tls.getsockname()[1], router_tls)


def announce(settings: Settings, ports: Ports) -> None:
    """Write ``server.json``, whole or not at all."""
    host = settings.own_host
    told = {
        "server_url": f"http://{host}:{ports.server}",
        "router_url": f"http://{host}:{ports.router}",
        "tls_url": tls_address(settings, ports),
        "ports": {"server": ports.server, "router": ports.router, "tls": ports.tls, "router_tls": ports.router_tls},
        "pid": os.getpid(),
        "version": __version__,
    }
    draft = settings.home / f"server.json.{os.getpid()}"
    draft.write_text(json.dumps(told, indent=1))
    draft.chmod(0o600)
    draft.replace(settings.home / "server.json")


def tls_address(settings: Settings, ports: Ports) -> str:
    """Where the server speaks HTTPS, by a name that its certificate is for."""
    return f"https://{'localhost' if settings.is_loopback else settings.own_host}:{ports.tls}"


def _listener(settings: Settings, name: str, kept: int | None) -> socket.socket:
    """On the port of the first start, which must be free; before that on the setting's, or any where that is taken."""
    host, wanted = settings.text("server.host"), int(kept or settings.number(name))
    listener = _bound(host, wanted)
    if listener is None and kept:
        told = f"port {wanted}, which this installation's jobs know, is in use by another program"
        raise Invalid([Problem(told, field=name, hint="stop that program, or remove server.json when no job runs")])
    if listener is None:
        listener = _bound(host, 0)
    if listener is None:
        raise Invalid([Problem(f"cannot listen on {host}", field="server.host")])
    return listener


def _bound(host: str, port: int) -> socket.socket | None:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        return None
    listener.listen(1024)
    listener.set_inheritable(False)
    return listener


def _free_near(host: str, port: int) -> int:
    """``port`` where it is free, else any free one."""
    for candidate in (port, 0):
        listener = _bound(host, candidate)
        if listener is not None:
            found: int = listener.getsockname()[1]
            listener.close()
            return found
    return port
