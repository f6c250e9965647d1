"""Folders and a large file to a server over HTTP: Zaffre beside MLflow's server and dvc; the limit is ``cp -r``, in one run.

Every repetition of every system has files of its own, never seen before, copied with ``cp -r`` first: ratios are to that
copy. Then the system takes them, and once more, unchanged. Zaffre's content is hashed, checked by the server and durable
before the answer; ``cp -r`` and MLflow leave theirs in the page cache. Nothing small is removed before the end: ext4 makes
new files slowly for a minute after many were removed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from figures import Row, machine, report
from surroundings import Zaffre, answers, clean_environment, free_port, process, venv, wait_until
from zaffre.sdk.transport import Address, Transport
from zaffre.sdk.upload import Origin, Uploads

TITLE = "Uploads: many small files, the same again unchanged, one large file"
FIELDS = (("path", "data"),)
MLFLOW = """
import sys, time, mlflow
from mlflow import MlflowClient
client = MlflowClient(sys.argv[1])
run = client.create_run("0").info.run_id
for _ in range(2):
    start = time.perf_counter()
    client.log_artifacts(run, sys.argv[2])
    print(time.perf_counter() - start, flush=True)
"""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Taken:
    """Seconds of the first time and of the next, where nothing had changed; processor seconds where they are known."""

    first: float
    again: float
    cpu: dict[str, float] = field(default_factory=dict[str, float])


System = Callable[[Path], Taken]


class Ours:
    """A server of its own and a warm client in this process, as a script with ``MLClient`` has it."""

    def __init__(self, folder: Path) -> None:
        self.installation = Zaffre(folder)
        facts = self.installation.up()
        self.pid = int(facts["pid"])
        token = (self.installation.home / "token").read_text().strip()
        self.uploads = Uploads(Transport(Address(str(facts["server_url"]), token)), "default", folder / "cache")

    def take(self, folder: Path) -> Taken:
        before, server = time.process_time(), _processor(self.pid)
        first = _timed(lambda: self.uploads.settle(_asset(folder), FIELDS, Origin(folder.parent)))
        cpu = {"client's processor, s": time.process_time() - before, "server's, s": _processor(self.pid) - server}
        return Taken(first, _timed(lambda: self.uploads.settle(_asset(folder), FIELDS, Origin(folder.parent))), cpu)

    def command(self, folder: Path) -> Taken:
        """The command line, with the start of its process and the registration of the asset."""
        words = ["data", "create", "--path", str(folder), "--type", "uri_folder", "-n"]
        first = _timed(lambda: self.installation.cli(*words, f"{folder.name}-1"))
        return Taken(first, _timed(lambda: self.installation.cli(*words, f"{folder.name}-2")))


class Mlflow:
    """MLflow's own server with its proxied artifact store, and its own client."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        folder.mkdir()
        self.python = venv("mlflow") / "bin/python"
        self.url = f"http://127.0.0.1:{free_port()}"
        command = [str(self.python), "-m", "mlflow", "server", "--workers", "1", "--port", self.url.rpartition(":")[2]]
        command += ["--backend-store-uri", f"sqlite:///{folder}/m.db", "--artifacts-destination", str(folder / "kept")]
        stack.enter_context(process(command, folder))
        wait_until(lambda: answers(f"{self.url}/health"), 120, "mlflow's server does not answer")

    def take(self, folder: Path) -> Taken:
        environ = clean_environment(MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR="false")
        command = [str(self.python), "-c", MLFLOW, self.url, str(folder)]
        done = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
        first, again = done.stdout.split()[-2:]
        return Taken(float(first), float(again))


class Dvc:
    """``dvc add`` in a repository without Git, from a copy of the files: it puts them into its cache on this disk."""

    def __init__(self, folder: Path) -> None:
        self.program = str(venv("dvc") / "bin/dvc")
        self.folder = folder
        self.environ = clean_environment(HOME=str(folder), DVC_NO_ANALYTICS="1")
        folder.mkdir()
        self._dvc("init", "--no-scm", "--quiet")

    def take(self, folder: Path) -> Taken:
        shutil.copytree(folder, self.folder / folder.name)
        first = _timed(lambda: self._dvc("add", "--quiet", folder.name))
        return Taken(first, _timed(lambda: self._dvc("add", "--quiet", folder.name)))

    def _dvc(self, *words: str) -> None:
        subprocess.run([self.program, *words], cwd=self.folder, env=self.environ, check=True, capture_output=True)


