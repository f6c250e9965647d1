"""One process of a job inside an image: ``python -m zaffre.builder enter <engine.json> <command…>``.

It stands between the agent and the engine, so that the agent's contract holds inside too. The command sees the run's
own directory and its inputs at the same paths. Its output comes through one pipe of ours, in the order written, and
none of the engine's words among it; its exit code through a file. Every process is a descendant of the agent (buildah)
or watches a pipe that ends with this process (docker, podman), so that nothing outlives a killed job.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zaffre.builder.engines import PREFIX, Engine

FAILED = 125
"""The exit code when the engine could not run the command, as docker has it."""
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_OF_THE_HOST = frozenset(
    ("PATH", "PWD", "OLDPWD", "SHLVL", "_", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "ZAFFRE_PREFIX", "TMPDIR")
)
_SCRIPT = """#!/bin/sh
cd {cwd} || exit 1
. {folder}/environ
exec >{folder}/output 2>&1
{watch}
trap {on_stop} TERM
"$@" &
child=$!
while :; do
  wait "$child"; code=$?
  kill -0 "$child" 2>/dev/null || break
done
echo "$code" >{folder}/exit
exit 0
"""
_WATCH = "( cat >/dev/null; kill -KILL -1 ) <&0 &\nexec </dev/null"
"""Standard input ends with the process that holds it: then all of the container goes."""


def enter(settings: Path, command: list[str]) -> int:
    """Run ``command`` inside; its exit code, or ``FAILED``."""
    told: dict[str, Any] = json.loads(settings.read_text(encoding="utf-8"))
    engine = Engine.from_json(told["engine"])
    task = _task(Path.cwd())
    locks = settings.parent.parent / "containers"
    locks.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="inside-", dir=task["directory"]))
    container = f"{PREFIX}{os.getpid()}-{folder.name}"
    with (locks / container).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            return _Inside(engine, told, folder, container).run(_mounts(task, command), command)
        finally:
            _clear(engine, told["environ"], locks, container)
            shutil.rmtree(folder, ignore_errors=True)


class _Inside:
    def __init__(self, engine: Engine, told: dict[str, Any], folder: Path, container: str) -> None:
        self._engine = engine
        self._image = told["image"]
        self._environ = {**told["environ"], **_token()}
        self._folder = folder
        self._container = container
        self._words = folder / "engine.log"

    def run(self, mounts: list[str], command: list[str]) -> int:
        script = self._written()
        first = self._engine.prepare(self._image, self._container)
        with self._words.open("wb") as words:
            if first and subprocess.run(first, env=self._environ, stdout=words, stderr=words, check=False).returncode:
                return self._failed()
            argv = self._engine.run(self._image, self._container, mounts, ["/bin/sh", str(script), *command])
            code = self._started(argv, words)
        try:
            return int((self._folder / "exit").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 128 + signal.SIGTERM if self._stopped or code < 0 else self._failed()

    def _started(self, argv: list[str], words: Any) -> int:
        """Run the engine while the command's output is passed on."""
        self._stopped = False
        output = self._folder / "output"
        os.mkfifo(output, 0o600)
        reader = os.open(output, os.O_RDONLY | os.O_NONBLOCK)
        holder = os.open(output, os.O_WRONLY)  # so that the pipe does not end before the command has opened it
        over, ring = os.pipe()
        pump = threading.Thread(target=_pass_on, args=(reader, over), daemon=True)
        pump.start()
        process = subprocess.Popen(argv, env=self._environ, stdin=subprocess.PIPE, stdout=words, stderr=words)

        def stop(*_: object) -> None:
            self._stopped = True
            if self._engine.name != "buildah":  # its processes are the agent's own descendants, and have heard it
                process.terminate()

        signal.signal(signal.SIGTERM, stop)
        code = process.wait()
        os.close(ring)
        pump.join()
        os.close(holder)
        return code

    def _written(self) -> Path:
        """The program that is run inside, and the variables it reads: not in arguments, which anyone can list."""
        environ = self._folder / "environ"
        environ.touch(mode=0o600)
        environ.write_text("".join(f"export {name}={shlex.quote(value)}\n" for name, value in _passed()), "utf-8")
        apart = self._engine.name != "buildah"
        script = _SCRIPT.format(
            cwd=shlex.quote(str(Path.cwd())),
            folder=shlex.quote(str(self._folder)),
            watch=_WATCH if apart else "",
            on_stop="'kill -TERM -1'" if apart else ":",
        )
        path = self._folder / "run.sh"
        path.write_text(script, encoding="utf-8")
        return path

    def _failed(self) -> int:
        told = self._words.read_text(encoding="utf-8", errors="replace").strip()
        sys.stderr.write(
            f"{self._engine.name} could not run the command in {self._image}. If the image was removed, "
            f"zaffre environment forget makes the next job build it anew.\n{told}\n"
        )
        return FAILED


def _passed() -> Iterator[tuple[str, str]]:
    for name, value in os.environ.items():  # noqa: TID251 - what the agent gave this process is the command's
        if _NAME.match(name) and name not in _OF_THE_HOST:
            yield name, value


def _token() -> dict[str, str]:
    """By which whoever clears up after a dead agent knows the engine's processes."""
    name = "ZAFFRE_TASK_TOKEN"
    return {name: os.environ[name]} if name in os.environ else {}  # noqa: TID251


def _task(cwd: Path) -> dict[str, Any]:
    """The task this process belongs to, by the run directory it was started in."""
    for folder in (cwd, *cwd.parents):
        if (folder / "task.json").is_file():
            found: dict[str, Any] = json.loads((folder / "task.json").read_text(encoding="utf-8"))
            return found["task"]
    raise SystemExit(f"{cwd} is in no run directory")


def _mounts(task: dict[str, Any], command: list[str]) -> list[str]:
    """What the command may see: its run's directory, its inputs where they lie, and the files it is made of."""
    found = [str(task["directory"]), *(str(one["source"]) for one in task.get("intakes", ()))]
    found += [word for word in command if word.startswith("/")]
    if command[-1].endswith("/host.json"):  # a scoring host's orders: it answers on a socket in a folder of its own
        found.append(os.path.dirname(json.loads(Path(command[-1]).read_text(encoding="utf-8"))["socket"]))  # noqa: PTH120
    real = [os.path.realpath(path) for path in found]
    return sorted({path for path in (*found, *real) if os.path.exists(path)})  # noqa: PTH110


def _pass_on(reader: int, over: int) -> None:
    """Until ``over`` ends, and what was written by then; what the command left behind may hold the pipe open."""
    ended = False
    while True:
        ended = ended or over in select.select([reader, over], [], [])[0]
        try:
            view = memoryview(os.read(reader, 65536))
        except BlockingIOError:
            if ended:
                return
            continue
        while view:
            view = view[os.write(1, view) :]


def _clear(engine: Engine, environ: dict[str, str], locks: Path, own: str) -> None:
    """Remove this container and those that killed processes left: theirs are the locks nobody holds."""
    _remove(engine, environ, locks / own)
    for left in locks.iterdir():
        with left.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            _remove(engine, environ, left)


def _remove(engine: Engine, environ: dict[str, str], lock: Path) -> None:
    subprocess.run(engine.clear(lock.name), env=environ, capture_output=True, check=False)
    lock.unlink(missing_ok=True)
