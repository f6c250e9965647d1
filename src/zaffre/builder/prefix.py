"""Environments as folders: a virtual environment made by hand in a fraction of a millisecond, and its removal.

Making it by hand is what lets every run have one of its own: ``python -m venv`` takes seconds, this about 0.3 ms.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from contextlib import suppress
from pathlib import Path

_EXEC_LINE = "'''exec' \"${{ZAFFRE_PREFIX:-{prefix}}}/bin/python\" \"$0\" \"$@\"\n' '''\n"
_OWN_SHEBANG = re.compile(rb"\A#!(?:/bin/sh\n'''exec' [^\n]*\n' '''\n|[^\n]*\n)")


def create(directory: str, python: str, minor: int, twin: str = "") -> str:
    """Make a virtual environment over ``python``; what already is there stays. Returns its site-packages.

    ``twin`` is one whose links may be shared: another name for a link costs a fraction of another link.
    """
    site = f"{directory}/lib/python3.{minor}/site-packages"
    os.makedirs(site, exist_ok=True)  # noqa: PTH103 - a third of the time of its pathlib twin, on every run's way
    os.makedirs(f"{directory}/bin", exist_ok=True)  # noqa: PTH103
    home = python.rpartition("/")[0]
    _write(f"{directory}/pyvenv.cfg", f"home = {home}\ninclude-system-site-packages = false\nversion = 3.{minor}\n")
    for target, name in ((python, "bin/python"), ("python", "bin/python3"), ("python", f"bin/python3.{minor}")):
        _link(target, f"{directory}/{name}", f"{twin}/{name}")
    _link("lib", f"{directory}/lib64", f"{twin}/lib64")
    return site


def minor_of(prefix: str) -> int:
    """The minor version of the Python a virtual environment is for."""
    for name in os.listdir(f"{prefix}/lib"):  # noqa: PTH208 - on every run's way
        if name.startswith("python3."):
            return int(name[len("python3.") :])
    message = f"{prefix} is not a virtual environment"
    raise ValueError(message)


def write_program(path: str, arguments: list[str], *others: str) -> None:
    """An executable that runs the Python beside it with these arguments and its own, under its path and ``others`` there.

    It names no absolute path, so that the folder may be moved.
    """
    _write(path, f'#!/bin/sh\nexec "${{0%/*}}/python" {shlex.join(arguments)} "$@"\n')
    os.chmod(path, 0o755)  # noqa: PTH101, S103 - a program, on every run's way
    for other in others:
        with suppress(FileExistsError):
            os.link(path, f"{path.rpartition('/')[0]}/{other}")


def loosen_scripts(building: Path, final: Path) -> int:
    """Let console scripts run under the layer that calls them, else under the environment's final place.

    An installer writes the interpreter's absolute path into them. In a run that would be the shared interpreter, which
    neither sees what the run installed nor may be installed into.
    """
    header = f"#!/bin/sh\n{_EXEC_LINE.format(prefix=final)}".encode()
    count = 0
    for script in (building / "bin").iterdir():
        if script.is_symlink() or not script.is_file():
            continue
        content = script.read_bytes()
        head = content[:4096]
        if head.startswith(b"#!") and str(building).encode() in head.partition(b"\n' '''")[0]:
            mode = script.stat().st_mode
            script.unlink()  # a hard link into the cache must not be written through
            script.write_bytes(_OWN_SHEBANG.sub(lambda _: header, content, count=1))
            script.chmod(mode)
            count += 1
    return count


def seal(directory: Path) -> None:
    """Nobody adds to or removes from it: folders lose write permission (files are links into the cache, and stay)."""
    for folder, _, _ in os.walk(directory):
        Path(folder).chmod(0o555)


def remove(directory: Path) -> None:
    """Delete a folder, sealed or not; gone is fine."""
    for folder, _, _ in os.walk(directory):
        Path(folder).chmod(0o755)
    shutil.rmtree(directory, ignore_errors=True)


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def _link(target: str, path: str, twin: str) -> None:
    try:
        if os.readlink(twin) == target:  # noqa: PTH115 - on every run's way
            os.link(twin, path, follow_symlinks=False)
            return
    except OSError:  # there is no such link, or it is on another disk, or it has all the names it may have
        pass
    try:
        os.symlink(target, path)  # noqa: PTH211 - on every run's way
    except FileExistsError:
        if os.readlink(path) != target:  # noqa: PTH115
            os.unlink(path)  # noqa: PTH108
            os.symlink(target, path)  # noqa: PTH211
