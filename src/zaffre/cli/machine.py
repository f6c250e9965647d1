"""Zaffre on this machine: start, stop, look, check."""

from __future__ import annotations

import getpass
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from zaffre import __version__
from zaffre.cli import ending
from zaffre.cli.session import Exit, Session
from zaffre.core.errors import Invalid
from zaffre.sdk import addresses
from zaffre.sdk.local_server import LocalServer
from zaffre.sdk.settings import child_environment
from zaffre.sdk.transport import Address

_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "lustre", "ceph"})
_ROOM = 2 * 1024**3


def up(session: Session) -> Any:
    """Start the server, or say that it runs."""
    local = replace(_local(session), database=session.options.database or "")
    port = session.options.port
    if session.options.foreground:
        local.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.execve(sys.executable, list(local.program), child_environment(local.home, port, local.database))  # noqa: S606 - our own server
    before = local.pid()
    if before is not None and local.database:
        raise Invalid("A server runs already, with a database of its own choice; zaffre down first, then --database.")
    started = time.monotonic()
    address = local.ensure(port, session.terminal.status)
    took = f" in {time.monotonic() - started:.1f} s" if before is None else " already"
    session.terminal.note(f"Zaffre runs{took}: {address.url}")
    return _told(session, local, address)


def down(session: Session) -> None:
    """Stop the server. What runs goes on, and is found again at the next start; with ``--all`` nothing goes on."""
    local = _local(session)
    if session.options.everything:
        jobs = ending.cancel_jobs(session) if local.is_ready() else 0
        local.stop()
        processes = ending.end_endpoints(local.home)
        session.terminal.note(
            f"Everything has stopped: {jobs} jobs canceled, {processes} processes of endpoints ended."
        )
        return
    stopped = local.stop()
    session.terminal.note(
        "The server has stopped. Jobs and endpoints go on; zaffre up takes them over again."
        if stopped
        else f"No server runs for {session.settings.home}."
    )


def status(session: Session) -> Any:
    """What runs and where; exit code 1 when nothing does. Starts nothing."""
    if session.settings.url:
        session.transport.call("GET", "/api/v1/workspaces", query={"top": 1})
        return {"status": "running", "server_url": session.settings.url, "set_by": "ZAFFRE_URL"}
    local = _local(session)
    address = addresses.read(local.home)
    if address is None or not local.is_ready():
        raise Exit(1, {"status": "stopped", "home": str(local.home), "hint": "zaffre up starts it"})
    return _told(session, local, address)


def logs(session: Session) -> None:
    """The end of the server's log, and with ``--follow`` what comes."""
    log = _local(session).log
    if not log.exists():
        raise Invalid(f"There is no log yet: {log} is written when the server first starts (zaffre up).")
    with log.open(encoding="utf-8", errors="replace") as file:
        session.terminal.write("".join(file.readlines()[-session.options.lines :]))
        while session.options.follow:
            text = file.read()
            session.terminal.write(text) if text else time.sleep(0.2)


def version(session: Session) -> Any:
    """Versions of Zaffre and of what it stands on."""
    return {"zaffre": __version__, "python": platform.python_version(), "platform": platform.platform()}


def doctor(session: Session) -> None:
    """Look at everything Zaffre needs; exit code 1 when something is broken."""
    broken = 0
    for name, check in _CHECKS.items():
        for grade, sentence in check(session):
            broken += grade == "broken"
            session.terminal.write(f"{grade:<7} {name:<12} {sentence}\n")
    if broken:
        raise Exit(1)


def _local(session: Session) -> LocalServer:
    if session.settings.url and session.command.verb in ("up", "down", "logs"):
        raise Invalid(f"ZAFFRE_URL names a server elsewhere, {session.settings.url}; unset it to use one here.")
    return LocalServer(session.settings.home)


def _told(session: Session, local: LocalServer, address: Address) -> dict[str, Any]:
    known = addresses.known(local.home)
    return {
        "status": "running",
        "server_url": address.url,
        "router_url": address.router_url or None,
        "tls_url": known.get("tls_url"),
        "mlflow_tracking_uri": f"{address.url}/mlflow",
        "pid": local.pid(),
        "version": known.get("version"),
        "home": str(local.home),
        "log": str(local.log),
    }


