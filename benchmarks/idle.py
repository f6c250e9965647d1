"""From start to ready, then what a server costs while nothing happens: memory of each process, processor use.

Every round also starts the limit, a bare FastAPI application under uvicorn; ratios are pair by pair.
Memory is PSS: pages that processes share are counted once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from figures import Row, digits, machine, report
from surroundings import Zaffre, answers, free_port, process, session, venv, wait_until

TITLE = "Idle: start → ready, memory (PSS) and processor use while nothing happens"
APP = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef health(): return {'ok': True}\n"
SETTLE = 8.0
WATCH = 4.0


@contextlib.contextmanager
def limit(folder: Path) -> Iterator[Callable[[], list[int]]]:
    (folder / "app.py").write_text(APP)
    port = free_port()
    python = str(venv("idle-limit") / "bin/python")
    with process([python, "-m", "uvicorn", "app:app", "--port", str(port), "--log-level", "warning"], folder) as child:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), 60, "not healthy")
        yield lambda: session(child.pid)


@contextlib.contextmanager
def zaffre(folder: Path) -> Iterator[Callable[[], list[int]]]:
    installation = Zaffre(folder)
    installation.home.mkdir(mode=0o700, exist_ok=True)
    with process([installation.python, "-m", "zaffre.server"], folder, **_own(installation)) as child:
        wait_until(lambda: answers(f"http://127.0.0.1:{installation.port}/readyz"), 60, "not ready")
        yield lambda: _tree(child.pid, installation)


@contextlib.contextmanager
def mlflow(folder: Path) -> Iterator[Callable[[], list[int]]]:
    port = free_port()
    store = ["--backend-store-uri", f"sqlite:///{folder}/m.db", "--default-artifact-root", str(folder / "artifacts")]
    command = [str(venv("mlflow") / "bin/mlflow"), "server", "--port", str(port), *store]
    with process(command, folder) as child:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), 120, "not healthy")
        yield lambda: session(child.pid)


def used_home(folder: Path) -> None:
    """A home as it is on every start but the first; making it is not timed."""
    with zaffre(folder):
        pass


SYSTEMS = {"limit": limit, "zaffre": zaffre, "first": zaffre, "mlflow": mlflow}
BEFORE = {"zaffre": used_home}
LABELS = {
    "limit": "limit: bare FastAPI under uvicorn",
    "zaffre": "zaffre: API, engine, tracking",
    "first": "the same, first start in an empty home",
    "mlflow": "mlflow server, default workers",
}


def once(name: str) -> tuple[dict[str, float], str]:
    """Start it, wait, look, end it."""
    with tempfile.TemporaryDirectory(prefix="zaffre-idle-", ignore_cleanup_errors=True) as folder:
        BEFORE.get(name, lambda _: None)(Path(folder))
        start = time.monotonic()
        with SYSTEMS[name](Path(folder)) as pids:
            ready = time.monotonic() - start
            time.sleep(SETTLE)
            before, since = _cpu(pids()), time.monotonic()
            time.sleep(WATCH)
            used = (_cpu(pids()) - before) / (time.monotonic() - since) * 100
            each = {pid: _pss(pid) for pid in pids()}
            told = ", ".join(
                f"{_name(pid)} {digits(pss)}" for pid, pss in sorted(each.items(), key=lambda item: -item[1])
            )
    measured = {"ready, s": ready, "memory, MB": sum(each.values()), "idle CPU, %": used, "processes": float(len(each))}
    return measured, told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=SYSTEMS, help="some of the systems; the limit always runs")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    where, names = machine(), list(dict.fromkeys(["limit", *(arguments.only or SYSTEMS)]))
    rows = {name: Row(LABELS[name]) for name in names}
    for _ in range(arguments.rounds):
        floor: dict[str, float] = {}
        for name in names:
            try:
                measured, told = once(name)
            except Exception as error:
                rows[name].error = f"failed: {error!r}"[:300]
                continue
            floor = floor or measured
            rows[name].add(**measured)
            rows[name].add(
                **{
                    f"× limit, {column}": measured[f"{column}, {unit}"] / floor[f"{column}, {unit}"]
                    for column, unit in (("ready", "s"), ("memory", "MB"))
                }
            )
            rows[name].note = f"MB each: {told}" if len(told) < 400 else ""
            print(f"  {LABELS[name]}: ready after {measured['ready, s']:.2f} s", file=sys.stderr)
    report("idle", TITLE, where, list(rows.values()))


def _own(installation: Zaffre) -> dict[str, str]:
    return {key: value for key, value in installation.environ.items() if key.startswith("ZAFFRE_")}


def _tree(leader: int, installation: Zaffre) -> list[int]:
    """Everything that serves this home: the server's session, and detached processes that name the home."""
    named, launched = f"ZAFFRE_HOME={installation.home}".encode(), f"{installation.home}/agent/".encode()
    found = set(session(leader))
    for entry in (path.name for path in Path("/proc").iterdir()):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                environ = Path(f"/proc/{entry}/environ").read_bytes().split(b"\0")
                if named in environ or launched in Path(f"/proc/{entry}/cmdline").read_bytes():
                    found.add(int(entry))
    return sorted(found)


def _pss(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _cpu(pids: list[int]) -> float:
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _name(pid: int) -> str:
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        named = [Path(word).name for word in words[1:] if word and not word.startswith("-")]
        return named[0] if named else Path(words[0]).name
    return "gone"


if __name__ == "__main__":
    main()
