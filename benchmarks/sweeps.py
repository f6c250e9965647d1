"""A hundred trials of ten milliseconds, two at a time, each a process of its own that reports one metric.

The limit runs the same script as bare processes, which print it. Zaffre's trials are jobs: durable, logged, a parameter and
a metric in tracking; they report by one HTTP request over a socket, as a trial that imports nothing can. The first round of
each system, which makes environments and compiled code, is not told.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from figures import Row, machine, report
from surroundings import Zaffre, clean_environment, venv

TITLE = "Sweeps: wall time per trial of 10 ms, two at a time, a process each"
AT_ONCE = 2
OBJECTIVE = """\
import sys, time
def objective(x):
    until = time.perf_counter() + 0.01
    while time.perf_counter() < until:
        pass
    return (x - 2) ** 2
"""
BARE = OBJECTIVE + "print(objective(float(sys.argv[1])))\n"
REPORTING = (
    OBJECTIVE
    + """\
import os, socket
loss = objective(float(sys.argv[1]))
host, _, path = os.environ["MLFLOW_TRACKING_URI"].partition("://")[2].partition("/")
name, port = host.split(":")
body = '{"run_id": "%s", "key": "loss", "value": %r, "timestamp": %d}' % (os.environ["MLFLOW_RUN_ID"], loss, time.time() * 1000)
head = f"POST /{path}/api/2.0/mlflow/runs/log-metric HTTP/1.1\\r\\nHost: {host}\\r\\nContent-Type: application/json\\r\\n"
head += f"Authorization: Bearer {os.environ['MLFLOW_TRACKING_TOKEN']}\\r\\nContent-Length: {len(body)}\\r\\n"
head += "Connection: close\\r\\n\\r\\n"
with socket.create_connection((name, int(port))) as line:
    line.sendall((head + body).encode())
    assert b" 200 " in line.recv(100)
"""
)
OPTUNA = """\
import subprocess, sys, time
import optuna
optuna.logging.disable_default_handler()
python, trials, storage = sys.argv[1], int(sys.argv[2]), sys.argv[3] or None
study = optuna.create_study(storage=storage, sampler=optuna.samplers.TPESampler(seed=0))
def one(trial):
    x = trial.suggest_float("x", -10, 10)
    return float(subprocess.run([python, "bare.py", str(x)], capture_output=True, check=True).stdout)
start = time.perf_counter()
study.optimize(one, n_trials=trials, n_jobs=2)
print("took", time.perf_counter() - start)
"""
RAY = """\
import os, sys, time
os.environ["TUNE_DISABLE_AUTO_CALLBACK_LOGGERS"] = "1"
import ray
from ray import tune
sys.path.insert(0, ".")
from bare import objective
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=300_000_000, _temp_dir=sys.argv[2])
def one(config):
    tune.report({"loss": objective(config["x"])})
