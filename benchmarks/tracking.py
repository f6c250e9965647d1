"""Tracking throughput over HTTP: Zaffre, MLflow's own server, and the limits (SQLite, an HTTP echo), in one run.

    python benchmarks/tracking.py [--quick] [--reps 3] [--skip-mlflow] [--url URL --name NAME] [--out FILE.json]

The load generator is http.client on one kept-alive connection, so that the server is measured; the stock MLflow client is
measured too. ``--url`` measures one more running server that speaks MLflow's REST API.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

API = "/api/2.0/mlflow"
HERE = Path(__file__).resolve().parent
ECHO = """
from fastapi import FastAPI, Request
app = FastAPI()
@app.post('/api/2.0/mlflow/runs/log-metric')
@app.post('/api/2.0/mlflow/runs/log-batch')
async def echo(request: Request):
    await request.json()
    return {}
@app.get('/health')
def health():
    return {}
"""
CLIENT = """
import sys, time, mlflow
from mlflow import MlflowClient
client, run = MlflowClient(sys.argv[1]), sys.argv[2]
client.log_metric(run, 'w', 1)
start = time.perf_counter()
for i in range(300):
    client.log_metric(run, 'm', i, step=i)
print('RATE', 300 / (time.perf_counter() - start))
"""


class Connection:
    """One kept-alive connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._root = parts.path.rstrip("/")
        self._http = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=300)
        self._http.connect()
        self._http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        token = os.environ.get("MLFLOW_TRACKING_TOKEN")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method: str, path: str, body: object = None) -> bytes:
        """One request; the body is JSON, or bytes that are."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = {**self._headers, "Content-Type": "application/json"}
        try:
            self._http.request(method, self._root + path, data, headers)
            answer = self._http.getresponse()
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):  # idle for too long
            self._http.close()
            self._http.request(method, self._root + path, data, headers)
            answer = self._http.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path} {answer.status} {text[:300]!r}")
        return text

    def post(self, path: str, body: object) -> bytes:
        return self.ask("POST", API + path, body)

    def get(self, path: str) -> bytes:
        return self.ask("GET", API + path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(command: list[str], url: str, folder: Path, environ: dict[str, str]) -> Iterator[str]:
    """A server of its own, healthy."""
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=log, stderr=log, start_new_session=True)
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{url}/health", timeout=3).read()
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise RuntimeError(f"not healthy: {url}\n{(folder / 'server.log').read_text()[-2000:]}") from None
                time.sleep(0.1)
        yield url
    finally:
        os.killpg(process.pid, 15)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait(10)


def batch(run: str, first: int, count: int, key: str = "loss") -> bytes:
    now = int(time.time() * 1000)
    points = [{"key": key, "value": i * 0.5, "timestamp": now + i, "step": i} for i in range(first, first + count)]
    return json.dumps({"run_id": run, "metrics": points}).encode()


def rate(work: Callable[[], int]) -> float:
    start = time.perf_counter()
    done = work()
    return done / (time.perf_counter() - start)


def percentile(values: list[float], at: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * at))]


class Bench:
    """Figures by system; a figure is the median of its repetitions."""

    def __init__(self, given: argparse.Namespace, folder: Path) -> None:
        self.given, self.folder = given, folder
        self.figures: dict[str, dict[str, dict[str, float]]] = {}

    def put(self, system: str, figure: str, values: list[float]) -> None:
        kept = {"median": statistics.median(values), "min": min(values), "max": max(values)}
        self.figures.setdefault(system, {})[figure] = kept
        print(f"  {system}: {figure} {kept['median']:,.4g} ({kept['min']:,.4g}–{kept['max']:,.4g})", flush=True)

    def limits(self, environ: dict[str, str]) -> None:
        for figure, per, count in (("log_batch, points/s", 1000, 200_000), ("log_metric, calls/s", 1, 3000)):
            self.put("SQLite", figure, [self._sqlite(per, count) for _ in range(self.given.reps)])
        port = free_port()
        (self.folder / "echo.py").write_text(ECHO)
        command = [sys.executable, "-m", "uvicorn", "echo:app", "--port", str(port), "--log-level", "warning"]
        with running([*command, "--no-access-log"], f"http://127.0.0.1:{port}", self.folder, environ) as url:
            link, run = Connection(url), "a" * 32
            one = json.dumps({"run_id": run, "key": "loss", "value": 0.5, "timestamp": 1, "step": 1}).encode()
            many = batch(run, 0, 1000)
            reps = range(self.given.reps)

            def calls(path: str, body: bytes, times: int, worth: int) -> float:
                return rate(lambda: sum(worth for _ in range(times) if link.post(path, body) is not None))

            self.put("HTTP echo", "log_metric, calls/s", [calls("/runs/log-metric", one, 1500, 1) for _ in reps])
            self.put("HTTP echo", "log_batch, points/s", [calls("/runs/log-batch", many, 150, 1000) for _ in reps])
            self.client("HTTP echo", url, run, environ)

    def _sqlite(self, per: int, count: int) -> float:
        file = self.folder / f"{uuid.uuid4().hex}.db"
        link = sqlite3.connect(file, isolation_level=None)
        link.execute("pragma journal_mode=wal")
        link.execute("pragma synchronous=normal")
        link.execute(
            "create table metrics(key text, value real, timestamp int, run_uuid text, step int, is_nan int,"
            " primary key(key, timestamp, step, run_uuid, value, is_nan))"
        )
        rows = [("loss", i * 0.5, 1700000000000 + i, "a" * 32, i, 0) for i in range(count)]

        def insert() -> int:
            for first in range(0, count, per):
                link.execute("begin")
                link.executemany("insert into metrics values(?,?,?,?,?,?)", rows[first : first + per])
                link.execute("commit")
            return count

        found = rate(insert)
        link.close()
        return found

    def client(self, system: str, url: str, run: str, environ: dict[str, str]) -> None:
        values: list[float] = []
        for _ in range(self.given.reps):
            done = subprocess.run(
                [sys.executable, "-c", CLIENT, url, run], env=environ, capture_output=True, text=True, check=True
            )
            values.append(float(done.stdout.split("RATE ")[1]))
        self.put(system, "stock client log_metric, calls/s", values)

    def server(self, system: str, url: str, environ: dict[str, str]) -> None:
        link = Connection(url)
        experiment = json.loads(link.post("/experiments/create", {"name": f"b{uuid.uuid4().hex}"}))["experiment_id"]

        def new_run(at: str = experiment) -> str:
            body = {"experiment_id": at, "start_time": int(time.time() * 1000), "tags": [{"key": "a", "value": "b"}]}
            return json.loads(link.post("/runs/create", body))["run"]["info"]["run_id"]

        self.points(system, link, new_run)
        self.bulk(system, url, new_run)
        self.history(system, link, new_run)
        count = 300 if self.given.quick else 1000
        self.put(system, "create run, runs/s", [rate(lambda: len([new_run() for _ in range(count)]))])
        self.search(system, url)
        self.client(system, url, new_run(), environ)

    def points(self, system: str, link: Connection, new_run: Callable[[], str]) -> None:
        run, count = new_run(), 100 if self.given.quick else 1000

        def single(first: int) -> int:
            for i in range(first, first + count):
                at = int(time.time() * 1000)
                link.post("/runs/log-metric", {"run_id": run, "key": "m", "value": i, "timestamp": at, "step": i})
            return count

        single(10**6)
        self.put(system, "log_metric, calls/s", [rate(lambda r=r: single(r * count)) for r in range(self.given.reps)])
        found: list[float] = []
        for _ in range(self.given.reps):
            bodies = [batch(new_run(), i * 1000, 1000) for i in range(30)]
            found.append(rate(lambda bodies=bodies: sum(1000 for body in bodies if link.post("/runs/log-batch", body))))
        self.put(system, "log_batch, points/s", found)

    def bulk(self, system: str, url: str, new_run: Callable[[], str]) -> None:
        total = 100_000 if self.given.quick else 1_000_000
        runs = [new_run() for _ in range(10)]
        work = [(runs[i % 10], f"k{i // 10 % 10}", i) for i in range(total // 1000)]

        def one(share: int) -> None:
            link = Connection(url)
            for run, key, i in work[share::4]:
                link.post("/runs/log-batch", batch(run, i * 1000, 1000, key))

        self.put(system, f"{total:,} points from 4 connections, s", [self._parallel(one)])

    @staticmethod
    def _parallel(one: Callable[[int], None]) -> float:
        threads = [threading.Thread(target=one, args=(share,)) for share in range(4)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - start

    def history(self, system: str, link: Connection, new_run: Callable[[], str]) -> None:
        run = new_run()
        for i in range(100):
            link.post("/runs/log-batch", batch(run, i * 1000, 1000, "h"))

        def read() -> float:
            start, got, token = time.perf_counter(), 0, ""
            while True:
                page = f"&page_token={token}" if token else ""
                path = f"/metrics/get-history?run_id={run}&metric_key=h&max_results=25000{page}"
                answer = json.loads(link.get(path))
                got += len(answer.get("metrics", []))
                token = answer.get("next_page_token")
                if not token:
                    break
            if got != 100_000:
                raise RuntimeError(f"{system}: {got} points of 100,000")
            return time.perf_counter() - start

        self.put(system, "history of 100,000 points, s", [read() for _ in range(self.given.reps)])

    def search(self, system: str, url: str) -> None:
        link = Connection(url)
        experiment = json.loads(link.post("/experiments/create", {"name": f"s{uuid.uuid4().hex}"}))["experiment_id"]
        total = 1000 if self.given.quick else 10_000

        def fill(share: int) -> None:
            own = Connection(url)
            for i in range(share, total, 4):
                start = {"experiment_id": experiment, "start_time": int(time.time() * 1000)}
                run = json.loads(own.post("/runs/create", start))["run"]["info"]["run_id"]
                metric = {"key": "acc", "value": (i * 7919 % 1000) / 1000, "timestamp": 1, "step": 0}
                params = [{"key": "lr", "value": str(i // 4 % 10)}]
                own.post("/runs/log-batch", {"run_id": run, "metrics": [metric], "params": params})

        self.put(system, f"{total:,} runs with a metric and a param, 4 connections, s", [self._parallel(fill)])
        hits: set[int] = set()

        def filtered(i: int) -> float:
            body = {
                "experiment_ids": [experiment],
                "filter": f"metrics.acc > 0.5 and params.lr = '{i % 10}'",
                "max_results": 100,
                "order_by": ["metrics.acc DESC"],
            }
            start = time.perf_counter()
            hits.add(len(json.loads(link.post("/runs/search", body)).get("runs", [])))
            return (time.perf_counter() - start) * 1e3

        def newest(_: int) -> float:
            start = time.perf_counter()
            link.post("/runs/search", {"experiment_ids": [experiment], "max_results": 100})
            return (time.perf_counter() - start) * 1e3

        for name, ask in (("search with filter and order", filtered), ("search, newest 100", newest)):
            times = [ask(i) for i in range(40)]
            self.put(system, f"{name}, {total:,} runs, p50 ms", [percentile(times, 0.5)])
            self.put(system, f"{name}, {total:,} runs, p95 ms", [percentile(times, 0.95)])
        if 0 in hits:
            raise RuntimeError(f"{system}: a search found nothing")

    def table(self) -> str:
        systems = list(self.figures)
        names = list(dict.fromkeys(name for system in systems for name in self.figures[system]))
        lines = [f"| figure | {' | '.join(systems)} | Zaffre / limit |", "|---" * (len(systems) + 2) + "|"]
        for name in names:
            cells = [self._cell(system, name) for system in systems]
            lines.append(f"| {name} | {' | '.join(cells)} | {self._ratio(name)} |")
        return "\n".join(lines)

    def _cell(self, system: str, name: str) -> str:
        found = self.figures[system].get(name)
        return f"{found['median']:,.4g} ({found['min']:,.4g}–{found['max']:,.4g})" if found else ""

    def _ratio(self, name: str) -> str:
        ours = self.figures.get("Zaffre", {}).get(name)
        limits = [
            self.figures[system][name]["median"]
            for system in ("SQLite", "HTTP echo")
            if name in self.figures.get(system, {})
        ]
        if name.startswith("create run"):
            limits = [self.figures["HTTP echo"]["log_metric, calls/s"]["median"]] if "HTTP echo" in self.figures else []
        return f"{ours['median'] / min(limits):.2f}" if ours and limits else ""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--reps", type=int, default=3)
    arguments.add_argument("--skip-mlflow", action="store_true")
    arguments.add_argument("--url")
    arguments.add_argument("--name", default="other")
    arguments.add_argument("--out", type=Path)
    given = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="zaffre-bench-"))
    environ = {**os.environ, "HOME": str(folder), "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "1"}
    bench = Bench(given, folder)
    try:
        bench.limits(environ)
        port = free_port()
        command = [sys.executable, str(HERE.parent / "tools" / "mlflow_server.py"), str(folder / "zaffre"), str(port)]
        (folder / "zaffre").mkdir()
        with running(command, f"http://127.0.0.1:{port}", folder, environ) as url:
            bench.server("Zaffre", url, environ)
        if given.url:
            bench.server(given.name, given.url, environ)
        if not given.skip_mlflow:
            port = free_port()
            store = ["--backend-store-uri", f"sqlite:///{folder}/ml.db", "--default-artifact-root", str(folder / "art")]
            command = [sys.executable, "-m", "mlflow", "server", "--port", str(port), "--workers", "1", *store]
            with running(command, f"http://127.0.0.1:{port}", folder, environ) as url:
                bench.server("MLflow server, 1 worker", url, environ)
    finally:
        print(bench.table())
        if given.out:
            given.out.write_text(json.dumps(bench.figures, indent=1))
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
