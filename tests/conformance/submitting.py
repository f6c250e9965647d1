"""L1 and L2: an example is submitted to a Zaffre of its own, runs to its end, and what it promises is there."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from loading import Verdict

_REMOTE = "https://azuremlexamples.blob.core.windows.net/datasets/"
"""Where the examples' data lies; served from a local copy by the administrator's setting ``egress.map``."""
_PREPARATIONS = Path(__file__).with_name("preparations.json")


class Site:
    """A Zaffre in a temporary home, with what the examples need: data, a cluster, a mirror of their data."""

    def __init__(self, folder: Path, examples: Path) -> None:
        self.examples = examples
        self.home = folder / "home"
        self.mirror = folder / "mirror"
        self.downloads = folder / "downloads"
        self.prepared: dict[str, dict[str, Any]] = json.loads(_PREPARATIONS.read_text())
        self._environ = {key: value for key, value in os.environ.items() if not key.startswith(("ZAFFRE_", "PYTHON"))}
        self._environ |= {
            "ZAFFRE_HOME": str(self.home),
            "ZAFFRE_SERVER_PORT": str(_free_port()),
            "ZAFFRE_ROUTER_PORT": str(_free_port()),
            "ZAFFRE_EGRESS_MAP": f'{{"{_REMOTE}" = "file:{self.mirror}/"}}',
        }

    def start(self) -> None:
        """The server, the cluster that the examples name, and the data they read."""
        self.mirror.mkdir(parents=True)
        iris = self.examples / "cli/jobs/pipelines/add-column-and-word-count-using-spark/data/iris.csv"
        shutil.copy(iris, self.mirror)
        self._diabetes(self.mirror / "diabetes.csv")
        self._cli("up")
        self._cli("compute", "create", "-n", "cpu-cluster", "--type", "amlcompute", "--max-instances", "2")
        stored = self.home / "data/default/workspaceblobstore/example-data"
        stored.mkdir(parents=True, exist_ok=True)
        shutil.copy(iris, stored)

    def stop(self) -> None:
        """End the server; the home goes with its folder."""
        self._run("down")

    def judge(self, entry: dict[str, Any]) -> Verdict:
        """Submit, wait, look."""
        preparation = self.prepared.get(entry["path"])
        if preparation is None:
            return Verdict("not prepared", str(entry.get("needs", "")))
        for words in preparation.get("first", []):
            self._cli(*(word.format(examples=self.examples) for word in words))
        done = self._run("job", "create", "-f", str(self.examples / entry["path"]), "-o", "json", timeout=60)
        if done.returncode:
            return Verdict("failed", done.stderr.strip()[-600:])
        name = str(json.loads(done.stdout)["name"])
        streamed = self._run("job", "stream", "-n", name, timeout=1200)
        job = json.loads(self._cli("job", "show", "-n", name, "-o", "json"))
        if job["status"] != "Completed":
            return Verdict("failed", f"{job['status']}: {(streamed.stdout + streamed.stderr).strip()[-600:]}")
        wrong = self._unmet(name, job, preparation.get("expect", {}))
        return Verdict("failed", "; ".join(wrong)) if wrong else Verdict("passed")

    def _unmet(self, name: str, job: dict[str, Any], expected: dict[str, Any]) -> list[str]:
        found = [
            f"{key} is {_at(job, key)!r}, expected {value!r}"
            for key, value in expected.get("job", {}).items()
            if _at(job, key) != value
        ]
        if expected.get("files"):
            target = self.downloads / name
            self._cli("job", "download", "-n", name, "--all", "-p", str(target))
            for file, check in expected["files"].items():
                found += _file_unmet(target, file, check)
        run = self._tracked(name) if {"metrics", "params", "logged_model"} & expected.keys() else {}
        metrics = {metric["key"]: metric["value"] for metric in run.get("data", {}).get("metrics", [])}
        for key, (least, most) in expected.get("metrics", {}).items():
            if not least <= metrics.get(key, float("nan")) <= most:
                found.append(f"metric {key} is {metrics.get(key)}, expected {least} to {most}")
        params = {param["key"]: param["value"] for param in run.get("data", {}).get("params", [])}
        found += [
            f"param {k} is {params.get(k)!r}" for k, v in expected.get("params", {}).items() if params.get(k) != v
        ]
        if expected.get("logged_model") and not run.get("outputs", {}).get("model_outputs"):
            found.append("no model was logged")
        return found

    def _tracked(self, name: str) -> dict[str, Any]:
        url = json.loads((self.home / "server.json").read_text())["server_url"]
        token = (self.home / "token").read_text().strip()
        request = urllib.request.Request(
            f"{url}/mlflow/api/2.0/mlflow/runs/get?run_id={name}", headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["run"]

    def _diabetes(self, path: Path) -> None:
        """scikit-learn's copy of the table that the example fetches; written by a process, for its weight."""
        load = "from sklearn.datasets import load_diabetes"
        program = f"import sys; {load}; load_diabetes(as_frame=True).frame.to_csv(sys.argv[1], index=False)"
        subprocess.run([sys.executable, "-c", program, str(path)], check=True)

    def _run(self, *words: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "zaffre", *words],
            env=self._environ,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def _cli(self, *words: str) -> str:
        done = self._run(*words)
        if done.returncode:
            raise RuntimeError(f"zaffre {' '.join(words)}: {(done.stdout + done.stderr)[-1500:]}")
        return done.stdout


def _at(value: Any, dotted: str) -> Any:
    for part in dotted.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _file_unmet(folder: Path, name: str, check: dict[str, Any]) -> list[str]:
    """A downloaded file has this text, or this many rows."""
    path = next(iter(sorted(folder.rglob(name))), None)
    if path is None:
        return [f"{name} was not kept"]
    text = path.read_text(encoding="utf-8", errors="replace")
    if "has" in check and check["has"] not in text:
        return [f"{name} lacks {check['has']!r}"]
    if "rows" in check and (rows := len(list(csv.DictReader(io.StringIO(text))))) != check["rows"]:
        return [f"{name} has {rows} rows, expected {check['rows']}"]
    return []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
