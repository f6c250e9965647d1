"""24 mini-batches, of which the first eight are processed and the others wait at a gate, while something is killed.

The oracle is a file outside the home, to which ``run()`` appends a line when it begins and one when it ends.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from zaffre.testing.server import Installation, processes, until

FILES = 24
ROWS = [f"{number:02}" for number in range(FILES)]
"""What a whole result holds."""
_SCORE = """
import os, time
def run(mini_batch, mini_batch_context):
    index = mini_batch_context.minibatch_index
    with open(os.environ["ORACLE"], "a") as told: told.write("start %d\\n" % index)
    while index >= 8 and not os.path.exists(os.environ["GATE"]): time.sleep(0.01)
    with open(os.environ["ORACLE"], "a") as told: told.write("end %d\\n" % index)
    return [os.path.basename(path) for path in mini_batch]
"""


class Gated:
    """What a parallel job and an invocation of a batch endpoint share: files, a script, and what is seen from outside."""

    def __init__(self, rig: Installation, folder: Path, name: str, job: str) -> None:
        """``job`` is the parallel job's own name."""
        self.rig, self.name, self.job = rig, name, job
        self.gate, self._oracle = folder / "gate", folder / "oracle"
        self.code = rig.upload("code", {"score.py": f"# {name}\n{_SCORE}".encode()})["code"]
        for number in ROWS:
            file = rig.home / "data" / "default" / "workspaceblobstore" / name / number
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("x")
        self.data = {"type": "uri_folder", "path": f"azureml://datastores/workspaceblobstore/paths/{name}"}
        self.environment: dict[str, Any] = {"ORACLE": str(self._oracle), "GATE": str(self.gate)}

    def at_the_gate(self) -> None:
        """Eight are done and on the ledger, two have begun."""
        until(lambda: self._finished() >= set(range(8)), "eight mini-batches")
        until(lambda: len(self.lines("start")) >= 10, "two more that have begun")

    def lines(self, what: str) -> Counter[int]:
        """Mini-batch → how often it began, or ended."""
        text = self._oracle.read_text() if self._oracle.exists() else ""
        words = [line.split() for line in text.splitlines()]
        return Counter(int(index) for word, index in words if word == what)

    def pids(self, verb: str) -> list[int]:
        """The processes that drive, or work."""
        mark = f"/runs/{self.job}/"
        found = processes(self.rig.home)
        return sorted(pid for pid, words in found.items() if f".pyz {verb} " in words and mark in words)

    def nothing_twice(self) -> None:
        """All ended; what was finished before the fault ran once."""
        ends = self.lines("end")
        assert [ends[index] for index in range(8)] == [1] * 8, ends
        assert set(ends) == set(range(FILES))

    def _finished(self) -> set[int]:
        ledger = self.rig.home / "runs" / self.job / "kept" / "ledger.jsonl"
        lines = ledger.read_text().splitlines(keepends=True) if ledger.exists() else []
        told = [json.loads(line) for line in lines if line.endswith("\n")]
        return {line["batch"] for line in told if line["what"] == "done"}
