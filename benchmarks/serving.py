"""Requests a second and latency of a model behind HTTP: Zaffre's whole path, its peers, and the limits, in one run.

Two models: a scikit-learn logistic regression on one row of 30 numbers, and one that keeps a processor busy for 5 ms.
Every window of a system follows a window of the limit, a bare uvicorn application that calls ``predict``, at the same
number of connections; ratios are pair by pair. wrk shares the machine with what it measures, for all alike.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from figures import Row, machine, report
from surroundings import Zaffre, answers, clean_environment, free_port, process, venv, wait_until

TITLE = "Serving: requests a second, and what a request takes"
ROW = [round(0.1 * (number % 17) - 0.5, 3) for number in range(30)]
CONNECTIONS = (1, 8, 32)
MODELS = ("regression", "busy")
MAKE = """
import joblib, sys
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
X, y = load_breast_cancer(return_X_y=True)
X = (X - X.mean(0)) / X.std(0)
joblib.dump(LogisticRegression(max_iter=500).fit(X, y), sys.argv[1])
"""
LOADED = """
import json, os, time
import joblib, numpy as np
MODEL = joblib.load({path!r}) if {kind!r} == "regression" else None
def predict(rows):
    if MODEL is None:
        until = time.thread_time() + 0.005
        while time.thread_time() < until: pass
        return [1] * len(rows)
    return MODEL.predict(np.asarray(rows)).tolist()
"""
SCORE = (
    "from loaded import predict\nimport json\ndef init(): pass\ndef run(raw): return predict(json.loads(raw)['data'])\n"
)
ASGI = """
import json
from loaded import predict
TYPE = (b"content-type", b"application/json")
async def app(scope, receive, send):
    if scope["type"] != "http": return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"): break
    out = json.dumps(predict(json.loads(body)["data"])).encode()
    length = (b"content-length", str(len(out)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [TYPE, length]})
    await send({"type": "http.response.body", "body": out})
"""
BENTO = """
import bentoml
from loaded import predict
@bentoml.service(workers=1)
class Service:
    @bentoml.api
    def score(self, data: list[list[float]]) -> list[int]: return predict(data)
"""
RAY = """
import os, time
import ray
from ray import serve
from loaded import predict
ray.init(num_cpus=2, include_dashboard=False, object_store_memory=200_000_000)
serve.start(http_options={"host": "127.0.0.1", "port": int(os.environ["PORT"])})
@serve.deployment
class Model:
    async def __call__(self, request): return predict((await request.json())["data"])
serve.run(Model.bind(), route_prefix="/score")
while True: time.sleep(5)
"""
LOOP = """
import json, sys, time
from loaded import predict
body, seconds = sys.argv[1], float(sys.argv[2])
for _ in range(20): json.dumps(predict(json.loads(body)["data"]))
count, start = 0, time.perf_counter()
while time.perf_counter() - start < seconds:
    json.dumps(predict(json.loads(body)["data"])); count += 1
print(count / (time.perf_counter() - start))
"""
SAVE = """
import joblib, mlflow, pandas, sys
model, path = joblib.load(sys.argv[1]), sys.argv[2]
rows = pandas.DataFrame([[0.1] * 30], columns=[f"c{i}" for i in range(30)])
signature = mlflow.models.infer_signature(rows, model.predict(rows.values))
mlflow.sklearn.save_model(model, path, signature=signature, pip_requirements=["scikit-learn==1.7.2"],
                          serialization_format="cloudpickle")
