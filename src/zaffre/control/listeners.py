"""Whose a listening port or socket of this machine is: only what a process of the run itself listens at is a way into it.

A job chooses its ports, and can write whatever it likes into its own folders. So before anything is passed on, the kernel is
asked who would answer, and that process must have been started with the attempt's token.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_LISTENS = "0A"
_OURS = {
    "/proc/net/tcp": frozenset({"0100007F", "00000000"}),
    "/proc/net/tcp6": frozenset({"0" * 32, "0" * 24 + "01000000", "0000000000000000FFFF00000100007F"}),
}
"""The addresses that a connection to 127.0.0.1 may end at, as the kernel writes them: its own, and any."""
_TOKEN = "ZAFFRE_TASK_TOKEN"  # noqa: S105 a name, not a secret


def belongs(at: str, token: str) -> bool:
    """Whether who listens at a port (digits) or a socket (its path) is of the attempt with this token, and nobody else is."""
    inodes = set(_of_port(int(at)) if at.isdigit() else _of_socket(at))
    if not inodes or not token:
        return False
    wanted = f"\0{_TOKEN}={token}\0".encode()
    for process in Path("/proc").iterdir():
        if inodes and process.name.isdigit() and _carries(process, wanted):
            inodes -= _held(process)
    return not inodes


def _of_port(port: int) -> Iterator[str]:
    for table, addresses in _OURS.items():
        for fields in _lines(table):
            address, _, number = fields[1].rpartition(":")
            if fields[3] == _LISTENS and int(number, 16) == port and address in addresses:
                yield fields[9]


def _of_socket(path: str) -> Iterator[str]:
    """Those that listen there now; one that is connected has the flag not."""
    for fields in _lines("/proc/net/unix"):
        if len(fields) > 7 and fields[7] == path and int(fields[3], 16) & 0x10000:
            yield fields[6]


def _lines(table: str) -> list[list[str]]:
    try:
        return [line.split() for line in Path(table).read_text(encoding="utf-8", errors="replace").splitlines()[1:]]
    except OSError:
        return []


def _carries(process: Path, wanted: bytes) -> bool:
    try:
        return wanted in b"\0" + (process / "environ").read_bytes() + b"\0"
    except OSError:
        return False


def _held(process: Path) -> set[str]:
    """The sockets that a process has open, by inode."""
    found: set[str] = set()
    try:
        open_ = list((process / "fd").iterdir())
    except OSError:
        return found
    for descriptor in open_:
        try:
            kind, _, number = str(descriptor.readlink()).partition(":")
        except OSError:
            continue
        if kind == "socket":
            found.add(number.strip("[]"))
    return found
