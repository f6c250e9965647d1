"""Pipelines of small steps: a chain, a fan-out, all of it again from the cache, a thousand steps.

A step is a fresh `python step.py IN… OUT` that reads its inputs and writes one small file. The limit runs the same command
lines as bare processes, in turn for the chain and two at a time for the fan-out. Zaffre's steps are jobs: durable, logged,
tracked, in an environment; the peers' are theirs. A first small round of each system, which makes its environment, is left out.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from figures import Row, machine, report
from surroundings import Zaffre, clean_environment, venv

TITLE = "Pipelines: wall time per step of chains and fan-outs"
NODES = 2
STEP = """\
import sys
*sources, target = sys.argv[1:]
with open(target, "w") as out:
    out.write(str(sum(len(open(source).read()) for source in sources)))
"""
INLINE = (
    "import sys, os; *s, t = sys.argv[1:]; "
    "open(os.path.join(t, 'out'), 'w').write(str(sum(len(open(p).read()) for p in s)))"
)
ENVIRONMENT = "azureml://registries/azureml/environments/python/labels/latest"

Edges = list[list[int]]
"""For each step, the steps whose output it reads."""


def chain(steps: int) -> Edges:
    return [[number - 1] if number else [] for number in range(steps)]


def fan(steps: int) -> Edges:
    return [[] for _ in range(steps)]


class Bare:
    """The limit."""

    name = "limit: bare python subprocesses"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "step.py").write_text(STEP)

    def run(self, edges: Edges) -> float:
        start = time.perf_counter()
        if any(edges):
            for number, sources in enumerate(edges):
                self._one(number, sources)
        else:
            with ThreadPoolExecutor(NODES) as pool:
                list(pool.map(lambda number: self._one(number, []), range(len(edges))))
        return time.perf_counter() - start

    def _one(self, number: int, sources: list[int]) -> None:
        words = [sys.executable, "step.py", *(f"out{source}" for source in sources), f"out{number}"]
        subprocess.run(words, cwd=self.folder, env=clean_environment(), check=True)


class Ours:
    """Zaffre, through a warm client."""

    name = "zaffre"

    def __init__(self, folder: Path) -> None:
        self.installation = Zaffre(folder)
        self.installation.up()
        self.number = 0

    def run(self, edges: Edges, *, again: bool = False) -> float:
        client = self.installation.client()
        self.number += 1
        document = self._document(edges, again)
        start = time.perf_counter()
        status = client.run(f"p{self.number}", document)
        took = time.perf_counter() - start
        if status != "Completed":
            raise RuntimeError(
                f"the pipeline is {status}: {client.call('GET', f'/jobs/p{self.number}')['state']['reason']}"
            )
        return took

    def _document(self, edges: Edges, again: bool) -> dict[str, Any]:
        steps = {}
        for number, sources in enumerate(edges):
            inputs = {f"i{source}": f"${{{{parent.jobs.s{source}.outputs.o}}}}" for source in sources}
            words = " ".join(f"${{{{inputs.i{source}}}}}/out" for source in sources)
            steps[f"s{number}"] = {
                "command": f'python -c "{INLINE}" {words} ${{{{outputs.o}}}}',
                "environment": ENVIRONMENT,
                "inputs": {name: {"type": "uri_folder", "path": value} for name, value in inputs.items()},
                "outputs": {"o": {"type": "uri_folder"}},
            }
        settings = {"default_compute": "serverless", "force_rerun": not again}
        return {"type": "pipeline", "experiment_name": f"e{len(edges)}", "settings": settings, "jobs": steps}


class Snakemake:
    """One rule a step, a shell line each."""

    name = "snakemake"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = venv("snakemake") / "bin/python"
        (folder / "step.py").write_text(STEP)

    def run(self, edges: Edges, *, again: bool = False) -> float:
        rules = [f"rule all:\n    input: {[f'out{number}' for number in range(len(edges))]}\n"]
        for number, sources in enumerate(edges):
            inputs = [f"out{source}" for source in sources]
            line = f"{sys.executable} step.py {' '.join(inputs)} out{number}"
            rules.append(f"rule s{number}:\n    input: {inputs}\n    output: 'out{number}'\n    shell: '{line}'\n")
        (self.folder / "Snakefile").write_text("\n".join(rules))
        if not again:
            for path in self.folder.glob("out*"):
                path.unlink()
        words = [str(self.python), "-m", "snakemake", "--cores", str(NODES), "--quiet", "all"]
        start = time.perf_counter()
        subprocess.run(
            words, cwd=self.folder, env=clean_environment(HOME=str(self.folder)), check=True, capture_output=True
        )
        return time.perf_counter() - start


class Luigi:
    """Tasks forked from one parent, each of which starts the same process."""

    name = "luigi, 2 workers"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = venv("luigi") / "bin/python"
        (folder / "step.py").write_text(STEP)

    def run(self, edges: Edges, *, again: bool = False) -> float:
        (self.folder / "flow.py").write_text(
            "import subprocess, sys, luigi\n"
            f"EDGES = {edges!r}\n"
            "class Step(luigi.Task):\n"
            "    number = luigi.IntParameter()\n"
            "    def requires(self): return [Step(number=source) for source in EDGES[self.number]]\n"
            "    def output(self): return luigi.LocalTarget(f'out{self.number}')\n"
            "    def run(self):\n"
            "        sources = [f'out{source}' for source in EDGES[self.number]]\n"
            f"        words = [{sys.executable!r}, 'step.py', *sources, f'out{{self.number}}']\n"
            "        subprocess.run(words, check=True)\n"
            "if __name__ == '__main__':\n"
            "    steps = [Step(number=number) for number in range(len(EDGES))]\n"
            f"    luigi.build(steps, workers={NODES}, local_scheduler=True, log_level='ERROR') or sys.exit(1)\n"
        )
        if not again:
            for path in self.folder.glob("out*"):
                path.unlink()
        words = [str(self.python), "flow.py"]
        start = time.perf_counter()
        subprocess.run(
            words, cwd=self.folder, env=clean_environment(HOME=str(self.folder)), check=True, capture_output=True
        )
        return time.perf_counter() - start


CASES: dict[str, tuple[Callable[[int], Edges], int]] = {"chain": (chain, 100), "fan": (fan, 200), "long": (chain, 1000)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=["zaffre", "snakemake", "luigi"])
    parser.add_argument("--cases", nargs="*", default=list(CASES))
    parser.add_argument("--scale", type=float, default=1.0, help="of the numbers of steps; for a quick look")
    arguments = parser.parse_args()
    where = machine()
    makers = {"zaffre": Ours, "snakemake": Snakemake, "luigi": Luigi}
    with tempfile.TemporaryDirectory(prefix="zaffre-bench-", ignore_cleanup_errors=True) as folder:
        rows = [Row(Bare.name)]
        limit = Bare(_made(folder, "bare"))
        systems: list[Any] = []
        for name in arguments.only:
            systems.append(makers[name](_made(folder, name)))
            systems[-1].run(chain(3))
            rows.append(Row(systems[-1].name))
        try:
            for case in arguments.cases:
                make, count = CASES[case]
                edges = make(max(3, int(count * arguments.scale)))
                _measure(case, edges, [limit, *systems], rows, 1 if case == "long" else arguments.repetitions)
        finally:
            for system in systems:
                if isinstance(system, Ours):
                    system.installation.down()
        report("pipelines", TITLE, where, rows)


def _measure(case: str, edges: Edges, systems: list[Any], rows: list[Row], repetitions: int) -> None:
    for _ in range(repetitions):
        bare = 0.0
        for system, row in zip(systems, rows, strict=True):
            if case == "long" and isinstance(system, Luigi | Snakemake):
                continue
            took = system.run(edges)
            bare = bare or took
            row.add(**{f"{case}, ms/step": 1e3 * took / len(edges), f"{case}, × limit": took / bare})
            print(f"  {case} of {len(edges)}: {row.system}: {took:.2f} s", file=sys.stderr)
            if not isinstance(system, Bare):
                if isinstance(system, Ours):
                    system.run(edges, again=True)  # what was forced to run is not taken; this leaves what can be
                took = system.run(edges, again=True)
                row.add(**{f"{case} again, ms/step": 1e3 * took / len(edges), f"{case} again, × limit": took / bare})
                print(f"  {case} of {len(edges)}, again: {row.system}: {took:.2f} s", file=sys.stderr)


def _made(folder: str, name: str) -> Path:
    made = Path(folder) / name
    made.mkdir()
    return made


if __name__ == "__main__":
    main()