"""
CONDA = "name: serving\ndependencies: [python=3.11, pip, {pip: [scikit-learn==1.7.2, joblib, numpy]}]\n"
PLAIN = {"data": [ROW]}
NO_CODE = {"input_data": {"columns": [f"c{number}" for number in range(30)], "index": [0], "data": [ROW]}}
_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True)
class Target:
    """Something that answers."""

    name: str
    url: str
    body: object
    headers: dict[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Window:
    """What wrk saw in one window."""

    rate: float
    p50: float
    p99: float


class Bench:
    """The models, the limit that runs all the time, and the rows."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.folder = folder
        self.options = options
        self.rows: list[Row] = []
        self.kind = ""
        python = str(venv("serving-limit") / "bin/python")
        subprocess.run([python, "-c", MAKE, str(folder / "model.joblib")], check=True, env=clean_environment())

    def code(self, kind: str) -> Path:
        """The same files for every system: the model as a module, and the few lines that each wants."""
        where = self.folder / kind
        where.mkdir(exist_ok=True)
        (where / "loaded.py").write_text(LOADED.format(path=str(self.folder / "model.joblib"), kind=kind))
        for name, text in (("score.py", SCORE), ("asgi.py", ASGI), ("bento.py", BENTO), ("rays.py", RAY)):
            (where / name).write_text(text)
        return where

    @contextlib.contextmanager
    def limit(self, workers: int = 1) -> Iterator[Target]:
        port = free_port()
        words = ["--port", str(port), "--log-level", "warning", "--no-access-log", "--workers", str(workers)]
        command = [str(venv("serving-limit") / "bin/python"), "-m", "uvicorn", "asgi:app", *words]
        name = "limit: bare uvicorn" + (f", {workers} processes" if workers > 1 else "")
        found = Target(name, f"http://127.0.0.1:{port}/score", PLAIN)
        with process(command, self.code(self.kind), OMP_NUM_THREADS="1"):
            ready(found)
            yield found

    def measure(self, target: Target, limit: Target) -> None:
        row = Row(f"{self.kind}: {target.name}", note=target.note)
        try:
            ready(target)
            self._window(target, 4)
            for connections in CONNECTIONS:
                for _ in range(self.options.repetitions):
                    beside, own = self._window(limit, connections), self._window(target, connections)
                    row.add(
                        **{f"{connections} conn., req/s": own.rate, f"{connections}: × limit": own.rate / beside.rate}
                    )
                    row.add(**{f"{connections}: p50 ms": own.p50, f"{connections}: p99 ms": own.p99})
        except Exception as error:
            row.error = f"failed: {error!r}"[:300]
        self.rows.append(row)
        print(f"  {row.system}: {row.error or 'measured'}", file=sys.stderr)

    def loop(self) -> None:
        row = Row(f"{self.kind}: predict() in a loop, no HTTP")
        command = [str(venv("serving-limit") / "bin/python"), "-c", LOOP, json.dumps(PLAIN), str(self.options.seconds)]
        for _ in range(self.options.repetitions):
            environ = clean_environment(OMP_NUM_THREADS="1")
            done = subprocess.run(
                command, cwd=self.code(self.kind), env=environ, capture_output=True, text=True, check=True
            )
            row.add(**{"1 conn., req/s": float(done.stdout)})
        self.rows.append(row)

    def _window(self, target: Target, connections: int) -> Window:
        lines = ["wrk.method = 'POST'", f"wrk.body = {json.dumps(json.dumps(target.body))}"]
        headers = {"Content-Type": "application/json", **target.headers}
        lines += [f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items()]
        script = self.folder / "request.lua"
        script.write_text("\n".join(lines))
        words = ["-t1", f"-c{connections}", f"-d{self.options.seconds}s", "--timeout", "10s", "--latency"]
        done = subprocess.run(
            ["wrk", *words, "-s", str(script), target.url], capture_output=True, text=True, check=True
        )
        return read(done.stdout)


def read(told: str) -> Window:
    """wrk's report; answers that are no 2xx make it void."""
    if refused := re.search(r"Non-2xx or 3xx responses: (\d+)", told):
        raise RuntimeError(f"{refused.group(1)} answers were no success")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    if rate is None or not float(rate.group(1)):
        raise RuntimeError(told[-300:])

    def quantile(name: str) -> float:
        found = re.search(name + r"%\s+([\d.]+)(us|ms|s|m)\b", told)
        return float(found.group(1)) * _UNITS[found.group(2)] if found else float("inf")

    return Window(float(rate.group(1)), quantile("50"), quantile("99"))