MAKERS: dict[str, tuple[str, str]] = {
    "zaffre": ("zaffre: warm client over HTTP", "goal ≤ 3 × / ≤ 0.3 ×"),
    "command": ("zaffre: zaffre data create", "with the process's start and the asset"),
    "mlflow": ("mlflow: log_artifacts to its server, 1 worker", ""),
    "dvc": ("dvc add, no server", "hashes and copies on this disk"),
}


def _systems(names: list[str], folder: Path, stack: contextlib.ExitStack, rows: dict[str, Row]) -> dict[str, System]:
    found: dict[str, System] = {}
    ours = Ours(folder) if {"zaffre", "command"} & {*names} else None
    if ours:
        stack.callback(ours.installation.down)
    for name in names:
        try:
            if ours and name in ("zaffre", "command"):
                found[name] = ours.take if name == "zaffre" else ours.command
            elif name == "mlflow":
                found[name] = Mlflow(folder / "mlflow", stack).take
            else:
                found[name] = Dvc(folder / "dvc").take
        except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
            rows[name].error = f"not here: {error}"[:300]
    return found


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _asset(folder: Path) -> dict[str, str]:
    return {"type": "uri_folder", "path": folder.name}


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _small(count: int) -> Callable[[Path], None]:
    """100 files of 4 KiB to a folder, none like another."""

    def make(folder: Path) -> None:
        for number in range(count):
            below = folder / f"{number // 100:04d}"
            below.mkdir(parents=True, exist_ok=True)
            (below / f"{number:06d}.bin").write_bytes(os.urandom(4096))

    return make


def _large(size: int) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        folder.mkdir()
        with (folder / "large.bin").open("wb") as file:
            for _ in range(max(1, size // 2**20)):
                file.write(os.urandom(2**20))

    return make


def _copied(folder: Path, target: Path) -> float:
    """The limit."""
    return _timed(lambda: subprocess.run(["cp", "-r", str(folder), str(target)], check=True))


def _measure(work: str, folder: Path, take: System, row: Row, limit: Row) -> None:
    """``folder`` is there, new; one repetition of one system with it."""
    os.sync()  # nothing of ours may pay for writing it back
    copy = _copied(folder, folder.with_name(f"{folder.name}-copied"))
    limit.add(**{f"{work}, s": copy, f"{work}, × cp -r": 1.0})
    taken = take(folder)
    row.add(**{f"{work}, s": taken.first, f"{work}, × cp -r": taken.first / copy})
    row.add(**{f"{work}, again, s": taken.again, f"{work}, again, × cp -r": taken.again / copy})
    row.add(**{f"{work}, {what}": value for what, value in taken.cpu.items()})
    print(f"  {work}: {row.system}: {taken.first:.2f} s, again {taken.again:.2f} s", file=sys.stderr)


def _round(
    number: int, work: tuple[str, Callable[[Path], None]], systems: dict[str, System], rows: dict[str, Row], top: Path
) -> None:
    what, make = work
    for name, take in list(systems.items()):
        folder = top / f"{name}-{len(what)}-{number}"
        make(folder)
        try:
            _measure(what, folder, take, rows[name], rows["limit"])
        except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
            rows[name].error = f"failed: {error!r}"[:300]
            del systems[name]
        if what.endswith("MiB"):  # gigabytes: these must go
            shutil.rmtree(folder)
            shutil.rmtree(f"{folder}-copied", ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=MAKERS, help="some of the systems; the limit always runs")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--files", type=int, default=10_000, help="how many files of 4 KiB; 0 for none")
    parser.add_argument("--large", type=int, default=2048, help="the large file in MiB; 0 for none")
    arguments = parser.parse_args()
    names, where = list(arguments.only or MAKERS), machine()
    rows = {"limit": Row("limit: cp -r")} | {name: Row(MAKERS[name][0], note=MAKERS[name][1]) for name in names}
    works = [(f"{arguments.files:,} × 4 KiB", _small(arguments.files))] if arguments.files else []
    works += [(f"{arguments.large:,} MiB", _large(arguments.large * 2**20))] if arguments.large else []
    with (
        tempfile.TemporaryDirectory(prefix="zaffre-upload-", ignore_cleanup_errors=True) as top,
        contextlib.ExitStack() as stack,
    ):
        systems = _systems(names, Path(top), stack, rows)
        for number in range(arguments.repetitions):
            for work in works:
                _round(number, work, systems, rows, Path(top))
    report("upload", TITLE, where, list(rows.values()))


if __name__ == "__main__":
    main()
