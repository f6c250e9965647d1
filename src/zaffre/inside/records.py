"""MLflow's protocol, as far as the first SDK's calls need it: a run's metrics, tags, artifacts and children, by plain HTTP.

mlflow itself is not used: importing it takes a second of a script that wants to log one number.
"""

from __future__ import annotations

import os
import time
from typing import IO, Any, Dict, Iterable, List, Optional, Union
from urllib.parse import quote, urlsplit

from zaffre.inside.line import Line

Source = Union[str, "os.PathLike[str]", IO[bytes]]
PARENT = "mlflow.parentRunId"
NAME = "mlflow.runName"
_PIECE = 1000


class Records:
    """One line, spoken in MLflow's words."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._root = urlsplit(line.surroundings.tracking_uri).path

    def run(self, run_id: str) -> Dict[str, Any]:
        """MLflow's ``{"info", "data"}`` of a run."""
        return self._get("runs/get", run_id=run_id)["run"]

    def log(self, run_id: str, metrics: Iterable[Dict[str, Any]]) -> None:
        """Points ``{"key", "value", "step"}``, at this moment."""
        now = int(time.time() * 1000)
        points = [{"timestamp": now, "step": 0, **point} for point in metrics]
        for first in range(0, len(points), _PIECE):
            self._post("runs/log-batch", run_id=run_id, metrics=points[first : first + _PIECE])

    def history(self, run_id: str, key: str) -> List[float]:
        """All values of a metric in the order of their steps."""
        points: List[Dict[str, Any]] = []
        page = {"run_id": run_id, "metric_key": key, "max_results": 25000}
        while True:
            found = self._get("metrics/get-history", **page)
            points += found.get("metrics", [])
            if not found.get("next_page_token"):
                break
            page["page_token"] = found["next_page_token"]
        return [point["value"] for point in sorted(points, key=lambda one: (one.get("step", 0), one["timestamp"]))]

    def tag(self, run_id: str, tags: Dict[str, Any]) -> None:
        """Set tags."""
        told = [{"key": str(key), "value": "" if value is None else str(value)} for key, value in tags.items()]
        self._post("runs/log-batch", run_id=run_id, tags=told)

    def untag(self, run_id: str, key: str) -> None:
        """Remove a tag; one that is not there is none to remove."""
        try:
            self._post("runs/delete-tag", run_id=run_id, key=key)
        except FileNotFoundError:
            return

    def create(self, experiment_id: str, tags: Dict[str, str]) -> str:
        """A new run: its id."""
        told = [{"key": key, "value": value} for key, value in tags.items()]
        made = self._post("runs/create", experiment_id=experiment_id, start_time=int(time.time() * 1000), tags=told)
        return str(made["run"]["info"]["run_id"])

    def end(self, run_id: str, status: str) -> None:
        """``FINISHED``, ``FAILED`` or ``KILLED``."""
        self._post("runs/update", run_id=run_id, status=status, end_time=int(time.time() * 1000))

    def children(self, experiment_id: str, run_id: str) -> List[Dict[str, Any]]:
        """The runs made under a run, the newest first."""
        where = "tags.%s = '%s'" % (PARENT, run_id)
        found = self._post("runs/search", experiment_ids=[experiment_id], filter=where, max_results=1000)
        return list(found.get("runs", []))

    def runs(self, experiment_id: str) -> List[Dict[str, Any]]:
        """The runs of an experiment, the newest first."""
        return list(self._post("runs/search", experiment_ids=[experiment_id], max_results=1000).get("runs", []))

    def experiment(self, name: str) -> Dict[str, Any]:
        """An experiment by its name."""
        return self._get("experiments/get-by-name", experiment_name=name)["experiment"]

    def files(self, run_id: str, below: str = "") -> List[str]:
        """The paths of a run's artifacts."""
        found: List[str] = []
        for item in self._get("artifacts/list", run_id=run_id, path=below).get("files", []):
            found += self.files(run_id, item["path"]) if item.get("is_dir") else [item["path"]]
        return found

    def keep(self, run_id: str, path: str, source: Source) -> None:
        """Send a file as an artifact of a run."""
        if isinstance(source, (str, os.PathLike)):
            with open(source, "rb") as stream:
                self.line.ask("PUT", self._artifact(run_id, path), body=stream)
        else:
            self.line.ask("PUT", self._artifact(run_id, path), body=source.read())

    def fetch(self, run_id: str, path: str, target: str) -> None:
        """Write an artifact of a run to a local file."""
        save(self.line.ask("GET", self._artifact(run_id, path)).content, target)

    def register(self, name: str, run_id: str, path: str, tags: Dict[str, str], description: str) -> Dict[str, Any]:
        """The next version of a model, from an artifact of a run."""
        try:
            self._post("registered-models/create", name=name)
        except OSError as error:
            if "RESOURCE_ALREADY_EXISTS" not in str(error) and "exist" not in str(error):
                raise
        source = "%s/%s" % (self.run(run_id)["info"]["artifact_uri"], path)
        told = [{"key": str(key), "value": str(value)} for key, value in tags.items()]
        fields = {"name": name, "source": source, "run_id": run_id, "tags": told, "description": description}
        return self._post("model-versions/create", **fields)["model_version"]

    def version(self, name: str, version: Optional[str] = None) -> Dict[str, Any]:
        """A version of a registered model; the latest without one."""
        if version:
            return self._get("model-versions/get", name=name, version=version)["model_version"]
        found = self.versions(name)
        if not found:
            raise FileNotFoundError("There is no registered model %r." % name)
        return max(found, key=lambda one: int(one["version"]))

    def versions(self, name: str) -> List[Dict[str, Any]]:
        """All versions of a registered model."""
        where = "name = '%s'" % name.replace("'", "\\'")
        return list(self._get("model-versions/search", filter=where, max_results=10000).get("model_versions", []))

    def versions_of_all(self) -> Dict[str, Dict[str, Any]]:
        """The latest version of every registered model by its name."""
        found: Dict[str, Dict[str, Any]] = {}
        for told in self._get("model-versions/search", max_results=10000).get("model_versions", []):
            if int(told["version"]) > int(found.get(told["name"], {"version": 0})["version"]):
                found[told["name"]] = told
        return found

    def model_files(self, name: str, version: str, target: str) -> None:
        """Write the files of a model's version below a local folder."""
        uri = str(self._get("model-versions/get-download-uri", name=name, version=version)["artifact_uri"])
        if not uri.startswith("mlflow-artifacts:"):
            raise OSError("The files of model %s:%s lie at %s; take it as an input of the job." % (name, version, uri))
        self._below(urlsplit(uri).path.strip("/"), "", target)

    def _below(self, root: str, path: str, target: str) -> None:
        proxy = self._root + "/api/2.0/mlflow-artifacts/artifacts"
        whole = "/".join(part for part in (root, path) if part)
        listed = self.line.json("GET", proxy, query={"path": whole}).get("files", [])
        if not listed and not path:  # the model is one file
            save(
                self.line.ask("GET", "%s/%s" % (proxy, quote(root))).content,
                os.path.join(target, os.path.basename(root)),
            )
        for item in listed:
            inside = "/".join(part for part in (path, os.path.basename(item["path"])) if part)
            if item.get("is_dir"):
                self._below(root, inside, target)
            else:
                content = self.line.ask("GET", "%s/%s" % (proxy, quote("%s/%s" % (root, inside)))).content
                save(content, os.path.join(target, inside))

    def _artifact(self, run_id: str, path: str) -> str:
        uri = urlsplit(str(self.run(run_id)["info"]["artifact_uri"])).path.strip("/")
        return "%s/api/2.0/mlflow-artifacts/artifacts/%s" % (self._root, quote("%s/%s" % (uri, path.strip("/"))))

    def _get(self, what: str, **query: Any) -> Dict[str, Any]:
        return self.line.json("GET", "%s/api/2.0/mlflow/%s" % (self._root, what), query=query)

    def _post(self, what: str, **fields: Any) -> Dict[str, Any]:
        return self.line.json("POST", "%s/api/2.0/mlflow/%s" % (self._root, what), fields)


def save(content: bytes, target: str) -> None:
    """Write a file and the folders above it."""
    folder = os.path.dirname(os.path.abspath(target))
    os.makedirs(folder, exist_ok=True)
    with open(target, "wb") as stream:
        stream.write(content)