def ready(target: Target) -> None:
    """Wait until it scores."""

    def scores() -> bool:
        headers = {"Content-Type": "application/json", **target.headers}
        request = urllib.request.Request(target.url, json.dumps(target.body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status == 200
        except OSError:
            return False

    wait_until(scores, 180, f"{target.name} does not score")


@contextlib.contextmanager
def zaffre(bench: Bench) -> Iterator[list[Target]]:
    """One endpoint a deployment, made as a user makes them; the router is in the way, with keys, metering and its log."""
    installation = Zaffre(bench.folder)
    installation.up()
    try:
        yield [_deployed(bench, installation, *one) for one in _deployments(bench)]
    finally:
        for name in ("code", "code-two", "none", "none-two"):
            installation.cli("online-endpoint", "delete", "-n", f"bench-{bench.kind[:4]}-{name}", "--yes", check=False)
        installation.cli("down", "--all", check=False)


def _deployments(bench: Bench) -> list[tuple[str, int, bool]]:
    code = [("code", 1, False), ("code-two", 2, False)]
    return code if bench.kind != "regression" else [*code, ("none", 1, True), ("none-two", 2, True)]


def _deployed(bench: Bench, installation: Zaffre, name: str, replicas: int, plain: bool) -> Target:
    where = bench.code(bench.kind)
    endpoint, deployment = f"bench-{bench.kind[:4]}-{name}", where / f"{name}.yml"
    (where / "conda.yml").write_text(CONDA)
    code = where / "code"
    code.mkdir(exist_ok=True)
    for file in ("score.py", "loaded.py"):
        shutil.copy(where / file, code)
    scored = (
        "code_configuration: {code: code, scoring_script: score.py}\n"
        "environment: {image: 'python:3.11', conda_file: conda.yml}\n"
    )
    model = "model: {path: mlflow-model, type: mlflow_model}\n"
    settings = "request_settings: {request_timeout_ms: 30000, max_queue_wait_ms: 30000}\n"
    deployment.write_text(
        f"name: blue\nendpoint_name: {endpoint}\ninstance_type: any\ninstance_count: {replicas}\n"
        "environment_variables: {OMP_NUM_THREADS: '1'}\n" + settings + (model if plain else scored)
    )
    if plain and not (where / "mlflow-model").exists():
        save(bench, where / "mlflow-model")
    installation.cli("online-endpoint", "create", "-n", endpoint)
    installation.cli("online-deployment", "create", "-f", str(deployment), "--all-traffic")
    key = json.loads(installation.cli("online-endpoint", "get-credentials", "-n", endpoint, "-o", "json"))["primaryKey"]
    url = json.loads(installation.cli("online-endpoint", "show", "-n", endpoint, "-o", "json"))["scoring_uri"]
    told = f"zaffre: {'MLflow model without code' if plain else 'score.py'}, {replicas} replica{'s' * (replicas > 1)}"
    return Target(
        told, url, NO_CODE if plain else PLAIN, {"Authorization": f"Bearer {key}"}, "router, key, metering, log"
    )


def save(bench: Bench, path: Path) -> None:
    """The regression as an MLflow model."""
    command = [str(venv("mlflow-serving") / "bin/python"), "-c", SAVE, str(bench.folder / "model.joblib"), str(path)]
    subprocess.run(command, check=True, env=clean_environment(), capture_output=True)


@contextlib.contextmanager
def azureml(bench: Bench) -> Iterator[list[Target]]:
    where, port = bench.code(bench.kind), free_port()
    words = ["--entry_script", "score.py", "--port", str(port), "--health_port", str(port), "--worker_count", "1"]
    with process([str(venv("azureml-server") / "bin/azmlinfsrv"), *words], where, OMP_NUM_THREADS="1"):
        yield [Target("azureml-inference-server-http", f"http://127.0.0.1:{port}/score", PLAIN)]


@contextlib.contextmanager
def mlflow(bench: Bench) -> Iterator[list[Target]]:
    if bench.kind != "regression":
        yield []
        return
    where, port, binaries = bench.code(bench.kind), free_port(), venv("mlflow-serving") / "bin"
    if not (where / "mlflow-model").exists():
        save(bench, where / "mlflow-model")
    words = ["models", "serve", "-m", str(where / "mlflow-model"), "--env-manager", "local", "--port", str(port)]
    environ = {"OMP_NUM_THREADS": "1", "PATH": f"{binaries}:{clean_environment()['PATH']}"}
    body = {"dataframe_split": {"columns": [f"c{number}" for number in range(30)], "data": [ROW]}}
    with process([str(binaries / "mlflow"), *words], where, **environ):
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/ping"), 120, "mlflow does not answer")
        yield [Target("mlflow models serve", f"http://127.0.0.1:{port}/invocations", body)]


@contextlib.contextmanager
def bentoml(bench: Bench) -> Iterator[list[Target]]:
    where, port = bench.code(bench.kind), free_port()
    words = ["serve", "bento:Service", "--port", str(port), "--host", "127.0.0.1"]
    environ = {"OMP_NUM_THREADS": "1", "BENTOML_HOME": str(where / "bento"), "BENTOML_DO_NOT_TRACK": "True"}
    with process([str(venv("bentoml") / "bin/bentoml"), *words], where, **environ):
        yield [Target("BentoML", f"http://127.0.0.1:{port}/score", PLAIN)]


@contextlib.contextmanager
def ray(bench: Bench) -> Iterator[list[Target]]:
    where, port = bench.code(bench.kind), free_port()
    environ = {"OMP_NUM_THREADS": "1", "PORT": str(port), "PYTHONPATH": str(where)}
    with process([str(venv("ray-serve") / "bin/python"), "rays.py"], where, **environ):
        yield [Target("Ray Serve", f"http://127.0.0.1:{port}/score", PLAIN)]


SYSTEMS = {"zaffre": zaffre, "azureml": azureml, "mlflow": mlflow, "bentoml": bentoml, "ray": ray}


def run(bench: Bench, names: list[str]) -> None:
    for kind in bench.options.models:
        bench.kind = kind
        bench.loop()
        with bench.limit() as limit:
            bench.measure(limit, limit)
            with bench.limit(workers=2) as two:
                bench.measure(two, limit)
            for name in names:
                try:
                    with SYSTEMS[name](bench) as targets:
                        for target in targets:
                            bench.measure(target, limit)
                except Exception as error:
                    bench.rows.append(Row(f"{bench.kind}: {name}", error=f"failed: {error!r}"[:300]))
                    print(f"  {name}: {error!r}"[:2000], file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--models", nargs="*", choices=MODELS, default=list(MODELS))
    parser.add_argument("--seconds", type=int, default=2, help="of a window")
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not here: apt-get install wrk")
    where = machine()
    with tempfile.TemporaryDirectory(prefix="bench-serving-") as folder:
        bench = Bench(Path(folder), options)
        run(bench, options.only)
    report("serving", TITLE, where, bench.rows)


if __name__ == "__main__":
    main()