Findings = Iterator[tuple[str, str]]
"""(``ok``, ``note`` or ``broken``; one sentence)."""


def _python(session: Session) -> Findings:
    supported = (3, 11) <= sys.version_info[:2] < (3, 13)
    told = f"{platform.python_version()} at {sys.executable}"
    yield ("ok", told) if supported else ("broken", f"{told}; Zaffre needs 3.11 or 3.12")


def _system(session: Session) -> Findings:
    if sys.platform.startswith("linux"):
        yield "ok", f"{platform.platform()}"
        from zaffre.agent import groups  # noqa: PLC0415 - weight: no other command needs it

        rungs = groups.rungs()
        told = "limits of jobs: " + ", ".join(f"{name} by {rung}" for name, rung in rungs.items())
        yield ("ok" if all(rung.startswith("cgroup") for rung in rungs.values()) else "note"), told
    elif sys.platform == "darwin":
        yield "note", "macOS: no cgroups and no subreaper, so processes that a job detaches are hard to find"
    else:
        yield "broken", f"{sys.platform} is not supported; on Windows use WSL"


def _home(session: Session) -> Findings:
    home = session.settings.home
    if not home.exists():
        yield "note", f"{home} does not exist yet; the first start makes it"
        return
    mode = home.stat().st_mode & 0o777
    closed = mode & 0o077 == 0
    yield ("ok", str(home)) if closed else ("broken", f"{home} is open to others (mode {mode:o}); chmod 700 {home}")
    kind = _file_system(home)
    if kind in _NETWORK:
        yield (
            "broken",
            f"{home} lies on a network file system ({kind}), unfit for SQLite; set ZAFFRE_HOME to a local disk",
        )
    free = shutil.disk_usage(home).free
    yield ("ok", f"{free / 1024**3:.0f} GiB free") if free > _ROOM else ("note", f"only {free / 1024**2:.0f} MiB free")


def _file_system(path: Path) -> str:
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return ""
    holding = [mount for mount in mounts if path.resolve().is_relative_to(mount[1].replace("\\040", " "))]
    return max(holding, key=lambda mount: len(mount[1]), default=["", "", ""])[2]


def _tools(session: Session) -> Findings:
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    yield ("ok", f"uv at {uv}") if uv else ("broken", "uv is missing; it builds environments: pip install uv")
    engines = [name for name in ("docker", "podman", "buildah") if shutil.which(name)]
    working = [name for name in engines if _engine_works(name)]
    for name in engines:
        if name not in working:
            yield "note", f"{name} is installed, but {name} info fails: it is not usable by {getpass.getuser()}"
    if working:
        yield "ok", f"container engine: {working[0]} builds what cannot be read (setting environments.engine)"
    else:
        yield "note", "no container engine: what a Dockerfile needs beyond packages is refused; apt-get install buildah"
    r = shutil.which("Rscript")
    yield ("ok", f"R at {r}") if r else ("note", "no R: environments with R are refused; apt-get install r-base-core")


def _engine_works(name: str) -> bool:
    """Asks it; a client without a server behind it does not answer."""
    try:
        environ = {**os.environ, "STORAGE_DRIVER": os.environ.get("STORAGE_DRIVER", "vfs")}  # noqa: TID251 - read to hand on
        done = subprocess.run([name, "info"], env=environ, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _server(session: Session) -> Findings:
    if session.settings.url:
        session.transport.call("GET", "/api/v1/workspaces", query={"top": 1})
        yield "ok", f"{session.settings.url} answers"
        return
    local = LocalServer(session.settings.home)
    address = addresses.read(local.home)
    if address is None:
        yield "note", "was never started; zaffre up starts it"
    elif local.is_ready():
        yield "ok", f"{address.url} answers, process {local.pid()}"
    else:
        yield "note", f"does not run; its address is {address.url}; zaffre up starts it"


def _isolation(session: Session) -> Findings:
    del session
    who = f"user {os.getuid()}"
    yield "note", f"jobs run as {who}, like the server: they can read its files. Run only jobs you trust as yourself."


_CHECKS: dict[str, Callable[[Session], Findings]] = {
    "python": _python,
    "system": _system,
    "home": _home,
    "tools": _tools,
    "server": _server,
    "isolation": _isolation,
}