start = time.perf_counter()
tune.Tuner(
    one,
    param_space={"x": tune.uniform(-10, 10)},
    tune_config=tune.TuneConfig(num_samples=int(sys.argv[1]), metric="loss", mode="min"),
    run_config=tune.RunConfig(storage_path=os.path.abspath("ray"), verbose=0),
).fit()
print("took", time.perf_counter() - start)
"""
RAY_TRIALS = 20


class Bench:
    """The folder with the scripts, the limit, and how one system is measured beside it."""

    def __init__(self, folder: Path, trials: int, repetitions: int) -> None:
        self.folder, self.trials, self.repetitions = folder, trials, repetitions
        self.rows: list[Row] = []
        self.python = str(venv("limit") / "bin/python")
        for name, text in (("bare.py", BARE), ("optuna_.py", OPTUNA), ("ray_.py", RAY)):
            (folder / name).write_text(text)

    def bare(self, trials: int) -> float:
        start = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._one, range(trials)))
        return time.perf_counter() - start

    def _one(self, number: int) -> None:
        words = [self.python, "bare.py", str(number)]
        subprocess.run(words, cwd=self.folder, env=clean_environment(), check=True, capture_output=True)

    def measure(self, system: str, go: Callable[[], float], note: str = "", trials: int = 0) -> None:
        row, count = Row(system, note=note), trials or self.trials
        try:
            go()
            for _ in range(self.repetitions):
                limit, own = self.bare(count), go()
                row.add(**{"per trial, ms": own / count * 1e3, "× limit": own / limit})
        except Exception as error:
            row.error = f"failed: {error!r}"[:300]
        self.rows.append(row)
        print(f"  {system}: {row.error or 'measured'}", file=sys.stderr)

    def script(self, peer: str, name: str, *words: str) -> float:
        """What a peer's script says it took."""
        python = str(venv(peer) / "bin/python")
        done = subprocess.run(
            [python, name, *words],
            cwd=self.folder,
            env=clean_environment(HOME=str(self.folder)),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        if done.returncode:
            raise RuntimeError((done.stdout + done.stderr)[-600:])
        (took,) = (
            line.split()[1] for line in done.stdout.splitlines() if line.startswith("took ")
        )  # others talk there too
        return float(took)


def limit(bench: Bench) -> None:
    bench.measure("limit: bare processes, two at a time", lambda: bench.bare(bench.trials))


def zaffre(bench: Bench) -> None:
    installation = Zaffre(bench.folder)
    installation.environ["ZAFFRE_COMPUTE_LOCAL_NODES"] = str(AT_ONCE)
    installation.up()
    try:
        code = bench.folder / "code"
        code.mkdir()
        (code / "trial.py").write_text(REPORTING)
        document = bench.folder / "sweep.yml"
        document.write_text(json.dumps(_sweep(bench.trials)))
        installation.cli("job", "create", "-f", str(document), "-n", "warm", "--stream")
        client = installation.client()
        spec = client.call("GET", "/jobs/warm")["spec"]
        spec = {key: value for key, value in spec.items() if key not in ("name", "properties")}

        def swept(**changes: Any) -> float:
            start = time.perf_counter()
            status = client.run(f"bench-{uuid.uuid4().hex[:8]}", {**spec, **changes})
            took = time.perf_counter() - start
            if status != "Completed":
                raise RuntimeError(status)
            return took

        bench.measure("zaffre: random", swept, "durable jobs, tracked")
        bench.measure(
            "zaffre: tpe", lambda: swept(sampling_algorithm={"type": "tpe"}), "the same; samples asked one by one"
        )
    finally:
        installation.down()


def _sweep(trials: int) -> dict[str, Any]:
    return {
        "type": "sweep",
        "trial": {
            "code": "code",
            "command": "python trial.py ${{search_space.x}}",
            "environment": {"image": "python:3.11"},
        },
        "search_space": {"x": {"type": "uniform", "min_value": -10, "max_value": 10}},
        "sampling_algorithm": "random",
        "objective": {"goal": "minimize", "primary_metric": "loss"},
        "limits": {"max_total_trials": trials, "max_concurrent_trials": AT_ONCE},
    }


def optuna(bench: Bench) -> None:
    number = iter(range(1000))

    def swept(storage: str = "") -> float:
        return bench.script("optuna", "optuna_.py", bench.python, str(bench.trials), storage)

    bench.measure("optuna, processes, memory", swept, "not durable")
    bench.measure("optuna, processes, SQLite", lambda: swept(f"sqlite:///{next(number)}.db"), "durable, not tracked")


def ray(bench: Bench) -> None:
    with tempfile.TemporaryDirectory(prefix="rs") as short:  # its sockets do not fit into longer names
        count = str(RAY_TRIALS)
        note = f"{RAY_TRIALS} trials"
        bench.measure("ray tune", lambda: bench.script("ray-tune", "ray_.py", count, short), note, RAY_TRIALS)


SYSTEMS = {"limit": limit, "zaffre": zaffre, "optuna": optuna, "ray": ray}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=SYSTEMS, help="some of the systems")
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--repetitions", type=int, default=3)
    arguments = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory(prefix="zaffre-bench-") as folder:
        bench = Bench(Path(folder), arguments.trials, arguments.repetitions)
        for name in arguments.only or SYSTEMS:
            try:
                SYSTEMS[name](bench)
            except Exception as error:
                bench.rows.append(Row(name, error=f"failed: {error!r}"[:300]))
        report("sweeps", TITLE, where, bench.rows)


if __name__ == "__main__":
    main()
