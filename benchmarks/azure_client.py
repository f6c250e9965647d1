"""A hello-world by the official Azure client and by our own: submit, stream to the end; round trips, and where the time goes.

The official client (azure-ai-ml, in an environment of its own, unchanged) is watched from within its process: each request
by its route and the seconds until its answer (server, TLS and wire), and the seconds it sleeps between two questions. What
remains of the whole is the client's own work. Importing it is measured apart. Ratios are pair by pair with our REST.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import subprocess
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

from figures import Row, machine, report
from surroundings import Client, Zaffre, clean_environment, venv

TITLE = "Azure's client: jobs.create_or_update and jobs.stream of a hello-world, beside Zaffre's own client"
SIDE = """
import time
began = time.perf_counter()
from azure.ai.ml import MLClient, command
from azure.identity import DefaultAzureCredential
import contextlib, io, json, os, sys
imported = time.perf_counter() - began
passed = []
import requests
own = requests.Session.send
def send(self, request, **more):
    started = time.perf_counter()
    answer = own(self, request, **more)
    passed.append((request.method, request.url, time.perf_counter() - started))
    return answer
requests.Session.send = send
waited = [0.0]
real = time.sleep
def sleep(seconds):
    started = time.perf_counter()
    real(seconds)
    waited[0] += time.perf_counter() - started
time.sleep = sleep
began = time.perf_counter()
ml = MLClient(DefaultAzureCredential(), "00000000-0000-0000-0000-000000000000", "local", "default")
made = time.perf_counter() - began
print(json.dumps({"import": imported, "client": made}), flush=True)
for line in sys.stdin:
    passed.clear()
    waited[0] = 0.0
    job = command(command="echo hello world", environment=os.environ["BENCH_ENVIRONMENT"])
    began = time.perf_counter()
    job = ml.jobs.create_or_update(job)
    submitted = time.perf_counter() - began
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        ml.jobs.stream(job.name)
    whole = time.perf_counter() - began
    assert "hello world" in shown.getvalue(), shown.getvalue()
    told = {"submit": submitted, "whole": whole, "waited": waited[0], "passed": passed}
    print(json.dumps(told), flush=True)
"""
ENVIRONMENT = "azureml://registries/azureml/environments/python/labels/latest"
_NAMES = (
    (re.compile(r"/jobs/[^/?]+"), "/jobs/{job}"),
    (re.compile(r"/runs/[^/?]+"), "/runs/{job}"),
    (re.compile(r"dcid\.[^/]+"), "dcid.{job}"),
    (re.compile(r".*/(?:workspaces|registries)/[^/]+/"), "…/"),
)
"""What differs between two runs of one route."""


class Official:
    """The client's process: told to, it submits and streams one job."""

    def __init__(self, installation: Zaffre, folder: Path) -> None:
        told = json.loads(installation.cli("azure", "env", "--shell", "json"))
        environ = clean_environment(**told, BENCH_ENVIRONMENT=ENVIRONMENT)
        self._log = (folder / "official.log").open("ab")
        self._process = subprocess.Popen(
            [str(venv("azure") / "bin/python"), "-W", "ignore", "-c", SIDE],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        self.facts = self._line()

    def run(self) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(b"go\n")
        self._process.stdin.flush()
        return self._line()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._log.close()

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with contextlib.suppress(ValueError):
                return json.loads(line)
        raise RuntimeError(f"the official client ended: {Path(self._log.name).read_text()[-800:]}")


def native(client: Client) -> tuple[float, float]:
    """Submit and follow as our own client does: one request each way, answered when the job is final."""
    name = f"bench-{uuid.uuid4().hex}"
    spec = {"type": "command", "command": "echo hello world", "environment": ENVIRONMENT}
    began = time.perf_counter()
    client.call("PUT", f"/jobs/{name}", spec)
    submitted = time.perf_counter() - began
    while client.call("GET", f"/jobs/{name}?wait_for=final&timeout=30")["state"]["status"] != "Completed":
        pass
    return submitted, time.perf_counter() - began


def route(method: str, url: str) -> str:
    path = re.sub(r"^https?://[^/]+", "", url).partition("?")[0]
    for pattern, name in _NAMES:
        path = pattern.sub(name, path)
    return f"{method} {path}"


def measure(folder: Path, repetitions: int) -> tuple[list[Row], Counter[str]]:
    installation = Zaffre(folder)
    installation.up()
    ours, theirs = Row("Zaffre's own REST, warm client"), Row("azure-ai-ml, warm client")
    start = Row("azure-ai-ml, import and first client", note="once a process")
    routes: Counter[str] = Counter()
    try:
        client = installation.client()
        native(client)  # builds the environment
        for _ in range(3):
            process = Official(installation, folder)
            start.add(**{"import, s": process.facts["import"], "client, s": process.facts["client"]})
            process.close()
        official = Official(installation, folder)
        official.run()  # the token, the connection
        client = installation.client()  # the one before may have been idle for too long by now
        native(client)
        for _ in range(repetitions):
            limit = native(client)
            told = official.run()
            answering = sum(seconds for _, _, seconds in told["passed"])
            ours.add(**{"submit, s": limit[0], "submit + stream, s": limit[1], "requests": 2})
            theirs.add(**{"submit, s": told["submit"], "submit + stream, s": told["whole"]})
            theirs.add(**{"requests": len(told["passed"]), "× ours, submit": told["submit"] / limit[0]})
            theirs.add(
                **{"× ours, whole": told["whole"] / limit[1], "answers, s": answering, "waiting, s": told["waited"]}
            )
            theirs.add(**{"client's own, s": told["whole"] - answering - told["waited"]})
            routes.update(route(method, url) for method, url, _ in told["passed"])
        official.close()
    finally:
        installation.down()
    return [ours, theirs, start], routes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=15)
    arguments = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory(prefix="zaffre-bench-") as folder:
        rows, routes = measure(Path(folder), arguments.repetitions)
    report("azure", TITLE, where, rows)
    print("Requests of one job, by route:\n")
    for name, count in sorted(routes.items(), key=lambda found: -found[1]):
        print(f"{count / arguments.repetitions:6.2f}  {name}")


if __name__ == "__main__":
    main()
