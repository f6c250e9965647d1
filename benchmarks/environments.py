"""An environment of a known lock from a warm cache: Zaffre's build beside uv, pip and ``cp -al``; then finding it again.

The limit is ``cp -al`` of the finished folder, run before every repetition: no builder can make as many links faster. Zaffre's
figure is the whole build process, with compiled files, loosened scripts, sealing and the durable rename, which the others lack.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from figures import Row, machine, report
from surroundings import clean_environment
from zaffre.builder import Builder, from_environ, layer
from zaffre.core.ports import EnvironmentDefinition, Interpreter

TITLE = "Environments: a known lock and a warm cache → ready; and a ready one found again"
PACKAGES = ("scikit-learn", "pandas", "mlflow-skinny")
UV = str(Path(sys.executable).with_name("uv"))
REUSES = 200


class Bench:
    """One definition, built once before anything is timed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.builder = Builder(folder / "home", from_environ(os.environ, uv=UV))
        minor = f"{sys.version_info.major}.{sys.version_info.minor}"
        self.definition = EnvironmentDefinition(conda={"dependencies": [f"python={minor}", {"pip": list(PACKAGES)}]})
        self.fingerprint = self.builder.fingerprint(self.definition)
        self.attempt = 0
        self.zaffre()
        self.interpreter = self._ready()
        self.lock = Path(self.interpreter.prefix) / "lock.txt"

    def zaffre(self) -> float:
        """The build task, as a job's first use of an environment runs it; what was there is removed before."""
        prefix = self.folder / "home/environments" / self.fingerprint
        _remove(prefix)
        self.attempt += 1
        task = self.builder.task(self.definition, self.fingerprint, self.attempt)
        Path(task.directory).mkdir(parents=True)
        return _timed(
            lambda: subprocess.run(task.argv, env=task.environ, cwd=task.cwd, check=True, capture_output=True)
        )

    def copied(self) -> float:
        """The limit."""
        target = self.folder / "copied"
        took = _timed(lambda: subprocess.run(["cp", "-al", self.interpreter.prefix, str(target)], check=True))
        _remove(target)
        return took

    def uv(self) -> float:
        """``uv venv`` and ``uv pip sync`` of the same lock, nothing compiled."""
        return self._by_uv()

    def uv_compiled(self) -> float:
        """The same with ``--compile-bytecode``, which a first import then need not do."""
        return self._by_uv("--compile-bytecode")

    def _by_uv(self, *more: str) -> float:
        target = self.folder / "uv"

        def build() -> None:
            _run([UV, "venv", "--quiet", "--python", sys.executable, str(target)])
            options = ["--link-mode", "hardlink", "--offline", "--quiet", "--python", str(target / "bin/python")]
            _run([UV, "pip", "sync", *options, *more, str(self.lock)])

        took = _timed(build)
        _remove(target)
        return took

    def pip(self) -> float:
        """``python -m venv`` and ``pip install`` of the same lock, from pip's own warm cache."""
        target = self.folder / "pip"

        def build() -> None:
            _run([sys.executable, "-m", "venv", str(target)])
            _run([str(target / "bin/python"), "-m", "pip", "install", "--quiet", "-r", str(self.lock)])

        took = _timed(build)
        _remove(target)
        return took

    def reuse(self) -> float:
        """What a job pays for an environment that is there: fingerprint, look, and a layer of its own; in ms, median."""
        samples: list[float] = []
        for number in range(REUSES):
            target = self.folder / f"layers/{number}"

            def use(target: Path = target) -> None:
                found = self.builder.look(self.builder.fingerprint(self.definition)).interpreter
                assert found is not None
                layer(found, str(target))

            samples.append(_timed(use) * 1000)
        shutil.rmtree(self.folder / "layers")
        return sorted(samples)[len(samples) // 2]

    def _ready(self) -> Interpreter:
        found = self.builder.look(self.fingerprint).interpreter
        assert found is not None, "the first build failed"
        return found


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _run(argv: list[str]) -> None:
    subprocess.run(argv, env=clean_environment(PATH=os.environ["PATH"]), check=True, capture_output=True)


def _remove(folder: Path) -> None:
    subprocess.run(["chmod", "-R", "u+w", str(folder)], check=False, capture_output=True)
    subprocess.run(["rm", "-rf", str(folder)], check=True)


SYSTEMS: dict[str, tuple[str, Callable[[Bench], float]]] = {
    "limit": ("limit: cp -al of the finished environment", Bench.copied),
    "zaffre": ("zaffre: build of a known lock, whole process", Bench.zaffre),
    "uv": ("uv venv + uv pip sync, not compiled", Bench.uv),
    "uv-compiled": ("uv venv + uv pip sync --compile-bytecode", Bench.uv_compiled),
    "pip": ("python -m venv + pip install", Bench.pip),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=SYSTEMS, help="some of the systems; the limit always runs")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    where, names = machine(), list(dict.fromkeys(["limit", *(arguments.only or SYSTEMS)]))
    rows = {name: Row(SYSTEMS[name][0]) for name in names}
    reuse = Row("zaffre: a ready one found, with a layer for the run")
    with tempfile.TemporaryDirectory(prefix="zaffre-env-", ignore_cleanup_errors=True) as folder:
        bench = Bench(Path(folder))
        for number in range(arguments.rounds):
            floor = 0.0
            for name in names:
                if name == "pip" and number == 0:
                    bench.pip()  # fills pip's cache
                try:
                    took = SYSTEMS[name][1](bench)
                except (OSError, subprocess.CalledProcessError) as error:
                    rows[name].error = f"failed: {error!r}"[:300]
                    continue
                floor = floor or took
                rows[name].add(**{"ready, s": took, "× limit": took / floor})
                print(f"  {SYSTEMS[name][0]}: {took:.2f} s", file=sys.stderr)
            reuse.add(**{"reuse, ms": bench.reuse()})
        subprocess.run(["chmod", "-R", "u+w", folder], check=False)
    report("environments", TITLE, where, [*rows.values(), reuse])


if __name__ == "__main__":
    main()
