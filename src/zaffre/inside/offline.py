"""A run without a server: what would be logged is printed, and remembered as long as the process lives."""

from __future__ import annotations

import os
import sys
import time
from typing import Any, Dict, Iterable, List

from zaffre.inside.records import Source


class OfflineRecords:
    """Understands what ``Records`` does, of one run."""

    def __init__(self, run_id: str) -> None:
        self._id = run_id
        self._tags: Dict[str, str] = {}
        self._metrics: Dict[str, List[float]] = {}
        self._status = "RUNNING"
        self._began = int(time.time() * 1000)

    def run(self, run_id: str) -> Dict[str, Any]:
        """As MLflow tells it."""
        info = {"run_id": run_id, "status": self._status, "start_time": self._began, "user_id": ""}
        metrics = [{"key": key, "value": values[-1]} for key, values in self._metrics.items()]
        return {
            "info": info,
            "data": {"tags": [{"key": k, "value": v} for k, v in self._tags.items()], "metrics": metrics},
        }

    def log(self, run_id: str, metrics: Iterable[Dict[str, Any]]) -> None:
        """Print them."""
        for point in metrics:
            self._metrics.setdefault(point["key"], []).append(point["value"])
            _say("Attempted to log scalar metric %s:\n%s" % (point["key"], point["value"]))

    def history(self, run_id: str, key: str) -> List[float]:
        """What was printed."""
        return list(self._metrics.get(key, []))

    def tag(self, run_id: str, tags: Dict[str, Any]) -> None:
        """Remember them."""
        self._tags.update({str(key): "" if value is None else str(value) for key, value in tags.items()})

    def untag(self, run_id: str, key: str) -> None:
        """Forget one."""
        self._tags.pop(key, None)

    def files(self, run_id: str, below: str = "") -> List[str]:
        """Nothing is kept."""
        return []

    def keep(self, run_id: str, path: str, source: Source) -> None:
        """Say what would be."""
        shown = os.fspath(source) if isinstance(source, (str, os.PathLike)) else "a stream"
        _say("Attempted to upload %s as %s" % (shown, path))

    def fetch(self, run_id: str, path: str, target: str) -> None:
        """Nothing is kept."""
        raise FileNotFoundError("An offline run keeps no files; %r is not there." % path)

    def register(self, name: str, run_id: str, path: str, tags: Dict[str, str], description: str) -> Dict[str, Any]:
        """There is no registry."""
        raise RuntimeError("An offline run has no registry for model %r; run the script as a job." % name)

    def end(self, run_id: str, status: str) -> None:
        """Remember it."""
        self._status = status


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
